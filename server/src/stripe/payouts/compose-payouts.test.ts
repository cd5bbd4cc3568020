import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createPayoutApp, NOW, type PayoutApp, type PayoutBench } from '../../../test/setup/factories-payouts.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { composePayouts } from './compose-payouts.ts'
import { readPayouts } from './read-payouts.ts'

let own: PayoutApp
beforeAll(async () => {
  own = await createPayoutApp()
})
afterEach(() => own.clock.set(NOW))
afterAll(() => own.app.stop())

const sync = async (bench: PayoutBench, { walk = true } = {}): Promise<void> => {
  if (walk) await bench.walk()
  await readPayouts(own.deps, bench.ref, bench.stripe.feed)
  await composePayouts(own.deps, bench.ref, bench.stripe.feed)
}

/** The worked example of the reference, 3.3. */
function example({ stripe }: PayoutBench) {
  const items = [
    stripe.row({ amountMinor: 12_100n, feeMinor: 206n, sourceId: 'ch_1', chargeId: 'ch_1' }),
    stripe.row({
      type: 'payment',
      category: 'charge',
      amountMinor: 5_000n,
      feeMinor: 35n,
      sourceId: 'py_2',
      chargeId: 'py_2',
    }),
    stripe.row({ type: 'refund', amountMinor: -2_000n, sourceId: 're_1', chargeId: 'ch_0' }),
    stripe.row({ type: 'adjustment', category: 'dispute', amountMinor: -3_000n, feeMinor: 2_000n, sourceId: 'du_1' }),
    stripe.row({ type: 'stripe_fee', category: 'fee', amountMinor: -14n }),
    stripe.row({ type: 'payout_minimum_balance_hold', category: 'x', amountMinor: -1_000n }),
  ]
  return { items, payout: stripe.pay({ amountMinor: 8_845n, items }) }
}

