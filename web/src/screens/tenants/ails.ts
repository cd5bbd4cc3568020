import type { TenantHealth } from '@payymo/sdk'

export interface Ail {
  kind: 'connections' | 'payments' | 'alerts' | 'unconnected'
  count: number
  tone: 'bad' | 'warn' | 'neutral'
}

/** What somebody ought to look at, the gravest first; nothing of one that does well. */
export function ailsOf({ connections, payments_failed: payments, alerts }: TenantHealth): Ail[] {
  const failing = connections.reduce((sum, one) => sum + one.failing, 0)
  const active = connections.reduce((sum, one) => sum + one.active, 0)
  const all: Ail[] = [
    { kind: 'payments', count: payments, tone: 'bad' },
    { kind: 'connections', count: failing, tone: 'bad' },
    { kind: 'alerts', count: alerts, tone: 'warn' },
    { kind: 'unconnected', count: failing + active === 0 ? 1 : 0, tone: 'neutral' },
  ]
  return all.filter(({ count }) => count > 0)
}
