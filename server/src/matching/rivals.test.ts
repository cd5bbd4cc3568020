import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Look, Run } from './looks.ts'
import { contestsOf, type Option } from './rivals.ts'

interface Line {
  account: string
  /** Best first; the first is what the line wants. */
  options: Option[]
  decision?: 'auto' | 'review'
  amountMinor?: bigint
  namesWithoutPayer?: boolean
}

function contests(list: Line[]): [number, string][] {
  const run = { lines: list.map(({ amountMinor }, at) => ({ amountMinor: amountMinor ?? BigInt(at + 1) })) }
  const looks = list.map(({ account, options, decision = 'auto', namesWithoutPayer = false }): Look<null> => {
    const [first] = options
    return {
      decision,
      told: null,
      payer: { account, known: [], meant: [] },
      rests: { ofClients: [], ofClientsOwing: [], amountMinor: 0n },
      best: first
        ? {
            logOdds: first.worth,
            invoiceIds: first.invoiceIds,
            allocations: [],
            namesExactly: false,
            namesWithoutPayer,
          }
        : null,
    }
  })
  const found = contestsOf(
    run as unknown as Run,
    looks,
    () => false,
    (at) => list[at]!.options.filter(({ worth }) => worth > 0),
  )
  return [...found].sort(([one], [other]) => one - other)
}

const option = (worth: number, ...invoiceIds: string[]): Option => ({ invoiceIds, worth })

describe('lines that want the same invoice', () => {
  it('are both asked about where nothing tells whose it is', () => {
    const lines = [
      { account: 'a', options: [option(9, 'x')] },
      { account: 'b', options: [option(8, 'x')] },
    ]
    expect(contests(lines)).toEqual([
      [0, 'rivals'],
      [1, 'rivals'],
    ])
  })

  it('do not keep it from the one that is far more likely', () => {
    const lines = [
      { account: 'a', options: [option(12, 'x')] },
      { account: 'b', options: [option(3, 'x')] },
    ]
    expect(contests(lines)).toEqual([[1, 'rivals']])
  })

  it('do not keep it from the one that has nothing else, where the other has', () => {
    const lines = [
      { account: 'a', options: [option(9, 'x'), option(8, 'y')] },
      { account: 'b', options: [option(9, 'x')] },
    ]
    expect(contests(lines)).toEqual([[0, 'rivals']])
  })

  it('have no way out where a third line holds it', () => {
    const lines = [
      { account: 'a', options: [option(9, 'x'), option(8, 'y')] },
      { account: 'b', options: [option(9, 'x')] },
      { account: 'c', options: [option(20, 'y')] },
    ]
    expect(contests(lines)).toEqual([
      [0, 'rivals'],
      [1, 'rivals'],
    ])
  })

  it('of one payer wait for an earlier one that waits for a person', () => {
    const lines: Line[] = [
      { account: 'a', options: [option(9, 'x')], decision: 'review' },
      { account: 'a', options: [option(9, 'x')] },
    ]
    expect(contests(lines)).toEqual([[1, 'rivals']])
    expect(contests([{ ...lines[0]!, decision: 'auto' }, lines[1]!])).toEqual([])
  })

  it('may be one payer whom the earlier line does not tell', () => {
    const lines: Line[] = [
      { account: 'a', options: [option(2, 'x')], amountMinor: 5n, namesWithoutPayer: true },
      { account: 'b', options: [option(12, 'x')], amountMinor: 5n },
    ]
    expect(contests(lines)).toContainEqual([1, 'rivals'])
  })

  it('of several invoices are asked about for any of them', () => {
    const lines = [
      { account: 'a', options: [option(9, 'x', 'y')] },
      { account: 'b', options: [option(8, 'y')] },
    ]
    expect(contests(lines)).toEqual([
      [0, 'rivals'],
      [1, 'rivals'],
    ])
  })

  it('are given up where too many hang together, and say so', () => {
    const lines = Array.from({ length: 60 }, (_, at) => ({
      account: `payer ${at}`,
      options: [option(9, `invoice ${at >> 1}`), option(8, `invoice ${((at >> 1) + 1) % 30}`)],
    }))
    expect(contests(lines).every(([, why]) => why === 'many')).toBe(true)
    expect(contests(lines)).toHaveLength(60)
  })

  it('are weighed as if every way to share the invoices were gone through', () => {
    const names = ['p', 'q', 'r']
    const line = fc
      .uniqueArray(fc.record({ invoice: fc.constantFrom(...names), worth: fc.integer({ min: 1, max: 14 }) }), {
        selector: ({ invoice }) => invoice,
        minLength: 1,
        maxLength: 3,
      })
      .map((edges) => edges.toSorted((one, other) => other.worth - one.worth).map((e) => option(e.worth, e.invoice)))
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 4 }), (all) => {
        const found = new Set(
          contests(all.map((options, at) => ({ account: `payer ${at}`, options }))).map(([at]) => at),
        )
        all.forEach((options, at) => {
          const [best] = options
          const invoice = best!.invoiceIds[0]!
          const isWanted = all.some(
            (one, n) => n !== at && one[0]!.invoiceIds[0] === invoice && one[0]!.worth > best!.worth - 6,
          )
          if (!isWanted) return expect(found.has(at)).toBe(false)
          const together = hangingTogether(all, at)
          const mine = bestTotal(together, (n, id) => (n === 0) === (id === invoice))
          const theirs = bestTotal(together, (n, id) => n !== 0 || id !== invoice, invoice)
          // The auction comes within a step of the best: nothing is said about what lies on the border.
          if (Math.abs(mine - theirs - 6) > 0.5) expect(found.has(at)).toBe(mine - theirs < 6)
        })
      }),
      { numRuns: 300 },
    )
  })
})

/** The line and those that want most what one of them may pay. */
function hangingTogether(all: Option[][], first: number): Option[][] {
  const found = new Set([first])
  for (const line of found) {
    const may = new Set(all[line]!.map(({ invoiceIds }) => invoiceIds[0]))
    all.forEach((options, other) => may.has(options[0]!.invoiceIds[0]) && found.add(other))
  }
  return [...found].map((line) => all[line]!)
}

/** The most that lines are worth together, of the pairs that are allowed; -Infinity where `needed` goes to none. */
function bestTotal(all: Option[][], allowed: (line: number, invoice: string) => boolean, needed?: string): number {
  const search = (line: number, taken: ReadonlySet<string>): number => {
    const options = all[line]
    if (options === undefined) return needed === undefined || taken.has(needed) ? 0 : Number.NEGATIVE_INFINITY
    return options.reduce(
      (most, { invoiceIds, worth }) => {
        const invoice = invoiceIds[0]!
        if (taken.has(invoice) || !allowed(line, invoice)) return most
        return Math.max(most, worth + search(line + 1, new Set([...taken, invoice])))
      },
      search(line + 1, taken),
    )
  }
  return search(0, new Set())
}
