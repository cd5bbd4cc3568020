import type { MatchPolicy } from './types.ts'

/** The settings a tenant starts with (contract 5). Amounts in minor units of the transaction's currency; `feeToleranceMinor`
 *  is the usual price of a foreign wire, `dateWindowDays` a little more than half a year of overdue debt. */
export const defaultPolicy: MatchPolicy = {
  scorer: 'calibrated',
  autoThreshold: 0.99,
  feeToleranceMinor: 500n,
  dateWindowDays: 200,
  acrossCurrencies: false,
}
