import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

const OPEN = "status in ('unpaid', 'payment_pending', 'collections')"

/** Begins a full push under the module's own id; repeated it changes nothing, and a new one voids the former. */
export async function beginRun(tx: TenantTx, instanceId: Id<'whm'>, runId: string): Promise<void> {
  await tx.run(
    `update whmcs_modules set run_id = $3, run_begun_at = now()
      where tenant_id = $1 and instance_id = $2 and run_id is distinct from $3`,
    [tx.tenantUuid, uuidOf(instanceId), runId],
  )
}

/** Holds the full push against a newer one until the transaction ends. False when it is not the present one. */
export async function lockRun(tx: TenantTx, instanceId: Id<'whm'>, runId: string): Promise<boolean> {
  const row = await tx.first(
    'select 1 from whmcs_modules where tenant_id = $1 and instance_id = $2 and run_id = $3 for no key update',
    [tx.tenantUuid, uuidOf(instanceId), runId],
  )
  return row !== undefined
}

/** Open invoices that nobody has named since the full push began, and whether it named any at all. */
export async function listUnnamed(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  limit: number,
): Promise<{ externalIds: string[]; named: boolean }> {
  const rows = await tx.many<{ external_id: string }>(
    `select i.external_id from invoices i join whmcs_modules m on m.tenant_id = i.tenant_id and m.instance_id = i.instance_id
      where i.tenant_id = $1 and i.instance_id = $2 and ${OPEN} and i.read_at < m.run_begun_at order by i.read_at, i.id limit $3`,
    [tx.tenantUuid, uuidOf(instanceId), limit],
  )
  const named = await tx.first(
    `select 1 from invoices i join whmcs_modules m on m.tenant_id = i.tenant_id and m.instance_id = i.instance_id
      where i.tenant_id = $1 and i.instance_id = $2 and i.read_at >= m.run_begun_at limit 1`,
    [tx.tenantUuid, uuidOf(instanceId)],
  )
  return { externalIds: rows.map((row) => row.external_id), named: named !== undefined }
}

/** The full push has come whole. What was asked for after it began is still wanted. Returns whether it was the first one. */
export async function endRun(tx: TenantTx, instanceId: Id<'whm'>): Promise<void> {
  const key = [tx.tenantUuid, uuidOf(instanceId)]
  await tx.run(
    `update whmcs_modules set full_ended_at = now(), full_wanted_at = case when full_wanted_at > run_begun_at then full_wanted_at end
      where tenant_id = $1 and instance_id = $2`,
    key,
  )
  await tx.run(
    `update whmcs_instances set mirrored_at = coalesce(mirrored_at, now()), closed_listed_at = now(), updated_at = now()
      where tenant_id = $1 and id = $2`,
    key,
  )
}

/** A push was stored. */
export async function setPushed(tx: TenantTx, instanceId: Id<'whm'>, at: Date): Promise<void> {
  const key = [tx.tenantUuid, uuidOf(instanceId)]
  await tx.run('update whmcs_modules set last_push_at = now() where tenant_id = $1 and instance_id = $2', key)
  await tx.run(
    `update whmcs_instances set last_sync_at = $3, last_seen_at = $3, updated_at = now() where tenant_id = $1 and id = $2`,
    [...key, at],
  )
}

/** Currency and our id of the mirrored invoices among these. */
export async function listKnown(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  externalIds: readonly string[],
): Promise<Map<string, { id: Id<'inv'>; currency: string }>> {
  if (externalIds.length === 0) return new Map()
  const rows = await tx.many<{ id: string; external_id: string; currency: string }>(
    'select id, external_id, currency from invoices where tenant_id = $1 and instance_id = $2 and external_id = any($3::text[])',
    [tx.tenantUuid, uuidOf(instanceId), externalIds],
  )
  return new Map(rows.map((row) => [row.external_id, { id: idOf('inv', row.id), currency: row.currency }]))
}

/** The clients kept under these ids of WHMCS. */
export async function listClients(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  externalIds: readonly string[],
): Promise<{ externalId: string; name: string; company: string; email: string }[]> {
  if (externalIds.length === 0) return []
  const rows = await tx.many<{ external_id: string; name: string; company: string; email: string }>(
    `select external_id, name, company, email from clients
      where tenant_id = $1 and instance_id = $2 and external_id = any($3::text[])`,
    [tx.tenantUuid, uuidOf(instanceId), externalIds],
  )
  return rows.map(({ external_id, ...row }) => ({ externalId: external_id, ...row }))
}

/** These were named, whatever became of what was said of them. */
export async function touchRead(tx: TenantTx, instanceId: Id<'whm'>, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length === 0) return
  await tx.run(
    'update invoices set read_at = now() where tenant_id = $1 and instance_id = $2 and external_id = any($3::text[])',
    [tx.tenantUuid, uuidOf(instanceId), externalIds],
  )
}

/** Payments that were booked a moment ago on these invoices, by WHMCS's own ids, and that nobody takes back. */
export async function listJustBooked(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  externalIds: readonly string[],
  youngMs: number,
): Promise<{ externalId: string; transid: string }[]> {
  const rows = await tx.many<{ external_id: string; transid: string }>(
    `select i.external_id, p.transid from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where p.tenant_id = $1 and p.instance_id = $2 and i.external_id = any($3::text[]) and p.state = 'applied'
        and p.verified_at is not null and p.applied_at > now() - $4 * interval '1 millisecond'
        and not exists (select 1 from undos u where u.tenant_id = p.tenant_id and u.id = p.id)`,
    [tx.tenantUuid, uuidOf(instanceId), externalIds, youngMs],
  )
  return rows.map((row) => ({ externalId: row.external_id, transid: row.transid }))
}
