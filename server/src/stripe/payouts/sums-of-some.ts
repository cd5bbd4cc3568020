import type { Id } from '../../base/ids.ts'

interface Part {
  id: Id<'pout'>
  amountMinor: bigint
  currency: string
  arrivalOn: string
}

interface Line {
  id: Id<'txn'>
  amountMinor: bigint
  currency: string
}

/** Payouts of one day that are looked at together: twelve make some four thousand sums. */
const PARTS_MAX = 12

/** Some banks put the credits of a day into one line: the lines that are the sum of two or more payouts of the same day of arrival,
 *  for each of these payouts. Suggestions only. Pure; of a day with more payouts nothing is said. */
export function sumsOfSome<P extends Part, L extends Line>(
  payouts: readonly P[],
  lines: readonly L[],
  near: (payout: P, line: L) => boolean,
): Map<Id<'pout'>, Id<'txn'>[]> {
  const found = new Map<Id<'pout'>, Id<'txn'>[]>()
  const days = Map.groupBy(
    payouts,
    ({ arrivalOn, currency, amountMinor }) => `${arrivalOn} ${currency} ${amountMinor < 0n}`,
  )
  for (const parts of days.values()) {
    if (parts.length < 2 || parts.length > PARTS_MAX) continue
    const wanted = Map.groupBy(
      lines.filter((line) => line.currency === parts[0]!.currency && near(parts[0]!, line)),
      ({ amountMinor }) => amountMinor,
    )
    if (wanted.size === 0) continue
    for (let some = 1; some < 1 << parts.length; some += 1) {
      const chosen = parts.filter((_, n) => some & (1 << n))
      if (chosen.length < 2) continue
      const sum = chosen.reduce((total, { amountMinor }) => total + amountMinor, 0n)
      for (const line of wanted.get(sum) ?? []) {
        for (const { id } of chosen) found.set(id, [...new Set([...(found.get(id) ?? []), line.id])])
      }
    }
  }
  return found
}
