import { newId, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import { auditHash, GENESIS } from './audit-chain.ts'

export { verifyAudit } from './verify-audit.ts'

/** Who did it: a key, a person, an OAuth application, or Payymo itself. */
export interface Actor {
  type: 'api_key' | 'user' | 'application' | 'operator' | 'system'
  /** `key_…`, `usr_…`, `app_…`, or the name of the job. */
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

/** An entry with who did it and when, for rows of several actors at once. */
export interface AuditRecord extends AuditEntry {
  actor: Actor
  at: Date
}

/** Adds rows of one actor to the tenant's chain, in the caller's transaction; as `appendAuditRecords`. */
export const appendAudit = (tx: TenantTx, actor: Actor, entries: AuditEntry[], at: Date): Promise<void> =>
  appendAuditRecords(
    tx,
    entries.map((entry) => ({ ...entry, actor, at })),
  )

/** Adds rows to the tenant's chain, in the caller's transaction. Each hash covers the row's text and the hash before it, so
 *  that a changed, removed or inserted row shows. Takes the chain's row lock until the transaction ends: call it last.
 *  Two round trips to the database. */
export async function appendAuditRecords(tx: TenantTx, records: AuditRecord[]): Promise<void> {
  if (records.length === 0) return
  const head = (await lockHead(tx)) ?? (await beginChain(tx))
  let sequence = BigInt(head.sequence)
  let { hash } = head
  const rows = records.map(({ actor, at, action, resource, changes }) => {
    sequence += 1n
    const text = JSON.stringify({
      at: at.toISOString(),
      actor: { type: actor.type, id: actor.id, name: actor.name },
      action,
      resource,
      changes: changes ?? null,
      ip: actor.ip,
      request_id: actor.requestId,
    })
    hash = auditHash(hash, sequence, text)
    return { sequence: String(sequence), id: uuidOf(newId('aud')), text, at, action, resource: resource.id, hash }
  })
  await tx.run(
    `with added as (
       insert into audit_events (tenant_id, sequence, id, entry, at, action, resource_id, hash)
       select $1, row.sequence, row.id, row.entry::json, row.at, row.action, row.resource_id, row.hash
         from unnest($4::bigint[], $5::uuid[], $6::text[], $7::timestamptz[], $8::text[], $9::text[], $10::bytea[])
           as row (sequence, id, entry, at, action, resource_id, hash)
     )
     update audit_heads set sequence = $2, hash = $3 where tenant_id = $1`,
    [
      tx.tenantUuid,
      String(sequence),
      hash,
      rows.map((row) => row.sequence),
      rows.map((row) => row.id),
      rows.map((row) => row.text),
      rows.map((row) => row.at),
      rows.map((row) => row.action),
      rows.map((row) => row.resource),
      rows.map((row) => row.hash),
    ],
  )
}

interface Head {
  sequence: string
  hash: Buffer
}

const lockHead = (tx: TenantTx) =>
  tx.first<Head>('select sequence, hash from audit_heads where tenant_id = $1 for no key update', [tx.tenantUuid])

/** The first row of a tenant. Of two that begin at once the second waits, and then finds the head of the first. */
async function beginChain(tx: TenantTx): Promise<Head> {
  await tx.run('insert into audit_heads (tenant_id, sequence, hash) values ($1, 0, $2) on conflict do nothing', [
    tx.tenantUuid,
    GENESIS,
  ])
  return (await lockHead(tx))!
}
