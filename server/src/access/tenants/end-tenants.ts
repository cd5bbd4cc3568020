import { join } from 'node:path'
import type pg from 'pg'
import { eachApart } from '../../base/each-apart.ts'
import { AppError } from '../../base/errors.ts'
import { idOf, type TenantId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import { KEPT_TABLES, listTenantTables, purgeBatch } from '../../database/purge.ts'
import { systemActor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { exportTenant } from './export-tenant.ts'

/** What happens after a tenant was deleted. First, within minutes, what it holds at others is given back (`endings`: consents at
 *  banks, installations). After 30 days everything it had is written to a file, and only then removed. The tenant's row and its
 *  audit trail stay. Each step is marked when it is done, and done again until it is. */

export interface EndTenantsDeps {
  store: Store
  pool: pg.Pool
  /** Where the exports go, one file for each tenant. */
  exportsDir: string
  log: Log
  now(): Date
  /** What other slices give back for a deleted tenant. May run again; throwing means "again later". */
  endings: ((tenantId: TenantId) => Promise<void>)[]
}

const ACTOR = systemActor('end-tenants')
const KEPT_DAYS = 30
/** Exporting and removing one tenant goes on for at most this, then it is another process's turn. */
const LEASE_MINUTES = 60
const WORK_MS_MAX = 30 * 60_000

/** Gives back what deleted tenants hold at others. */
export async function giveBack(deps: EndTenantsDeps): Promise<void> {
  await eachApart(await listDeleted(deps, 'ended_at is null'), async (tenantId) => {
    const tried = await Promise.allSettled(deps.endings.map((end) => end(tenantId)))
    const faults = tried.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
    for (const error of faults) {
      // A payment in doubt keeps its installation until it is settled.
      if (error instanceof AppError) deps.log.info('deleted tenant: later', { tenant_id: tenantId, reason: error.code })
      else deps.log.error('deleted tenant: not all given back', { tenant_id: tenantId, error })
    }
    if (faults.length === 0) await mark(deps, tenantId, 'ended_at')
  })
}

/** Exports and removes the data of tenants deleted 30 days ago. */
export async function purgeDeleted(deps: EndTenantsDeps): Promise<void> {
  const due = `deleted_at < now() - interval '${KEPT_DAYS} days' and purged_at is null and (purge_until is null or purge_until < now())`
  for (const tenantId of await listDeleted(deps, due)) {
    try {
      await purgeTenant(deps, tenantId)
    } catch (error) {
      // Nothing is lost: what is left is taken up again when the lease has run out. The next tenant need not wait.
      deps.log.error('deleted tenant: not purged', { tenant_id: tenantId, error })
    }
  }
}

async function purgeTenant(deps: EndTenantsDeps, tenantId: TenantId): Promise<void> {
  const { store } = deps
  const taken = await store.read(tenantId, (tx) =>
    tx.first<{ slug: string; exported: boolean }>(
      `update tenants set purge_until = now() + interval '${LEASE_MINUTES} minutes'
        where tenant_id = $1 and status = 'deleted' and purged_at is null and (purge_until is null or purge_until < now())
        returning slug, exported_at is not null as exported`,
      [tx.tenantUuid],
    ),
  )
  if (!taken) return
  const until = performance.now() + WORK_MS_MAX
  if (!taken.exported) {
    const file = join(deps.exportsDir, `${taken.slug}-${tenantId}.jsonl`)
    const { rows } = await exportTenant(store, tenantId, file, deps.now())
    await mark(deps, tenantId, 'exported_at')
    deps.log.info('deleted tenant exported', { tenant_id: tenantId, count: rows })
  }
  let removed = 0
  for (const table of await store.directory(listTenantTables)) {
    if (KEPT_TABLES.includes(table.name)) continue
    for (;;) {
      const batch = await purgeBatch(deps.pool, tenantId, table)
      if (batch === 0) break
      removed += batch
      if (performance.now() > until) return mark(deps, tenantId, 'purge_until')
    }
  }
  await store.change(tenantId, ACTOR, async (tx) => {
    await tx.run(`update tenants set purged_at = now(), purge_until = null where tenant_id = $1`, [tx.tenantUuid])
    tx.audit({ action: 'tenant.purge', resource: { type: 'tenant', id: tenantId }, changes: { after: { removed } } })
  })
  deps.log.info('deleted tenant purged', { tenant_id: tenantId, count: removed })
}

async function listDeleted(deps: EndTenantsDeps, condition: string): Promise<TenantId[]> {
  const rows = await deps.store.directory((tx) =>
    tx.many<{ tenant_id: string }>(
      `select tenant_id from tenants where status = 'deleted' and ${condition} order by tenant_id`,
    ),
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

async function mark(
  deps: EndTenantsDeps,
  tenantId: TenantId,
  column: 'ended_at' | 'exported_at' | 'purge_until',
): Promise<void> {
  await deps.store.read(tenantId, (tx) =>
    tx.run(`update tenants set ${column} = now() where tenant_id = $1`, [tx.tenantUuid]),
  )
}