describe('payouts of the schedule', () => {
  it('are explained to the cent by what Stripe lists', async () => {
    const bench = await own.bench()
    const { payout } = example(bench)
    // What the walk has not brought yet, the list brings.
    await sync(bench, { walk: false })
    const shown = await bench.payout(payout.id)
    expect(shown).toMatchObject({
      amount: 88.45,
      automatic: true,
      items_count: 6,
      items_truncated: false,
      explained: {
        complete: true,
        items_total: 110.86,
        fees_total: 22.41,
        difference: 0,
        composition: 'itemised',
        note: null,
      },
    })
    expect(
      shown.items.map(({ type, category, amount, fee, net }: Record<string, unknown>) => [
        type,
        category,
        amount,
        fee,
        net,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['charge', 'charge', 121, 2.06, 118.94],
        ['payment', 'charge', 50, 0.35, 49.65],
        ['refund', 'refund', -20, 0, -20],
        ['adjustment', 'dispute', -30, 20, -50],
        ['stripe_fee', 'fee', -0.14, 0, -0.14],
        ['payout_minimum_balance_hold', 'x', -10, 0, -10],
      ]),
    )
    expect(await bench.alerts()).toEqual([])
    const calls = bench.stripe.calls.length
    const before = await bench.traces()
    await composePayouts(own.deps, bench.ref, bench.stripe.feed)
    expect(await bench.traces()).toEqual(before)
    expect(bench.stripe.calls).toHaveLength(calls)
  })

  it('a list of many pages is read to its end', async () => {
    const bench = await own.bench()
    bench.stripe.pageSize = 7
    const items = Array.from({ length: 40 }, (_, n) =>
      bench.stripe.row({ amountMinor: 100n + BigInt(n), feeMinor: 3n }),
    )
    const amountMinor = items.reduce((sum, row) => sum + row.netMinor, 0n)
    const { id } = bench.stripe.pay({ amountMinor, items })
    await sync(bench)
    expect(await bench.payout(id)).toMatchObject({ items_count: 40, explained: { complete: true } })
  })

  it('a difference is shown and told, tried again hours later, and closed when it adds up', async () => {
    const bench = await own.bench()
    const { payout, items } = example(bench)
    const list = bench.stripe.lists.get(payout.id)!
    bench.stripe.lists.set(
      payout.id,
      list.filter((id) => id !== items[4]!.id),
    )
    await sync(bench)
    expect(await bench.payout(payout.id)).toMatchObject({
      items_count: 5,
      explained: {
        complete: false,
        items_total: 111,
        fees_total: 22.41,
        difference: -0.14,
        note: expect.stringContaining('adds up to 88.59 EUR, the payout is 88.45 EUR: -0.14 EUR are unexplained'),
      },
    })
    expect(await bench.alerts()).toMatchObject([{ code: 'payout_difference', open: true }])
    bench.stripe.lists.set(payout.id, list)
    await sync(bench)
    expect(await bench.payout(payout.id)).toMatchObject({ explained: { complete: false } })
    own.clock.advance(7 * 3_600_000)
    await sync(bench)
    expect(await bench.payout(payout.id)).toMatchObject({ items_count: 6, explained: { complete: true, note: null } })
    expect(await bench.alerts()).toMatchObject([{ code: 'payout_difference', open: false }])
  })

  it('the longer a difference stays, the more seldom the list is read again', async () => {
    const bench = await own.bench()
    bench.stripe.pay({ amountMinor: 100n, items: [] })
    const looks: number[] = []
    for (let hour = 0; hour < 24 * 70; hour += 3) {
      const before = bench.stripe.calls.length
      await composePayouts(own.deps, bench.ref, bench.stripe.feed)
      if (bench.stripe.calls.length > before) looks.push(hour)
      if (hour === 0) await sync(bench)
      own.clock.advance(3 * 3_600_000)
    }
    expect(looks.length).toBeGreaterThan(10)
    expect(looks.length).toBeLessThan(30)
    expect(looks.at(-1)).toBeLessThan(24 * 61)
  })

  it('an unfinished list is not asked for, days later believed only if it adds up, and in the end taken as it is', async () => {
    const bench = await own.bench()
    const { payout, items } = example(bench)
    bench.stripe.change(payout.id, { reconciliationStatus: 'in_progress', arrivalOn: '2026-08-16' })
    const list = bench.stripe.lists.get(payout.id)!
    bench.stripe.lists.set(
      payout.id,
      list.filter((id) => id !== items[0]!.id),
    )
    await sync(bench)
    expect(bench.stripe.calls).not.toContain('listLedger')
    own.clock.set('2026-08-19T12:00:00Z')
    await sync(bench)
    expect(await bench.payout(payout.id)).toMatchObject({
      explained: {
        complete: false,
        composition: 'open',
        difference: 88.45,
        note: expect.stringContaining('not finished'),
      },
    })
    expect(await bench.alerts()).toEqual([])
    // Whatever adds up is good enough.
    bench.stripe.lists.set(payout.id, list)
    own.clock.set('2026-08-20T12:00:00Z')
    await sync(bench)
    expect(await bench.payout(payout.id)).toMatchObject({ explained: { complete: true } })

    const late = bench.stripe.pay({ amountMinor: 5n, items: [], reconciliationStatus: 'in_progress' })
    own.clock.set('2026-09-02T12:00:00Z')
    await sync(bench)
    expect(await bench.payout(late.id)).toMatchObject({ explained: { composition: 'itemised', difference: 0.05 } })
    expect(await bench.alerts()).toMatchObject([{ code: 'payout_difference', open: true }])
  })

  it('once Stripe calls the list final, it is read at once', async () => {
    const bench = await own.bench()
    const { payout, items } = example(bench)
    bench.stripe.change(payout.id, { reconciliationStatus: 'in_progress', arrivalOn: '2026-08-13' })
    const list = bench.stripe.lists.get(payout.id)!
    bench.stripe.lists.set(payout.id, [items[0]!.id])
    await sync(bench)
    bench.stripe.lists.set(payout.id, list)
    bench.stripe.change(payout.id, { reconciliationStatus: 'completed' })
    await sync(bench)
    expect(await bench.payout(payout.id)).toMatchObject({ explained: { complete: true } })
  })

  it('an earlier payout that came back is an item of the next; its own items stay with it', async () => {
    const bench = await own.bench()
    const first = example(bench)
    const back = bench.stripe.fail(first.payout.id)
    const fresh = bench.stripe.row({ amountMinor: 1_000n, feeMinor: 50n })
    const next = bench.stripe.pay({ amountMinor: 9_795n, items: [back, fresh] })
    await sync(bench)
    expect(await bench.payout(first.payout.id)).toMatchObject({
      status: 'failed',
      items_count: 6,
      explained: { complete: true },
    })
    expect(await bench.payout(next.id)).toMatchObject({
      items_count: 2,
      explained: { complete: true, items_total: 98.45, fees_total: 0.5 },
    })
  })

  it('negative payouts and currencies of none and three decimals', async () => {
    const bench = await own.bench()
    const debit = bench.stripe.pay({
      amountMinor: -500n,
      items: [bench.stripe.row({ type: 'refund', amountMinor: -500n })],
    })
    const yen = bench.stripe.pay({
      amountMinor: 482n,
      currency: 'JPY',
      items: [bench.stripe.row({ amountMinor: 500n, feeMinor: 18n, currency: 'JPY' })],
    })
    const dinar = bench.stripe.pay({
      amountMinor: 4_990n,
      currency: 'BHD',
      items: [bench.stripe.row({ amountMinor: 5_120n, feeMinor: 130n, currency: 'BHD' })],
    })
    await sync(bench)
    expect(await bench.payout(debit.id)).toMatchObject({ amount: -5, explained: { complete: true, items_total: -5 } })
    expect(await bench.payout(yen.id)).toMatchObject({ amount: 482, explained: { complete: true, fees_total: 18 } })
    expect(await bench.payout(dinar.id)).toMatchObject({
      amount: 4.99,
      explained: { complete: true, fees_total: 0.13 },
    })
  })

  it('two lists that claim one row contradict each other: the second is not explained', async () => {
    const bench = await own.bench()
    const row = bench.stripe.row({ amountMinor: 100n })
    const one = bench.stripe.pay({ amountMinor: 100n, items: [row], occurredAt: new Date('2026-08-12T00:00:00Z') })
    const other = bench.stripe.pay({ amountMinor: 100n, items: [row] })
    await sync(bench)
    expect(await bench.payout(one.id)).toMatchObject({ items_count: 1, explained: { complete: true } })
    expect(await bench.payout(other.id)).toMatchObject({
      items_count: 0,
      explained: { complete: false, note: 'A part of its list belongs to another payout.' },
    })
  })

  it('one that Stripe does not list after all is said to be open', async () => {
    const bench = await own.bench()
    const { id } = bench.stripe.pay({ amountMinor: 100n, automatic: true, reconciliationStatus: 'completed' })
    await sync(bench)
    expect(await bench.payout(id)).toMatchObject({
      explained: { complete: false, composition: 'unexplained', note: expect.stringContaining('does not list') },
    })
  })

  it('interrupted between any two calls, and begun again, it ends in the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(12), fc.integer({ min: 1, max: 4 }), async (at, pageSize) => {
        const bench = await own.bench()
        bench.stripe.pageSize = pageSize
        const { payout } = example(bench)
        bench.stripe.beforeCall = () => {
          if (bench.stripe.calls.length === at) throw new StripeFeedError('later', 'rate_limit', 'Later')
        }
        await sync(bench, { walk: false }).catch((error: unknown) => expect(error).toMatchObject({ message: 'Later' }))
        await sync(bench, { walk: false })
        expect(await bench.payout(payout.id)).toMatchObject({ items_count: 6, explained: { complete: true } })
        expect(await bench.events('payout.created')).toHaveLength(1)
      }),
      { numRuns: 8 },
    )
  })
})

