import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPayoutApp, type PayoutApp } from '../../../test/setup/factories-payouts.ts'
import { uuidOf } from '../../base/ids.ts'
import { StripeFeedError, type StripePayout } from '../stripe-feed.ts'
import { keepPayouts } from './keep-payouts.ts'
import { readPayouts, refreshPayout } from './read-payouts.ts'

let own: PayoutApp
beforeAll(async () => {
  own = await createPayoutApp()
})
afterAll(() => own.app.stop())

describe('reading payouts', () => {
  it('brings all pages, once, and says so', async () => {
    const bench = await own.bench()
    bench.stripe.pageSize = 2
    for (let n = 0; n < 5; n += 1) bench.stripe.pay({ amountMinor: 100n + BigInt(n), items: [] })
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    expect((await bench.payouts()).map(({ amount, status }) => [amount, status])).toEqual(
      expect.arrayContaining([1, 1.01, 1.02, 1.03, 1.04].map((amount) => [amount, 'paid'])),
    )
    expect(await bench.events('payout.created')).toHaveLength(5)
    expect((await bench.events('payout.created'))[0]).toMatchObject({
      id: expect.stringMatching(/^pout_/),
      connection_id: bench.ref.id,
      explained: { complete: false, composition: 'open' },
      items: [],
    })
    const before = await bench.traces()
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    expect(await bench.traces()).toEqual(before)
    expect(bench.stripe.calls).toHaveLength(6)
  })

  it('reads again what may still change: three weeks back, longer after a silence', async () => {
    const bench = await own.bench()
    const asked: string[] = []
    const feed = {
      ...bench.stripe.feed,
      listPayouts: (cursor: object, filter: { arrivalFrom: string }) => {
        asked.push(filter.arrivalFrom)
        return bench.stripe.feed.listPayouts(cursor, filter)
      },
    }
    const synced = (at: string) =>
      own.app.database.pool.query('update stripe_connections set last_sync_at = $2 where id = $1', [
        uuidOf(bench.ref.id),
        at,
      ])
    bench.stripe.pay({ amountMinor: 100n, items: [] })
    await readPayouts(own.deps, bench.ref, feed)
    await synced('2026-08-17T11:00:00Z')
    await readPayouts(own.deps, bench.ref, feed)
    await synced('2026-07-01T11:00:00Z')
    await readPayouts(own.deps, bench.ref, feed)
    // The ledger goes back thirty days.
    expect(asked).toEqual(['2026-07-18', '2026-07-27', '2026-06-10'])
  })

  it('follows the status, and what came once stays', async () => {
    const bench = await own.bench()
    const { id } = bench.stripe.pay({ amountMinor: 100n, items: [], status: 'pending' })
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    bench.stripe.change(id, { status: 'paid', traceId: 'TRACE-1' })
    await refreshPayout(own.deps, bench.ref, bench.stripe.feed, id)
    bench.stripe.change(id, { status: 'in_transit', traceId: null })
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    expect(await bench.payout(id)).toMatchObject({ status: 'paid', trace_id: 'TRACE-1' })
    await refreshPayout(own.deps, bench.ref, bench.stripe.feed, 'po_gone')
  })

  it('tells a failure, once', async () => {
    const bench = await own.bench()
    const { id } = bench.stripe.pay({ amountMinor: 100n, items: [] })
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    bench.stripe.fail(id)
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    const told = { status: 'failed', failure: { code: 'account_closed', message: 'The bank account has been closed.' } }
    expect(await bench.events('payout.failed')).toMatchObject([told])
    expect(await bench.payout(id)).toMatchObject(told)
    expect(await bench.alerts()).toMatchObject([{ code: 'payout_failed', open: true }])
  })

  it('says when some cannot be read or contradict what is known, until they can', async () => {
    const bench = await own.bench()
    const { id } = bench.stripe.pay({ amountMinor: 100n, items: [] })
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    bench.stripe.change(id, { amountMinor: 101n, status: 'failed' })
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    expect(await bench.payout(id)).toMatchObject({ amount: 1, status: 'paid' })
    expect(await bench.alerts()).toMatchObject([{ code: 'payouts_unreadable', subject: bench.ref.id, open: true }])
    bench.stripe.change(id, { amountMinor: 100n, status: 'paid' })
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    expect(await bench.alerts()).toMatchObject([{ open: false }])
  })

  it('a list that leads nowhere ends', async () => {
    const bench = await own.bench()
    const row = bench.stripe.pay({ amountMinor: 100n, items: [] })
    let calls = 0
    const feed = {
      ...bench.stripe.feed,
      listPayouts: async () => ((calls += 1), { rows: [row], more: true, rejected: [] }),
    }
    await readPayouts(own.deps, bench.ref, feed)
    expect(calls).toBe(2)
  })

  it('what was read before a failure is kept, and the failure goes on', async () => {
    const bench = await own.bench()
    bench.stripe.pageSize = 1
    bench.stripe.pay({ amountMinor: 100n, items: [] })
    bench.stripe.pay({ amountMinor: 200n, items: [] })
    bench.stripe.beforeCall = () => {
      if (bench.stripe.calls.length === 2) throw new StripeFeedError('later', 'rate_limit', 'Later')
    }
    await expect(readPayouts(own.deps, bench.ref, bench.stripe.feed)).rejects.toThrow('Later')
    expect(await bench.payouts()).toMatchObject([{ amount: 2 }])
  })
})

it('answers in any order and number, also at the same moment, end in the same rows and events', async () => {
  const bench = await own.bench()
  const base = bench.stripe.pay({ amountMinor: 100n, items: [] })
  let n = 0
  const step = fc.record({
    status: fc.constantFrom('pending', 'in_transit', 'paid', 'failed'),
    traceId: fc.constantFrom(null, 'TRACE-1'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      async (rounds) => {
        const id = `po_any_${(n += 1)}`
        const answer = (change: object): StripePayout => ({ ...base, ...change, id })
        for (const round of rounds) {
          await Promise.all(round.map((change) => keepPayouts(own.deps, bench.ref, [answer(change), answer(change)])))
        }
        const all = rounds.flat()
        const rank = ['pending', 'in_transit', 'paid', 'failed']
        const furthest = Math.max(...all.map(({ status }) => rank.indexOf(status)))
        const shown = await bench.payout(id)
        expect(shown.status).toBe(rank[furthest])
        expect(shown.trace_id).toBe(all.some(({ traceId }) => traceId) ? 'TRACE-1' : null)
        const of = async (type: string) =>
          (await bench.events(type)).filter(({ external_id }) => external_id === id).length
        expect([await of('payout.created'), await of('payout.failed')]).toEqual([1, furthest === 3 ? 1 : 0])
      },
    ),
    { numRuns: 20 },
  )
})
