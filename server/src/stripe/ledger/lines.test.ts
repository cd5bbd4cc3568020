import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { idOf, uuidOf } from '../../base/ids.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import { refreshCharge, refreshReturn, settleLate, walkCharges, walkLedger } from './index.ts'

let bench: LedgerBench
let own: Connected
beforeAll(async () => {
  bench = await createLedgerBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  own = await bench.connect()
})

const walk = () => walkLedger(bench.deps, own.ref, own.stripe.feed)
const refresh = (id: string) => refreshCharge(bench.deps, own.ref, own.stripe.feed, id)
// oxlint-disable-next-line typescript/no-explicit-any -- whatever the API answers
const list = async (path: string): Promise<any[]> => (await own.tenant.call('GET', path)).body.data
const lines = (query = '') => list(`/transactions?per_page=100&sort=transaction_date${query}`)
const only = async () => {
  const found = await lines()
  expect(found).toHaveLength(1)
  return found[0]
}
const alerts = async () =>
  (await list('/alerts')).map((alert) => [alert.code, alert.subject.id, alert.closed_at === null ? 'open' : 'closed'])
const events = async () => (await list('/events?per_page=100')).map((event) => event.event_type)
/** A person, or the engine, decides that the line pays an invoice. */
const decide = (id: string, status = 'applied') =>
  bench.rows('update transactions set match_status = $2 where id = $1', [uuidOf(id), status])