describe('payouts made by hand', () => {
  const by = (day: number, hour = 10) => new Date(Date.UTC(2026, 7, day, hour))

  it('of an account that is known from its beginning: everything that was there', async () => {
    const bench = await own.bench()
    const rows = [
      bench.stripe.row({ amountMinor: 1_000n, feeMinor: 40n, occurredAt: by(3) }),
      bench.stripe.row({ type: 'refund', amountMinor: -200n, occurredAt: by(4) }),
    ]
    const one = bench.stripe.pay({ amountMinor: 760n, occurredAt: by(5) })
    const pending = bench.stripe.row({ amountMinor: 500n, occurredAt: by(5, 9), availableOn: '2026-08-12' })
    const instant = bench.stripe.pay({ amountMinor: 495n, feeMinor: 5n, method: 'instant', occurredAt: by(6) })
    await sync(bench)
    const shown = await bench.payout(one.id)
    expect(shown).toMatchObject({
      automatic: false,
      items_count: 2,
      explained: { complete: true, composition: 'deduced', items_total: 8, fees_total: 0.4, difference: 0 },
    })
    expect(shown.items.map(({ id }: { id: string }) => id).sort()).toEqual(rows.map(({ id }) => id).sort())
    // What an instant payout costs is taken from the balance as well.
    const quick = await bench.payout(instant.id)
    expect(quick).toMatchObject({ explained: { complete: true, items_total: 5, fees_total: 0.05, difference: 0 } })
    expect(quick.items).toMatchObject([{ id: pending.id }])
    const before = await bench.traces()
    await sync(bench)
    expect(await bench.traces()).toEqual(before)
  })

  it('of an account with a past: only what came since the payout before', async () => {
    const bench = await own.bench()
    // Older than the ledger.
    bench.stripe.row({ amountMinor: 777n, occurredAt: new Date('2026-03-01T10:00:00Z') })
    bench.stripe.row({ amountMinor: 300n, occurredAt: by(1) })
    const unknown = bench.stripe.pay({ amountMinor: 1_077n, occurredAt: by(2) })
    bench.stripe.row({ amountMinor: 400n, occurredAt: by(3) })
    const next = bench.stripe.pay({ amountMinor: 400n, occurredAt: by(4) })
    const older = bench.stripe.ledger.shift()!
    await bench.walk()
    bench.stripe.ledger.unshift(older)
    await sync(bench, { walk: false })
    expect(await bench.payout(unknown.id)).toMatchObject({
      items: [],
      explained: {
        complete: false,
        composition: 'unexplained',
        difference: 10.77,
        note: expect.stringContaining('not known'),
      },
    })
    expect(await bench.payout(next.id)).toMatchObject({
      items_count: 1,
      explained: { complete: true, composition: 'deduced' },
    })
    expect(await bench.alerts()).toEqual([])
  })

  it('with two readings: none', async () => {
    const bench = await own.bench()
    for (const day of [3, 4, 5]) bench.stripe.row({ amountMinor: 100n, occurredAt: by(day) })
    const { id } = bench.stripe.pay({ amountMinor: 200n, occurredAt: by(6) })
    await sync(bench)
    expect(await bench.payout(id)).toMatchObject({
      items: [],
      explained: { complete: false, difference: 2, note: expect.stringContaining('More than one') },
    })
  })

  it('wait until the ledger is read to where it begins', async () => {
    const bench = await own.bench({ backfilled: false })
    bench.stripe.row({ amountMinor: 100n, occurredAt: by(3) })
    const { id } = bench.stripe.pay({ amountMinor: 100n, occurredAt: by(6) })
    await sync(bench)
    expect(await bench.payout(id)).toMatchObject({ explained: { composition: 'open' } })
  })

  it('what Stripe lists later wins over what was deduced', async () => {
    const bench = await own.bench()
    const row = bench.stripe.row({ amountMinor: 100n, occurredAt: by(3) })
    const hand = bench.stripe.pay({ amountMinor: 100n, occurredAt: by(4) })
    await sync(bench)
    expect(await bench.payout(hand.id)).toMatchObject({ explained: { complete: true } })
    const listed = bench.stripe.pay({ amountMinor: 100n, items: [row], occurredAt: by(5) })
    await sync(bench)
    expect(await bench.payout(listed.id)).toMatchObject({ items_count: 1, explained: { complete: true } })
    expect(await bench.payout(hand.id)).toMatchObject({ items_count: null, explained: { complete: false } })
  })
})
