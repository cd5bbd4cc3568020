import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { createApiBillingBench } from '../../test/setup/factories-api-billing.ts'
import { createReconciliationBench, TODAY } from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import type { Id } from '../base/ids.ts'
import { parseAmount } from '../base/money.ts'
import { isTransid, listPaymentsOn } from './index.ts'

/** What every kind of billing keeps to, seen from outside: by API, and WHMCS through its simulator. */
interface Billing {
  tenant: TestTenant
  /** A new invoice, as Payymo shows it. */
  /** total: whole euros */
  invoice(total: number): Promise<{ id: Id<'inv'>; number: string }>
  line(amount: number, text: string): Promise<Id<'txn'>>
  /** Everything that waits for the billing system is done, and read back. */
  settle(): Promise<void>
  /** The billing system closes the invoice by itself. */
  close(invoice: { id: Id<'inv'>; number: string }, status: 'paid' | 'cancelled'): Promise<void>
  /** What the billing system itself shows on the invoice: payments in minus out, and the ids of those in. */
  booked(invoice: { id: Id<'inv'>; number: string }): Promise<{ netMinor: bigint; ids: string[] }>
  stop(): Promise<void>
}

const clock = testClock(`${TODAY}T12:00:00Z`)

async function billingByApi(app: TestApp): Promise<Billing> {
  const bench = await createApiBillingBench(app)
  return {
    tenant: bench.tenant,
    invoice: (total) => bench.invoice({ total }),
    line: (amount, text) => bench.line(amount, text),
    settle: async () => {},
    close: async ({ id }, status) => {
      expect((await bench.patch(id, { status })).status).toBe(200)
    },
    booked: async ({ id }) => {
      const rows = await app.store.read(bench.tenant.id, (tx) => listPaymentsOn(tx, id))
      return {
        netMinor: rows.reduce((sum, row) => sum + row.amountMinor, 0n),
        ids: rows.map((row) => row.transid),
      }
    },
    stop: async () => {},
  }
}

const cents = (text: string): bigint => parseAmount(text, 'EUR')

async function billingInWhmcs(app: TestApp): Promise<Billing> {
  const bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
  })
  let external = 7000
  const seed = (id: number, more: object) =>
    bench.seed({
      invoices: [
        { id, client: 1, number: `INV-${id}`, date: '2025-04-01', due: '2025-04-15', total: '50.00', ...more },
      ],
    })
  return {
    tenant: bench.tenant,
    invoice: async (total) => {
      external += 1
      await seed(external, { total: `${total}.00` })
      return { id: await bench.invoice(`INV-${external}`), number: `INV-${external}` }
    },
    line: (amount, text) => bench.line({ amount, text, name: 'Marlow Hosting' }),
    settle: async () => {
      await bench.pay()
      await bench.mirror()
    },
    close: async ({ number }, status) => {
      const row = bench.whmcs.control.books().invoices.find((each) => each.invoicenum === number)!
      await seed(row.id, { status: status === 'paid' ? 'Paid' : 'Cancelled' })
    },
    booked: async ({ number }) => {
      const books = bench.whmcs.control.books()
      const invoice = books.invoices.find((each) => each.invoicenum === number)!
      const rows = books.transactions.filter((row) => row.invoiceid === invoice.id)
      return {
        netMinor: rows.reduce((sum, row) => sum + cents(row.amountin) - cents(row.amountout), 0n),
        ids: rows.filter((row) => Number(row.amountin) > 0).map((row) => row.transid),
      }
    },
    stop: () => bench.stop(),
  }
}

