import type { TenantTx, Tx } from '../../database/transaction.ts'
import { idOf, type TenantId } from '../../base/ids.ts'

/** One call, as it is kept. */
export interface CallRow {
  /** A uuid of ours that rises with time: tells calls of one moment apart. */
  id: string
  actorType: string
  actorId: string
  at: Date
  method: string
  route: string
  status: number
  ip: string
  requestId: string
}

export const CALL_COLUMNS = 'c.id, c.at, c.method, c.route, c.status, c.ip, c.request_id'

export async function insertCalls(tx: TenantTx, calls: readonly CallRow[]): Promise<void> {
  await tx.run(
    `insert into api_calls (tenant_id, id, actor_type, actor_id, at, method, route, status, ip, request_id)
     select $1, row.* from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::smallint[], $9::text[], $10::text[])
       as row (id, actor_type, actor_id, at, method, route, status, ip, request_id)`,
    [
      tx.tenantUuid,
      calls.map((call) => call.id),
      calls.map((call) => call.actorType),
      calls.map((call) => call.actorId),
      calls.map((call) => call.at),
      calls.map((call) => call.method),
      calls.map((call) => call.route),
      calls.map((call) => call.status),
      calls.map((call) => call.ip),
      calls.map((call) => call.requestId),
    ],
  )
}

/** Tenants, deleted ones too, that have calls from before `at`. */
export async function listTenantsWithCallsBefore(tx: Tx, at: Date): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    `select t.tenant_id from tenants t
      where exists (select 1 from api_calls c where c.tenant_id = t.tenant_id and c.at < $1) order by 1`,
    [at],
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Removes up to `max` calls from before `at`. Returns how many. */
export function deleteCallsBefore(tx: TenantTx, at: Date, max: number): Promise<number> {
  return tx.run(
    `delete from api_calls where tenant_id = $1 and ctid = any(array(
       select ctid from api_calls where tenant_id = $1 and at < $2 order by at limit $3))`,
    [tx.tenantUuid, at, max],
  )
}
