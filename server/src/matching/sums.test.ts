import fc from 'fast-check'
import { expect, test } from 'vitest'
import { waysToSum } from './sum-search.ts'
import { setsOfSum } from './sums.ts'
import type { MatchInvoice } from './types.ts'

/** Every way, by trying all. */
function allWays(kinds: readonly { worth: number; count: number }[], target: number, least: number, most: number) {
  const found: string[] = []
  const search = (at: number, rest: number, taken: number[]): void => {
    if (rest === 0 && taken.length >= least) found.push(taken.join(' '))
    const kind = kinds[at]
    if (kind === undefined || rest <= 0) return
    search(at + 1, rest, taken)
    for (let count = 1; count <= kind.count && taken.length + count <= most; count += 1)
      search(at + 1, rest - kind.worth * count, taken.concat(Array.from({ length: count }, () => at)))
  }
  search(0, target, [])
  return found
}

const kindsOf = (worth: fc.Arbitrary<number>) =>
  fc.uniqueArray(fc.record({ worth, count: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 12,
    selector: (kind) => kind.worth,
  })

test('finds each way there is, up to two, and none that there is not', () => {
  const anything = fc.record({
    kinds: fc.oneof(kindsOf(fc.integer({ min: 1, max: 40 })), kindsOf(fc.integer({ min: 1, max: 2 ** 40 }))),
    picks: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 6 }),
    least: fc.constantFrom(1, 2),
    most: fc.constantFrom(2, 3, 4, 5, 6),
  })
  fc.assert(
    fc.property(anything, ({ kinds, picks, least, most }) => {
      const target = picks.reduce((sum, pick) => sum + (kinds[pick % kinds.length]?.worth ?? 0), 0)
      const all = allWays(kinds, target, least, most)
      const found = (waysToSum(kinds, target, least, most, 2) ?? []).map((way) =>
        way.sort((left, right) => left - right).join(' '),
      )
      expect(found).toHaveLength(Math.min(2, all.length))
      expect(new Set(found).size).toBe(found.length)
      for (const way of found) expect(all).toContain(way)
    }),
    { numRuns: 1_000 },
  )
})

const invoice = (at: number, balanceMinor: bigint, service = `Service ${at}`): MatchInvoice => ({
  id: String(at),
  number: '',
  totalMinor: balanceMinor,
  balanceMinor,
  currency: 'EUR',
  date: '2024-01-01',
  dueDate: '2024-01-15',
  status: 'unpaid',
  client: { id: '1', name: 'A', company: '', email: '' },
  items: [{ description: service }],
  payments: [],
  collects: [],
})
const balance = (one: MatchInvoice): bigint => one.balanceMinor
const idsOf = (sets: MatchInvoice[][] | null): string[][] | undefined =>
  sets?.map((set) => set.map((one) => one.id).sort())

test('finds the one sum of six among forty', () => {
  // Powers of two: every sum is made in one way only.
  const list = Array.from({ length: 40 }, (_, at) => invoice(at, 2n ** BigInt(at)))
  const six = [3, 7, 11, 20, 30, 39]
  const amountMinor = six.reduce((sum, at) => sum + 2n ** BigInt(at), 0n)
  expect(idsOf(setsOfSum(list, amountMinor, balance))).toEqual([six.map(String).sort()])
})

test('seven parts among forty are not sought', () => {
  const list = Array.from({ length: 40 }, (_, at) => invoice(at, 2n ** BigInt(at)))
  expect(setsOfSum(list, 127n, balance)).toEqual([])
})

test('a second reading among two hundred shows as two sets', () => {
  const list = Array.from({ length: 200 }, (_, at) => invoice(at, 1_000n + BigInt(at)))
  expect(setsOfSum(list, 2_100n, balance)).toHaveLength(2)
})

test('of equal invoices of one service the oldest are taken', () => {
  const list = Array.from({ length: 30 }, (_, at) => invoice(at, at < 28 ? 500n : 1_000_000n + BigInt(at), 'Hosting'))
  expect(idsOf(setsOfSum(list, 1_500n, balance))).toEqual([['0', '1', '2']])
})

test('among more than two hundred nobody knows', () => {
  const list = Array.from({ length: 201 }, (_, at) => invoice(at, BigInt(at + 1)))
  expect(setsOfSum(list, 3n, balance)).toBeNull()
  expect(setsOfSum(list.slice(1), 3n, balance)).toEqual([])
})

test('equal invoices of two services make two readings, unless all of them are meant', () => {
  const list = Array.from({ length: 20 }, (_, at) =>
    at < 4 ? invoice(at, 700n, at < 2 ? 'Hosting' : 'Domain') : invoice(at, 2n ** BigInt(at + 20)),
  )
  expect(idsOf(setsOfSum(list, 1_400n, balance))).toHaveLength(2)
  expect(idsOf(setsOfSum(list, 2_800n, balance))).toEqual([['0', '1', '2', '3']])
})

test('a search without end is given up', () => {
  // Far apart and without a pattern: no sum of up to five, and a million and a half triples.
  const kinds = Array.from({ length: 400 }, (_, at) => ({
    worth: 2 ** 46 + ((at * 7_368_787_799) % 2 ** 44),
    count: 1,
  }))
  expect(waysToSum(kinds, 2 ** 48 + 2 ** 46, 2, 6, 2)).toBeNull()
})
