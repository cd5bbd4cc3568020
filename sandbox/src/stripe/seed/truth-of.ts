import type { Book } from '../ledger/book.ts'
import { isoDay } from '../ledger/days.ts'
import type { BalanceTransaction, Charge, Payout } from '../ledger/objects.ts'
import type { PayoutNote, Place } from '../ledger/truth.ts'
import { type BankLine, bankLinesOf } from './bank-lines.ts'

export interface TruthItem {
  id: string
  type: string
  reportingCategory: string
  amountMinor: bigint
  feeMinor: bigint
  netMinor: bigint
  currency: string
  source: string | null
  /** The charge that it is about. */
  charge: string | null
  invoice: string | null
}

export interface Sum {
  count: number
  amountMinor: bigint
  feeMinor: bigint
  netMinor: bigint
}

export interface TruthPayout {
  id: string
  automatic: boolean
  method: Payout['method']
  amountMinor: bigint
  currency: string
  status: Payout['status']
  /** Unix seconds. */
  createdAt: number
  /** YYYY-MM-DD. */
  arrivalOn: string
  known: PayoutNote['known']
  /** Without the payout's own row. Null when nobody can tell. */
  items: TruthItem[] | null
  /** By reporting category. */
  sums: Record<string, Sum>
}

export interface TruthCharge {
  id: string
  paymentIntent: string | null
  createdAt: number
  amountMinor: bigint
  currency: string
  email: string | null
  state:
    | 'succeeded'
    | 'failed'
    | 'pending'
    | 'authorized'
    | 'expired'
    | 'partly_refunded'
    | 'refunded'
    | 'disputed'
    | 'dispute_won'
    | 'dispute_lost'
  capturedMinor: bigint
  refundedMinor: bigint
  invoice: string | null
  place: Place
  /** What WHMCS has as `transid`; null: the gateway missed it. */
  recordedAs: string | null
  /** Id of the payout that its first row left with. */
  payout: string | null
}

export interface LedgerTruth {
  account: string
  livemode: boolean
  payouts: TruthPayout[]
  charges: TruthCharge[]
  bankLines: BankLine[]
  /** Rows that no payout has taken. */
  inBalance: TruthItem[]
  totals: { transactions: number; charges: number; payouts: number; events: number; netMinor: Record<string, bigint> }
}

/** Everything that a reader of the API and of the bank statement should find out about the account, as of the book's time. */
export function truthOf(book: Book): LedgerTruth {
  const netMinor: Record<string, bigint> = {}
  for (const row of book.transactions.rows) netMinor[row.currency] = (netMinor[row.currency] ?? 0n) + row.net
  return {
    account: book.account,
    livemode: book.livemode,
    payouts: book.payouts.rows.map((payout) => truthOfPayout(book, payout)),
    charges: book.charges.rows.map((charge) => truthOfCharge(book, charge)),
    bankLines: bankLinesOf(book),
    inBalance: [...book.pools.values()].flatMap((pool) => pool.rows.map((row) => itemOf(book, row))),
    totals: {
      transactions: book.transactions.rows.length,
      charges: book.charges.rows.length,
      payouts: book.payouts.rows.length,
      events: book.events.rows.length,
      netMinor,
    },
  }
}

function itemOf(book: Book, row: BalanceTransaction): TruthItem {
  const charge = book.truth.chargeOf.get(row.id) ?? null
  return {
    id: row.id,
    type: row.type,
    reportingCategory: row.reporting_category,
    amountMinor: row.amount,
    feeMinor: row.fee,
    netMinor: row.net,
    currency: row.currency,
    source: row.source,
    charge,
    invoice: charge === null ? null : (book.truth.purposes.get(charge)?.invoice ?? null),
  }
}

function truthOfPayout(book: Book, payout: Payout): TruthPayout {
  const note = book.truth.payouts.get(payout.id)!
  const items = note.rows?.map((id) => itemOf(book, book.transactions.get(id)!)) ?? null
  const sums: Record<string, Sum> = {}
  for (const item of items ?? []) {
    const sum = (sums[item.reportingCategory] ??= { count: 0, amountMinor: 0n, feeMinor: 0n, netMinor: 0n })
    sum.count += 1
    sum.amountMinor += item.amountMinor
    sum.feeMinor += item.feeMinor
    sum.netMinor += item.netMinor
  }
  return {
    id: payout.id,
    automatic: payout.automatic,
    method: payout.method,
    amountMinor: payout.amount,
    currency: payout.currency,
    status: payout.status,
    createdAt: payout.created,
    arrivalOn: isoDay(payout.arrival_date),
    known: note.known,
    items,
    sums,
  }
}

function truthOfCharge(book: Book, charge: Charge): TruthCharge {
  const purpose = book.truth.purposes.get(charge.id)
  const row = book.truth.movements.get(`charge ${charge.id}`)
  return {
    id: charge.id,
    paymentIntent: charge.payment_intent,
    createdAt: charge.created,
    amountMinor: charge.amount,
    currency: charge.currency,
    email: charge.billing_details.email,
    state: stateOf(book, charge),
    capturedMinor: charge.amount_captured,
    refundedMinor: charge.amount_refunded,
    invoice: purpose?.invoice ?? null,
    place: purpose?.place ?? 'nowhere',
    recordedAs: purpose?.recordedAs ?? null,
    payout: row === undefined ? null : (book.truth.payoutOf.get(row) ?? null),
  }
}

function stateOf(book: Book, charge: Charge): TruthCharge['state'] {
  if (charge.status !== 'succeeded') return charge.status
  if (!charge.captured) return charge.refunded ? 'expired' : 'authorized'
  const dispute = book.disputes.under('charge', charge.id).at(-1)
  if (dispute?.status === 'won') return 'dispute_won'
  if (dispute?.status === 'lost') return 'dispute_lost'
  if (dispute?.status === 'needs_response') return 'disputed'
  if (charge.refunded) return 'refunded'
  return charge.amount_refunded > 0n ? 'partly_refunded' : 'succeeded'
}
