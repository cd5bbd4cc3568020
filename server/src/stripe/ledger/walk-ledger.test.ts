import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { uuidOf } from '../../base/ids.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { withOwner } from '../../database/transaction.ts'
import { analyzeSmallTables, walkCharges, walkLedger } from './index.ts'

let bench: LedgerBench
let own: Connected
beforeAll(async () => {
  bench = await createLedgerBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  own = await bench.connect({ pageSize: 3 })
})

const walk = (pagesMax?: number) =>
  walkLedger(bench.deps, own.ref, own.stripe.feed, pagesMax === undefined ? {} : { pagesMax })
const stored = async () =>
  (
    await bench.rows<{ external_id: string }>(
      'select external_id from stripe_ledger where connection_id = $1 order by external_id',
      [uuidOf(own.ref.id)],
    )
  ).map((row) => row.external_id)
const atStripe = () => own.stripe.ledger.map((row) => row.id).toSorted()
const lines = async () => (await own.tenant.call('GET', '/transactions?per_page=100')).body.data
const charges = (many: number) => Array.from({ length: many }, () => own.stripe.charge())

describe('a first walk', () => {
  it('goes down from the newest row to thirty days ago, and no further', async () => {
    own.stripe.now = new Date(Date.now() - 31 * 86_400_000)
    own.stripe.charge()
    own.stripe.now = new Date(Date.now() - 29 * 86_400_000)
    const inside = charges(7)
    expect(await walk()).toEqual({ rows: 7, done: true })
    expect((await lines()).map((line: { transaction_id: string }) => line.transaction_id).toSorted()).toEqual(
      inside.map((charge) => charge.id).toSorted(),
    )
  })

  it('goes back as many days as was asked for when the account was connected', async () => {
    await bench.rows('update stripe_connections set backfill_days = 90 where id = $1', [uuidOf(own.ref.id)])
    for (const daysAgo of [91, 89, 31]) {
      own.stripe.now = new Date(Date.now() - daysAgo * 86_400_000)
      own.stripe.charge()
    }
    expect(await walk()).toEqual({ rows: 2, done: true })
  })

  it('takes in what came while it went down', async () => {
    charges(7)
    own.stripe.beforeCall = (_, count) => {
      if (count === 2) own.stripe.charge()
    }
    await walk()
    expect(await stored()).toEqual(atStripe())
  })

  it('of an empty account finds nothing, and later what came since', async () => {
    expect(await walk()).toEqual({ rows: 0, done: true })
    charges(4)
    expect(await walk()).toEqual({ rows: 4, done: true })
    expect(await walk()).toEqual({ rows: 0, done: true })
  })

  it('reads so many pages at most, and the next one goes on from there', async () => {
    charges(10)
    expect(await walk(2)).toEqual({ rows: 6, done: false })
    own.stripe.charge()
    expect(await walk(1)).toEqual({ rows: 3, done: false })
    expect(await walk(1)).toEqual({ rows: 1, done: false })
    expect(await walk(1)).toEqual({ rows: 1, done: true })
    expect(await stored()).toEqual(atStripe())
  })
})

describe('a long walk', () => {
  it('has the tables looked at anew while they fill, and goes on where that is refused', async () => {
    own = await bench.connect({ pageSize: 1 })
    charges(20)
    let asked = 0
    const statistics = async () => {
      if ((asked += 1) === 2) throw new Error('must be owner of table')
      await withOwner(bench.app.database.pool, analyzeSmallTables)
    }
    expect(await walkLedger(bench.deps, own.ref, own.stripe.feed, { statistics })).toEqual({ rows: 20, done: true })
    expect(asked).toBe(2)
    const [known] = await bench.rows<{ rows: number }>(
      "select reltuples as rows from pg_class where relname = 'stripe_ledger'",
    )
    expect(known!.rows).toBeGreaterThan(0)
  })

  it('of charges goes on where its page cap ended it, or anew where Stripe has forgotten the place', async () => {
    own.stripe.charge({ captured: false })
    const authorised = Array.from({ length: 7 }, () => own.stripe.charge({ captured: false }))
    const walkOnce = () => walkCharges(bench.deps, own.ref, own.stripe.feed, { pagesMax: 1 })
    expect(await walkOnce()).toEqual({ rows: 3, done: false })
    expect(await walkOnce()).toEqual({ rows: 3, done: false })
    own.stripe.charges.delete(authorised[1]!.id)
    own.stripe.charges.delete(authorised[2]!.id)
    expect(await walkCharges(bench.deps, own.ref, own.stripe.feed)).toEqual({ rows: 2, done: true })
    own.stripe.calls.length = 0
    expect(await walkCharges(bench.deps, own.ref, own.stripe.feed)).toMatchObject({ rows: 0, done: true })
    expect((await lines()).map((line: { status: string }) => line.status)).toEqual(Array(8).fill('pending'))
  })
})

