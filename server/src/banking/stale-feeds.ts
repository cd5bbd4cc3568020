import { eachApart } from '../base/each-apart.ts'
import { type Id, idOf, type TenantId, uuidOf } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Change } from '../events/store.ts'
import type { BankingDeps } from './deps.ts'
import { lockConnection } from './queries.ts'

/** A connection that ought to be read and was not for so long is silent, whatever the cause. Planned, as the readings are. */
const STALE_MS = 86_400_000
const AT_ONCE = 200

export const STALE_FEED = 'bank_feed_stale'

/** Opens an alert for each connection that is switched on and has brought nothing for a day. The next good reading closes it. */
export async function tellStaleFeeds(deps: BankingDeps): Promise<void> {
  const staleMs = deps.scaled(STALE_MS)
  await eachApart(await deps.store.directory((tx) => listStale(tx, staleMs)), ({ tenantId, id }) =>
    deps.store.change(tenantId, systemActor('schedule'), async (tx) => {
      const connection = await lockConnection(tx, id)
      // A reading may have ended since.
      if (!connection || !(await isStale(tx, id, staleMs))) return
      await openAlert(tx, {
        code: STALE_FEED,
        severity: 'warning',
        subject: { type: 'bank_connection', id },
        message: `${connection.name}: the bank could not be read for a day. See the error at the connection; until it is mended, import statement files.`,
      })
    }),
  )
}

/** Says that the connection is meant to be read from now on: its consent was given, or its reading switched on again. */
export async function beginReading(tx: Change, id: Id<'bank'>): Promise<void> {
  await tx.run('update bank_connections set reading_since = now() where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
  ])
}

/** Ends the alerts about a feed that nobody reads any more. */
export async function closeFeedAlerts(tx: Change, id: Id<'bank'>): Promise<void> {
  for (const code of [STALE_FEED, 'bank_feed_failing', 'consent_ending', 'consent_ended'])
    await closeAlert(tx, code, id)
}

/** One that is due now is about to be read: after a night in which nothing ran, nobody is told before that was tried. */
const STALE = (ms: string) =>
  `c.sync_enabled and c.provider <> 'file' and c.status in ('active', 'expiring', 'error')
     and (c.next_sync_at is null or c.next_sync_at > now())
     and greatest(c.last_sync_at, c.reading_since) < now() - ${ms} * interval '1 millisecond'`

async function listStale(tx: Tx, staleMs: number): Promise<{ tenantId: TenantId; id: Id<'bank'> }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select c.tenant_id, c.id from bank_connections c join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
      where ${STALE('$1')} order by greatest(c.last_sync_at, c.reading_since) desc limit $2`,
    [staleMs, AT_ONCE],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), id: idOf('bank', row.id) }))
}

async function isStale(tx: TenantTx, id: Id<'bank'>, staleMs: number): Promise<boolean> {
  const row = await tx.first<object>(
    `select 1 from bank_connections c where c.tenant_id = $1 and c.id = $2 and ${STALE('$3')}`,
    [tx.tenantUuid, uuidOf(id), staleMs],
  )
  return row !== undefined
}
