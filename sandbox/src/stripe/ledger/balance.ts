import type { Book } from './book.ts'

interface BalancePart {
  amount: bigint
  currency: string
  source_types: Record<string, bigint>
}

/** The account's money that has not left, by currency: what a payout could take at `now`, and what it could not yet. */
export function balanceOf(book: Book, now: number) {
  const available = new Map<string, BalancePart>()
  const pending = new Map<string, BalancePart>()
  for (const pool of book.pools.values()) {
    for (const side of [available, pending]) {
      const part = side.get(pool.currency) ?? { amount: 0n, currency: pool.currency, source_types: {} }
      side.set(pool.currency, part)
      const isAvailable = side === available
      let sum = isAvailable ? -(pool.begun?.takenMinor ?? 0n) : 0n
      for (const row of pool.rows) if (row.available_on <= now === isAvailable) sum += row.net
      part.amount += sum
      part.source_types[pool.sourceType] = sum
    }
  }
  return {
    object: 'balance' as const,
    available: [...available.values()],
    livemode: book.livemode,
    pending: [...pending.values()],
  }
}
