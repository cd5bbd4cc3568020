/** What is known of charges beyond their lines of money, for those who pay invoices with them. */
export { feesOfCharges } from './fees.ts'
export { listToldReturns, type ReturnedLine } from './returned-lines.ts'
export { withholdReturned } from './withhold-returned.ts'
