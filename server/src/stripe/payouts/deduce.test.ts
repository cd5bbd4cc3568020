import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../base/clock.ts'
import { deducePayouts, type Movement, type PayoutMoment, type Verdict } from './deduce.ts'
import { byAvailability, viewsOf } from './deduce-views.ts'

const START = '2026-06-01'
const at = (day: number, second = 0): Date => new Date(Date.parse(`${addDays(START, day)}T10:00:00Z`) + second * 1_000)
const movement = (id: string, net: number, day: number, waits = 0): Movement => ({
  id,
  netMinor: BigInt(net),
  at: at(day),
  availableOn: addDays(START, day + waits),
})
const payout = (id: string, taken: number, day: number, change: Partial<PayoutMoment> = {}): PayoutMoment => ({
  id,
  takenMinor: BigInt(taken),
  at: at(day, 60),
  kind: 'wanted',
  instant: false,
  ...change,
})
const deduce = (
  movements: Movement[],
  payouts: PayoutMoment[],
  known: { knownFrom?: Date; beginsEmpty?: boolean } = {},
): Record<string, Verdict> =>
  Object.fromEntries(deducePayouts({ movements, payouts, knownFrom: at(0), beginsEmpty: true, ...known }))

describe('where the balance is known', () => {
  it('a payout that empties it is made of everything that was there', () => {
    const rows = [movement('a', 100, 1), movement('b', -30, 2), movement('c', 50, 3)]
    expect(deduce(rows, [payout('p', 70, 2), payout('q', 50, 4)])).toEqual({
      p: { rows: ['a', 'b'] },
      q: { rows: ['c'] },
    })
  })

  it('money that is not available yet is left for the next one', () => {
    const rows = [movement('a', 100, 1), movement('b', 40, 1, 7)]
    expect(deduce(rows, [payout('p', 100, 2), payout('q', 40, 9)])).toEqual({ p: { rows: ['a'] }, q: { rows: ['b'] } })
  })

  it('an instant payout may take what is not available yet', () => {
    const rows = [movement('a', 100, 1), movement('b', 40, 1, 7)]
    expect(deduce(rows, [payout('p', 140, 2, { instant: true })])).toEqual({ p: { rows: ['a', 'b'] } })
    expect(deduce(rows, [payout('p', 140, 2)])).toEqual({ p: { why: 'unknown' } })
  })

  it('a part of it is explained by the oldest movements, where no other stretch adds up', () => {
    const rows = [movement('a', 10, 1), movement('b', 25, 2), movement('c', 70, 3)]
    expect(deduce(rows, [payout('p', 35, 4), payout('q', 70, 5)])).toEqual({
      p: { rows: ['a', 'b'] },
      q: { rows: ['c'] },
    })
  })

  it('the oldest by when they came, or by when they could be paid out; where both fit, neither', () => {
    const rows = [movement('a', 10, 1, 3), movement('b', 25, 2, 1), movement('c', 70, 3, 2)]
    expect(deduce(rows, [payout('p', 10, 6)])).toEqual({ p: { rows: ['a'] } })
    expect(deduce(rows, [payout('p', 25, 6)])).toEqual({ p: { rows: ['b'] } })
    const alike = [movement('a', 25, 1, 3), movement('b', 25, 2, 1), movement('c', 70, 3, 2)]
    expect(deduce(alike, [payout('p', 25, 6)])).toEqual({ p: { why: 'several' } })
  })

  it('of two stretches that add up neither is taken', () => {
    const rows = [movement('a', 10, 1), movement('b', 20, 2), movement('c', 30, 3), movement('d', 30, 4)]
    expect(deduce(rows, [payout('p', 30, 5)])).toEqual({ p: { why: 'several' } })
  })

  it('after a part that nothing tells, payouts are explained together only, and again from there', () => {
    const rows = [movement('a', 60, 1), movement('b', 40, 2), movement('c', 33, 6)]
    expect(deduce(rows, [payout('p', 55, 3), payout('q', 45, 4), payout('r', 33, 7)])).toEqual({
      p: { why: 'part', balanceMinor: 100n },
      q: { why: 'together', balanceMinor: 45n },
      r: { rows: ['c'] },
    })
  })

  it('and nothing is made of the oldest movements then', () => {
    const rows = [movement('a', 60, 1), movement('b', 40, 2), movement('c', 33, 3)]
    expect(deduce(rows, [payout('p', 55, 4), payout('q', 60, 5)]).q).toEqual({ why: 'part', balanceMinor: 78n })
  })

  it('movements of one moment are not torn apart', () => {
    const rows = [movement('a', 10, 1), movement('b', 20, 1), movement('c', 5, 2)]
    expect(deduce(rows, [payout('p', 10, 3)])).toEqual({ p: { why: 'part', balanceMinor: 35n } })
    expect(deduce(rows, [payout('p', 30, 3)])).toEqual({ p: { rows: ['a', 'b'] } })
  })

  it('what came in the very second of the payout is in it or not: where both add up, nothing is said', () => {
    const same = { id: 'z', netMinor: 0n, at: at(2, 60), availableOn: addDays(START, 2) }
    const rows = [movement('a', 100, 1), { ...same, id: 'b', netMinor: 5n }, { ...same, id: 'c', netMinor: -5n }]
    expect(deduce(rows, [payout('p', 100, 2)])).toEqual({ p: { why: 'several' } })
  })

  it('a listed payout of the schedule settles everything before it', () => {
    const rows = [movement('old', 999, 16), movement('a', 100, 20)]
    const closing = payout('auto', 500, 18, { kind: 'closing' })
    expect(deduce(rows, [closing, payout('p', 100, 21)], { beginsEmpty: false })).toEqual({ p: { rows: ['a'] } })
  })

  it('but not while money may still be waiting from before the ledger, nor when it left behind what was there', () => {
    const later = [movement('b', 10, 20), movement('c', 25, 21), movement('d', 70, 22)]
    const oldest = payout('p', 35, 23)
    const early = payout('auto', 500, 9, { kind: 'closing' })
    expect(deduce(later, [early, oldest], { beginsEmpty: false })).toEqual({ p: { why: 'unknown' } })
    const closing = payout('auto', 500, 18, { kind: 'closing' })
    expect(deduce(later, [closing, oldest])).toEqual({ p: { rows: ['b', 'c'] } })
    expect(deduce([movement('a', 999, 10), ...later], [closing, oldest])).toEqual({ p: { why: 'unknown' } })
  })

  it('a payout of more than was there shows that the balance was not known', () => {
    const rows = [movement('a', 100, 1), movement('b', 40, 6)]
    expect(deduce(rows, [payout('p', 130, 2), payout('q', 40, 7)])).toEqual({
      p: { why: 'unknown' },
      q: { rows: ['b'] },
    })
  })

  it('waits for the list of a payout before it', () => {
    const rows = [movement('a', 100, 20)]
    const unclear = payout('auto', 500, 18, { kind: 'unclear' })
    expect(deduce(rows, [unclear, payout('p', 100, 21)], { beginsEmpty: false })).toEqual({ p: { why: 'wait' } })
  })
})

