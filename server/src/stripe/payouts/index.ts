/** Payouts: what each is made of, to the cent, and which line of the bank it is. */
export { composePayouts } from './compose-payouts.ts'
export type { BankLines, PayoutDeps } from './deps.ts'
export { findBankLines } from './find-bank-lines.ts'
export { readPayouts, refreshPayout } from './read-payouts.ts'
export { payoutRoutes } from './routes.ts'
export { withholdPayoutLines } from './withhold-lines.ts'
