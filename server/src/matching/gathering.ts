import { type Book, isPayable } from './book.ts'
import { type Candidate, fitOf } from './candidate.ts'
import type { Ledger } from './ledger.ts'
import type { Reading } from './links.ts'
import type { Mention } from './references.ts'
import type { MatchInvoice } from './types.ts'

/** What was not looked at because there was too much of it. */
export type Limit = 'sums' | 'equal' | 'clients' | 'amount'

/** What sets a candidate apart from others of its kind. */
type Marks = Partial<Pick<Candidate, 'newerEqual' | 'completed' | 'ranged' | 'everythingOpen'>>

/** The readings of one line as they are found: each set of invoices once. */
export class Gathering {
  readonly book: Book
  readonly reading: Reading
  readonly ledger: Ledger
  readonly limits: Set<Limit>
  readonly all: Candidate[] = []
  readonly #feeToleranceMinor: bigint
  /** Keys of what holds several invoices. */
  #sets: Set<string> | null = null

  /** What was too much to be looked at is added to `limits`. */
  constructor(book: Book, reading: Reading, ledger: Ledger, feeToleranceMinor: bigint, limits: Set<Limit>) {
    this.book = book
    this.reading = reading
    this.ledger = ledger
    this.#feeToleranceMinor = feeToleranceMinor
    this.limits = limits
  }

  isOpen(invoice: MatchInvoice): boolean {
    return isPayable(invoice) && this.ledger.left(invoice) > 0n
  }

  hasOne({ id }: MatchInvoice): boolean {
    return this.all.some(({ invoices }) => invoices.length === 1 && invoices[0]?.id === id)
  }

  one(invoice: MatchInvoice, marks?: Marks): void {
    if (this.hasOne(invoice)) return
    const { best } = this.reading
    const mention = best.size === 0 ? undefined : best.get(invoice.id)
    this.#add([invoice], this.ledger.left(invoice), mention === undefined ? [] : [mention], marks)
  }

  several(invoices: MatchInvoice[], marks?: Marks): void {
    const [only, another] = invoices
    if (only === undefined) return
    if (another === undefined) return this.one(only, marks)
    const key = invoices
      .map((invoice) => invoice.id)
      .sort()
      .join(' ')
    this.#sets ??= new Set()
    if (this.#sets.has(key)) return
    this.#sets.add(key)
    const { best } = this.reading
    const owed = invoices.reduce((sum, invoice) => sum + this.ledger.left(invoice), 0n)
    this.#add(invoices, owed, best.size === 0 ? [] : invoices.flatMap((invoice) => best.get(invoice.id) ?? []), marks)
  }

  #add(invoices: MatchInvoice[], owed: bigint, mentions: Mention[], marks: Marks = {}): void {
    const { transaction, line } = this.reading
    const currencyDiffers = invoices.some((invoice) => invoice.currency !== transaction.currency)
    const isPrinted =
      currencyDiffers &&
      line.printed.some((money) => money.currency === invoices[0]?.currency && money.amountMinor === owed)
    this.all.push({
      invoices,
      fit: currencyDiffers
        ? isPrinted
          ? 'printed'
          : 'other'
        : fitOf(transaction.amountMinor, owed, invoices.length, this.#feeToleranceMinor),
      mentions,
      newerEqual: marks.newerEqual ?? false,
      completed: marks.completed ?? false,
      ranged: marks.ranged ?? false,
      restPaysOthers: false,
      sameAmount: 1,
      everythingOpen: marks.everythingOpen ?? false,
      currencyDiffers,
    })
  }
}
