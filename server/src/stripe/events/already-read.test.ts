import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Connected, createEventsBench, type EventsBench } from '../../../test/setup/factories-stripe-events.ts'

let bench: EventsBench
let account: Connected

/** By the database's clock, which no test turns, before the events come. */
const HAPPENED = new Date(Date.now() - 7_200_000).toISOString()

beforeAll(async () => {
  bench = await createEventsBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  bench.clock.set(HAPPENED)
  bench.read.length = 0
  bench.feed = {}
  account = await bench.connect(await bench.app.tenant())
})

/** A charge of the account, read so many minutes after the events. */
const charge = (id: string, minutes: number, more: { status?: string; ledgerRow?: string | null } = {}) =>
  bench.sql(
    account,
    `insert into stripe_charges (tenant_id, connection_id, external_id, payment_intent_id, balance_transaction_id, amount_minor,
       captured_minor, refunded_minor, currency, status, captured, disputed, occurred_at, read_at)
     values (:tenant, :connection, '${id}', 'pi_1', ${more.ledgerRow ? `'${more.ledgerRow}'` : 'null'}, 1000, 1000, 0, 'EUR',
       '${more.status ?? 'succeeded'}', true, false, '${HAPPENED}', '${HAPPENED}'::timestamptz + interval '${minutes} minutes')`,
  )
const returned = (id: string, minutes: number) =>
  bench.sql(
    account,
    `insert into stripe_returns (tenant_id, connection_id, external_id, kind, charge_id, amount_minor, currency, status, final, occurred_at, read_at)
     values (:tenant, :connection, '${id}', 'refund', 'ch_0', 1000, 'EUR', 'succeeded', true, '${HAPPENED}',
       '${HAPPENED}'::timestamptz + interval '${minutes} minutes')`,
  )
/** What is read for an event of this type about this object. */
const readFor = async (type: string, id: string): Promise<string[]> => {
  await bench.deliver(account.event({ type, data: { object: { id } } }))
  await bench.work(account)
  expect((await bench.events(account)).map((row) => row.state)).toEqual(['done'])
  return bench.read
}

it.each(['charge.succeeded', 'charge.refunded'])(
  '%s of a charge that was read since is not read again',
  async (type) => {
    await charge('ch_1', 6)
    expect(await readFor(type, 'ch_1')).toEqual([])
  },
)

it('a charge that was read before, or within the minutes that clocks may differ, is read again', async () => {
  await charge('ch_1', 4)
  expect(await readFor('charge.updated', 'ch_1')).toEqual(['ch_1'])
})

it('a charge whose row of the ledger is not known is read again, with the row', async () => {
  await charge('ch_1', 6, { ledgerRow: 'txn_1' })
  expect(await readFor('charge.updated', 'ch_1')).toEqual(['ch_1'])
})

it('an intent whose purchase was read since is not read again', async () => {
  await charge('ch_1', 6)
  expect(await readFor('payment_intent.succeeded', 'pi_1')).toEqual([])
})

it('an intent of which only a failed attempt is known is read again', async () => {
  await charge('ch_1', 6, { status: 'failed' })
  const asked: string[] = []
  bench.feed.findChargeOf = (id) => {
    asked.push(id)
    return Promise.resolve(undefined)
  }
  await readFor('payment_intent.succeeded', 'pi_1')
  expect(asked).toEqual(['pi_1'])
})

it('a refund that was read since is not read again, another one is', async () => {
  await returned('re_1', 6)
  expect(await readFor('refund.updated', 're_1')).toEqual([])
  account = await bench.connect(await bench.app.tenant())
  expect(await readFor('refund.updated', 're_1')).toEqual(['refund re_1'])
})

it('a payout is read again: it says more than its row of the ledger', async () => {
  await charge('po_1', 6)
  expect(await readFor('payout.paid', 'po_1')).toEqual(['po_1'])
})

it('a reading that began after the event came answers it, whatever the clocks say', async () => {
  await bench.deliver(account.event({ type: 'charge.updated', data: { object: { id: 'ch_1' } } }))
  await charge('ch_1', 0)
  await bench.sql(account, "update stripe_charges set read_at = now() + interval '1 second' where tenant_id = :tenant")
  await bench.work(account)
  expect(bench.read).toEqual([])
})

it('what came with the charge is answered by the reading of the charge', async () => {
  const asked: string[] = []
  bench.feed.findChargeOf = (id) => {
    asked.push(id)
    return Promise.resolve(undefined)
  }
  bench.onRead = async () => {
    await charge('ch_1', 0)
    await bench.sql(
      account,
      "update stripe_charges set read_at = now() + interval '1 second' where tenant_id = :tenant",
    )
  }
  for (const [type, id] of [
    ['payment_intent.succeeded', 'pi_1'],
    ['charge.succeeded', 'ch_1'],
  ])
    await bench.deliver(account.event({ type, data: { object: { id } } }))
  // Others between them, so that both are not begun at once.
  for (let n = 0; n < 8; n++)
    await bench.deliver(account.event({ type: 'payout.paid', data: { object: { id: `po_${n}` } } }))
  await bench.work(account)
  expect([asked, bench.read.filter((one) => one === 'ch_1')]).toEqual([[], ['ch_1']])
})
