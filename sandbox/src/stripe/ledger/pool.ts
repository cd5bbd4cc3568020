import type { Book } from './book.ts'
import type { BalanceTransaction, SourceType } from './objects.ts'

/** Money of one currency and sub-balance that no payout has taken yet, oldest first. */
export interface Pool {
  currency: string
  sourceType: SourceType
  rows: BalanceTransaction[]
  /** The row of which a payout by hand took a part. It stays for the next payout by hand. */
  begun: { row: BalanceTransaction; takenMinor: bigint } | null
  /** Held back as minimum balance or as rest of a whole unit. */
  heldMinor: bigint
}

export function poolOf(book: Book, currency: string, sourceType: SourceType): Pool {
  const key = `${currency} ${sourceType}`
  const found = book.pools.get(key) ?? { currency, sourceType, rows: [], begun: null, heldMinor: 0n }
  book.pools.set(key, found)
  return found
}
