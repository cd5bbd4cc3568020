import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { type ApiBillingBench, createApiBillingBench } from '../../../test/setup/factories-api-billing.ts'
import { createReconciliationBench, TODAY } from '../../../test/setup/factories-reconciliation.ts'
import { testClock } from '../../base/clock.ts'
import { verifyAudit } from '../../events/audit.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ApiBillingBench

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createApiBillingBench(app)
})
afterAll(() => app.stop())

const faultsOf = (answer: { body: { error: { details: { field: string }[] } } }): string[] =>
  answer.body.error.details.map(({ field }) => field)

describe('POST /invoices', () => {
  it('201: shows what was given, says so, and looks for its money', async () => {
    const answer = await bench.post({
      number: 'R-1',
      external_id: 'ext-1',
      total: '1250.50',
      balance: 1000,
      issued_on: '2025-04-01',
      due_on: '2025-04-15',
      client: { external_id: 'c-1', name: 'Ann', company: 'Marlow', email: 'ann@marlow.example' },
      items: [
        { description: 'Server', amount: 1300.5 },
        { description: 'Discount', amount: '-50.00' },
        { description: 'Setup', amount: 0 },
      ],
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`/api/v1/invoices/${answer.body.id}`)
    expect(answer.body).toMatchObject({
      number: 'R-1',
      external_id: 'ext-1',
      source: 'api',
      whmcs_instance_id: null,
      status: 'unpaid',
      total: 1250.5,
      balance: 1000,
      currency: 'EUR',
      issued_on: '2025-04-01',
      due_on: '2025-04-15',
      closed_on: null,
      client: { external_id: 'c-1', name: 'Ann', company: 'Marlow', email: 'ann@marlow.example' },
    })
    expect(answer.body.items.map((item: { amount: number }) => item.amount)).toEqual([1300.5, -50, 0])
    expect(await bench.get(`/invoices/${answer.body.id}`)).toEqual(answer.body)
    expect(await bench.events(answer.body.id)).toEqual(['invoice.created'])
    expect(await bench.audits(answer.body.id)).toEqual(['invoice.create'])
  })

  it('201: defaults, and a draft that nothing pays', async () => {
    const draft = await bench.invoice({ number: 'R-2', status: 'draft', total: 10 })
    expect(draft).toMatchObject({ external_id: 'R-2', status: 'draft', balance: 10, issued_on: null, items: [] })
    const line = await bench.line(10, 'R-2')
    expect((await bench.match(line, draft.id, 10)).status).toBe(422)
    await bench.patch(draft.id, { status: 'unpaid' })
    expect((await bench.match(line, draft.id, 10)).status).toBe(201)
  })

  it('201: a client is known by its id, else by e-mail, else by name', async () => {
    const clientOf = async (client: object) => (await bench.invoice({ client })).client
    const one = await clientOf({ external_id: 'k-1', name: 'Old', email: 'old@k.example' })
    const same = await clientOf({ external_id: 'k-1', name: 'New' })
    expect(same).toEqual({ ...one, name: 'New' })
    const mail = await clientOf({ name: 'Berg', email: 'b@berg.example' })
    expect((await clientOf({ name: 'Berg & Co', email: 'B@berg.example' })).id).toBe(mail.id)
    const named = await clientOf({ name: 'Holm', company: 'Holm Optik' })
    expect((await clientOf({ name: 'HOLM', company: 'holm optik' })).id).toBe(named.id)
    expect(new Set([one.id, mail.id, named.id]).size).toBe(3)
    expect((await clientOf({ name: 'Holm', company: 'Another' })).id).not.toBe(named.id)
  })

  it('400: names every bad field', async () => {
    const answer = await bench.post({
      number: ' ',
      status: 'paid',
      total: 0,
      currency: 'XXX1',
      due_on: '2025-02-30',
      issued_on: '0000-01-01',
      client: { company: 'x' },
      items: [{ description: 'x', amount: 'ten' }],
      source: 'api',
    })
    expect(answer.status).toBe(400)
    expect(faultsOf(answer).sort((one, other) => one.localeCompare(other))).toEqual(
      ['client.name', 'currency', 'due_on', 'issued_on', 'items.0.amount', 'number', 'source', 'status', 'total'].sort(
        (one, other) => one.localeCompare(other),
      ),
    )
  })

  it('400: too many decimals for the currency, all at once', async () => {
    const answer = await bench.post({
      currency: 'JPY',
      total: 10.5,
      balance: 1.25,
      items: [{ description: 'x', amount: -0.5 }],
    })
    expect(answer.status).toBe(400)
    expect(faultsOf(answer)).toEqual(['total', 'balance', 'items.0.amount'])
  })

  it('403: without invoices:write', async () => {
    const reader = await app.tenant({ permissions: ['invoices:read', 'matches:write'] })
    const answer = await reader.call('POST', '/invoices', {})
    expect(answer.status).toBe(403)
  })

  it('409: a number or an external id stands for one invoice, also at the same moment; another tenant has its own', async () => {
    await bench.invoice({ number: 'R-9', external_id: 'e-9' })
    for (const [again, field] of [
      [{ number: 'R-9', external_id: 'e-10' }, 'number'],
      [{ number: 'R-10', external_id: 'e-9' }, 'external_id'],
    ] as const) {
      const answer = await bench.post(again)
      expect([answer.status, ...faultsOf(answer)]).toEqual([409, field])
    }
    const twins = await Promise.all(Array.from({ length: 8 }, () => bench.post({ number: 'R-11' })))
    expect(twins.filter((answer) => answer.status === 201)).toHaveLength(1)
    expect(twins.filter((answer) => answer.status === 409)).toHaveLength(7)
    const other = await createApiBillingBench(app)
    expect((await other.post({ number: 'R-9', external_id: 'e-9' })).status).toBe(201)
  })

  it('422: a balance above the total, an amount too large', async () => {
    const above = await bench.post({ total: 10, balance: 10.01 })
    expect([above.status, ...faultsOf(above)]).toEqual([422, 'balance'])
    const large = await bench.post({ total: '10000000000000' })
    expect([large.status, ...faultsOf(large)]).toEqual([422, 'total'])
  })
})

describe('PATCH /invoices/{id}', () => {
  it('200: merges, null restores the default, and says what changed', async () => {
    const { id } = await bench.invoice({ number: 'P-1', external_id: 'p-1', due_on: '2025-05-01', total: 50 })
    const answer = await bench.patch(id, {
      number: 'P-1a',
      external_id: null,
      total: 60,
      due_on: null,
      client: { email: 'ada@marlow.example' },
      items: [{ description: 'Domain', amount: 60 }],
    })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      number: 'P-1a',
      external_id: 'P-1a',
      total: 60,
      balance: 60,
      due_on: null,
      client: { name: 'Ada Marlow', company: 'Marlow Hosting', email: 'ada@marlow.example' },
      items: [{ description: 'Domain', amount: 60 }],
    })
    expect(await bench.events(id)).toEqual(['invoice.created', 'invoice.updated'])
    expect((await bench.patch(id, { items: null, currency: 'EUR' })).body.items).toEqual([])
  })

  it('200: a change that changes nothing leaves no trace', async () => {
    const before = await bench.invoice()
    const { items, total, number, client } = before
    const { name } = client
    expect((await bench.patch(before.id, { items, total, number, client: { name } })).body).toEqual(before)
    expect((await bench.patch(before.id, {})).body).toEqual(before)
    expect(await bench.events(before.id)).toEqual(['invoice.created'])
    expect(await bench.audits(before.id)).toEqual(['invoice.create'])
  })

  it('200: paid elsewhere closes it, with its event; suggestions go', async () => {
    const own = await createApiBillingBench(app)
    const invoice = await own.invoice({ number: 'P-3', total: 33 })
    const line = await own.line(33, 'P-3')
    await own.run()
    expect(await own.get(`/transactions/${line}`)).toMatchObject({ match_status: 'suggested' })
    const answer = await own.patch(invoice.id, { balance: 0 })
    expect(answer.body).toMatchObject({ status: 'paid', balance: 0, closed_on: TODAY })
    expect(await own.events(invoice.id)).toEqual(['invoice.created', 'invoice.updated', 'invoice.paid'])
    await own.run()
    expect(await own.get(`/transactions/${line}`)).toMatchObject({ match_status: 'unmatched' })
  })

  it('400: a balance below zero, a client without a name, too many decimals', async () => {
    const { id } = await bench.invoice()
    const answer = await bench.patch(id, { balance: -0.01, client: { name: null }, source: 'whmcs' })
    expect(answer.status).toBe(400)
    expect(faultsOf(answer).toSorted((one, other) => one.localeCompare(other))).toEqual([
      'balance',
      'client.name',
      'source',
    ])
    expect(faultsOf(await bench.patch(id, { total: 1.001, balance: 0.001 }))).toEqual(['total', 'balance'])
  })

  it('404: another tenant’s answers like a made-up one', async () => {
    const other = await createApiBillingBench(app)
    const theirs = await bench.invoice()
    const answers = [
      await other.patch(theirs.id, { total: 1 }),
      await other.patch('inv_00000000000000000000000009', { total: 1 }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(answers[0]!.body.error.message).toBe(answers[1]!.body.error.message)
  })

  it('409: a number that another has', async () => {
    const [one, other] = [await bench.invoice(), await bench.invoice()]
    const answer = await bench.patch(one.id, { number: other.number })
    expect([answer.status, ...faultsOf(answer)]).toEqual([409, 'number'])
    expect(await bench.get(`/invoices/${one.id}`)).toEqual(one)
  })

  it('422: what is applied stays; currency stays; so does the id that payments are known by', async () => {
    const invoice = await bench.invoice({ total: 50 })
    await bench.match(await bench.line(30), invoice.id, 30)
    const refusals = [
      { total: 29 },
      { balance: 21 },
      { currency: 'USD' },
      { external_id: 'other' },
      { status: 'draft' },
    ]
    for (const change of refusals) {
      const answer = await bench.patch(invoice.id, change)
      expect([change, answer.status]).toEqual([change, 422])
      expect(answer.body.error.message).toMatch(/\.$/)
    }
    expect((await bench.patch(invoice.id, { balance: null })).body).toMatchObject({ balance: 20 })
    expect((await bench.patch(invoice.id, { total: 30 })).body).toMatchObject({ status: 'paid', balance: 0 })
    expect(await bench.get(`/payments?invoice_id=${invoice.id}`)).toMatchObject({
      data: [{ state: 'applied', amount: 30 }],
    })
  })
})

describe('matching without any WHMCS', () => {
  it('auto: applied at once, with its events; a second run finds nothing', async () => {
    const auto = await createApiBillingBench(app, { mode: 'auto', start_on: '2025-01-01' })
    const invoice = await auto.invoice({ number: 'INV-2025-77', total: 77, issued_on: '2025-04-01' })
    const line = await auto.line(77, 'Invoice INV-2025-77')
    expect(await auto.run()).toMatchObject({ applied: 1 })
    expect(await auto.get(`/transactions/${line}`)).toMatchObject({ match_status: 'applied' })
    expect(await auto.get(`/invoices/${invoice.id}`)).toMatchObject({ status: 'paid', balance: 0, closed_on: TODAY })
    expect(await auto.events(invoice.id)).toEqual(['invoice.created', 'invoice.updated', 'invoice.paid'])
    const [match] = (await auto.get(`/invoice-matches?transaction_id=${line}`)).data
    expect(match).toMatchObject({ status: 'applied', decided_by: 'system:auto' })
    expect(await auto.audits(match.id)).toEqual(['match.suggest', 'match.approve', 'match.apply'])
    expect(await auto.audits(match.payments[0])).toEqual(['payment.request', 'payment.apply'])
    expect(await auto.run()).toMatchObject({ applied: 0, suggested: 0, alreadyBooked: 0 })
    await app.store.read(auto.tenant.id, async (tx) => expect((await verifyAudit(tx)).valid).toBe(true))
  })

  it('two clients without an id are two', async () => {
    const auto = await createApiBillingBench(app, { mode: 'auto', start_on: '2025-01-01' })
    const total = { total: 19, issued_on: '2025-04-01' }
    const one = await auto.invoice({ ...total, client: { name: 'Anna Berg', email: 'anna@berg.example' } })
    await auto.invoice({ ...total, client: { name: 'Jens Falk', email: 'jens@falk.example' } })
    const line = await auto.line(19, `Rechnung ${one.number}`, { counterparty: { name: 'Anna Berg' } })
    await auto.run()
    expect((await auto.get(`/invoice-matches?transaction_id=${line}`)).data[0].allocations).toMatchObject([
      { invoice_id: one.id, amount: 19 },
    ])
  })

  it('reversed: of a refunded invoice the status stays, and the same pair is not proposed again', async () => {
    const own = await createApiBillingBench(app)
    const invoice = await own.invoice({ number: 'INV-2025-90', total: 90 })
    const line = await own.line(90, 'INV-2025-90')
    const match = (await own.match(line, invoice.id, 90)).body
    expect(match.status).toBe('applied')
    await own.patch(invoice.id, { status: 'refunded' })
    const answer = await own.decide(match.id, 'reversed')
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ status: 'reversed', reversal: { state: 'done', left: [] } })
    expect(await own.get(`/invoices/${invoice.id}`)).toMatchObject({ status: 'refunded', balance: 90 })
    await own.patch(invoice.id, { status: 'unpaid' })
    await own.run()
    expect((await own.get(`/invoice-matches?transaction_id=${line}`)).data).toHaveLength(1)
    expect(await own.audits(match.payments[0])).toEqual(['payment.request', 'payment.apply', 'payment.reverse'])
    await app.store.read(own.tenant.id, async (tx) => expect((await verifyAudit(tx)).valid).toBe(true))
  })

  it('a change of the invoice and an approval at the same moment never go below zero', async () => {
    const invoice = await bench.invoice({ total: 50 })
    const line = await bench.line(50)
    await Promise.all([
      bench.match(line, invoice.id, 50),
      bench.patch(invoice.id, { total: 40 }),
      bench.patch(invoice.id, { balance: 30 }),
    ])
    const after = await bench.get(`/invoices/${invoice.id}`)
    const applied = (await bench.get(`/payments?invoice_id=${invoice.id}&state=applied`)).data
    const booked = applied.reduce((sum: number, row: { amount: number }) => sum + row.amount, 0)
    expect(after.balance).toBeGreaterThanOrEqual(0)
    expect(after.balance + booked).toBeLessThanOrEqual(after.total)
    expect(after.status).toBe(after.balance === 0 ? 'paid' : 'unpaid')
  })
})

