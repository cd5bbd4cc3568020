import type { Clock } from '../../base/clock.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { Store } from '../../events/store.ts'
import { type AuditVerdict, type ChainPoint, walkAudit } from '../../events/verify-audit.ts'
import { createAuditHeads } from './heads.ts'
import { AUDIT_COLUMNS, presentAuditEvent } from './schemas.ts'

/** The newest rows of the tenant's trail, the newest first, as the API shows them. `before`: only rows of a lower sequence
 *  number; for the command line. */
export async function listNewestAuditEvents(
  tx: TenantTx,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<ReturnType<typeof presentAuditEvent>[]> {
  const rows = await tx.many<object>(
    `select ${AUDIT_COLUMNS} from audit_events e
      where e.tenant_id = $1 and ($3::bigint is null or e.sequence < $3) order by e.sequence desc limit $2`,
    [tx.tenantUuid, limit, before ?? null],
  )
  return rows.map(presentAuditEvent)
}

/** Walks the tenant's whole chain, and through the newest head that the data folder holds: `outside`, undefined where it holds
 *  none. */
export async function verifyTrail(
  deps: { store: Store; dataDir: string; clock: Clock; log: Log },
  tenantId: TenantId,
): Promise<AuditVerdict & { outside: ChainPoint | undefined }> {
  const outside = await createAuditHeads(deps).newest(tenantId)
  const verdict = await walkAudit((work) => deps.store.read(tenantId, work), outside ? [outside] : [])
  return { ...verdict, outside }
}
