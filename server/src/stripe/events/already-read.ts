import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { setState, type TakenEvent } from './queries.ts'
import { type Target, targetOf } from './target.ts'

/** Stripe's clock and ours may differ by as much as a signature's may. */
const CLOCKS_APART_MS = 300_000
/** Events looked at at once: of more the rest is for the next batch. */
const AT_ONCE = 500

/** What is asked of an event. */
export type Told = Pick<TakenEvent, 'id' | 'type' | 'objectId' | 'occurredAt' | 'createdAt'>

/** Ends the work on due events whose object was read since they happened: where an account is polled, its lists bring nearly every
 *  charge and refund before the events about them are listed, and each would cost one more of the reads that Stripe allows. */
export async function settleAlreadyRead(tx: TenantTx, id: Id<'strc'>): Promise<void> {
  const due = await tx.many<{
    external_id: string
    type: string
    object_id: string | null
    occurred_at: Date
    created_at: Date
  }>(
    `select external_id, type, object_id, occurred_at, created_at from stripe_events
      where tenant_id = $1 and connection_id = $2 and state = 'waiting' and next_attempt_at <= now()
      order by created_at, external_id limit $3 for update skip locked`,
    [tx.tenantUuid, uuidOf(id), AT_ONCE],
  )
  const told = due.map((row) => ({
    id: row.external_id,
    type: row.type,
    objectId: row.object_id,
    occurredAt: row.occurred_at,
    createdAt: row.created_at,
  }))
  const done = await alreadyRead(tx, id, told)
  if (done.length > 0) await setState(tx, id, done, 'done', null)
}

/** Of these events those whose object was read after they came to us, or well after they happened. Never sessions, whose purchase is
 *  looked around, and payouts, of which there are few. */
export async function alreadyRead(tx: TenantTx, id: Id<'strc'>, events: readonly Told[]): Promise<string[]> {
  const about = (...targets: Target[]): Told[] => events.filter(({ type }) => targets.includes(targetOf(type)!))
  return [
    ...(await readSince(tx, id, about('charge'), CHARGES)),
    ...(await readSince(tx, id, about('intent'), PURCHASES)),
    ...(await readSince(tx, id, about('refund', 'dispute'), RETURNS)),
  ]
}

const ROW_KNOWN = `(c.balance_transaction_id is null or exists (
  select 1 from stripe_ledger l
   where l.tenant_id = c.tenant_id and l.connection_id = c.connection_id and l.external_id = c.balance_transaction_id))`
const CHARGES = `select c.external_id as id, c.read_at from stripe_charges c
  where c.tenant_id = $1 and c.connection_id = $2 and c.external_id = any($3) and ${ROW_KNOWN}`
const PURCHASES = `select c.payment_intent_id as id, c.read_at from stripe_charges c
  where c.tenant_id = $1 and c.connection_id = $2 and c.payment_intent_id = any($3) and c.status = 'succeeded' and ${ROW_KNOWN}`
const RETURNS = `select r.external_id as id, r.read_at from stripe_returns r
  where r.tenant_id = $1 and r.connection_id = $2 and r.external_id = any($3)`

/** By ids, so that the database needs no statistics to find them. */
async function readSince(tx: TenantTx, id: Id<'strc'>, events: readonly Told[], text: string): Promise<string[]> {
  if (events.length === 0) return []
  const ids = [...new Set(events.map((event) => event.objectId))]
  // Rows that are older than the column were read at -Infinity, which is no Date.
  const rows = await tx.many<{ id: string; read_at: Date | number }>(text, [tx.tenantUuid, uuidOf(id), ids])
  const readAt = new Map(rows.map((row) => [row.id, Number(row.read_at)]))
  return events
    .filter((event) => {
      const at = readAt.get(event.objectId ?? '') ?? -Infinity
      return at > event.createdAt.getTime() || at > event.occurredAt.getTime() + CLOCKS_APART_MS
    })
    .map((event) => event.id)
}
