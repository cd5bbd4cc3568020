import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPayoutApp, type PayoutApp, type PayoutBench } from '../../../test/setup/factories-payouts.ts'
import { newId, uuidOf } from '../../base/ids.ts'
import { composePayouts } from './compose-payouts.ts'
import { findBankLines } from './find-bank-lines.ts'
import { readPayouts } from './read-payouts.ts'

let own: PayoutApp
let bench: PayoutBench
beforeAll(async () => {
  own = await createPayoutApp()
  bench = await own.bench()
  const { stripe } = bench
  const items = [
    stripe.row({
      amountMinor: 12_100n,
      feeMinor: 206n,
      sourceId: 'ch_1',
      chargeId: 'ch_1',
      occurredAt: new Date('2026-08-10T09:00:00Z'),
    }),
    stripe.row({
      type: 'refund',
      amountMinor: -2_000n,
      sourceId: 're_1',
      chargeId: 'ch_0',
      occurredAt: new Date('2026-08-11T09:00:00Z'),
    }),
  ]
  stripe.pay({ amountMinor: 9_894n, items, id: 'po_a', descriptor: 'NORTHBYTE', destinationLast4: '3000' })
  stripe.pay({ amountMinor: 500n, id: 'po_b', status: 'pending', arrivalOn: '2026-08-20', currency: 'EUR' })
  stripe.pay({
    amountMinor: -700n,
    items: [stripe.row({ type: 'refund', amountMinor: -700n })],
    id: 'po_c',
    arrivalOn: '2026-08-14',
  })
  await bench.walk()
  await readPayouts(own.deps, bench.ref, stripe.feed)
  await composePayouts(own.deps, bench.ref, stripe.feed)
})
afterAll(() => own.app.stop())

const externals = (body: { data: { external_id: string }[] }): string[] =>
  body.data.map(({ external_id }) => external_id)
const get = async (path: string) => bench.tenant.call('GET', path)

describe('GET /payouts', () => {
  it.each([
    ['?sort=arrival_date', ['po_c', 'po_a', 'po_b']],
    ['?sort=-amount', ['po_a', 'po_b', 'po_c']],
    ['?status=pending', ['po_b']],
    ['?automatic=false', ['po_b']],
    ['?amount_max=-1', ['po_c']],
    ['?amount_min=5&sort=amount', ['po_b', 'po_a']],
    ['?arrival_date_from=2026-08-18', ['po_b']],
    ['?arrival_date=2026-08-14', ['po_c']],
    ['?composition=itemised&sort=amount', ['po_c', 'po_a']],
    ['?external_id=po_a', ['po_a']],
    ['?q=northbyte', ['po_a']],
    ['?q=3000', ['po_a']],
    ['?currency=USD', []],
  ])('200 %s', async (query, expected) => {
    const answer = await get(`/payouts${query}`)
    expect(answer.status).toBe(200)
    expect(externals(answer.body)).toEqual(expected)
  })

  it('200 by connection, walked by cursor', async () => {
    const first = await get(`/payouts?connection_id=${bench.ref.id}&per_page=2`)
    expect(first.body.pagination.total_items).toBe(3)
    const second = await get(
      `/payouts?connection_id=${bench.ref.id}&per_page=2&cursor=${first.body.pagination.next_cursor}`,
    )
    expect([...externals(first.body), ...externals(second.body)].sort()).toEqual(['po_a', 'po_b', 'po_c'])
    expect((await get(`/payouts?connection_id=${newId('strc')}`)).body.data).toEqual([])
  })

  it('200 as CSV, with the sign of amounts', async () => {
    const answer = await bench.tenant.call('GET', '/payouts?sort=amount', undefined, { accept: 'text/csv' })
    const [head, first] = String(answer.body).split('\r\n')
    expect(head).toMatch(/^id,external_id,connection_id,amount,currency,status,arrival_date,/)
    expect(first).toContain(`,po_c,${bench.ref.id},-7.00,EUR,paid,2026-08-14T00:00:00Z,true,`)
  })

  it('400 for what it does not know', async () => {
    expect((await get('/payouts?colour=red')).status).toBe(400)
    expect((await get('/payouts?composition=secret')).status).toBe(400)
  })
})

