import { createHash } from 'node:crypto'
import { newId } from '../base/ids.ts'
import { uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'

/** Who did it: a key, a person, or Payymo itself. */
export interface Actor {
  type: 'api_key' | 'user' | 'operator' | 'system'
  /** `key_…`, `usr_…`, or the name of the job. */
  id: string
  name: string
  ip: string | null
  requestId: string | null
}

export const systemActor = (job: string): Actor => ({
  type: 'system',
  id: job,
  name: `Payymo (${job})`,
  ip: null,
  requestId: null,
})

export interface AuditEntry {
  /** noun.verb: `match.approve`, `api_key.create` */
  action: string
  resource: { type: string; id: string }
  /** Before and after, or the facts of the change. Never a secret. */
  changes?: unknown
}

const GENESIS = Buffer.alloc(32)

/** Adds one row to the tenant's chain, in the caller's transaction. Each hash covers the row's text and the hash before it,
 *  so that a changed, removed or inserted row shows. Takes the chain's row lock until the transaction ends: call it last. */
export async function appendAudit(tx: TenantTx, actor: Actor, entries: AuditEntry[], at: Date): Promise<void> {
  if (entries.length === 0) return
  await tx.run('insert into audit_heads (tenant_id, sequence, hash) values ($1, 0, $2) on conflict do nothing', [
    tx.tenantUuid,
    GENESIS,
  ])
  const head = await tx.one<{ sequence: string; hash: Buffer }>(
    'select sequence, hash from audit_heads where tenant_id = $1 for no key update',
    [tx.tenantUuid],
  )
  let sequence = BigInt(head.sequence)
  let { hash } = head
  const rows = entries.map((entry) => {
    sequence += 1n
    const text = JSON.stringify({
      at: at.toISOString(),
      actor: { type: actor.type, id: actor.id, name: actor.name },
      action: entry.action,
      resource: entry.resource,
      changes: entry.changes ?? null,
      ip: actor.ip,
      request_id: actor.requestId,
    })
    hash = auditHash(hash, sequence, text)
    return {
      sequence: String(sequence),
      id: uuidOf(newId('aud')),
      text,
      action: entry.action,
      resource: entry.resource.id,
      hash,
    }
  })
  await tx.run(
    `insert into audit_events (tenant_id, sequence, id, entry, at, action, resource_id, hash)
     select $1, row.sequence, row.id, row.entry::json, $2, row.action, row.resource_id, row.hash
       from unnest($3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bytea[])
         as row (sequence, id, entry, action, resource_id, hash)`,
    [
      tx.tenantUuid,
      at,
      rows.map((row) => row.sequence),
      rows.map((row) => row.id),
      rows.map((row) => row.text),
      rows.map((row) => row.action),
      rows.map((row) => row.resource),
      rows.map((row) => row.hash),
    ],
  )
  await tx.run('update audit_heads set sequence = $2, hash = $3 where tenant_id = $1', [
    tx.tenantUuid,
    String(sequence),
    hash,
  ])
}

/** Walks the whole chain of the tenant. `firstBroken` is the sequence number of the first row that does not follow. */
export async function verifyAudit(
  tx: TenantTx,
): Promise<{ valid: boolean; checked: number; firstBroken: number | null }> {
  let before: Buffer = GENESIS
  let expected = 1n
  for (;;) {
    const rows = await tx.many<{ sequence: string; entry: string; hash: Buffer }>(
      'select sequence, entry::text as entry, hash from audit_events where tenant_id = $1 and sequence >= $2 order by sequence limit 1000',
      [tx.tenantUuid, String(expected)],
    )
    for (const row of rows) {
      const follows = BigInt(row.sequence) === expected && auditHash(before, expected, row.entry).equals(row.hash)
      if (!follows) return { valid: false, checked: Number(expected - 1n), firstBroken: Number(expected) }
      before = row.hash
      expected += 1n
    }
    if (rows.length > 0) continue
    const head = await tx.first<{ sequence: string; hash: Buffer }>(
      'select sequence, hash from audit_heads where tenant_id = $1',
      [tx.tenantUuid],
    )
    // The head outlives a chain cut at its end.
    const complete = !head || (BigInt(head.sequence) === expected - 1n && head.hash.equals(before))
    return { valid: complete, checked: Number(expected - 1n), firstBroken: complete ? null : Number(expected) }
  }
}

const auditHash = (before: Buffer, sequence: bigint, text: string): Buffer =>
  createHash('sha256').update(before).update(`${sequence}:`).update(text).digest()
