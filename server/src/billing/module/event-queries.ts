import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

/** Tenants with request ids, or hints of long ago, that need not be remembered any more. */
export async function listForgettable(tx: Tx): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    `select tenant_id from module_requests where expires_at < now()
     union select tenant_id from module_events where received_at < now() - interval '450 days' order by tenant_id`,
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Forgets them, up to `limit` of each. Returns how many. */
export async function forgetOld(tx: TenantTx, limit: number): Promise<number> {
  const requests = await tx.run(
    `delete from module_requests where tenant_id = $1 and ctid = any(array(
       select ctid from module_requests where tenant_id = $1 and expires_at < now() limit $2))`,
    [tx.tenantUuid, limit],
  )
  const events = await tx.run(
    `delete from module_events where tenant_id = $1 and ctid = any(array(
       select ctid from module_events where tenant_id = $1 and received_at < now() - interval '450 days' limit $2))`,
    [tx.tenantUuid, limit],
  )
  return requests + events
}

/** A hint as it was taken. Ids are WHMCS's own. */
export interface ModuleEvent {
  event: string
  invoiceId: string | null
  clientId: string | null
}

/** Takes a hint once; false when it was taken before. */
export async function takeEvent(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  eventId: string,
  event: ModuleEvent,
): Promise<boolean> {
  const taken = await tx.run(
    `insert into module_events (tenant_id, instance_id, event_id, event, invoice_id, client_id) values ($1, $2, $3, $4, $5, $6)
     on conflict (tenant_id, instance_id, event_id) do nothing`,
    [tx.tenantUuid, uuidOf(instanceId), eventId, event.event, event.invoiceId, event.clientId],
  )
  return taken === 1
}

export async function getEvent(tx: TenantTx, instanceId: Id<'whm'>, eventId: string): Promise<ModuleEvent | undefined> {
  const row = await tx.first<{ event: string; invoice_id: string | null; client_id: string | null }>(
    'select event, invoice_id, client_id from module_events where tenant_id = $1 and instance_id = $2 and event_id = $3',
    [tx.tenantUuid, uuidOf(instanceId), eventId],
  )
  return row && { event: row.event, invoiceId: row.invoice_id, clientId: row.client_id }
}
