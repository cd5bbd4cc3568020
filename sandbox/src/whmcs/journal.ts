/** What an entry says happened: money on an invoice, a movement of a client's credit (signed), money recorded without an
 *  invoice, money out, or a changed ledger row. */
export type JournalKind = 'payment' | 'credit' | 'transaction' | 'refund' | 'edit'

/** One thing that was REALLY booked. The journal is the truth that suites compare other books with. */
export interface JournalEntry {
  seq: number
  /** When it was booked: UTC, by the machine's clock, whatever time the install believes it is. */
  at: string
  kind: JournalKind
  /** What caused it: the action in lower case, or `seed`. */
  action: string
  invoiceid: number | null
  clientid: number | null
  transid: string
  /** Above zero, but for `credit`, which is below zero when credit was used. ISO 4217 minor units as text; null when the currency
   *  has no unit that small, then only `amount` tells it. */
  amountMinor: string | null
  /** The same as WHMCS writes it, two decimals. */
  amount: string
  currency: string
  gateway: string
  /** The date on the row, which may be back-dated. */
  date: string
  /** Id of the ledger row or credit row. */
  rowId: number
  /** Why, where the kind does not say it: `overpayment`, `mass_payment`, `add_funds` … */
  cause: string
}
