import type { TenantTx } from '../../database/transaction.ts'

/** How a tenant does, and how much it uses, in figures: nothing of what its rows say. */
export interface TenantHealth {
  connections: { kind: 'bank' | 'stripe' | 'whmcs'; active: number; failing: number }[]
  /** When money or invoices were last fetched, whatever the source; null before the first time. */
  lastFetchAt: Date | null
  /** Money in that a person has to look at. */
  waiting: number
  /** Payments that a person has to look at: refused, or not certain what became of them. */
  paymentsFailed: number
  alerts: number
  /** Calls of the last 30 days: as long as they are kept. */
  calls: number
  lastCallAt: Date | null
}

/** More calls are not counted: one tenant's millions must not keep the page waiting. */
export const CALLS_MAX = 100_000

/** Reads the figures of the tenant, in one statement. A pending connection is neither active nor failing. */
export async function readHealth(tx: TenantTx): Promise<TenantHealth> {
  const row = await tx.one<HealthRecord>(
    `select
       (select json_object_agg(k.kind, json_build_array(k.active, k.failing)) from (
          select 'bank' as kind, count(*) filter (where c.status in ('active', 'expiring')) as active,
                 count(*) filter (where c.status in ('error', 'expired')) as failing
            from bank_connections c where c.tenant_id = $1
          union all
          select 'stripe', count(*) filter (where c.status = 'active'), count(*) filter (where c.status = 'error')
            from stripe_connections c where c.tenant_id = $1
          union all
          select 'whmcs', count(*) filter (where c.status = 'active'), count(*) filter (where c.status = 'error')
            from whmcs_instances c where c.tenant_id = $1) k) as connections,
       greatest(
         (select max(last_sync_at) from bank_connections where tenant_id = $1),
         (select max(last_sync_at) from stripe_connections where tenant_id = $1),
         (select max(last_sync_at) from whmcs_instances where tenant_id = $1),
         (select max(created_at) from imports where tenant_id = $1)) as last_fetch_at,
       (select count(*) from transactions where tenant_id = $1 and direction = 'credit' and status = 'processed'
          and match_status = 'suggested')::int as waiting,
       (select count(*) from payments p where p.tenant_id = $1 and (p.state = 'quarantined' or (p.state = 'refused'
          and exists (select 1 from matches m where m.tenant_id = p.tenant_id and m.id = p.match_id and m.status = 'failed'))))::int as payments_failed,
       (select count(*) from alerts where tenant_id = $1 and closed_at is null and severity <> 'info')::int as alerts,
       (select count(*) from (select 1 from api_calls where tenant_id = $1 and at > now() - interval '30 days' limit $2) c)::int as calls,
       (select max(at) from api_calls where tenant_id = $1) as last_call_at`,
    [tx.tenantUuid, CALLS_MAX],
  )
  return {
    connections: (['bank', 'stripe', 'whmcs'] as const).map((kind) => ({
      kind,
      active: row.connections[kind][0],
      failing: row.connections[kind][1],
    })),
    lastFetchAt: row.last_fetch_at,
    waiting: row.waiting,
    paymentsFailed: row.payments_failed,
    alerts: row.alerts,
    calls: row.calls,
    lastCallAt: row.last_call_at,
  }
}

interface HealthRecord {
  connections: Record<'bank' | 'stripe' | 'whmcs', [number, number]>
  last_fetch_at: Date | null
  waiting: number
  payments_failed: number
  alerts: number
  calls: number
  last_call_at: Date | null
}