describe('a charge', () => {
  it('is one line of money, on the connection it came by', async () => {
    const charge = own.stripe.charge({
      amountMinor: 12_100n,
      metadata: { invoice_id: '1001' },
      description: 'Northbyte Invoice #1001',
      descriptor: 'NORTHBYTE',
    })
    await walk()
    const line = await only()
    expect(line).toMatchObject({
      transaction_id: charge.id,
      bank_id: own.ref.id,
      bank_name: 'Stripe',
      account_id: own.ref.id,
      account_name: 'Northbyte (EUR)',
      amount: 121,
      currency: 'EUR',
      direction: 'credit',
      source: 'stripe',
      status: 'processed',
      match_status: 'unmatched',
      reference: 'Invoice 1001',
      description: 'Northbyte Invoice #1001 · NORTHBYTE · alma@berg.example',
      counterparty: { name: 'Alma Berg', iban_last4: null },
      note: null,
    })
    expect((await own.tenant.call('GET', `/transactions/${line.id}`)).body).toEqual(line)
    expect((await list('/events?event_type=transaction.created'))[0].data).toEqual(line)
    const aliases = await bench.rows(
      "select value from transaction_aliases where transaction_id = $1 and kind = 'stripe' order by value",
      [uuidOf(line.id)],
    )
    expect(aliases).toEqual([
      { value: charge.id },
      { value: charge.paymentIntentId },
      { value: charge.balanceTransactionId },
    ])
    const jobs = await bench.rows("select 1 from pgboss.job where name = $1 and data->>'tenantId' = $2", [
      MATCH_JOB,
      own.tenant.id,
    ])
    expect(jobs).toHaveLength(1)
  })

  it('is found by the id of its connection, and stands on no bank account', async () => {
    own.stripe.charge()
    await walk()
    for (const query of [`&bank_id=${own.ref.id}`, `&account_id=${own.ref.id}`, '&source=stripe'])
      expect(await lines(query)).toHaveLength(1)
    const other = await bench.connect({ tenant: own.tenant })
    for (const query of [`&bank_id=${other.ref.id}`, `&account_id=${other.ref.id}`])
      expect(await lines(query)).toEqual([])
    expect(await list('/bank-accounts')).toEqual([])
  })

  it('cannot be posted', async () => {
    own.stripe.charge()
    await walk()
    const body = { amount: 1, currency: 'EUR', transaction_date: '2026-10-01' }
    const [account] = await bench.rows<{ id: string }>('select id from accounts where connection_id = $1', [
      uuidOf(own.ref.id),
    ])
    expect(await own.tenant.call('POST', '/transactions', { ...body, account_id: own.ref.id })).toMatchObject({
      status: 422,
      body: { error: { details: [{ field: 'account_id' }] } },
    })
    expect(
      await own.tenant.call('POST', '/transactions', { ...body, account_id: idOf('acc', account!.id) }),
    ).toMatchObject({ status: 422 })
  })

  it('that is pending is announced, and becomes booked or set aside', async () => {
    const [good, bad] = [0, 1].map(() => own.stripe.charge({ status: 'pending', method: 'sepa_debit' }))
    await walk()
    expect((await lines()).map((line) => line.status)).toEqual(['pending', 'pending'])
    own.stripe.succeed(good!.id)
    own.stripe.fail(bad!.id)
    await refresh(good!.id)
    await walk()
    expect(await lines()).toMatchObject([
      { status: 'processed', note: null },
      { status: 'ignored', note: 'Stripe: the payment failed (Insufficient funds).' },
    ])
    expect(
      await own.tenant.call('PATCH', `/transactions/${(await lines())[1].id}`, { status: 'processed' }),
    ).toMatchObject({ status: 409 })
  })

  it('that failed after it was booked brings the row that took it back, also read by itself', async () => {
    const charge = own.stripe.charge({ status: 'pending', method: 'sepa_debit' })
    own.stripe.succeed(charge.id)
    await refresh(charge.id)
    own.stripe.fail(charge.id)
    await refresh(charge.id)
    expect(
      await bench.rows(
        'select category, net_minor::text from stripe_ledger where connection_id = $1 order by external_id',
        [uuidOf(own.ref.id)],
      ),
    ).toMatchObject([{ category: 'charge' }, { category: 'charge_failure', net_minor: String(-charge.amountMinor) }])
    expect(await only()).toMatchObject({ status: 'ignored' })
  })

  it('that failed at once is no money', async () => {
    const charge = own.stripe.charge({ status: 'failed', captured: false, failure: 'Declined' })
    await refresh(charge.id)
    await walkCharges(bench.deps, own.ref, own.stripe.feed)
    expect(await lines()).toEqual([])
    expect(
      await bench.rows('select status, failure from stripe_charges where external_id = $1 and connection_id = $2', [
        charge.id,
        uuidOf(own.ref.id),
      ]),
    ).toEqual([{ status: 'failed', failure: 'Declined' }])
  })

  it('that is authorised is announced; what is captured counts, and the rest is no refund', async () => {
    const charge = own.stripe.charge({ captured: false, amountMinor: 10_000n })
    await walkCharges(bench.deps, own.ref, own.stripe.feed)
    expect(await only()).toMatchObject({ status: 'pending', amount: 100 })
    own.stripe.succeed(charge.id, 6_000n)
    await walk()
    expect(await only()).toMatchObject({ status: 'processed', amount: 60, match_status: 'unmatched', note: null })
  })

  it('whose authorisation lapsed is set aside', async () => {
    const charge = own.stripe.charge({ captured: false })
    await refresh(charge.id)
    own.stripe.lapse(charge.id)
    await refresh(charge.id)
    expect(await only()).toMatchObject({
      status: 'ignored',
      note: 'Stripe: the authorisation lapsed or was cancelled. No money was taken.',
    })
  })

  it('may learn its row of the ledger later', async () => {
    const charge = own.stripe.charge()
    const row = own.stripe.ledger.pop()!
    charge.balanceTransactionId = null
    await refresh(charge.id)
    expect(await only()).toMatchObject({ status: 'processed', value_date: null })
    own.stripe.ledger.push(row)
    charge.balanceTransactionId = row.id
    await walk()
    const line = await only()
    expect(line).toMatchObject({ status: 'processed', value_date: `${row.availableOn}T00:00:00Z` })
    const aliases = await bench.rows('select 1 from transaction_aliases where transaction_id = $1 and value = $2', [
      uuidOf(line.id),
      row.id,
    ])
    expect(aliases).toHaveLength(1)
  })

  it('of another currency stands in that currency, whatever it settled in', async () => {
    const charge = own.stripe.charge({ amountMinor: 5_120n, currency: 'BHD' })
    Object.assign(own.stripe.ledger[0]!, {
      currency: 'EUR',
      amountMinor: 1_250n,
      netMinor: 1_225n,
      exchangeRate: '2.44',
    })
    own.stripe.charge({ amountMinor: 500n, currency: 'JPY' })
    await walk()
    expect((await lines()).map((line) => [line.amount, line.currency, line.account_name])).toEqual([
      [5.12, 'BHD', 'Northbyte (BHD)'],
      [500, 'JPY', 'Northbyte (JPY)'],
    ])
    expect(charge.balanceTransactionId).not.toBeNull()
  })

  it('set aside by a person stays so, with their note', async () => {
    const charge = own.stripe.charge()
    await walk()
    const line = await only()
    await own.tenant.call('PATCH', `/transactions/${line.id}`, { status: 'ignored', note: 'A test of ours' })
    charge.description = 'Changed later'
    await refresh(charge.id)
    expect(await only()).toMatchObject({
      status: 'ignored',
      note: 'A test of ours',
      description: 'Changed later · alma@berg.example',
    })
  })

  it('that did not come with its row of the ledger is read by itself', async () => {
    const charge = own.stripe.charge({ amountMinor: 700n })
    const { listLedger } = own.stripe.feed
    own.stripe.feed.listLedger = async (cursor, filter) => {
      const page = await listLedger(cursor, filter)
      return { ...page, rows: page.rows.map((row) => ({ ...row, chargeId: null, source: {} })) }
    }
    await walk()
    expect(await only()).toMatchObject({ transaction_id: charge.id, amount: 7, status: 'processed' })
    own.stripe.charges.delete(own.stripe.charge().id)
    expect(await walk()).toEqual({ rows: 1, done: true })
  })

  it('read again without news says nothing', async () => {
    const charge = own.stripe.charge()
    await walk()
    await refresh(charge.id)
    await walkCharges(bench.deps, own.ref, own.stripe.feed)
    expect(await events()).toEqual(['transaction.created'])
  })
})

