/** Money that came in or went out, one shape whatever the source. */
export {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountIdentity,
  accountOf,
  atStripe,
  firstAccountDay,
  getAccount,
  isAtStripe,
  keepAccount,
  listAccountsOf,
  setBalance,
  stripeIdentity,
} from './accounts.ts'
export { MATCH_JOB } from './post-transactions.ts'
export {
  getTransaction,
  getTransactions,
  listOpenTransactions,
  lockTransaction,
  lockTransactions,
  type MatchStatus,
  setTransactionMatch,
  setTransactionMatches,
  type TransactionRow,
} from './queries.ts'
export {
  type Contradiction,
  type KnownLine,
  type KnownOutcome,
  NOTE_OF_STRIPE,
  recordKnown,
} from './record-known.ts'
export { type Recorded, type RecordedLine, recordLines } from './record-lines.ts'
export { transactionRoutes } from './routes.ts'
export { presentTransaction } from './schemas.ts'
