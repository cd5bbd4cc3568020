import type { ApiKey, CreatedApiKey } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Once } from '../../design/once.tsx'

const SOON_MS = 14 * 86_400_000

const leftOf = ({ expires_at: end }: ApiKey, nowMs = Date.now()): number =>
  end === null ? Infinity : Date.parse(end) - nowMs

export function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const { states } = useWords().keys
  const leftMs = leftOf(apiKey)
  if (leftMs <= 0) return <Badge>{states.expired}</Badge>
  if (apiKey.replaced_by !== null) return <Badge tone="info">{states.replaced}</Badge>
  return leftMs < SOON_MS ? <Badge tone="warn">{states.soon}</Badge> : <Badge tone="good">{states.active}</Badge>
}

export function KeyOnce({ made, onDone }: { made: CreatedApiKey; onDone: () => void }) {
  const { keys } = useWords()
  if (made.key === undefined) return null
  return (
    <Once
      title={keys.secretTitle(made.name)}
      text={keys.secretText}
      secrets={[{ label: keys.secretLabel, value: made.key }]}
      done={keys.secretDone}
      onDone={onDone}
    />
  )
}