describe('a later walk', () => {
  it('goes up from where the last one ended, a call for each page', async () => {
    charges(5)
    await walk()
    charges(5)
    own.stripe.calls.length = 0
    expect(await walk()).toEqual({ rows: 5, done: true })
    expect(own.stripe.calls).toEqual(['listLedger', 'listLedger'])
    expect(await stored()).toEqual(atStripe())
  })

  it('after a crash between two pages repeats what was not kept', async () => {
    charges(4)
    await walk()
    charges(8)
    own.stripe.beforeCall = (_, count) => {
      if (count === 5) throw new StripeFeedError('later', 'timeout', 'Stripe did not answer.')
    }
    await expect(walk()).rejects.toMatchObject({ fault: 'later' })
    own.stripe.beforeCall = undefined
    await walk()
    expect(await stored()).toEqual(atStripe())
    expect(await lines()).toHaveLength(12)
  })

  it('goes over the last two days again where Stripe does not know the cursor any more', async () => {
    const [first] = charges(4)
    await walk()
    own.stripe.ledger = own.stripe.ledger.filter((row) => row.sourceId === first!.id)
    charges(5)
    expect(await walk()).toEqual({ rows: 5, done: true })
    expect(await walk()).toEqual({ rows: 0, done: true })
  })

  it('ends where Stripe gives the same page again and again', async () => {
    charges(4)
    await walk()
    charges(2)
    const { listLedger } = own.stripe.feed
    own.stripe.feed.listLedger = async (cursor, filter) => ({ ...(await listLedger(cursor, filter)), more: true })
    await expect(walk()).rejects.toMatchObject({ fault: 'unreadable', reason: 'ledger_loop' })
    expect(await stored()).toEqual(atStripe())
  })

  it('two at once read the same and keep it once', async () => {
    charges(10)
    await Promise.all([walk(), walk()])
    await walk()
    expect(await stored()).toEqual(atStripe())
    expect(await lines()).toHaveLength(10)
  })
})

describe('what cannot be kept as it is', () => {
  const alerts = async () =>
    (await own.tenant.call('GET', '/alerts')).body.data.map((alert: { code: string; message: string }) => alert)

  it('objects that could not be read are told', async () => {
    charges(2)
    const { listLedger } = own.stripe.feed
    own.stripe.feed.listLedger = async (cursor, filter) => ({
      ...(await listLedger(cursor, filter)),
      rejected: ['txn_9 has half a króna'],
    })
    await walk()
    expect(await alerts()).toMatchObject([
      { code: 'stripe_rows_unreadable', message: expect.stringContaining('txn_9 has half a króna') },
    ])
  })

  it('amounts that move in the ledger are told, and stay as they were', async () => {
    charges(1)
    await walk()
    const before = await bench.rows('select amount_minor from stripe_ledger where connection_id = $1', [
      uuidOf(own.ref.id),
    ])
    own.stripe.ledger[0]!.amountMinor = 1n
    own.stripe.ledger[0]!.status = 'available'
    await bench.rows('update stripe_connections set ledger_cursor = null where id = $1', [uuidOf(own.ref.id)])
    await walk()
    expect(
      await bench.rows('select amount_minor, status from stripe_ledger where connection_id = $1', [uuidOf(own.ref.id)]),
    ).toEqual([{ ...before[0], status: 'available' }])
    expect(await alerts()).toMatchObject([{ code: 'stripe_ledger_changed' }])
  })

  it('live money is never kept for a connection in test mode', async () => {
    charges(1)
    await bench.rows('update stripe_connections set livemode = false where id = $1', [uuidOf(own.ref.id)])
    await expect(walk()).rejects.toMatchObject({ fault: 'unreadable', reason: 'wrong_mode' })
    expect(await stored()).toEqual([])
  })

  it('a disconnected account is not read', async () => {
    charges(1)
    await bench.rows("update stripe_connections set status = 'disconnected' where id = $1", [uuidOf(own.ref.id)])
    expect(await walk()).toEqual({ rows: 0, done: true })
    expect(own.stripe.calls).toEqual([])
  })
})
