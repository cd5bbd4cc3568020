import { serviceKey } from './periods.ts'
import type { MatchInvoice } from './types.ts'

/** More open invoices than this are not searched: some sum would fit by chance. */
const invoicesMax = 14
const partsMax = 7
const stepsMax = 40_000

/** The set of a client's open invoices whose balances give `amountMinor`, if there is exactly one. Sets that differ only by
 *  equal invoices of one service count as one, the oldest. `invoices` oldest first; `balanceOf` in minor units.
 *  Returns up to two sets: two mean that the sum is ambiguous. */
export function setsOfSum(
  invoices: readonly MatchInvoice[],
  amountMinor: bigint,
  balanceOf: (invoice: MatchInvoice) => bigint,
  partsMin = 2,
): MatchInvoice[][] {
  if (invoices.length > invoicesMax) return []
  const kinds = new Map<string, MatchInvoice[]>()
  for (const invoice of invoices) {
    const key = `${serviceKey(invoice)} ${balanceOf(invoice)}`
    const kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, [invoice])
    else kind.push(invoice)
  }
  const list = [...kinds.values()]
  const found: MatchInvoice[][] = []
  let steps = 0
  // Takes 0, 1, 2 … of the oldest of each kind, so equal invoices never make two sets.
  const search = (at: number, rest: bigint, taken: MatchInvoice[]): void => {
    steps += 1
    if (found.length > 1 || steps > stepsMax) return
    if (rest === 0n) {
      if (taken.length >= partsMin) found.push([...taken])
      return
    }
    const kind = list[at]
    if (kind === undefined) return
    const each = balanceOf(kind[0] as MatchInvoice)
    search(at + 1, rest, taken)
    for (let count = 1; count <= kind.length; count += 1) {
      const left = rest - each * BigInt(count)
      if (left < 0n || taken.length + count > partsMax) break
      search(at + 1, left, [...taken, ...kind.slice(0, count)])
    }
  }
  search(0, amountMinor, [])
  return steps > stepsMax ? [] : found
}
