import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { type Connected, createEventsBench, type EventsBench } from '../../../test/setup/factories-stripe-events.ts'
import type { Cursor, StripeEvent, StripeFeed } from '../stripe-feed.ts'
import { catchUp } from './index.ts'

let bench: EventsBench
let tenant: TestTenant
let account: Connected
/** What Stripe lists, newest first, and what it was asked. */
let listed: StripeEvent[]
let asked: { cursor: Cursor; createdFrom: string }[]

beforeAll(async () => {
  bench = await createEventsBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  bench.clock.set('2026-11-26T12:00:00Z')
  bench.read.length = 0
  tenant = await bench.app.tenant()
  account = await bench.connect(tenant)
  listed = []
  asked = []
})

const feed: Pick<StripeFeed, 'listEvents'> = {
  listEvents: (cursor, { createdFrom }) => {
    asked.push({ cursor, createdFrom: createdFrom.toISOString() })
    const rows = listed.filter((event) => event.occurredAt >= createdFrom)
    const from = cursor.before === undefined ? 0 : rows.findIndex((event) => event.id === cursor.before) + 1
    const page = rows.slice(from, from + 100)
    return Promise.resolve({ rows: page, more: from + 100 < rows.length, rejected: [] })
  },
}
const run = () => catchUp(bench.deps, account, feed as StripeFeed)
const happened = (id: string, minutesAgo: number, type = 'charge.succeeded'): StripeEvent => ({
  id,
  type,
  objectId: `ch_${id}`,
  occurredAt: new Date(bench.clock.now().getTime() - minutesAgo * 60_000),
})
const HOUR_MS = 3_600_000

describe('catching up', () => {
  it('begins where the connection began, and goes on where it ended', async () => {
    listed = [happened('evt_b', 1), happened('evt_a', 23 * 60), happened('evt_before', 25 * 60)]
    expect(await run()).toBe(2)
    expect(asked).toEqual([{ cursor: {}, createdFrom: '2026-11-25T11:55:00.000Z' }])
    expect(await bench.jobs(account)).toBe(1)
    bench.clock.advance(HOUR_MS)
    listed.unshift(happened('evt_c', 10))
    expect(await run()).toBe(1)
    expect(asked.at(-1)).toEqual({ cursor: {}, createdFrom: '2026-11-26T11:55:00.000Z' })
    await bench.work(account)
    expect(bench.read.toSorted()).toEqual(['ch_evt_a', 'ch_evt_b', 'ch_evt_c'])
  })

  it('keeps each event once, whether it was sent or listed', async () => {
    const event = account.event()
    await bench.deliver(event)
    listed = [
      { ...happened(String(event.id), 0), objectId: 'ch_other' },
      happened('evt_x', 3, 'invoice.paid'),
      happened('evt_end', 4, 'account.application.deauthorized'),
    ]
    expect(await run()).toBe(0)
    expect(Object.fromEntries((await bench.events(account)).map((row) => [row.external_id, row.state]))).toEqual({
      [String(event.id)]: 'waiting',
      evt_x: 'ignored',
    })
  })

  it('asks nothing while events come, but for once a day, which finds what was lost in between', async () => {
    await bench.deliver(account.event())
    await run()
    expect(asked).toHaveLength(1)
    for (let hour = 0; hour < 23; hour++) {
      bench.clock.advance(HOUR_MS)
      await bench.deliver(account.event())
      await run()
    }
    expect(asked).toHaveLength(1)
    listed = [happened('evt_lost', 6 * 60)]
    bench.clock.advance(HOUR_MS + 1)
    await bench.deliver(account.event())
    expect(await run()).toBe(1)
    expect(asked).toHaveLength(2)
  })

  it('asks each time where none come', async () => {
    for (let hour = 0; hour < 3; hour++) {
      await run()
      bench.clock.advance(2 * HOUR_MS)
    }
    expect(asked).toHaveLength(3)
  })

  it('reaches 30 days back, no further', async () => {
    await run()
    bench.clock.advance(90 * 86_400_000)
    await run()
    expect(asked.at(-1)!.createdFrom).toBe('2027-01-25T12:00:00.000Z')
  })

  it('walks all pages, keeps what it has when one fails, and begins anew', async () => {
    listed = Array.from({ length: 250 }, (_, at) => happened(`evt_${String(at).padStart(3, '0')}`, at))
    const whole = feed.listEvents
    const broken = {
      listEvents: (cursor: Cursor, filter: { createdFrom: Date }) =>
        cursor.before === undefined ? whole(cursor, filter) : Promise.reject(new Error('away')),
    }
    await expect(catchUp(bench.deps, account, broken as StripeFeed)).rejects.toThrow('away')
    expect(await bench.events(account)).toHaveLength(100)
    asked.length = 0
    expect(await run()).toBe(150)
    expect(asked.map(({ cursor }) => cursor)).toEqual([{}, { before: 'evt_099' }, { before: 'evt_199' }])
    expect(new Set(asked.map(({ createdFrom }) => createdFrom))).toEqual(new Set(['2026-11-25T11:55:00.000Z']))
  })

  it('does not go round in circles', async () => {
    let pages = 0
    const circle = {
      listEvents: () => {
        pages += 1
        return Promise.resolve({ rows: [happened('evt_o', 1)], more: true, rejected: [] })
      },
    }
    expect(await catchUp(bench.deps, account, circle as Partial<StripeFeed> as StripeFeed)).toBe(1)
    expect(pages).toBe(2)
    const empty = { listEvents: () => Promise.resolve({ rows: [], more: true, rejected: ['evt_bad'] }) }
    bench.clock.advance(2 * HOUR_MS)
    expect(await catchUp(bench.deps, account, empty as Partial<StripeFeed> as StripeFeed)).toBe(0)
  })
})
