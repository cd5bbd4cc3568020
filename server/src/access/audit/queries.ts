import { idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { Tx } from '../../database/transaction.ts'
import type { ChainPoint } from '../../events/verify-audit.ts'

/** Any number that no other program uses for its advisory locks on this database. */
const LOCK = 7_299_461_004

/** Whether this process is the one that writes heads now; it lets go with the transaction. */
export async function tryLockHeads(tx: Tx): Promise<boolean> {
  const { mine } = await tx.one<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [LOCK])
  return mine
}

/** The head of every chain, in the order of the tenants' ids. */
export async function listHeads(tx: Tx): Promise<[TenantId, ChainPoint][]> {
  const rows = await tx.many<{ tenant_id: string; sequence: string; hash: Buffer }>(
    'select tenant_id, sequence, hash from audit_heads where sequence > 0 order by tenant_id',
  )
  return rows.map((row) => [idOf('ten', row.tenant_id), { sequence: BigInt(row.sequence), hash: row.hash }])
}

/** The tenants whose chain still has the row of their point, with its hash. */
export async function listPointsStillThere(tx: Tx, points: ReadonlyMap<TenantId, ChainPoint>): Promise<Set<TenantId>> {
  const rows = await tx.many<{ tenant_id: string }>(
    `select e.tenant_id from unnest($1::uuid[], $2::bigint[], $3::bytea[]) as point (tenant_id, sequence, hash)
       join audit_events e on e.tenant_id = point.tenant_id and e.sequence = point.sequence and e.hash = point.hash`,
    [
      [...points.keys()].map(uuidOf),
      [...points.values()].map((point) => String(point.sequence)),
      [...points.values()].map((point) => point.hash),
    ],
  )
  return new Set(rows.map((row) => idOf('ten', row.tenant_id)))
}