describe('what contradicts a decision', () => {
  it('an amount that moves is told, changes nothing, and counts when the decision is taken back', async () => {
    const charge = own.stripe.charge({ amountMinor: 10_000n })
    await walk()
    const line = await only()
    await decide(line.id)
    charge.capturedMinor = 9_000n
    await refresh(charge.id)
    await refresh(charge.id)
    expect(await only()).toMatchObject({ amount: 100, match_status: 'applied' })
    expect(await alerts()).toEqual([['stripe_payment_changed', line.id, 'open']])
    await settleLate(bench.deps, own.ref)
    expect(await only()).toMatchObject({ amount: 100 })
    await decide(line.id, 'unmatched')
    await settleLate(bench.deps, own.ref)
    expect(await only()).toMatchObject({ amount: 90, status: 'processed' })
    expect(await alerts()).toEqual([['stripe_payment_changed', line.id, 'closed']])
  })

  it('a payment that failed after all is told; its line follows when the decision is taken back', async () => {
    const charge = own.stripe.charge({ method: 'sepa_debit' })
    await walk()
    const line = await only()
    await decide(line.id)
    own.stripe.fail(charge.id)
    await walk()
    expect(await only()).toMatchObject({ status: 'processed', match_status: 'applied' })
    expect(await alerts()).toEqual([['stripe_payment_changed', line.id, 'open']])
    await decide(line.id, 'unmatched')
    await settleLate(bench.deps, own.ref)
    expect(await only()).toMatchObject({ status: 'ignored' })
  })
})

