import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { uuidOf } from '../../base/ids.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import { StripeFeedError, type Surroundings } from '../stripe-feed.ts'
import { lookAroundNameless, refreshCharge, walkLedger } from './index.ts'

let bench: LedgerBench
let own: Connected
beforeAll(async () => {
  bench = await createLedgerBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  own = await bench.connect()
})

const session: Surroundings = {
  paymentIntentMetadata: {},
  paymentIntentDescription: '',
  sessions: [{ id: 'cs_1', metadata: { invoice_id: '1001' }, clientReferenceId: null }],
  customerMetadata: {},
  customerEmail: 'pay@berg.example',
  customerName: 'Berg Ltd',
}
const walk = () => walkLedger(bench.deps, own.ref, own.stripe.feed)
const around = (limit = 10) => lookAroundNameless(bench.deps, own.ref, own.stripe.feed, limit)
const refresh = (id: string, again = false) => refreshCharge(bench.deps, own.ref, own.stripe.feed, id, { again })
const calls = () => own.stripe.calls.filter((name) => name === 'lookAround').length
const lines = async () => (await own.tenant.call('GET', '/transactions?per_page=100&sort=transaction_date')).body.data

it('a charge that names no invoice is looked around once, and what is found there stays', async () => {
  const charge = own.stripe.charge({ payerName: '', payerEmail: '' })
  own.stripe.around.set(charge.id, session)
  await walk()
  expect((await lines())[0]).toMatchObject({ reference: '', counterparty: { name: '' } })
  expect(await around()).toBe(1)
  expect(await around()).toBe(0)
  await refresh(charge.id)
  expect((await lines())[0]).toMatchObject({
    reference: 'Invoice 1001',
    description: 'pay@berg.example',
    counterparty: { name: 'Berg Ltd' },
  })
  expect(calls()).toBe(1)
  const [line] = await lines()
  expect(
    await bench.rows("select 1 from transaction_aliases where transaction_id = $1 and value = 'cs_1'", [
      uuidOf(line.id),
    ]),
  ).toHaveLength(1)
})

it('one that names an invoice, is decided, set aside or failed is not; the newest come first', async () => {
  own.stripe.charge({ metadata: { invoice_id: '1' } })
  own.stripe.charge({ description: 'Invoice #2' })
  const [decided, aside, older, newer] = [1, 2, 3, 4].map(() => own.stripe.charge())
  await walk()
  const idOf = async (id: string): Promise<string> =>
    (await lines()).find((line: { transaction_id: string }) => line.transaction_id === id).id
  await bench.rows("update transactions set match_status = 'matched' where id = $1", [uuidOf(await idOf(decided!.id))])
  await own.tenant.call('PATCH', `/transactions/${await idOf(aside!.id)}`, { status: 'ignored' })
  own.stripe.around.set(newer!.id, session)
  own.stripe.around.set(older!.id, session)
  expect(await around(1)).toBe(1)
  expect((await lines()).at(-1)).toMatchObject({ transaction_id: newer!.id, reference: 'Invoice 1001' })
  expect(await around()).toBe(1)
  expect(calls()).toBe(2)
})

it('an event about a charge looks at once; about its checkout session, again', async () => {
  const charge = own.stripe.charge()
  await refresh(charge.id)
  own.stripe.around.set(charge.id, session)
  await refresh(charge.id)
  expect((await lines())[0].reference).toBe('')
  await refresh(charge.id, true)
  expect((await lines())[0].reference).toBe('Invoice 1001')
  expect(calls()).toBe(2)
})

it('what Stripe does not show there is nothing; while Stripe is away it is asked later', async () => {
  const charge = own.stripe.charge()
  await walk()
  const refuse = (fault: 'later' | 'permission') => {
    own.stripe.beforeCall = (name) => {
      if (name === 'lookAround') throw new StripeFeedError(fault, fault, 'No.')
    }
  }
  refuse('later')
  await expect(around()).rejects.toMatchObject({ fault: 'later' })
  refuse('permission')
  expect(await around()).toBe(1)
  expect(await around()).toBe(0)
  expect((await lines())[0]).toMatchObject({ transaction_id: charge.id, reference: '' })
})
