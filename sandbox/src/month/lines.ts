/** Money of a bank line: in cents, as whole numbers, never floating. */
export interface Line {
  kind: string
  /** Days before today. */
  daysAgo: number
  /** Money out is below zero. */
  amountMinor: bigint
  name?: string
  iban?: string
  /** An array is what the bank broke into lines itself. */
  text: string | string[]
  endToEndId?: string
  /** Announced; books tomorrow. */
  pending?: boolean
  truth: Omit<LineTruth, 'line' | 'kind'>
}

/** What a bank line really pays, for those who want to check. Two lines of kind `twins` may change places. */
export interface LineTruth {
  /** The key of the bank line. */
  line: string
  /** Ids of the invoices in WHMCS. */
  invoiceIds: number[]
  /** `auto`: one reading, well supported. `review`: a careful clerk would look; booking just these invoices is
   *  not wrong, booking others is. `none`: pays no invoice. `already_booked`: somebody booked it by hand before. */
  expected: 'auto' | 'review' | 'none' | 'already_booked'
  kind: string
  why: string
}

/** Cents as plain decimal text. */
export function decimal(minor: bigint): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0')
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
