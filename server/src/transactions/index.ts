/** Money that came in or went out, one shape whatever the source. */
export {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountIdentity,
  accountOf,
  firstAccountDay,
  getAccount,
  keepAccount,
  listAccountsOf,
  setBalance,
} from './accounts.ts'
export { MATCH_JOB } from './post-transactions.ts'
export {
  getTransaction,
  getTransactions,
  listOpenTransactions,
  lockTransaction,
  type MatchStatus,
  setTransactionMatch,
  type TransactionRow,
} from './queries.ts'
export { type Recorded, type RecordedLine, recordLines } from './record-lines.ts'
export { transactionRoutes } from './routes.ts'
export { presentTransaction } from './schemas.ts'
