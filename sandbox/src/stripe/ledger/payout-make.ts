import type { Book } from './book.ts'
import { afterWorkdays, midnight } from './days.ts'
import { fingerprint } from './dice.ts'
import type { BankAccount, FeeDetail, Payout, SourceType } from './objects.ts'
import { planLife } from './payout-life.ts'
import { post } from './post.ts'

export interface PayoutParts {
  amount: bigint
  currency: string
  sourceType: SourceType
  automatic: boolean
  method?: 'standard' | 'instant'
  type?: Payout['type']
  fees?: readonly FeeDetail[]
  descriptor?: string | null
  /** Ids of the rows it pays out; null when they cannot be told. */
  rows: string[] | null
  /** They are everything that was available. */
  isSweep?: boolean
}

/** The bank account that payouts of the currency go to. */
export function bankAccountFor(book: Book, currency: string): BankAccount {
  const [known] = book.bankAccounts.under('currency', currency)
  if (known !== undefined) return known
  const id = book.id('ba')
  const drawn = String(1000 + book.dice.upTo(8999))
  return book.bankAccounts.add({
    id,
    object: 'bank_account',
    account_holder_name: book.terms.businessName,
    bank_name: 'HANSA HANDELSBANK',
    country: book.terms.country,
    created: book.now,
    currency,
    last4: book.terms.bankLast4[currency] ?? drawn,
    status: 'new',
  })
}

/** Makes the payout with its row of the ledger, files the rows under it when it is automatic, and plans its life. */
export function makePayout(book: Book, parts: PayoutParts): Payout {
  const id = book.id('po')
  const method = parts.method ?? 'standard'
  const row = post(book, {
    movement: `payout ${id}`,
    type: 'payout',
    category: 'payout',
    amount: -parts.amount,
    currency: parts.currency,
    source: id,
    description: parts.automatic ? 'STRIPE PAYOUT' : null,
    fees: parts.fees ?? [],
    outsidePool: true,
  })
  const { rows } = parts
  const known = parts.automatic ? 'listed' : rows === null ? 'open' : parts.isSweep === true ? 'sweep' : 'oldest_rows'
  book.truth.payouts.set(id, { rows, known, bank: parts.type === 'card' ? 'nothing' : 'one_line', failedAt: null })
  for (const part of parts.rows ?? []) book.truth.payoutOf.set(part, id)
  if (parts.automatic) {
    for (const part of [...(parts.rows ?? []), row.id]) book.transactions.file('payout', id, part)
  }
  const payout = book.payouts.add({
    id,
    object: 'payout',
    amount: parts.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: method === 'instant' ? midnight(book.now) : afterWorkdays(book.now, book.terms.arrivalWorkdays),
    automatic: parts.automatic,
    balance_transaction: row.id,
    created: book.now,
    currency: parts.currency,
    description: parts.automatic ? 'STRIPE PAYOUT' : null,
    destination: bankAccountFor(book, parts.currency).id,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: book.livemode,
    metadata: {},
    method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: parts.automatic ? 'in_progress' : 'not_applicable',
    reversed_by: null,
    source_type: parts.sourceType,
    statement_descriptor: parts.descriptor === undefined ? book.terms.payoutDescriptor : parts.descriptor,
    status: 'pending',
    trace_id: { status: isTraced(book, parts.currency, method) ? 'pending' : 'unsupported', value: null },
    type: parts.type ?? 'bank_account',
  })
  book.emit('payout.created', payout)
  planLife(book, payout)
  return payout
}

/** The partner bank's reference of a payout, known long before Stripe tells it. */
export const traceOf = (payoutId: string): string => `ST-${fingerprint(`trace ${payoutId}`).toUpperCase()}`

/** Banks of some countries give no reference. Source: Stripe, payout trace ids. */
const UNTRACED = new Set(['ars', 'bob', 'clp', 'cop', 'egp', 'jpy', 'php'])

export const isTraced = (book: Book, currency: string, method: Payout['method']): boolean =>
  book.terms.traceDelaySeconds !== null && method === 'standard' && !UNTRACED.has(currency)
