import type { Tenant } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'

const TONES = { active: 'good', suspended: 'warn', deleted: 'neutral' } as const

export function TenantState({ tenant: { status } }: { tenant: Tenant }) {
  return <Badge tone={TONES[status]}>{useWords().tenants.states[status]}</Badge>
}
