import type { Delivery, Webhook } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'

export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { states } = useWords().webhooks
  if (webhook.active)
    return webhook.failing_since === null ? (
      <Badge tone="good">{states.active}</Badge>
    ) : (
      <Badge tone="warn">{states.failing}</Badge>
    )
  if (webhook.disabled_reason !== null)
    return <Badge tone="bad">{webhook.disabled_reason === 'gone' ? states.gone : states.failed}</Badge>
  return <Badge>{states.paused}</Badge>
}

const TONES: Record<Delivery['status'], Tone> = { pending: 'info', delivered: 'good', failed: 'neutral', dead: 'bad' }

export function DeliveryState({ status }: { status: Delivery['status'] }) {
  return <Badge tone={TONES[status]}>{useWords().webhooks.deliveryStates[status]}</Badge>
}

/** What a webhook is told, short: everything, the groups and types where they are few, or how many. */
export function Wanted({ events }: { events: readonly string[] }) {
  const { allEvents, some, groups } = useWords().webhooks
  if (events.includes('*')) return allEvents
  const named = events.map((pattern) => (pattern.endsWith('.*') ? (groups[pattern.slice(0, -2)] ?? pattern) : pattern))
  return named.length <= 3 ? named.join(', ') : some(named.length)
}