describe('GET /payouts/{id}', () => {
  it('200 with what it is made of, and the invoice of a charge', async () => {
    const tenantUuid = uuidOf(bench.tenant.id)
    const line = await bench.line({ amount: 121, text: 'the charge' })
    const invoice = await bench.tenant.call('POST', '/invoices', {
      number: 'INV-1',
      total: 121,
      currency: 'EUR',
      issued_on: '2026-08-01',
      due_on: '2026-08-15',
      client: { external_id: 'c1', name: 'Ada Marlow' },
    })
    expect(invoice.status).toBe(201)
    await own.app.database.pool.query(
      `insert into stripe_charges (tenant_id, connection_id, external_id, transaction_id, amount_minor, captured_minor, refunded_minor,
         currency, status, captured, disputed, occurred_at)
       values ($1, $2, 'ch_1', $3, 12100, 12100, 0, 'EUR', 'succeeded', true, false, now())`,
      [tenantUuid, uuidOf(bench.ref.id), uuidOf(line)],
    )
    const before = await bench.payout('po_a')
    expect(before.items.map(({ invoice_id }: { invoice_id: string }) => invoice_id)).toEqual([null, null])
    const matched = await bench.tenant.call('POST', '/invoice-matches', {
      transaction_id: line,
      invoice_id: invoice.body.id,
      amount: 121,
    })
    expect(matched.status).toBe(201)
    const shown = await bench.payout('po_a')
    expect(shown).toMatchObject({
      amount: 98.94,
      status: 'paid',
      arrival_date: '2026-08-17T00:00:00Z',
      automatic: true,
      connection_id: bench.ref.id,
      failure: null,
      explained: { complete: true, items_total: 101, fees_total: 2.06, difference: 0 },
      items: [
        { type: 'refund', amount: -20, source_id: 're_1', invoice_id: null, invoice_ids: [], invoices: [] },
        {
          type: 'charge',
          amount: 121,
          fee: 2.06,
          net: 118.94,
          source_id: 'ch_1',
          invoice_id: invoice.body.id,
          invoices: [{ id: invoice.body.id, number: invoice.body.number }],
        },
      ],
    })
    // A match that was taken back pays nothing.
    await bench.tenant.call('PATCH', `/invoice-matches/${matched.body.id}`, { status: 'reversed' })
    expect((await bench.payout('po_a')).items[1]).toMatchObject({ invoice_id: null, invoice_ids: [] })
  })

  it('404, the same for a foreign one as for none', async () => {
    const { id } = await bench.payout('po_a')
    const stranger = await own.app.tenant()
    const bare = ({ body }: { body: { error: { request_id?: string } } }) => ({ ...body.error, request_id: '' })
    const foreign = await stranger.call('GET', `/payouts/${id}`)
    expect(foreign.status).toBe(404)
    for (const path of [`/payouts/${newId('pout')}`, '/payouts/nonsense', `/payouts/${newId('pout')}/items`]) {
      const none = await get(path)
      expect(none.status).toBe(404)
      expect(bare(none)).toEqual(bare(foreign))
    }
    expect((await stranger.call('PATCH', `/payouts/${id}`, { bank_transaction_id: null })).status).toBe(404)
    expect((await stranger.call('GET', `/payouts/${id}/items`)).status).toBe(404)
  })

  it('403 without the permission', async () => {
    const poor = await own.app.tenant({ permissions: ['payouts:write'] })
    expect((await poor.call('GET', '/payouts')).status).toBe(403)
    const reader = await own.app.tenant({ permissions: ['payouts:read'] })
    expect((await reader.call('GET', '/payouts')).status).toBe(200)
    expect((await reader.call('PATCH', `/payouts/${newId('pout')}`, { bank_transaction_id: null })).status).toBe(403)
  })
})

