import type { Mention } from './references.ts'
import type { MatchInvoice } from './types.ts'

/** How the money compares with what the invoices owe. */
export type AmountFit = 'exact' | 'sum' | 'printed' | 'cents' | 'close' | 'fee' | 'over' | 'part' | 'other'

/** One way to read a line: these invoices, because of these findings. Not weighed yet. */
export interface Candidate {
  invoices: MatchInvoice[]
  fit: AmountFit
  mentions: Mention[]
  /** Another open invoice of the same service and amount is older. */
  newerEqual: boolean
  /** The text names the first of a list, and only these others complete the sum. */
  completed: boolean
  /** The text names the first and the last of a range, and these are all of it. */
  ranged: boolean
  /** It is paid with more than it owes, and the rest is just what other open invoices of the client come to. */
  restPaysOthers: boolean
  /** How many open invoices owe just this amount. */
  sameAmount: number
  everythingOpen: boolean
  currencyDiffers: boolean
}

/** A few of the smallest unit are rounding: tax per line against tax on the sum, or cash. */
const centsMax = 5n

export function fitOf(amountMinor: bigint, owedMinor: bigint, count: number, feeToleranceMinor: bigint): AmountFit {
  const missing = owedMinor - amountMinor
  if (missing === 0n) return count > 1 ? 'sum' : 'exact'
  const apart = missing < 0n ? -missing : missing
  if (apart <= centsMax && apart * 100n <= owedMinor) return 'cents'
  if (apart * 100n <= owedMinor) return 'close'
  if (missing > 0n) return missing <= feeToleranceMinor ? 'fee' : 'part'
  return 'over'
}

/** The reading that nothing but the amount speaks for. */
export const merelyOwing = (invoice: MatchInvoice, sameAmount: number): Candidate => ({
  invoices: [invoice],
  fit: 'exact',
  mentions: [],
  newerEqual: false,
  completed: false,
  sameAmount,
  everythingOpen: false,
  currencyDiffers: false,
  ranged: false,
  restPaysOthers: false,
})