describe('where the balance is not known', () => {
  const unknown = { beginsEmpty: false }

  it('only everything since the payout before explains one', () => {
    const rows = [movement('a', 100, 16), movement('b', 20, 20), movement('c', 25, 21)]
    expect(deduce(rows, [payout('p', 500, 18), payout('q', 45, 22)], unknown)).toEqual({
      p: { why: 'unknown' },
      q: { rows: ['b', 'c'] },
    })
    expect(deduce(rows, [payout('p', 500, 18), payout('q', 20, 22)], unknown).q).toEqual({ why: 'unknown' })
  })

  it('and only if nothing else that is known adds up to it', () => {
    const rows = [movement('a', 45, 16), movement('b', 20, 20), movement('c', 25, 21)]
    expect(deduce(rows, [payout('p', 500, 18), payout('q', 45, 22)], unknown).q).toEqual({ why: 'several' })
  })

  it('and only after the ledger is whole for as long as money may wait', () => {
    const rows = [movement('b', 20, 5), movement('c', 25, 6)]
    expect(deduce(rows, [payout('p', 500, 3), payout('q', 45, 7)], unknown).q).toEqual({ why: 'unknown' })
  })
})

/** A merchant's history: money in and out on some days, payouts in between. Of each payout that emptied the balance it is known what
 *  it was made of: all that was available. */
