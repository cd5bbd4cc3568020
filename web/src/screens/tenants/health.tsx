import type { Tenant, TenantHealth } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Card } from '../../design/card.tsx'
import { Facts } from '../../design/facts.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { ailsOf } from './ails.ts'

/** Connections, work and use of one company, in figures. */
export function HealthCard({ tenant }: { tenant: Tenant }) {
  const words = useWords()
  const texts = words.tenants.health
  const payymo = useApi()
  const formats = useFormats()
  const query = useQuery({
    queryKey: ['tenants', 'health', tenant.id],
    queryFn: ({ signal }) => payymo.tenants.getHealth(tenant.id, { signal }),
  })
  const health = query.data
  const when = (at: string | null) => (at === null ? texts.never : `${formats.moment(at)} (${formats.ago(at)})`)
  return (
    <Card title={texts.title}>
      {query.isPending && <Waiting rows={4} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {health && (
        <div className="p-4">
          <Facts
            facts={[
              ...health.connections.map(
                ({ kind, active, failing }) =>
                  [
                    texts.kinds[kind],
                    active + failing === 0 ? (
                      texts.notConnected
                    ) : (
                      <span key={kind} className="flex flex-wrap items-center gap-2">
                        {texts.working(formats.count(active))}
                        {failing > 0 && <Badge tone="bad">{texts.failing(formats.count(failing))}</Badge>}
                      </span>
                    ),
                  ] as const,
              ),
              [texts.lastFetch, when(health.last_fetch_at)],
              [texts.waiting, formats.count(health.waiting)],
              [texts.failedPayments, <Marked key="failed" count={health.payments_failed} />],
              [texts.alerts, <Marked key="alerts" count={health.alerts} />],
              [texts.calls, <Calls key="calls" health={health} />],
              [texts.lastCall, when(health.last_call_at)],
            ]}
          />
        </div>
      )}
    </Card>
  )
}

function Marked({ count }: { count: number }): ReactNode {
  const formats = useFormats()
  return count === 0 ? formats.count(0) : <Badge tone="bad">{formats.count(count)}</Badge>
}

export function Calls({ health }: { health: TenantHealth }) {
  const { health: words } = useWords().tenants
  const formats = useFormats()
  const count = formats.count(health.calls)
  return <span className="tabular">{health.calls_capped ? words.atLeast(count) : count}</span>
}

/** What is wrong with a company, most urgent first, or that nothing is; for lists. */
export function HealthMark({ tenant: { health, status } }: { tenant: Tenant }) {
  const { health: words } = useWords().tenants
  const formats = useFormats()
  if (!health || status !== 'active') return <span className="text-faint">–</span>
  const ails = ailsOf(health)
  const [first] = ails
  if (first === undefined) return <Badge tone="good">{words.well}</Badge>
  const title = ails.map(({ kind, count }) => words.ails[kind](count, formats.count(count))).join(', ')
  return (
    <span title={title}>
      <Badge tone={first.tone}>{words.ails[first.kind](first.count, formats.count(first.count))}</Badge>
      {ails.length > 1 && <span className="ml-1 text-xs text-faint">+{ails.length - 1}</span>}
      <span className="sr-only">{title}</span>
    </span>
  )
}
