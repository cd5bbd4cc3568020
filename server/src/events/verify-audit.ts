import type { TenantTx } from '../database/transaction.ts'
import { GENESIS } from './audit-chain.ts'

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

/** Rows per statement: about 50 ms of the database's work, then others have their turn. */
const PIECE = 10_000n

/** How a walk reads: each piece in a transaction of its own (a long chain holds no connection), or all in one. */
export type ReadPiece = <T>(work: (tx: TenantTx) => Promise<T>) => Promise<T>

/** Walks the whole chain of the tenant, as `walkAudit`, inside the caller's transaction. */
export const verifyAudit = (tx: TenantTx, outside: readonly ChainPoint[] = []): Promise<AuditVerdict> =>
  walkAudit((work) => work(tx), outside)

/** Walks the chain from its beginning to the head it has now. Broken where a row is changed, missing, inserted or out of
 *  order, where a column that lists filter by differs from the hashed text, where rows and head end differently, and where
 *  the chain no longer runs through a point of `outside` (heads kept outside the database: a chain cut at its end together
 *  with its head shows only there). */
export async function walkAudit(
  read: ReadPiece,
  outside: readonly ChainPoint[] = [],
  rowsPerPiece = PIECE,
): Promise<AuditVerdict> {
  const head = await read(headOf)
  const walked = (await walkTo(read, head, rowsPerPiece)) ?? (await read(rowBeyondHead))
  const missed = await read((tx) => firstMissed(tx, outside))
  const firstBroken = walked === undefined || (missed !== undefined && missed < walked) ? missed : walked
  if (firstBroken === undefined) return { valid: true, checked: Number(head.sequence), firstBroken: null }
  return { valid: false, checked: Number(firstBroken - 1n), firstBroken: Number(firstBroken) }
}

/** The first row up to the head that does not follow, if any. */
async function walkTo(read: ReadPiece, head: ChainPoint, size: bigint): Promise<bigint | undefined> {
  let before: Buffer = GENESIS
  for (let after = 0n; after < head.sequence; after += size) {
    const last = after + size < head.sequence ? after + size : head.sequence
    const { rows, wrong, hash } = await read((tx) => piece(tx, { sequence: after, hash: before }, last))
    if (wrong !== null) return BigInt(wrong)
    // What is missing at the end of a piece is wrong nowhere else.
    if (BigInt(rows) < last - after) return after + BigInt(rows) + 1n
    before = hash!
  }
  return before.equals(head.hash) ? undefined : head.sequence
}

/** The hashes are made where the rows are: 1,000,000 rows took 9 s of this process, and none of it so. Whoever could make the
 *  database compute wrongly could as well show us other rows. */
const piece = (tx: TenantTx, before: ChainPoint, last: bigint) =>
  tx.one<{ rows: string; wrong: string | null; hash: Buffer | null }>(
    `select count(*) as rows, min(place) filter (where follows is not true) as wrong,
            (array_agg(hash order by place desc))[1] as hash
       from (
         select place, hash, sequence = place and action = entry ->> 'action'
                and resource_id = entry -> 'resource' ->> 'id' and entry ->> 'at' = to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                and hash = sha256(former || convert_to(sequence || ':' || entry::text, 'UTF8')) as follows
           from (
             select *, $2 + row_number() over (order by sequence) as place,
                    lag(hash, 1, $4) over (order by sequence) as former
               from audit_events where tenant_id = $1 and sequence > $2 and sequence <= $3) numbered) judged`,
    [tx.tenantUuid, String(before.sequence), String(last), before.hash],
  )

/** Where the chain stands by what the database says of it. */
export async function headOf(tx: TenantTx): Promise<ChainPoint> {
  const head = await tx.first<{ sequence: string; hash: Buffer }>(
    'select sequence, hash from audit_heads where tenant_id = $1',
    [tx.tenantUuid],
  )
  return head ? { sequence: BigInt(head.sequence), hash: head.hash } : { sequence: 0n, hash: GENESIS }
}

/** A row that no head knows. One statement, one snapshot: whoever appends at this moment moves rows and head together. */
async function rowBeyondHead(tx: TenantTx): Promise<bigint | undefined> {
  const { beyond } = await tx.one<{ beyond: string | null }>(
    `select min(e.sequence) as beyond from audit_events e
      where e.tenant_id = $1
        and e.sequence > coalesce((select h.sequence from audit_heads h where h.tenant_id = $1), 0)`,
    [tx.tenantUuid],
  )
  return beyond === null ? undefined : BigInt(beyond)
}

/** Where the chain first fails to run through a point: at the point when there is another row now, else where the rows end. */
async function firstMissed(tx: TenantTx, points: readonly ChainPoint[]): Promise<bigint | undefined> {
  const missed: bigint[] = []
  for (const point of points) {
    const last = await tx.first<{ sequence: string; hash: Buffer }>(
      'select sequence, hash from audit_events where tenant_id = $1 and sequence <= $2 order by sequence desc limit 1',
      [tx.tenantUuid, String(point.sequence)],
    )
    const sequence = BigInt(last?.sequence ?? 0)
    if (sequence < point.sequence) missed.push(sequence + 1n)
    else if (!last!.hash.equals(point.hash)) missed.push(sequence)
  }
  return missed.sort((one, other) => (one < other ? -1 : 1))[0]
}
