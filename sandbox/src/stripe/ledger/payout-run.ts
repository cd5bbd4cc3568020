import { type Book, Impossible } from './book.ts'
import { divideRounded, payoutStep } from './currencies.ts'
import { feeDetail } from './fees.ts'
import type { BalanceTransaction, Payout, SourceType } from './objects.ts'
import { bankAccountFor, makePayout } from './payout-make.ts'
import { type Pool, poolOf } from './pool.ts'
import { post } from './post.ts'

const sumOf = (rows: readonly BalanceTransaction[]): bigint => rows.reduce((sum, row) => sum + row.net, 0n)

/** What a payout could take now, oldest first; a row that was begun is not among them. */
const availableOf = (book: Book, pool: Pool): BalanceTransaction[] =>
  pool.rows.filter((row) => row.available_on <= book.now && row !== pool.begun?.row)

/** The automatic payout of one pool: every available row, less what is held back. Null when there is nothing to pay, when the bank
 *  account is not corrected yet, or when the balance is below zero and waits. */
export function runAutomatic(book: Book, currency: string, sourceType: SourceType = 'card'): Payout | null {
  const pool = poolOf(book, currency, sourceType)
  if (bankAccountFor(book, currency).status === 'errored') return null
  const rows = availableOf(book, pool)
  const total = sumOf(rows) + pool.heldMinor
  if (total < 0n && !book.terms.debitsNegative) return null
  const minimum = book.terms.minimumBalanceMinor[currency] ?? 0n
  const kept = total <= 0n ? 0n : total < minimum ? total : minimum
  const step = payoutStep(currency)
  const rest = (((total - kept) % step) + step) % step
  const hold = kept + rest
  const amount = total - hold
  if (amount === 0n) return null
  const parts = [...rows.map((row) => row.id), ...moveHeld(book, pool, hold)]
  take(pool, rows)
  return makePayout(book, { amount, currency, sourceType, automatic: true, rows: parts })
}

/** Rows that bring what is held back from what it was to `hold`. They belong to the payout that is being made. */
function moveHeld(book: Book, pool: Pool, hold: bigint): string[] {
  const before = pool.heldMinor
  const moves =
    book.terms.minimumBalanceStyle === 'each_payout' ? [before, -hold] : before === hold ? [] : [before - hold]
  pool.heldMinor = hold
  return moves
    .filter((amount) => amount !== 0n)
    .map((amount) => {
      const type = amount < 0n ? 'payout_minimum_balance_hold' : 'payout_minimum_balance_release'
      const row = post(book, {
        movement: `${type} ${book.id('move')}`,
        type,
        category: type,
        amount,
        currency: pool.currency,
        source: null,
        description: amount < 0n ? 'Minimum balance hold' : 'Minimum balance release',
        outsidePool: true,
      })
      return row.id
    })
}

function take(pool: Pool, rows: readonly BalanceTransaction[]): void {
  const taken = new Set(rows)
  pool.rows = pool.rows.filter((row) => !taken.has(row))
}

export interface ManualOrder {
  /** The default currency when absent. */
  currency?: string
  /** Everything available when absent. */
  amount?: bigint
  method?: 'standard' | 'instant'
  sourceType?: SourceType
  descriptor?: string
  /** A debit card: nothing appears on the bank account. */
  toCard?: boolean
}

/** A payout by hand. Stripe does not say which rows it took. Here it takes the oldest first; where they add up exactly, the truth
 *  has them. Throws `Impossible` for more than is available. */
export function runManual(book: Book, order: ManualOrder = {}): Payout {
  const currency = order.currency ?? book.terms.defaultCurrency
  const sourceType = order.sourceType ?? 'card'
  const pool = poolOf(book, currency, sourceType)
  const begun = pool.begun === null ? 0n : pool.begun.row.net - pool.begun.takenMinor
  const available = sumOf(availableOf(book, pool)) + begun
  const bps = order.method === 'instant' ? book.terms.fees.instantPayoutBps : 0n
  const step = payoutStep(currency)
  const sweep = available - divideRounded(available * bps, 10_000n + bps)
  const amount = order.amount ?? sweep - (sweep % step)
  const fee = order.amount === undefined ? available - sweep : divideRounded(amount * bps, 10_000n)
  if (amount <= 0n || amount + fee > available)
    throw new Impossible(`${currency} has ${available} available, not ${amount + fee}`)
  if (amount % step !== 0n) throw new Impossible(`payouts in ${currency} are whole units`)
  const isSweep = amount + fee === available
  return makePayout(book, {
    amount,
    currency,
    sourceType,
    automatic: false,
    method: order.method ?? 'standard',
    type: order.toCard === true ? 'card' : 'bank_account',
    fees: fee === 0n ? [] : [feeDetail(fee, currency, 'Instant payout fee', 'stripe_fee')],
    rows: takeOldest(book, pool, amount + fee, isSweep),
    isSweep,
    ...(order.descriptor === undefined ? {} : { descriptor: order.descriptor }),
  })
}

/** Takes money worth `target` out of the pool. The ids of the rows when they add up exactly, else null. */
function takeOldest(book: Book, pool: Pool, target: bigint, isSweep: boolean): string[] | null {
  const whole = availableOf(book, pool)
  if (pool.begun === null) {
    let sum = 0n
    const count = isSweep ? whole.length : whole.findIndex((row) => (sum += row.net) === target) + 1
    if (count > 0) {
      take(pool, whole.slice(0, count))
      return whole.slice(0, count).map((row) => row.id)
    }
  }
  const rows = pool.begun === null ? whole : [pool.begun.row, ...whole]
  let left = target + (pool.begun?.takenMinor ?? 0n)
  pool.begun = null
  for (const row of rows) {
    if (row.net > left && !isSweep) {
      if (left > 0n) pool.begun = { row, takenMinor: left }
      break
    }
    left -= row.net
    take(pool, [row])
  }
  return null
}
