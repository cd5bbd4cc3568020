import { beforeEach, describe, expect, it } from 'vitest'
import type { CallCounters, Limit } from './counters.ts'
import { type CountCall, createCounting } from './counting.ts'
import { createDecide } from './decide.ts'
import { createLocalCounters } from './local-counters.ts'

/** Shared counters that answer, fail or hang, as the test says; their counts are those of a process next door. */
function createKeeper(nowMs: () => number) {
  const real = createLocalCounters(nowMs)
  const keeper = {
    mood: 'answers' as 'answers' | 'fails' | 'hangs',
    questions: [] as number[],
    take: (limits: readonly Limit[], calls: number) => {
      keeper.questions.push(calls)
      if (keeper.mood === 'hangs') return new Promise<never>(() => {})
      if (keeper.mood === 'fails') return Promise.reject(new Error('connection refused'))
      return real.take(limits, calls)
    },
    sweep: async () => {},
    close: async () => {},
  } satisfies CallCounters & Record<string, unknown>
  return keeper
}

let nowMs: number
let keeper: ReturnType<typeof createKeeper>
let outages: string[]
let count: CountCall
beforeEach(() => {
  nowMs = Date.parse('2026-04-01T10:00:00Z')
  keeper = createKeeper(() => nowMs)
  outages = []
  count = createCounting({ shared: keeper, nowMs: () => nowMs, report: (outage) => outages.push(outage), boundMs: 5 })
})
const limits = [{ subject: 'tenant', perMinute: 10 }]
const admitted = async (closed = false) => (await count(limits, closed))?.admitted

describe('while the shared counters answer', () => {
  it('calls that come together are asked about together, and each sees the count of its own turn', async () => {
    const answers = await Promise.all(Array.from({ length: 13 }, () => count(limits, false)))
    expect(answers.map((taken) => taken!.admitted)).toEqual([...Array.from({ length: 10 }, () => 1), 0, 0, 0])
    expect(answers.map((taken) => taken!.cells[0]!.current)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10])
    expect(keeper.questions).toEqual([1, 12])
  })

  it('calls under other limits do not wait for them', async () => {
    const other = [{ subject: 'another tenant', perMinute: 10 }]
    await Promise.all([count(limits, false), count(other, false)])
    expect(keeper.questions).toEqual([1, 1])
  })
})

describe.each(['fails', 'hangs'] as const)('when the shared counter %s', (mood) => {
  it('goes on by itself from the counts last seen, up to the same limit', async () => {
    for (let call = 0; call < 4; call++) await admitted()
    keeper.mood = mood
    const answers = []
    for (let call = 0; call < 8; call++) answers.push(await admitted())
    expect(answers).toEqual([1, 1, 1, 1, 1, 1, 0, 0])
  })

  it('refuses what must not go uncounted', async () => {
    keeper.mood = mood
    expect(await admitted(true)).toBeUndefined()
    expect(await admitted(true)).toBeUndefined()
    expect(await admitted()).toBe(1)
  })

  it('tries again once a second, with one call, and says once that it began and once that it ended', async () => {
    keeper.mood = mood
    await Promise.all(Array.from({ length: 20 }, () => admitted()))
    expect(outages).toEqual(['begins'])
    keeper.questions = []
    for (let call = 0; call < 5; call++) await admitted()
    expect(keeper.questions).toEqual([])
    if (mood === 'fails') {
      nowMs += 1_000
      await Promise.all(Array.from({ length: 5 }, () => admitted()))
      expect([keeper.questions, outages]).toEqual([[1], ['begins']])
      keeper.mood = 'answers'
      nowMs += 1_000
      expect(await admitted()).toBe(1)
      expect(await admitted(true)).toBe(1)
      expect(outages).toEqual(['begins', 'ends'])
    }
  })
})

describe('a refusal', () => {
  it('is remembered until it runs out: who goes on calling costs nobody anything', async () => {
    const decide = createDecide(count, () => nowMs)
    const two = [
      { subject: 'tenant', perMinute: 100 },
      { subject: 'class', perMinute: 2 },
    ]
    await decide(two, false)
    await decide(two, false)
    expect(await decide(two, false)).toMatchObject({ admitted: false, tightest: two[1], remaining: 0, waitMs: 60_000 })
    keeper.questions = []
    nowMs += 59_999
    expect(await decide(two, false)).toMatchObject({ admitted: false, tightest: two[1], remaining: 0, waitMs: 1 })
    expect(keeper.questions).toEqual([])
    nowMs += 1
    expect(await decide(two, false)).toMatchObject({ admitted: true, tightest: two[1], remaining: 0 })
    // The wider limit was never full, and the refused calls are missing from it: of the first two calls one still counts.
    expect(await decide(two.slice(0, 1), false)).toMatchObject({ admitted: true, remaining: 97 })
  })
})