describe('GET /payouts/{id}/items', () => {
  it('200, paged, sorted and filtered', async () => {
    const { id } = await bench.payout('po_a')
    const types = async (query: string) => {
      const { body } = await get(`/payouts/${id}/items${query}`)
      return body.data.map(({ type }: { type: string }) => type)
    }
    expect(await types('')).toEqual(['refund', 'charge'])
    expect(await types('?sort=created')).toEqual(['charge', 'refund'])
    expect(await types('?type=refund')).toEqual(['refund'])
    expect(await types('?created_to=2026-08-10')).toEqual(['charge'])
    const first = await get(`/payouts/${id}/items?per_page=1`)
    expect(first.body).toMatchObject({ data: [{ type: 'refund' }], pagination: { total_items: 2 } })
    expect(await types(`?per_page=1&cursor=${first.body.pagination.next_cursor}`)).toEqual(['charge'])
  })

  it('a large payout shows its first items, and all of them in the list', async () => {
    const big = await own.bench()
    const items = Array.from({ length: 1_005 }, (_, n) =>
      big.stripe.row({ amountMinor: 100n, occurredAt: new Date(Date.UTC(2026, 7, 10) + n * 1_000) }),
    )
    big.stripe.pay({ amountMinor: 100_500n, items, id: 'po_big' })
    await readPayouts(own.deps, big.ref, big.stripe.feed)
    await composePayouts(own.deps, big.ref, big.stripe.feed)
    const shown = await big.payout('po_big')
    expect(shown).toMatchObject({ items_count: 1_005, items_truncated: true, explained: { complete: true } })
    expect(shown.items).toHaveLength(1_000)
    const { body } = await big.tenant.call('GET', `/payouts/${shown.id}/items?per_page=100&page=11`)
    expect(body).toMatchObject({ pagination: { total_items: 1_005 } })
    expect(body.data).toHaveLength(5)
    await big.line({ amount: 1_005, name: 'Stripe' })
    await findBankLines(own.deps, big.tenant.id)
    const [told] = await big.events('payout.reconciled')
    expect(told).toMatchObject({ items_count: 1_005, items_truncated: true })
    expect(told.items).toHaveLength(100)
  })
})

describe('PATCH /payouts/{id}', () => {
  const patch = async (payoutId: string, body: unknown) => bench.tenant.call('PATCH', `/payouts/${payoutId}`, body)

  it('200: a line whose amount differs, then another, then none', async () => {
    const { id } = await bench.payout('po_a')
    const one = await bench.line({ amount: 98, text: 'after a fee' })
    const other = await bench.line({ amount: 98.94, text: 'Northbyte' })
    expect(await patch(id, { bank_transaction_id: one })).toMatchObject({
      status: 200,
      body: { bank_transaction_id: one, bank_found_by: 'person', items: [{}, {}] },
    })
    expect(await patch(id, { bank_transaction_id: one })).toMatchObject({ status: 200 })
    expect(await patch(id, { bank_transaction_id: other })).toMatchObject({ status: 200 })
    expect([await bench.lineStatus(one), await bench.lineStatus(other)]).toEqual(['unmatched', 'transfer'])
    expect(await patch(id, { bank_transaction_id: null })).toMatchObject({
      status: 200,
      body: { bank_transaction_id: null },
    })
    expect(await bench.lineStatus(other)).toBe('unmatched')
    expect(await bench.events('payout.reconciled')).toHaveLength(2)
  })

  it('400 for anything else', async () => {
    const { id } = await bench.payout('po_a')
    for (const body of [{}, { bank_transaction_id: 'x' }, { status: 'paid' }, { bank_transaction_id: null, amount: 1 }])
      expect((await patch(id, body)).status).toBe(400)
  })

  it('409: a line that is decided, or another payout, or for a payout that came back', async () => {
    const [a, c] = [await bench.payout('po_a'), await bench.payout('po_c')]
    const taken = await bench.line({ amount: 7, direction: 'debit' })
    expect((await patch(c.id, { bank_transaction_id: taken })).status).toBe(200)
    bench.stripe.pay({ amountMinor: -700n, items: [], id: 'po_d', status: 'in_transit' })
    bench.stripe.pay({ amountMinor: 100n, items: [], id: 'po_e' })
    bench.stripe.fail('po_e')
    await readPayouts(own.deps, bench.ref, bench.stripe.feed)
    expect(await patch((await bench.payout('po_d')).id, { bank_transaction_id: taken })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('another payout') } },
    })
    const line = await bench.line({ amount: 1 })
    expect(await patch((await bench.payout('po_e')).id, { bank_transaction_id: line })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('failed') } },
    })
    await own.app.database.pool.query("update transactions set match_status = 'applied' where id = $1", [uuidOf(line)])
    expect(await patch(a.id, { bank_transaction_id: line })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('decided already') } },
    })
  })

  it('422: a line that cannot be it', async () => {
    const { id } = await bench.payout('po_a')
    const stranger = await own.bench()
    const debit = await bench.line({ amount: 98.94, direction: 'debit' })
    for (const line of [newId('txn'), await stranger.line({ amount: 98.94 }), debit]) {
      expect(await patch(id, { bank_transaction_id: line })).toMatchObject({
        status: 422,
        body: { error: { details: [{ field: 'bank_transaction_id' }] } },
      })
    }
  })
})