describe('money that goes back', () => {
  const debit = async () => (await lines('&direction=debit'))[0]
  const credit = async () => (await lines('&direction=credit'))[0]

  it('is a line of its own; of a charge that pays an invoice people are told, once', async () => {
    const charge = own.stripe.charge({ amountMinor: 10_000n, metadata: { invoice_id: '7' } })
    await walk()
    await decide((await only()).id)
    const refund = own.stripe.refund(charge.id, 2_000n, { reason: 'requested_by_customer' })
    await walk()
    await refreshReturn(bench.deps, own.ref, own.stripe.feed, 'refund', refund.id)
    expect(await debit()).toMatchObject({
      transaction_id: refund.id,
      amount: 20,
      status: 'processed',
      reference: 'Invoice 7',
      description: `Refund of ${charge.id} (requested_by_customer)`,
    })
    expect(await credit()).toMatchObject({ note: 'Stripe: 20.00 EUR of it went back.', amount: 100 })
    expect(await alerts()).toEqual([['stripe_payment_returned', (await debit()).id, 'open']])
    expect((await list('/alerts'))[0].message).toContain(`transaction_id=${(await credit()).id}`)
  })

  it('and comes back, since the refund failed, needs nobody any more', async () => {
    const charge = own.stripe.charge()
    await walk()
    await decide((await only()).id)
    const refund = own.stripe.refund(charge.id, 2_000n)
    await walk()
    own.stripe.failRefund(refund.id)
    await walk()
    expect(await debit()).toMatchObject({
      status: 'ignored',
      note: 'Stripe: the refund failed, and the money came back.',
    })
    expect(await credit()).toMatchObject({ note: null })
    expect(await alerts()).toEqual([['stripe_payment_returned', (await debit()).id, 'closed']])
    await refresh(charge.id)
    expect(await alerts()).toHaveLength(1)
  })

  it('in full before anything was decided takes the charge out of matching, until it is back', async () => {
    const charge = own.stripe.charge({ amountMinor: 3_000n })
    const first = own.stripe.refund(charge.id, 1_000n)
    own.stripe.refund(charge.id, 2_000n)
    await walk()
    expect(await credit()).toMatchObject({ status: 'ignored', note: 'Stripe: all of it was refunded or disputed.' })
    expect(await alerts()).toEqual([])
    own.stripe.failRefund(first.id)
    await walk()
    expect(await credit()).toMatchObject({ status: 'processed', note: 'Stripe: 20.00 EUR of it went back.' })
  })

  it('by dispute is told; won, it is over; an inquiry moves nothing', async () => {
    const [disputed, asked] = [own.stripe.charge(), own.stripe.charge()]
    await walk()
    for (const line of await lines()) await decide(line.id, 'matched')
    const dispute = own.stripe.dispute(disputed.id)
    const inquiry = own.stripe.dispute(asked.id, { status: 'warning_needs_response' })
    await refreshReturn(bench.deps, own.ref, own.stripe.feed, 'dispute', inquiry.id)
    await refreshReturn(bench.deps, own.ref, own.stripe.feed, 'dispute', dispute.id)
    expect(await lines('&direction=debit')).toHaveLength(1)
    expect(await debit()).toMatchObject({
      transaction_id: dispute.id,
      description: `Dispute of ${disputed.id} (fraudulent)`,
    })
    expect(await alerts()).toEqual([['stripe_payment_returned', (await debit()).id, 'open']])
    own.stripe.win(dispute.id)
    await walk()
    expect(await debit()).toMatchObject({
      status: 'ignored',
      note: 'Stripe: the dispute was won, and the money came back.',
    })
    expect(await alerts()).toEqual([['stripe_payment_returned', (await debit()).id, 'closed']])
  })

  it('is told as well when the invoice was decided only afterwards', async () => {
    const charge = own.stripe.charge()
    own.stripe.refund(charge.id, 100n)
    await walk()
    await decide((await credit()).id, 'matched')
    await settleLate(bench.deps, own.ref)
    await settleLate(bench.deps, own.ref)
    expect(await alerts()).toEqual([['stripe_payment_returned', (await debit()).id, 'open']])
  })

  it('of a charge from before our time is a line too', async () => {
    const charge = own.stripe.charge()
    own.stripe.ledger.length = 0
    own.stripe.refund(charge.id, 100n)
    await walk()
    expect(await only()).toMatchObject({ direction: 'debit', amount: 1 })
  })
})
