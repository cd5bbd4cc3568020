import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

/** Proven installations of all active tenants whose proof is to be looked at again. Proven before there were such looks, they are
 *  due at once. */
export async function listProofsDue(tx: Tx, limit: number): Promise<{ tenantId: TenantId; instanceId: Id<'whm'> }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select w.tenant_id, w.id from whmcs_instances w join tenants t on t.tenant_id = w.tenant_id
      where w.verified_at is not null and w.status <> 'disconnected' and t.status = 'active'
        and (w.next_proof_at is null or w.next_proof_at <= now())
      order by w.next_proof_at nulls first, w.tenant_id, w.id limit $1`,
    [limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), instanceId: idOf('whm', row.id) }))
}

/** Takes a due look, so that no other process makes it as well; false when somebody did, or when none is due. */
export async function takeProofDue(tx: TenantTx, id: Id<'whm'>, againInMs: number): Promise<boolean> {
  const taken = await tx.run(
    `update whmcs_instances set next_proof_at = now() + $3 * interval '1 millisecond'
      where tenant_id = $1 and id = $2 and verified_at is not null and status <> 'disconnected'
        and (next_proof_at is null or next_proof_at <= now())`,
    [tx.tenantUuid, uuidOf(id), againInMs],
  )
  return taken === 1
}

/** Notes what a look came to. `at` null: it could not be made, and what was found before stands. */
export async function setProofLook(
  tx: TenantTx,
  id: Id<'whm'>,
  look: { at: Date | null; missed: number; fault: string | null; againInMs: number },
): Promise<void> {
  await tx.run(
    `update whmcs_instances
        set proof_checked_at = coalesce($3, proof_checked_at), proofs_missed = $4,
            proof_fault = case when $3::timestamptz is null then proof_fault else $5 end,
            next_proof_at = now() + $6 * interval '1 millisecond', updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), look.at, look.missed, look.fault, look.againInMs],
  )
}

/** What was found at another address says nothing of this one. */
export async function forgetLooks(tx: TenantTx, id: Id<'whm'>): Promise<void> {
  await tx.run(
    `update whmcs_instances set proof_checked_at = null, proofs_missed = 0, proof_fault = null, next_proof_at = null
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
}

/** The installation counts as nobody's until it is proven anew; another tenant may prove it. */
export async function unprove(tx: TenantTx, id: Id<'whm'>): Promise<void> {
  await tx.run(
    `update whmcs_instances set verified_at = null, verified_by = null, next_proof_at = null, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
}
