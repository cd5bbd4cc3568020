import { PayymoError, type StripeConnection } from '@payymo/sdk'
import { useWords } from '../../../app/words.tsx'
import { Badge, type Tone } from '../../../design/badge.tsx'
import type { Words } from '../../../words/en/index.ts'

type State = StripeConnection['status'] | 'failed'

const TONES: Record<State, Tone> = {
  pending: 'info',
  active: 'good',
  error: 'bad',
  failed: 'neutral',
  disconnected: 'neutral',
}

/** A try to connect of which nothing came: there is no account behind it. */
export const isFailed = ({ status, account_id: account }: StripeConnection): boolean =>
  status === 'error' && account === null

export function StripeState({ connection }: { connection: StripeConnection }) {
  const state = isFailed(connection) ? 'failed' : connection.status
  return <Badge tone={TONES[state]}>{useWords().stripe.states[state]}</Badge>
}

export const nameOf = (connection: StripeConnection, { stripe }: Words): string =>
  connection.account_name ?? connection.account_id ?? stripe.unnamed

export const stripeFault = ({ error, status }: StripeConnection, { stripe }: Words): string | undefined =>
  error === null || status === 'disconnected' ? undefined : (stripe.faults[error.code] ?? error.message)

/** An error of the API in words for a person, where it speaks to programs; any other as it is. */
export function inWords(error: unknown, { stripe }: Words): unknown {
  if (!(error instanceof PayymoError)) return error
  const reason = error.details.find(({ field }) => field === 'reason')?.issue
  const text = reason === undefined ? undefined : stripe.faults[reason]
  return text === undefined ? error : new PayymoError(error.code, text, { status: error.status })
}
