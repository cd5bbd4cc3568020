import type { User } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'

const TONES = { active: 'good', invited: 'info', disabled: 'neutral' } as const

export function UserState({ user: { status } }: { user: User }) {
  return <Badge tone={TONES[status]}>{useWords().team.states[status]}</Badge>
}

export const nameOf = ({ name, email }: Pick<User, 'name' | 'email'>): string => (name === '' ? email : name)

export const isPast = (time: string, nowMs = Date.now()): boolean => Date.parse(time) < nowMs
