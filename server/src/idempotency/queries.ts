import type { TenantId } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'

/** A try of a request that holds its key: writes count only while the fence is its own. */
export interface Claim {
  tenantId: TenantId
  tenantUuid: string
  keyDigest: Buffer
  fence: string
}

/** What the first change of a request concerned, in the words of its audit entry. */
export interface Resource {
  type: string
  id: string
}

/** What a key stands for at the moment. */
export type Found =
  /** Ours now: nothing happened under this key so far. */
  | { state: 'started'; claim: Claim }
  /** Ours now, from a try that did not live to answer although its change was made. */
  | { state: 'carried_out'; claim: Claim; resource: Resource | null }
  | { state: 'answered'; sealedAnswer: Buffer }
  | { state: 'running'; forSeconds: number; leaseSeconds: number }
  | { state: 'other_request' }
  /** Given back between two looks: ask again. */
  | { state: 'gone' }

/** How long a try may go without a change before another may take over; each change renews it. */
const LEASE = "clock_timestamp() + interval '90 seconds'"

interface KeyRow {
  fingerprint: Buffer
  fence: string
  carried_out: boolean
  resource_type: string | null
  resource_id: string | null
  sealed_answer: Buffer | null
  over: boolean
  for_seconds: number
  lease_seconds: number
}

/** Takes the key, or tells what it stands for already. */
export async function claimKey(
  tx: TenantTx,
  wanted: { keyDigest: Buffer; fingerprint: Buffer; operation: string },
): Promise<Found> {
  const { tenantId, tenantUuid } = tx
  const { keyDigest, fingerprint, operation } = wanted
  const claim = (fence: string): Claim => ({ tenantId, tenantUuid, keyDigest, fence })
  const fresh = await tx.first<{ fence: string }>(
    `insert into idempotency_keys (tenant_id, key_digest, fingerprint, operation, lease_until)
     values ($1, $2, $3, $4, ${LEASE}) on conflict do nothing returning fence`,
    [tenantUuid, keyDigest, fingerprint, operation],
  )
  if (fresh) return { state: 'started', claim: claim(fresh.fence) }
  const row = await tx.first<KeyRow>(
    `select fingerprint, fence, effect_at is not null as carried_out, resource_type, resource_id, sealed_answer,
            keep_until <= now() as over,
            extract(epoch from clock_timestamp() - created_at)::float8 as for_seconds,
            extract(epoch from lease_until - clock_timestamp())::float8 as lease_seconds
       from idempotency_keys where tenant_id = $1 and key_digest = $2 for update`,
    [tenantUuid, keyDigest],
  )
  if (!row) return { state: 'gone' }
  if (row.over) return { state: 'started', claim: claim(await begin(tx, wanted)) }
  if (!row.fingerprint.equals(fingerprint)) return { state: 'other_request' }
  if (row.sealed_answer) return { state: 'answered', sealedAnswer: row.sealed_answer }
  if (row.lease_seconds > 0) return { state: 'running', forSeconds: row.for_seconds, leaseSeconds: row.lease_seconds }
  const next = claim(await takeOver(tx, keyDigest))
  if (!row.carried_out) return { state: 'started', claim: next }
  const resource = row.resource_type === null ? null : { type: row.resource_type, id: row.resource_id! }
  return { state: 'carried_out', claim: next, resource }
}

/** A key whose time is over is free for any request, as if it had never been used. */
async function begin(
  tx: TenantTx,
  { keyDigest, fingerprint, operation }: { keyDigest: Buffer; fingerprint: Buffer; operation: string },
): Promise<string> {
  const { fence } = await tx.one<{ fence: string }>(
    `update idempotency_keys
        set fingerprint = $3, operation = $4, fence = fence + 1, lease_until = ${LEASE}, effect_at = null, changes = 0,
            resource_type = null, resource_id = null, answered_at = null, sealed_answer = null,
            created_at = now(), keep_until = now() + interval '72 hours'
      where tenant_id = $1 and key_digest = $2 returning fence`,
    [tx.tenantUuid, keyDigest, fingerprint, operation],
  )
  return fence
}

async function takeOver(tx: TenantTx, keyDigest: Buffer): Promise<string> {
  const { fence } = await tx.one<{ fence: string }>(
    `update idempotency_keys set fence = fence + 1, lease_until = ${LEASE}
      where tenant_id = $1 and key_digest = $2 returning fence`,
    [tx.tenantUuid, keyDigest],
  )
  return fence
}

/** Marks, in the transaction of a change, that the request took effect. False when the key is another try's by now.
 *  The change may be another tenant's: then the transaction names the caller's tenant for this one statement. */
export async function markEffect(tx: TenantTx, claim: Claim, resource: Resource | undefined): Promise<boolean> {
  const elsewhere = claim.tenantId !== tx.tenantId
  if (elsewhere) await nameTenant(tx, claim.tenantUuid)
  const marked = await tx.run(
    `update idempotency_keys
        set effect_at = coalesce(effect_at, now()), changes = changes + 1, lease_until = ${LEASE},
            resource_id = coalesce(resource_id, $5), resource_type = coalesce(resource_type, $4)
      where tenant_id = $1 and key_digest = $2 and fence = $3 and answered_at is null`,
    [claim.tenantUuid, claim.keyDigest, claim.fence, resource?.type ?? null, resource?.id ?? null],
  )
  if (elsewhere) await nameTenant(tx, tx.tenantUuid)
  return marked === 1
}

const nameTenant = (tx: Tx, tenantUuid: string) => tx.run("select set_config('app.tenant', $1, true)", [tenantUuid])

/** Keeps the answer for replays, unless the key is another try's by now. */
export async function keepAnswer(tx: TenantTx, claim: Claim, sealedAnswer: Buffer): Promise<void> {
  await tx.run(
    `update idempotency_keys set answered_at = now(), sealed_answer = $4
      where tenant_id = $1 and key_digest = $2 and fence = $3 and answered_at is null`,
    [claim.tenantUuid, claim.keyDigest, claim.fence, sealedAnswer],
  )
}

/** Lets go of a try that will not answer: without an effect the key is as new, with one the next try finds its marker. */
export async function letGo(tx: TenantTx, claim: Claim): Promise<void> {
  const values = [claim.tenantUuid, claim.keyDigest, claim.fence]
  await tx.run(
    'delete from idempotency_keys where tenant_id = $1 and key_digest = $2 and fence = $3 and effect_at is null',
    values,
  )
  await tx.run(
    `update idempotency_keys set lease_until = clock_timestamp()
      where tenant_id = $1 and key_digest = $2 and fence = $3 and answered_at is null`,
    values,
  )
}

/** Tenants that hold keys whose time is over, at most `max`. */
export async function tenantsWithKeysOver(tx: Tx, max: number): Promise<string[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    'select distinct tenant_id from (select tenant_id from idempotency_keys where keep_until <= now() order by keep_until limit $1) due',
    [max],
  )
  return rows.map((row) => row.tenant_id)
}

/** Removes the tenant's keys whose time is over, at most `max` at once. Returns how many. */
export const removeKeysOver = (tx: TenantTx, max: number): Promise<number> =>
  tx.run(
    `delete from idempotency_keys where tenant_id = $1 and key_digest in
       (select key_digest from idempotency_keys where tenant_id = $1 and keep_until <= now() order by keep_until limit $2 for update skip locked)`,
    [tx.tenantUuid, max],
  )
