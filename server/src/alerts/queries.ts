import { type Id, idOf, type TenantId, uuidOf } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'
import { type Alert, ALERT_COLUMNS, type AlertRow, alertOf } from '../events/alerts.ts'

/** How many alerts are open over all tenants that still are, by code and severity: what `/metrics` shows. */
export const countOpenAlerts = (tx: Tx): Promise<{ code: string; severity: Alert['severity']; count: number }[]> =>
  tx.many(
    `select a.code, a.severity, count(*)::int as count
       from alerts a join tenants t on t.tenant_id = a.tenant_id and t.status <> 'deleted'
      where a.closed_at is null group by a.code, a.severity order by a.code, a.severity`,
  )

export async function getAlert(tx: TenantTx, id: Id<'alr'>): Promise<AlertRow | undefined> {
  const row = await tx.first<object>(`select ${ALERT_COLUMNS} from alerts a where a.tenant_id = $1 and a.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && alertOf(row)
}

/** The newest alerts, the newest first: those still open, or closed ones too; for the command line. */
export async function listNewestAlerts(
  tx: TenantTx,
  { limit, closedToo }: { limit: number; closedToo: boolean },
): Promise<AlertRow[]> {
  const rows = await tx.many<object>(
    `select ${ALERT_COLUMNS} from alerts a
      where a.tenant_id = $1 and ($3 or a.closed_at is null) order by a.opened_at desc, a.id desc limit $2`,
    [tx.tenantUuid, limit, closedToo],
  )
  return rows.map(alertOf)
}

/** Marks one as closed; false when it was closed already. */
export async function markClosed(tx: TenantTx, id: Id<'alr'>, at: Date): Promise<boolean> {
  const touched = await tx.run(
    'update alerts set closed_at = $3, updated_at = now() where tenant_id = $1 and id = $2 and closed_at is null',
    [tx.tenantUuid, uuidOf(id), at],
  )
  return touched === 1
}

/** Tenants with alerts that still have to be mailed. */
export async function listTenantsToMail(tx: Tx): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    "select distinct tenant_id from alerts where mailed_at is null and severity <> 'info'",
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Takes the tenant's turn to be written to: false while the last mail is younger than `everyMs`, or another process has it. */
export async function takeTurn(tx: TenantTx, everyMs: number): Promise<boolean> {
  const touched = await tx.run(
    `insert into alert_mails as m (tenant_id, last_at) values ($1, now())
     on conflict (tenant_id) do update set last_at = now() where m.last_at <= now() - $2 * interval '1 millisecond'`,
    [tx.tenantUuid, everyMs],
  )
  return touched === 1
}

/** Whether anything waits to be mailed that a person should still look at. `quiet` codes are told by no mail. */
export async function hasNews(tx: TenantTx, quiet: readonly string[]): Promise<boolean> {
  const row = await tx.first<object>(
    `select 1 from alerts where tenant_id = $1 and mailed_at is null and severity <> 'info' and closed_at is null
        and code <> all($2) limit 1`,
    [tx.tenantUuid, quiet],
  )
  return row !== undefined
}

/** Marks as mailed whatever waits, and returns it, the gravest first. */
export async function takeUnmailed(tx: TenantTx): Promise<AlertRow[]> {
  const rows = await tx.many<object>(
    `update alerts a set mailed_at = now() where a.tenant_id = $1 and a.mailed_at is null and a.severity <> 'info'
     returning ${ALERT_COLUMNS}`,
    [tx.tenantUuid],
  )
  const gravity = (row: AlertRow) => (row.severity === 'critical' ? 0 : 1)
  return rows.map(alertOf).sort((one, other) => gravity(one) - gravity(other) || (one.id < other.id ? -1 : 1))
}

export const getTenant = (tx: TenantTx): Promise<{ name: string; status: string }> =>
  tx.one('select name, status from tenants where tenant_id = $1', [tx.tenantUuid])
