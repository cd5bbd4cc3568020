import { type Id, newId } from '../base/ids.ts'
import type { Change } from '../events/store.ts'
import {
  getTransactions,
  presentTransaction,
  setTransactionMatches,
  type TransactionRow,
} from '../transactions/index.ts'
import { listExplaining, paymentKey } from './booked-queries.ts'
import { insertMatches } from './insert-matches.ts'
import type { BookedPart, Recognised } from './plan-line.ts'
import { getMatches, listDecided, listSuggested } from './queries.ts'
import { presentMatch } from './schemas.ts'
import { supersede } from './supersede.ts'

const BOOKED = 'system:already_booked'

interface Known {
  line: TransactionRow
  plan: Recognised
}

/** Money that somebody else has booked is decided and never sent (docs/decisions/0004, 0019), in the caller's change, which holds the lines
 *  and the invoices and has seen that nothing of a failed match was booked. Many lines at once: a first look at Stripe finds thousands. Not
 *  where a payment is gone or explains another line by now: the next run looks anew. Returns how many lines it is. */
export async function recognise(tx: Change, wanted: readonly Known[]): Promise<number> {
  const known = await stillThere(tx, wanted)
  if (known.length === 0) return 0
  const ids = known.map(({ line }) => line.id)
  for (const match of [...(await listSuggested(tx, ids)), ...(await listDecided(tx, ids))]) await supersede(tx, match)
  const matches = known.map(({ line, plan }) => ({ id: newId('match'), line, plan }))
  await insertMatches(
    tx,
    matches.map(({ id, line, plan }) => ({
      id,
      transactionId: line.id,
      status: 'approved',
      confidence: plan.confidence,
      score: '0.00',
      reasons: [plan.reason],
      withheld: [],
      decidedBy: BOOKED,
      decidedAt: tx.now,
      allocations: plan.parts.map(({ paymentId, invoiceId, amountMinor, currency }) => ({
        invoiceId,
        amountMinor,
        currency,
        externalPaymentId: paymentId,
      })),
    })),
  )
  await setTransactionMatches(
    tx,
    known.map(({ line, plan }) => ({
      id: line.id,
      matchStatus: 'matched',
      allocatedMinor: allocatedOf(line, plan.parts),
    })),
  )
  await say(tx, matches)
  return known.length
}

/** Of each payment the first that wants it. */
async function stillThere(tx: Change, wanted: readonly Known[]): Promise<Known[]> {
  const payments = wanted.flatMap(({ plan }) =>
    plan.parts.map(({ invoiceId, paymentId, paidMinor }) => ({
      invoiceId,
      externalId: paymentId,
      amountMinor: paidMinor,
    })),
  )
  if (payments.length === 0) return []
  const free = await listExplaining(tx, payments)
  return wanted.filter(({ plan }) => {
    const keys = plan.parts.map(({ invoiceId, paymentId }) => paymentKey(invoiceId, paymentId))
    const all = keys.every((key) => free.has(key))
    if (all) for (const key of keys) free.delete(key)
    return all
  })
}

/** Of another currency it cannot be said how much of the line it is: all of it. */
const allocatedOf = (line: TransactionRow, parts: readonly BookedPart[]): bigint =>
  parts.every(({ currency }) => currency === line.currency)
    ? parts.reduce((sum, part) => sum + part.amountMinor, 0n)
    : line.amountMinor

async function say(tx: Change, made: readonly (Known & { id: Id<'match'> })[]): Promise<void> {
  const lines = new Map(
    (
      await getTransactions(
        tx,
        made.map(({ line }) => line.id),
      )
    ).map((row) => [row.id, row]),
  )
  const matches = new Map(
    (
      await getMatches(
        tx,
        made.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  )
  for (const { id, line } of made) {
    if (line.matchStatus !== 'matched')
      tx.event('transaction.updated', line.id, presentTransaction(lines.get(line.id)!))
    const match = presentMatch(matches.get(id)!)
    tx.event('match.created', id, match)
    tx.event('match.approved', id, match)
    tx.audit({
      action: 'match.already_booked',
      resource: { type: 'match', id },
      changes: { after: { transaction_id: line.id, status: 'approved' } },
    })
  }
}
