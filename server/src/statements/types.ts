/** What any statement file becomes, whatever its format. Amounts are integers in the currency's smallest unit. */

export type StatementFormat = 'camt.053' | 'camt.052' | 'camt.054' | 'mt940' | 'ofx' | 'csv'
export type BalanceCheck = 'ok' | 'gap' | 'overlap' | 'unknown'

/** One booked line of an account, in the order of the file. */
export interface StatementEntry {
  /** Line or element number in the file, from 1: named when the entry must be rejected later. */
  line: number
  amountMinor: bigint
  currency: string
  direction: 'credit' | 'debit'
  /** YYYY-MM-DD, the bank's local day */
  bookedOn: string
  valueOn: string | null
  /** Structured creditor reference, else end-to-end id (not NOTPROVIDED), else the remittance text (contract 4.2). */
  reference: string
  /** All remittance text. */
  description: string
  counterparty: { name: string; iban: string | null }
  /** The bank's own ids of this entry, strongest first: kinds such as `acct_svcr_ref`, `end_to_end`, `fitid`. */
  bankIds: { kind: string; value: string }[]
}

export interface StatementAccount {
  /** As the file names it: IBAN, or the bank's own number; null when the file does not say. */
  account: string | null
  currency: string | null
  entries: StatementEntry[]
  openingMinor: bigint | null
  closingMinor: bigint | null
  balanceCheck: BalanceCheck
  /** How far the balances of the file miss its entries, when `balanceCheck` is `gap`. */
  balanceDifferenceMinor: bigint | null
}

/** Which column of a CSV file holds what; remembered per account. */
export interface CsvMapping {
  date: string
  amount?: string
  credit?: string
  debit?: string
  description?: string
  reference?: string
  counterparty_name?: string
  counterparty_iban?: string
  currency?: string
  date_format?: string
  decimal?: string
  delimiter?: string
}

export interface Statement {
  format: StatementFormat
  accounts: StatementAccount[]
  rejected: { line: number; reason: string }[]
  /** The mapping used, CSV only. */
  mapping?: CsvMapping
}
