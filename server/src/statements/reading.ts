import type { AccountPart } from './account-parts.ts'
import type { CsvMapping, StatementFormat } from './types.ts'

/** What the caller knows beforehand and wants to hear meanwhile. */
export interface ReadOptions {
  /** CSV: which column holds what, by header name. Without it the columns are recognised. */
  mapping?: CsvMapping
  /** Currency of the account, for files that do not name it. ISO 4217. */
  currency?: string
  /** Called now and then while rows are read. */
  onProgress?: () => void
}

/** What can be handed to another process. */
export type ParseOptions = Omit<ReadOptions, 'onProgress'>

/** The same, as the readers of the formats use it. */
export interface Reading {
  mapping: CsvMapping | null
  currency: string | null
  /** To be called for each row. */
  progress: () => void
}

/** What the reader of one format makes of one file. */
export interface Parsed {
  format: StatementFormat
  parts: AccountPart[]
  rejected: { line: number; reason: string }[]
  mapping?: CsvMapping
}

const ROWS_BETWEEN = 1_000

export function reading(options: ReadOptions): Reading {
  let rows = 0
  return {
    mapping: options.mapping ?? null,
    currency: options.currency ?? null,
    progress: () => {
      if (++rows % ROWS_BETWEEN === 0) options.onProgress?.()
    },
  }
}
