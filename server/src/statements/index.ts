export { PARSER_LIMITS, type ParseOptions, type ParserLimits, parseInWorker } from './parse-in-worker.ts'
export { readStatement } from './read-statement.ts'
export type { ReadOptions } from './reading.ts'
export type { BalanceCheck, CsvMapping, Statement, StatementAccount, StatementEntry, StatementFormat } from './types.ts'
