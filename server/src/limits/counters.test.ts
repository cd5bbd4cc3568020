import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/setup/app.ts'
import { redisMissing, startRedis } from '../../test/setup/redis-server.ts'
import type { CallCounters } from './counters.ts'
import { createLocalCounters } from './local-counters.ts'
import { createPostgresCounters } from './postgres-counters.ts'
import { createRedisCounters } from './redis-counters.ts'
import { usedCalls, waitMs } from './window.ts'

/** One keeper of counts, and how a test turns its clock: what was counted becomes older. */
interface Subject {
  /** Two processes, where the keeper is shared. */
  one: CallCounters
  other: CallCounters
  age(ms: number): Promise<void>
  /** How many subjects are remembered. */
  size(): Promise<number>
  stop(): Promise<void>
}

async function postgres(): Promise<Subject> {
  const database = await createTestDatabase()
  const counters = [createPostgresCounters(database.connection), createPostgresCounters(database.connection)] as const
  return {
    one: counters[0],
    other: counters[1],
    age: async (ms) => void (await database.pool.query('update rate_cells set started_ms = started_ms - $1', [ms])),
    size: async () => (await database.pool.query('select from rate_cells')).rowCount!,
    stop: async () => {
      await Promise.all(counters.map((one) => one.close()))
      await database.close()
    },
  }
}

async function redis(): Promise<Subject> {
  const server = await startRedis()
  const client = new Redis(server.url)
  const counters = [createRedisCounters(server.url), createRedisCounters(server.url)] as const
  return {
    one: counters[0],
    other: counters[1],
    age: async (ms) => {
      for (const key of await client.keys('payymo:rate:*')) await client.hincrby(key, 'started', -ms)
    },
    size: async () => (await client.keys('payymo:rate:*')).length,
    stop: async () => {
      await Promise.all(counters.map((one) => one.close()))
      client.disconnect()
      await server.stop()
    },
  }
}

async function local(): Promise<Subject> {
  let nowMs = Date.parse('2026-04-01T10:00:00.250Z')
  const counters = createLocalCounters(() => nowMs)
  return {
    one: counters,
    other: counters,
    age: async (ms) => void (nowMs += ms),
    size: async () => Number.NaN,
    stop: () => counters.close(),
  }
}

const missing = redisMissing()
if (missing) console.warn(`Counters in Redis are not tested: ${missing}`)