describe.each([
  ['by API', billingByApi],
  ['in WHMCS', billingInWhmcs],
])('billing %s', (_kind, create) => {
  let app: TestApp
  let billing: Billing
  beforeAll(async () => {
    app = await createTestApp({ clock })
    billing = await create(app)
  })
  afterAll(async () => {
    await billing.stop()
    await app.stop()
  })

  const get = async (path: string): Promise<TestAnswer['body']> => (await billing.tenant.call('GET', path)).body
  const decide = (id: string, status: string) => billing.tenant.call('PATCH', `/invoice-matches/${id}`, { status })
  const pay = (line: string, parts: [invoice: { id: string }, amount: number][], more: object = {}) =>
    billing.tenant.call('POST', '/invoice-matches', {
      transaction_id: line,
      allocations: parts.map(([{ id }, amount]) => ({ invoice_id: id, amount })),
      ...more,
    })
  const events = async (id: string): Promise<string[]> =>
    (
      await app.store.read(billing.tenant.id, (tx) =>
        tx.many<{ type: string }>('select type from events where tenant_id = $1 and resource_id = $2 order by id', [
          tx.tenantUuid,
          id,
        ]),
      )
    ).map((row) => row.type)
  const count = (list: readonly unknown[], one: unknown): number => list.filter((each) => each === one).length
  /** An invoice and a line that paid it. */
  const paid = async (amount = 50) => {
    const invoice = await billing.invoice(amount)
    const line = await billing.line(amount, `Invoice ${invoice.number}`)
    const match = await pay(line, [[invoice, amount]])
    expect(match.status).toBe(201)
    await billing.settle()
    return { invoice, line, matchId: String(match.body.id) }
  }

  it('an approved match is applied, exactly once, and says so once', async () => {
    const invoice = await billing.invoice(50)
    const line = await billing.line(50, `Invoice ${invoice.number}`)
    const match = await pay(line, [[invoice, 50]], { apply: false })
    expect(match.body.status).toBe('suggested')
    expect((await decide(match.body.id, 'approved')).status).toBe(200)
    await billing.settle()
    await billing.settle()

    const after = await get(`/invoice-matches/${match.body.id}`)
    expect(after).toMatchObject({ status: 'applied', payments: [expect.stringMatching(/^pay_/)] })
    const payment = await get(`/payments/${after.payments[0]}`)
    expect(payment).toMatchObject({ state: 'applied', amount: 50, invoice_id: invoice.id, reason: null })
    expect(payment.applied_at).not.toBeNull()
    expect(payment.transaction_reference).toMatch(/^PYM-[A-Z2-7]{26}$/)
    expect(await billing.booked(invoice)).toEqual({ netMinor: 5000n, ids: [payment.transaction_reference] })
    expect(await get(`/invoices/${invoice.id}`)).toMatchObject({ status: 'paid', balance: 0, total: 50 })
    expect(await get(`/transactions/${line}`)).toMatchObject({ match_status: 'applied' })
    expect(await events(match.body.id)).toEqual(['match.created', 'match.approved', 'match.applied'])
    expect(count(await events(invoice.id), 'invoice.paid')).toBe(1)
    expect((await decide(match.body.id, 'approved')).status).toBe(409)
  })

  it('of twenty approvals at the same moment one wins', async () => {
    const invoice = await billing.invoice(50)
    const line = await billing.line(50, `Invoice ${invoice.number}`)
    const { id } = (await pay(line, [[invoice, 50]], { apply: false })).body
    const answers = await Promise.all(Array.from({ length: 20 }, () => decide(id, 'approved')))
    expect(
      count(
        answers.map((answer) => answer.status),
        200,
      ),
    ).toBe(1)
    expect(
      count(
        answers.map((answer) => answer.status),
        409,
      ),
    ).toBe(19)
    await billing.settle()
    expect(await billing.booked(invoice)).toMatchObject({ netMinor: 5000n, ids: { length: 1 } })
  })

  it('of twenty matches by hand at the same moment one wins', async () => {
    const invoice = await billing.invoice(50)
    const line = await billing.line(50, `Invoice ${invoice.number}`)
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(line, [[invoice, 50]])))
    expect(
      count(
        answers.map((answer) => answer.status),
        201,
      ),
    ).toBe(1)
    await billing.settle()
    expect(await billing.booked(invoice)).toMatchObject({ netMinor: 5000n, ids: { length: 1 } })
  })

  it('two lines at the same moment do not pay one invoice twice', async () => {
    const invoice = await billing.invoice(50)
    const lines = [await billing.line(50, 'one'), await billing.line(50, 'other')]
    const answers = await Promise.all(lines.map((line) => pay(line, [[invoice, 50]])))
    const statuses = answers.map((answer) => answer.status)
    expect(count(statuses, 201)).toBe(1)
    expect([409, 422]).toContain(statuses.find((status) => status !== 201))
    await billing.settle()
    expect(await billing.booked(invoice)).toMatchObject({ netMinor: 5000n, ids: { length: 1 } })
  })

  it('part payments add up, and the last one closes the invoice', async () => {
    const invoice = await billing.invoice(50)
    expect((await pay(await billing.line(30, 'first'), [[invoice, 30]])).status).toBe(201)
    await billing.settle()
    expect(await get(`/invoices/${invoice.id}`)).toMatchObject({ status: 'unpaid', balance: 20 })
    expect((await pay(await billing.line(25, 'too much'), [[invoice, 25]])).status).toBe(422)
    expect((await pay(await billing.line(20, 'second'), [[invoice, 20]])).status).toBe(201)
    await billing.settle()
    expect(await get(`/invoices/${invoice.id}`)).toMatchObject({ status: 'paid', balance: 0 })
    expect(await billing.booked(invoice)).toMatchObject({ netMinor: 5000n, ids: { length: 2 } })
    expect(count(await events(invoice.id), 'invoice.paid')).toBe(1)
  })

  it('one line pays several invoices, each by its part', async () => {
    const [one, other] = [await billing.invoice(30), await billing.invoice(20)]
    const match = await pay(await billing.line(50, 'both'), [
      [one, 30],
      [other, 20],
    ])
    await billing.settle()
    expect(await get(`/invoice-matches/${match.body.id}`)).toMatchObject({ status: 'applied' })
    expect([(await billing.booked(one)).netMinor, (await billing.booked(other)).netMinor]).toEqual([3000n, 2000n])
  })

  it('refuses more than either side holds, and leaves no trace', async () => {
    const invoice = await billing.invoice(50)
    const [small, large] = [await billing.line(40, 'small'), await billing.line(60, 'large')]
    expect((await pay(small, [[invoice, 50]])).status).toBe(422)
    expect((await pay(large, [[invoice, 60]])).status).toBe(422)
    await billing.settle()
    expect(await billing.booked(invoice)).toEqual({ netMinor: 0n, ids: [] })
    expect(await get(`/invoice-matches?invoice_id=${invoice.id}`)).toMatchObject({ data: [] })
  })

  it.each(['paid', 'cancelled'] as const)('refuses an invoice that is %s meanwhile, in words', async (status) => {
    const invoice = await billing.invoice(50)
    const line = await billing.line(50, `Invoice ${invoice.number}`)
    const { id } = (await pay(line, [[invoice, 50]], { apply: false })).body
    await billing.close(invoice, status)
    const refused = await decide(id, 'approved')
    expect(refused.status).toBe(422)
    expect(refused.body.error.message).toMatch(new RegExp(`${invoice.number} is (already )?${status}`, 'i'))
    await billing.settle()
    expect((await billing.booked(invoice)).ids.filter(isTransid)).toEqual([])
  })

  it('takes a payment back: the invoice is open again, the money free, once', async () => {
    const { invoice, line, matchId } = await paid()
    const answers = await Promise.all(Array.from({ length: 5 }, () => decide(matchId, 'reversed')))
    expect(
      count(
        answers.map((answer) => answer.status),
        202,
      ),
    ).toBe(1)
    expect(
      count(
        answers.map((answer) => answer.status),
        409,
      ),
    ).toBe(4)
    await billing.settle()
    await billing.settle()
    const after = await get(`/invoice-matches/${matchId}`)
    expect(after).toMatchObject({ status: 'reversed', reversal: { state: 'done' } })
    expect(await get(`/payments/${after.payments[0]}`)).toMatchObject({ state: 'reversed' })
    expect(await get(`/invoices/${invoice.id}`)).toMatchObject({ status: 'unpaid', balance: 50 })
    expect(await get(`/transactions/${line}`)).toMatchObject({ match_status: 'unmatched' })
    expect((await billing.booked(invoice)).netMinor).toBe(0n)
    expect(count(await events(matchId), 'match.reversed')).toBe(1)
    expect((await events(invoice.id)).at(-1)).toBe('invoice.updated')
    expect((await decide(matchId, 'approved')).status).toBe(409)
  })

  it('what was taken back can be booked again, under an id of its own', async () => {
    const { invoice, line, matchId } = await paid()
    const first = (await get(`/payments?match_id=${matchId}`)).data[0].transaction_reference
    await decide(matchId, 'reversed')
    await billing.settle()
    const again = await pay(line, [[invoice, 50]])
    expect(again.status).toBe(201)
    await billing.settle()
    const second = (await get(`/payments?match_id=${again.body.id}`)).data[0]
    expect(second).toMatchObject({ state: 'applied' })
    expect(second.transaction_reference).not.toBe(first)
    const booked = await billing.booked(invoice)
    expect(booked.netMinor).toBe(5000n)
    expect(booked.ids).toContain(second.transaction_reference)
    expect(await get(`/invoices/${invoice.id}`)).toMatchObject({ status: 'paid', balance: 0 })
  })
})
