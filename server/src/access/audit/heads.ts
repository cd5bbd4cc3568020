import type { Clock } from '../../base/clock.ts'
import { eachApart } from '../../base/each-apart.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { Tx } from '../../database/transaction.ts'
import { openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import type { ChainPoint } from '../../events/verify-audit.ts'
import { openHeadFiles } from './head-files.ts'
import { listHeads, listPointsStillThere, tryLockHeads } from './queries.ts'

/** Heads of chains kept outside the database: whoever may change it still cannot cut a chain at its end unseen. */
export interface AuditHeads {
  /** Where the tenant's chain stood by the newest file that can be read, or undefined when none tells. */
  newest(tenantId: TenantId): Promise<ChainPoint | undefined>
  /** Writes each chain's head of today, once a day and chain. A chain that no longer runs through its former head is an alert,
   *  and keeps that former head in the files: what was done to it stays visible. */
  keep(): Promise<void>
}

export function createAuditHeads(deps: { store: Store; dataDir: string; clock: Clock; log: Log }): AuditHeads {
  const { store, clock, log } = deps
  const files = openHeadFiles(deps.dataDir)
  return {
    newest: async (tenantId) => {
      try {
        return await files.newestOf(tenantId)
      } catch (error) {
        log.warn('audit heads cannot be read', { error })
        return undefined
      }
    },
    keep: async () => {
      const broken = await store.directory(async (tx) => ((await tryLockHeads(tx)) ? write(tx) : []))
      await eachApart(broken, (tenantId) => {
        log.error('audit chain broken', { tenant_id: tenantId })
        return store.change(tenantId, systemActor('audit-heads'), (tx) => openAlert(tx, brokenAlert(tenantId)))
      })
    },
  }

  /** Returns the tenants whose chain is not what it was. */
  async function write(tx: Tx): Promise<TenantId[]> {
    const now = clock.now()
    const { earlier, today } = await files.read(now)
    const former = new Map([...earlier, ...today])
    const intact = await listPointsStillThere(tx, former)
    const present = await listHeads(tx)
    const broken = [...former.keys()].filter((tenantId) => !intact.has(tenantId))
    const heads = new Map(
      [...present, ...broken.map((tenantId) => [tenantId, former.get(tenantId)!] as const)].filter(
        ([tenantId]) => !today.has(tenantId),
      ),
    )
    await files.append(now, heads)
    return broken
  }
}

const brokenAlert = (tenantId: TenantId) => ({
  code: 'audit_chain_broken',
  severity: 'critical' as const,
  subject: { type: 'tenant', id: tenantId },
  message:
    'The audit trail no longer matches the copy of its head outside the database: rows were changed or removed. Ask the operator to keep the database as it is and to find out who could write to it.',
})
