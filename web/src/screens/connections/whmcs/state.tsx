import type { WhmcsInstance } from '@payymo/sdk'
import { useWords } from '../../../app/words.tsx'
import { Badge, type Tone } from '../../../design/badge.tsx'

type State = WhmcsInstance['status'] | 'unproven'

const TONES: Record<State, Tone> = {
  pending: 'info',
  active: 'good',
  error: 'bad',
  disconnected: 'neutral',
  unproven: 'warn',
}

const stateOf = ({ status, verified_at: proven }: WhmcsInstance): State =>
  status === 'active' && proven === null ? 'unproven' : status

export function WhmcsState({ instance }: { instance: WhmcsInstance }) {
  const state = stateOf(instance)
  return <Badge tone={TONES[state]}>{useWords().whmcs.states[state]}</Badge>
}

/** `example.com/billing`. */
export const nameOf = ({ system_url: url }: WhmcsInstance): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '')