const history = fc
  .array(
    fc.record({
      kind: fc.constantFrom('money', 'money', 'money', 'empty', 'part', 'instant'),
      net: fc.integer({ min: -8, max: 20 }),
      waits: fc.constantFrom(0, 0, 2, 7),
      days: fc.constantFrom(0, 0, 1, 1, 3),
    }),
    { minLength: 4, maxLength: 40 },
  )
  .map((steps) => {
    const movements: Movement[] = []
    const payouts: PayoutMoment[] = []
    const truth = new Map<string, string[]>()
    let left: Movement[] = []
    /** Taken by parts: nobody knows of what. */
    let spent = 0n
    let day = 0
    for (const [n, step] of steps.entries()) {
      day += step.days
      const now = at(day, n + 1)
      const id = `x${String(n).padStart(2, '0')}`
      if (step.kind === 'money') {
        const row = { id, netMinor: BigInt(step.net), at: now, availableOn: addDays(START, day + step.waits) }
        movements.push(row)
        left.push(row)
        continue
      }
      const instant = step.kind === 'instant'
      const there = viewsOf(left.toSorted(byAvailability), { at: now, instant })[instant ? 1 : 0]!
      const balance = there.reduce((sum, { netMinor }) => sum + netMinor, 0n) - spent
      if (balance <= 0n) continue
      const taken = step.kind === 'part' ? (balance + 1n) / 2n : balance
      payouts.push({ id, takenMinor: taken, at: now, kind: 'wanted', instant })
      if (taken < balance) {
        spent += taken
        continue
      }
      if (spent === 0n) truth.set(id, there.map((row) => row.id).sort())
      left = left.filter((row) => !there.includes(row))
      spent = 0n
    }
    return { movements, payouts, truth }
  })

describe('whatever happened', () => {
  it('what is said is true: the rows are what the payout took, belong to one payout each, and add up', () => {
    let explained = 0
    fc.assert(
      fc.property(history, fc.boolean(), ({ movements, payouts, truth }, beginsEmpty) => {
        const verdicts = deducePayouts({ movements, payouts, knownFrom: at(-30), beginsEmpty })
        const byId = new Map(movements.map((row) => [row.id, row.netMinor]))
        const used = new Set<string>()
        for (const { id, takenMinor } of payouts) {
          const verdict = verdicts.get(id)!
          if (!('rows' in verdict)) continue
          expect(verdict.rows.reduce((sum, row) => sum + byId.get(row)!, 0n)).toBe(takenMinor)
          for (const row of verdict.rows) {
            expect(used.has(row)).toBe(false)
            used.add(row)
          }
          const known = truth.get(id)
          if (!known) continue
          explained += 1
          // Movements of nothing before the first of a stretch are no part of the truth about money.
          const money = (rows: string[]) => rows.filter((row) => byId.get(row) !== 0n).sort()
          expect(money(verdict.rows)).toEqual(money(known))
        }
      }),
      { numRuns: 2_000 },
    )
    expect(explained).toBeGreaterThan(500)
  })

  it('where every payout empties a balance that is known from the beginning, each is explained', () => {
    fc.assert(
      fc.property(history, ({ movements, payouts, truth }) => {
        const plain = payouts.every(({ id, instant }) => truth.has(id) && !instant)
        fc.pre(plain && payouts.length > 0)
        const verdicts = deducePayouts({ movements, payouts, knownFrom: at(0), beginsEmpty: true })
        for (const { id } of payouts) expect(verdicts.get(id)).toHaveProperty('rows')
      }),
      { numRuns: 300 },
    )
  })

  it('the order in which the ledger comes does not matter', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.integer()), ({ movements, payouts }, chance) => {
        const shuffled = <T>(rows: T[]): T[] => {
          const keyed = rows.map((row) => ({ row, key: chance.next().value! }))
          return keyed.sort((one, other) => one.key - other.key).map(({ row }) => row)
        }
        const given = { knownFrom: at(0), beginsEmpty: true }
        expect([...deducePayouts({ ...given, movements: shuffled(movements), payouts: shuffled(payouts) })]).toEqual([
          ...deducePayouts({ ...given, movements, payouts }),
        ])
      }),
      { numRuns: 200 },
    )
  })
})
