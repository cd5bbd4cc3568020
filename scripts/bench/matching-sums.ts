import type { MatchInvoice } from '../../server/src/matching/index.ts'
import { setsOfSum } from '../../server/src/matching/sums.ts'
import { type Figure, percentile, quickestOf } from './figure.ts'
import { dice } from './invented-books.ts'

const INVOICES = 200
const ROUNDS = 500
const PASSES = 3

/** P3: a client with 200 open invoices pays from two to six of them, or an amount that is no sum of any. In the price lists of
 *  hosters (twenty prices, ten services), with prices that all differ, and with prices so far apart that a sum is hardly ever
 *  made twice, where every sum of six has to be looked at before one is known to be the only one. */
export function sums(): Figure[] {
  const books: [string, (roll: (below: number) => number) => number][] = [
    ['twenty prices', (roll) => 199 + roll(20) * 250],
    ['all different, up to 500.00', (roll) => 300 + roll(50_000)],
    ['far apart, up to 1,000,000.00', (roll) => 300 + roll(100_000_000)],
  ]
  return books.flatMap(([what, priceOf]) => {
    const roll = dice(7)
    const payments = Array.from({ length: ROUNDS }, (_, round) => {
      const invoices = Array.from({ length: INVOICES }, (_value, at) => invoice(at, priceOf(roll)))
      const amountMinor = round % 5 === 4 ? BigInt(900 + roll(200_000)) : sumOfSome(invoices, 2 + roll(5), roll)
      return { invoices, amountMinor }
    })
    const delays = quickestOf(PASSES, ROUNDS, (at) => {
      const { invoices = [], amountMinor = 0n } = payments[at] ?? {}
      const from = performance.now()
      setsOfSum(invoices, amountMinor, (one) => one.balanceMinor)
      return performance.now() - from
    })
    const floors = quickestOf(PASSES, ROUNDS, (at) => {
      const { invoices = [] } = payments[at] ?? {}
      const from = performance.now()
      const pairs = new Set(invoices.map((one) => one.balanceMinor)).size
      for (const one of invoices)
        for (const other of invoices) if (one.balanceMinor + other.balanceMinor < 0n) return pairs
      return performance.now() - from
    })
    const slowest = figure(`sums among ${INVOICES}, ${what}: slowest`, Math.max(...delays), Math.max(...floors), 20)
    // Where nearly every sum is the only one, all of them have to be looked at: there the hard stop is what counts.
    if (what.startsWith('far')) return [slowest]
    return [
      figure(`sums among ${INVOICES}, ${what}: p99`, percentile(delays, 0.99), percentile(floors, 0.99), 2),
      slowest,
    ]
  })
}

const figure = (what: string, measured: number, floor: number, goal: number): Figure => ({
  id: 'P3',
  what,
  measured,
  floor,
  goal,
  unit: 'ms',
  better: 'lower',
})

function sumOfSome(invoices: readonly MatchInvoice[], count: number, roll: (below: number) => number): bigint {
  const taken = new Set<number>()
  while (taken.size < count) taken.add(roll(invoices.length))
  return [...taken].reduce((sum, at) => sum + (invoices[at]?.balanceMinor ?? 0n), 0n)
}

const invoice = (at: number, balance: number): MatchInvoice => ({
  id: String(at),
  number: '',
  totalMinor: BigInt(balance),
  balanceMinor: BigInt(balance),
  currency: 'EUR',
  date: '2024-09-01',
  dueDate: '2024-09-15',
  status: 'unpaid',
  client: { id: '1', name: 'Anna Berg', company: '', email: '' },
  items: [{ description: `Service ${at % 10}` }],
  payments: [],
  collects: [],
})