describe.each([
  { name: 'PostgreSQL', open: postgres, skip: false },
  { name: `Redis${missing ? `: ${missing}` : ''}`, open: redis, skip: missing !== undefined },
  { name: 'this process', open: local, skip: false },
])('counters in $name', ({ open, skip, name }) => {
  let subject: Subject
  let count = 0
  let all: string
  let part: string
  beforeAll(async () => {
    if (!skip) subject = await open()
  })
  afterAll(async () => {
    if (!skip) await subject.stop()
  })
  beforeEach(() => {
    count += 1
    all = `all-${count}`
    part = `part-${count}`
  })
  const take = (limits: [string, number][], calls = 1, counters = subject.one) =>
    counters.take(
      limits.map(([name, perMinute]) => ({ subject: name, perMinute })),
      calls,
    )
  const admitted = async (...given: Parameters<typeof take>) => (await take(...given)).admitted

  it.skipIf(skip)('admit exactly the limit of a burst, from several processes at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => take([[all, 70]], 1, index % 2 ? subject.one : subject.other)),
    )
    expect(answers.filter((answer) => answer.admitted === 1)).toHaveLength(70)
    expect(Math.max(...answers.map(({ cells }) => cells[0]!.current))).toBe(70)
  })

  it.skipIf(skip)('take from all limits or from none, whatever their order', async () => {
    expect(
      await admitted(
        [
          [part, 5],
          [all, 8],
        ],
        3,
      ),
    ).toBe(3)
    expect(
      await admitted(
        [
          [all, 8],
          [part, 5],
        ],
        3,
      ),
    ).toBe(2)
    expect(
      await admitted([
        [all, 8],
        [part, 5],
      ]),
    ).toBe(0)
    // The refused calls are missing from the wider limit as well: of its eight, three are left.
    expect(await admitted([[all, 8]], 9)).toBe(3)
    const refused = await take([
      [part, 6],
      [all, 8],
    ])
    expect(refused).toMatchObject({ admitted: 0, cells: [{ current: 5 }, { current: 8 }] })
  })

  it.skipIf(skip)('never wait in a circle when calls name the same limits in different orders', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) => {
        const limits: [string, number][] = [
          [all, 100],
          [part, 50],
        ]
        return take(index % 3 ? limits : limits.reverse(), 1, index % 2 ? subject.one : subject.other)
      }),
    )
    expect(answers.filter((answer) => answer.admitted === 1)).toHaveLength(50)
  })

  it.skipIf(skip)('slide: of the minute before, the part still in the window counts', async () => {
    await take([[all, 100]], 100)
    await subject.age(60_000)
    // A quarter into the next minute, three quarters of a hundred calls count; a second more or less is the test's own time.
    await subject.age(15_000)
    const answer = await take([[all, 100]], 100)
    const [cell] = answer.cells
    const elapsed = answer.nowMs - cell!.startedMs
    expect(cell!.previous).toBe(100)
    expect(elapsed).toBeGreaterThanOrEqual(15_000)
    expect(answer.admitted).toBe(100 - Math.floor((100 * (59_999 - elapsed)) / 60_000))
    expect(answer.admitted).toBeGreaterThan(24)
  })

  it.skipIf(skip)('begin anew after a pause of two minutes, with the second of the first call', async () => {
    await take([[all, 3]], 3)
    await subject.age(120_000)
    const { admitted, cells, nowMs } = await take([[all, 3]], 5)
    expect(admitted).toBe(3)
    expect(cells[0]).toMatchObject({ previous: 0, current: 3 })
    expect(cells[0]!.startedMs % 1000).toBe(0)
    expect(nowMs - cells[0]!.startedMs).toBeLessThan(1000)
  })

  it.skipIf(skip)('admit again once the wait they speak of is over, and not before', async () => {
    for (const [limit, pauseMs] of [
      [1, 0],
      [7, 61_000],
      [50, 75_500],
    ] as const) {
      const name = `${all}-${limit}`
      await take([[name, limit]], limit)
      await subject.age(pauseMs)
      await take([[name, limit]], limit)
      const full = await take([[name, limit]])
      const wait = waitMs(full.cells[0]!, limit, full.nowMs)
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(60_000)
      // By the keeper's own numbers, since a real clock goes on meanwhile.
      const [cell] = full.cells
      expect(usedCalls(cell!, full.nowMs)).toBe(limit)
      await subject.age(wait)
      expect(await admitted([[name, limit]])).toBe(1)
    }
  })

  it.skipIf(skip)('stay sane when the clock was put back', async () => {
    await take([[all, 4]], 4)
    await subject.age(-30_000)
    expect(await admitted([[all, 4]])).toBe(0)
    await subject.age(-40_000)
    expect(await admitted([[all, 4]])).toBe(1)
  })

  it.skipIf(skip)('admit nothing while more was used than is allowed now', async () => {
    await take([[all, 500]], 300)
    const { admitted, cells, nowMs } = await take([[all, 100]])
    expect(admitted).toBe(0)
    expect(waitMs(cells[0]!, 100, nowMs)).toBeGreaterThan(60_000)
  })

  // Redis forgets by the life of its keys, this process by its own bound.
  if (name === 'PostgreSQL') {
    it('forget what no longer counts', async () => {
      await take([[all, 10]])
      await subject.age(600_000)
      await take([[part, 10]])
      await subject.one.sweep()
      expect(await subject.size()).toBe(1)
      expect(await admitted([[part, 10]], 10)).toBe(9)
    })
  }
})

describe('counters in this process', () => {
  it('forget the subject seen longest ago when there are too many', async () => {
    const counters = createLocalCounters(() => 0, 2)
    const take = async (subject: string) => (await counters.take([{ subject, perMinute: 1 }], 1)).admitted
    expect([await take('a'), await take('b'), await take('c')]).toEqual([1, 1, 1])
    expect([await take('c'), await take('b'), await take('a')]).toEqual([0, 0, 1])
  })
})
