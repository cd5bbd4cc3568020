import type { Book } from './book.ts'
import { midnight } from './days.ts'
import type { BalanceTransaction, FeeDetail, SourceType } from './objects.ts'
import { poolOf } from './pool.ts'

export interface Posting {
  /** Names the movement for good, `charge ch_1`: the same one twice is a fault of the simulator. */
  movement: string
  type: string
  category: string
  amount: bigint
  currency: string
  source: string | null
  description: string | null
  fees?: readonly FeeDetail[]
  availableOn?: number
  /** As shown; null or absent when nothing was converted. */
  exchangeRate?: number | null
  sourceType?: SourceType
  charge?: string
  /** Never paid out itself: a payout, or a row made for one payout. */
  outsidePool?: boolean
}

/** Writes one row of the ledger for one movement of money. */
export function post(book: Book, posting: Posting): BalanceTransaction {
  if (book.truth.movements.has(posting.movement)) throw new Error(`${posting.movement} has moved already`)
  const fees = posting.fees ?? []
  const fee = fees.reduce((sum, detail) => sum + detail.amount, 0n)
  const row = book.transactions.add({
    id: book.id('txn'),
    object: 'balance_transaction',
    amount: posting.amount,
    available_on: posting.availableOn ?? book.now,
    balance_type: 'payments',
    created: book.now,
    currency: posting.currency,
    description: posting.description,
    exchange_rate: posting.exchangeRate ?? null,
    fee,
    fee_details: fees,
    net: posting.amount - fee,
    reporting_category: posting.category,
    source: posting.source,
    type: posting.type,
  })
  book.truth.movements.set(posting.movement, row.id)
  if (posting.charge !== undefined) book.truth.chargeOf.set(row.id, posting.charge)
  if (posting.outsidePool !== true) {
    const sourceType = book.terms.splitsBySource ? (posting.sourceType ?? 'card') : 'card'
    poolOf(book, posting.currency, sourceType).rows.push(row)
  }
  return row
}

/** When money that came in now is available: midnight of the day `days` later. */
export const availableAfter = (book: Book, days: number): number => midnight(book.now) + days * 86_400
