import { afterAll, beforeAll, expect, it } from 'vitest'
import { uuidOf } from '../../base/ids.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import { refreshReturn, rereadOpen, walkCharges, walkLedger } from './index.ts'

let bench: LedgerBench
beforeAll(async () => {
  bench = await createLedgerBench()
})
afterAll(() => bench.stop())

const reread = ({ ref, stripe }: Connected, limit?: number) =>
  rereadOpen(bench.deps, ref, stripe.feed, limit === undefined ? {} : { limit })
/** A day goes by without a reading. */
const aDayLater = (own: Connected) =>
  Promise.all(
    ['stripe_charges', 'stripe_returns'].map((table) =>
      bench.rows(`update ${table} set read_at = read_at - interval '1 day' where connection_id = $1`, [
        uuidOf(own.ref.id),
      ]),
    ),
  )
const named = (own: Connected, name: string) => own.stripe.calls.filter((call) => call === name).length

it('reads again what can still change, once a day, and leaves alone what has ended', async () => {
  const own = await bench.connect()
  const debit = own.stripe.charge({ status: 'pending', method: 'sepa_debit' })
  const authorised = own.stripe.charge({ captured: false })
  const paid = own.stripe.charge()
  const lapsed = own.stripe.charge({ captured: false })
  own.stripe.lapse(lapsed.id)
  const dispute = own.stripe.dispute(paid.id)
  await walkLedger(bench.deps, own.ref, own.stripe.feed)
  await walkCharges(bench.deps, own.ref, own.stripe.feed)
  await refreshReturn(bench.deps, own.ref, own.stripe.feed, 'dispute', dispute.id)
  own.stripe.calls.length = 0
  await reread(own)
  expect([named(own, 'getCharge'), named(own, 'getDispute')]).toEqual([0, 0])

  await aDayLater(own)
  own.stripe.succeed(debit.id)
  own.stripe.lapse(authorised.id)
  dispute.status = 'lost'
  dispute.final = true
  await reread(own)
  expect(named(own, 'getCharge')).toBe(2)
  const lines = (await own.tenant.call('GET', '/transactions?direction=credit&sort=transaction_date')).body.data
  expect(lines.map((line: { status: string }) => line.status)).toEqual(['processed', 'ignored', 'ignored', 'ignored'])
  await aDayLater(own)
  own.stripe.calls.length = 0
  await reread(own)
  expect(own.stripe.calls).toEqual(['listLedger'])
})

it('finds rows that slipped in below the cursor, and money that became available', async () => {
  const own = await bench.connect()
  own.stripe.now = new Date(Date.now() - 3_600_000)
  own.stripe.charge()
  own.stripe.charge()
  await walkLedger(bench.deps, own.ref, own.stripe.feed)
  own.stripe.ledger[0]!.status = 'available'
  own.stripe.charge()
  own.stripe.ledger.unshift(own.stripe.ledger.pop()!)
  expect(await walkLedger(bench.deps, own.ref, own.stripe.feed)).toEqual({ rows: 0, done: true })
  await reread(own)
  expect(
    await bench.rows('select status from stripe_ledger where connection_id = $1 order by status', [uuidOf(own.ref.id)]),
  ).toEqual([{ status: 'available' }, { status: 'pending' }, { status: 'pending' }])
})

it('reads so many at most, the longest unread first; what is gone at Stripe stops nothing', async () => {
  const own = await bench.connect()
  const some = [1, 2, 3].map(() => own.stripe.charge({ captured: false }))
  await walkCharges(bench.deps, own.ref, own.stripe.feed)
  await aDayLater(own)
  own.stripe.charges.delete(some[0]!.id)
  await reread(own, 2)
  await reread(own, 2)
  expect(named(own, 'getCharge')).toBeGreaterThanOrEqual(3)
  const [left] = await bench.rows<{ n: number }>(
    "select count(*)::int as n from stripe_charges where connection_id = $1 and read_at < now() - interval '20 hours'",
    [uuidOf(own.ref.id)],
  )
  expect(left).toEqual({ n: 1 })
})
