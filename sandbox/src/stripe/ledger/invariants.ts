import { balanceOf } from './balance.ts'
import type { Book } from './book.ts'
import type { BalanceTransaction } from './objects.ts'

/** Checks the simulator's own books; throws with everything that is wrong. Every movement of money made exactly one row; net is
 *  amount less fee; the rows of an automatic payout add up to it; no row left twice; the balance is the sum of all rows. */
export function assertInvariants(book: Book): void {
  const faults = [...rowFaults(book), ...movementFaults(book), ...payoutFaults(book), ...balanceFaults(book)]
  if (faults.length > 0) throw new Error(`${book.account}: ${faults.slice(0, 20).join('; ')}`)
}

const nets = (rows: readonly BalanceTransaction[]): bigint => rows.reduce((sum, row) => sum + row.net, 0n)

function* rowFaults({ transactions }: Book): Iterable<string> {
  for (const row of transactions.rows) {
    if (row.net !== row.amount - row.fee) yield `${row.id}: net is not amount less fee`
    const fee = row.fee_details.reduce((sum, detail) => sum + detail.amount, 0n)
    if (fee !== row.fee) yield `${row.id}: fee details do not add up`
  }
}

function* movementFaults(book: Book): Iterable<string> {
  const { transactions, truth } = book
  if (truth.movements.size !== transactions.rows.length) yield 'movements and rows differ in number'
  if (new Set(truth.movements.values()).size !== truth.movements.size) yield 'one row for two movements'
  const expects = (movement: string, row: string | null | undefined): string[] =>
    truth.movements.get(movement) === (row ?? undefined) ? [] : [`${movement} has the wrong row`]
  for (const one of book.charges.rows) {
    yield* expects(`charge ${one.id}`, one.balance_transaction)
    yield* expects(`charge_failure ${one.id}`, one.failure_balance_transaction)
    const moved = one.captured && one.paid
    if (moved && one.balance_transaction === null && !isAwaited(book, one.id)) yield `${one.id}: no row for its money`
    if (!one.captured && one.balance_transaction !== null) yield `${one.id}: a row without money`
  }
  for (const one of book.refunds.rows) {
    yield* expects(`refund ${one.id}`, one.balance_transaction)
    yield* expects(`refund_failure ${one.id}`, one.failure_balance_transaction)
  }
  for (const one of book.disputes.rows) {
    yield* expects(`dispute ${one.id}`, one.balance_transactions[0])
    yield* expects(`dispute_reversal ${one.id}`, one.balance_transactions[1])
  }
  for (const one of book.payouts.rows) {
    yield* expects(`payout ${one.id}`, one.balance_transaction)
    const back = one.status === 'canceled' ? 'payout_cancel' : 'payout_failure'
    yield* expects(`${back} ${one.id}`, one.failure_balance_transaction)
  }
}

/** Captured asynchronously: the row is still to come. */
const isAwaited = (book: Book, id: string): boolean =>
  book.intents.get(book.charges.get(id)!.payment_intent!)?.capture_method === 'automatic_async'

function* payoutFaults({ transactions, payouts, truth }: Book): Iterable<string> {
  const left = new Set<string>()
  for (const payout of payouts.rows) {
    const own = transactions.get(payout.balance_transaction)!
    if (own.amount !== -payout.amount) yield `${payout.id}: its own row has another amount`
    const note = truth.payouts.get(payout.id)!
    for (const row of note.rows ?? []) {
      if (left.has(row)) yield `${row} left twice`
      left.add(row)
    }
    if (note.rows !== null && nets(note.rows.map((row) => transactions.get(row)!)) !== -own.net)
      yield `${payout.id}: its rows do not add up`
    if (!payout.automatic) continue
    const listed = transactions.under('payout', payout.id)
    if (nets(listed.filter((row) => row.type !== 'payout')) !== payout.amount)
      yield `${payout.id}: its list does not add up`
  }
}

function* balanceFaults(book: Book): Iterable<string> {
  const sums = new Map<string, bigint>()
  for (const row of book.transactions.rows) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + row.net)
  const { available, pending } = balanceOf(book, book.now)
  for (const { currency, amount } of available) {
    const whole = amount + pending.find((part) => part.currency === currency)!.amount
    if (whole !== (sums.get(currency) ?? 0n)) yield `the balance in ${currency} is not the sum of its rows`
  }
}
