import { EXACT_MAX, exactMinor } from './exact.ts'
import { serviceKey } from './periods.ts'
import { waysToSum } from './sum-search.ts'
import type { MatchInvoice } from './types.ts'

/** Up to so many invoices every sum of up to seven is tried one after the other. */
const triedMax = 14
const partsTriedMax = 7
/** Among more, sums of up to six are sought. Above this many, some sum would fit by chance. */
const invoicesMax = 200
const partsMax = 6
/** Two sets say as much as a thousand: the sum is ambiguous. */
const setsMax = 2

/** The set of a client's open invoices whose balances give `amountMinor`, if there is exactly one. Sets that differ only by
 *  equal invoices of one service count as one, the oldest. `invoices` oldest first; `balanceOf` in minor units, above zero.
 *  Returns up to two sets: two mean that the sum is ambiguous. Null where the search would take too long, so
 *  that nobody knows. */
export function setsOfSum(
  invoices: readonly MatchInvoice[],
  amountMinor: bigint,
  balanceOf: (invoice: MatchInvoice) => bigint,
  partsMin = 2,
): MatchInvoice[][] | null {
  if (invoices.length === 0) return []
  if (invoices.length > invoicesMax || amountMinor >= EXACT_MAX) return null
  // What is larger than the amount is no part of it, however much larger.
  const balances = invoices.map((invoice) => exactMinor(balanceOf(invoice)))
  const amount = exactMinor(amountMinor)
  if (balances.reduce((sum, balance) => sum + balance, 0) < amount) return []
  return invoices.length > triedMax
    ? amongMany(invoices, balances, amount, partsMin)
    : amongFew(kindsOf(invoices, balances), amount, partsMin)
}

/** Open invoices of one service that owe the same, oldest first. */
interface EqualInvoices {
  balance: number
  invoices: MatchInvoice[]
}

function kindsOf(invoices: readonly MatchInvoice[], balances: readonly number[]): EqualInvoices[] {
  const owing = new Map<number, number>()
  for (const balance of balances) owing.set(balance, (owing.get(balance) ?? 0) + 1)
  const kinds = new Map<string, EqualInvoices>()
  invoices.forEach((invoice, at) => {
    const balance = balances[at] ?? 0
    // What nothing else owes is a kind of its own, whatever it is for.
    const key = owing.get(balance) === 1 ? `${balance}` : `${serviceKey(invoice)} ${balance}`
    const kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, { balance, invoices: [invoice] })
    else kind.invoices.push(invoice)
  })
  return [...kinds.values()]
}

/** Takes 0, 1, 2 … of the oldest of each kind, so equal invoices never make two sets. */
function amongFew(kinds: readonly EqualInvoices[], amount: number, partsMin: number): MatchInvoice[][] {
  /** What is left from each kind on, all taken together. */
  const left = kinds.map(({ balance, invoices }) => balance * invoices.length)
  for (let at = left.length - 2; at >= 0; at -= 1) left[at] = (left[at] ?? 0) + (left[at + 1] ?? 0)
  const found: MatchInvoice[][] = []
  const search = (at: number, rest: number, taken: MatchInvoice[]): void => {
    if (rest === 0) {
      if (taken.length >= partsMin) found.push(taken)
      return
    }
    const kind = kinds[at]
    if (kind === undefined || found.length >= setsMax || rest > (left[at] ?? 0)) return
    search(at + 1, rest, taken)
    for (let count = 1; count <= kind.invoices.length; count += 1) {
      const more = rest - kind.balance * count
      if (more < 0 || taken.length + count > partsTriedMax || found.length >= setsMax) break
      search(at + 1, more, [...taken, ...kind.invoices.slice(0, count)])
    }
  }
  search(0, amount, [])
  return found
}

function amongMany(
  invoices: readonly MatchInvoice[],
  balances: readonly number[],
  amount: number,
  partsMin: number,
): MatchInvoice[][] | null {
  const owing = [...Map.groupBy(invoices.keys(), (at) => balances[at] ?? 0)]
  const worths = owing.map(([worth, places]) => ({ worth, count: places.length }))
  const found: MatchInvoice[][] = []
  const ways = waysToSum(worths, amount, partsMin, partsMax, setsMax)
  if (ways === null) return null
  for (const way of ways) {
    let sets: MatchInvoice[][] = [[]]
    for (const [place, times] of Map.groupBy(way, (one) => one)) {
      const [, places = []] = owing[place] ?? []
      const choices = choose(
        places.flatMap((at) => invoices[at] ?? []),
        times.length,
      )
      sets = sets.flatMap((set) => choices.map((choice) => [...set, ...choice])).slice(0, setsMax)
    }
    found.push(...sets)
  }
  return found.slice(0, setsMax)
}

/** Ways to take `count` of invoices that owe the same, the oldest of each service first: up to two. */
function choose(equal: readonly MatchInvoice[], count: number): MatchInvoice[][] {
  if (count === equal.length) return [[...equal]]
  const services = [...Map.groupBy(equal, serviceKey).values()]
  const found: MatchInvoice[][] = []
  const search = (at: number, taken: MatchInvoice[]): void => {
    const service = services[at]
    if (taken.length === count) found.push(taken)
    if (taken.length >= count || service === undefined) return
    for (let more = Math.min(service.length, count - taken.length); more >= 0 && found.length < setsMax; more -= 1)
      search(at + 1, [...taken, ...service.slice(0, more)])
  }
  search(0, [])
  return found
}