describe('beside a WHMCS', () => {
  it('an invoice mirrored from there is changed there, and one line pays one kind only', async () => {
    const both = await createReconciliationBench(app, clock, {
      settings: { mode: 'suggest' },
      seed: {
        clients: [{ id: 1, name: 'Ada Marlow', currency: 'EUR' }],
        invoices: [{ id: 7, client: 1, number: 'W-7', date: '2025-04-01', due: '2025-04-15', total: '20.00' }],
      },
    })
    const mirrored = await both.invoice('W-7')
    const patched = await both.tenant.call('PATCH', `/invoices/${mirrored}`, { total: 1 })
    expect(patched.status).toBe(409)
    expect(patched.body.error.message).toBe('Invoice W-7 is kept in WHMCS. Change it there; Payymo follows.')

    const byApi = await both.tenant.call('POST', '/invoices', {
      number: 'W-7',
      external_id: '7',
      total: 30,
      currency: 'EUR',
      client: { external_id: '1', name: 'Another' },
    })
    expect(byApi.status).toBe(201)
    expect(byApi.body.client.id).not.toBe((await both.get(`/invoices/${mirrored}`)).client.id)
    const before = await both.traces()
    const line = await both.line({ amount: 50, text: 'both' })
    const allocations = [
      { invoice_id: mirrored, amount: 20 },
      { invoice_id: byApi.body.id, amount: 30 },
    ]
    const mixed = await both.tenant.call('POST', '/invoice-matches', { transaction_id: line, allocations })
    expect(mixed.status).toBe(422)
    expect(mixed.body.error.message).toContain('either invoices in WHMCS or invoices recorded by API')
    expect(await both.traces()).toMatchObject({ matches: before.matches, payments: before.payments })
    await both.stop()
  })
})
