import type { TenantTx } from '../database/transaction.ts'
import { auditHash, GENESIS } from './audit-chain.ts'

/** What a walk over a chain found. `firstBroken` is the sequence number of the first row that does not follow. */
export interface AuditVerdict {
  valid: boolean
  checked: number
  firstBroken: number | null
}

/** A moment of a chain: after row `sequence` its hash was `hash`. */
export interface ChainPoint {
  sequence: bigint
  hash: Buffer
}

/** Rows per statement: a few milliseconds of work, then others have their turn. */
const PIECE = 2_000

/** How a walk reads: each piece in a transaction of its own (a long chain holds no connection), or all in one. */
export type ReadPiece = <T>(work: (tx: TenantTx) => Promise<T>) => Promise<T>

/** Walks the whole chain of the tenant, as `walkAudit`, inside the caller's transaction. */
export const verifyAudit = (tx: TenantTx, outside: readonly ChainPoint[] = []): Promise<AuditVerdict> =>
  walkAudit((work) => work(tx), outside)

/** Walks the chain from its beginning to the head it has now. Broken where a row is changed, missing, inserted or out of
 *  order, where a column that lists filter by differs from the hashed text, where rows and head end differently, and where
 *  the chain no longer runs through a point of `outside` (heads kept outside the database: a chain cut at its end together
 *  with its head shows only there). Measured: 1,000,000 rows in about 9 s, no statement above 60 ms. */
export async function walkAudit(read: ReadPiece, outside: readonly ChainPoint[] = []): Promise<AuditVerdict> {
  const points = new Map(outside.map((point) => [point.sequence, point.hash]))
  const head = await read(headOf)
  let before: Buffer = GENESIS
  let last = 0n
  const broken = (at: bigint): AuditVerdict => ({ valid: false, checked: Number(last), firstBroken: Number(at) })
  while (last < head.sequence) {
    const rows = await read((tx) => piece(tx, last, head.sequence))
    if (rows.length === 0) return broken(last + 1n)
    for (const row of rows) {
      const sequence = last + 1n
      const hash = auditHash(before, sequence, row.entry)
      const follows = BigInt(row.sequence) === sequence && hash.equals(row.hash) && columnsAgree(row)
      if (!follows || points.get(sequence)?.equals(hash) === false) return broken(sequence)
      before = hash
      last = sequence
    }
  }
  if (!head.hash.equals(before)) return broken(last)
  // Beyond the head: rows that no head knows, and points that the chain once had.
  const beyond = [...points.keys()].some((sequence) => sequence > last) || (await read(hasRowsBeyondHead))
  return beyond ? broken(last + 1n) : { valid: true, checked: Number(last), firstBroken: null }
}

async function headOf(tx: TenantTx): Promise<ChainPoint> {
  const head = await tx.first<{ sequence: string; hash: Buffer }>(
    'select sequence, hash from audit_heads where tenant_id = $1',
    [tx.tenantUuid],
  )
  return head ? { sequence: BigInt(head.sequence), hash: head.hash } : { sequence: 0n, hash: GENESIS }
}

interface ChainRow {
  sequence: string
  entry: string
  hash: Buffer
  at: Date
  action: string
  resource_id: string | null
}

const piece = (tx: TenantTx, after: bigint, last: bigint) =>
  tx.many<ChainRow>(
    `select sequence, entry::text as entry, hash, at, action, resource_id from audit_events
      where tenant_id = $1 and sequence > $2 and sequence <= $3 order by sequence limit ${PIECE}`,
    [tx.tenantUuid, String(after), String(last)],
  )

function columnsAgree(row: ChainRow): boolean {
  const entry = JSON.parse(row.entry) as { at: string; action: string; resource: { id: string } }
  return (
    entry.action === row.action && entry.resource.id === row.resource_id && Date.parse(entry.at) === row.at.getTime()
  )
}

/** One statement, one snapshot: whoever appends at this moment moves rows and head together. */
async function hasRowsBeyondHead(tx: TenantTx): Promise<boolean> {
  const { beyond } = await tx.one<{ beyond: boolean }>(
    `select exists (
       select 1 from audit_events e
        where e.tenant_id = $1
          and e.sequence > coalesce((select h.sequence from audit_heads h where h.tenant_id = $1), 0)) as beyond`,
    [tx.tenantUuid],
  )
  return beyond
}
