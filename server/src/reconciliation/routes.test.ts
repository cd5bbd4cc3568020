import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import { testClock } from '../base/clock.ts'
import { type Id, uuidOf } from '../base/ids.ts'
import { verifyAudit } from '../events/audit.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
/** Another tenant: its ids must look like ids that never were. */
let stranger: TestTenant
let number = 100

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: {
      clients: [
        { id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' },
        { id: 2, name: 'Carla Dollar', companyname: 'Dollar Trading', currency: 'USD' },
      ],
    },
  })
  stranger = await app.tenant()
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

/** A new open invoice; returns its number. */
async function invoice(total = '50.00', more: object = {}): Promise<string> {
  const id = (number += 1)
  const row = { id, client: 1, number: `INV-${id}`, date: '2025-04-01', due: '2025-04-15', total, ...more }
  await bench.seed({ invoices: [row] })
  return row.number
}

/** A new invoice, money for it, and the suggestion the engine makes. */
async function suggestion(): Promise<{ line: Id<'txn'>; id: string; name: string }> {
  const name = await invoice()
  const line = await bench.line({ amount: 50, text: `Invoice ${name}`, name: 'Marlow Hosting' })
  await bench.run()
  const [match] = await bench.matches(line)
  return { line, id: match.id, name }
}

const payments = (matchId: string) =>
  app.store.read(bench.tenant.id, (tx) =>
    tx.many<{ state: string; amount_minor: string }>(
      'select state, amount_minor from payments where tenant_id = $1 and match_id = $2 order by id',
      [tx.tenantUuid, uuidOf(matchId)],
    ),
  )
const events = async (id: string): Promise<string[]> => {
  const rows = await app.store.read(bench.tenant.id, (tx) =>
    tx.many<{ type: string }>('select type from events where tenant_id = $1 and resource_id = $2 order by id', [
      tx.tenantUuid,
      id,
    ]),
  )
  return rows.map((row) => row.type)
}
const inOrder = (answers: { status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((one, other) => one - other)
const NEVER = 'match_01jrfzq4v8m2k9d7t5x3w1c0ab'
const bare = ({ body }: { body: { error: object } }) => ({ ...body.error, request_id: '' })

describe('GET /invoice-matches', () => {
  it('200: filters by status and transaction, newest first', async () => {
    const one = await suggestion()
    const other = await suggestion()
    const page = await bench.get('/invoice-matches?status=suggested&per_page=2')
    expect(page.data.map((match: { id: string }) => match.id)).toEqual([other.id, one.id])
    expect((await bench.get(`/invoice-matches?transaction_id=${one.line}`)).data).toMatchObject([{ id: one.id }])
    expect((await stranger.call('GET', `/invoice-matches?transaction_id=${one.line}`)).body.data).toEqual([])
  })
  it('400: a status that does not exist', async () => {
    expect((await bench.tenant.call('GET', '/invoice-matches?status=done')).status).toBe(400)
  })
  it('403: a key that may not', async () => {
    const other = await app.tenant({ permissions: ['transactions:read'] })
    expect((await other.call('GET', '/invoice-matches')).status).toBe(403)
  })
})

describe('GET /invoice-matches/{id}', () => {
  it('200: the match with its evidence', async () => {
    const { id, line, name } = await suggestion()
    const { status, body } = await bench.tenant.call('GET', `/invoice-matches/${id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id,
      transaction_id: line,
      status: 'suggested',
      allocations: [{ invoice_number: name, amount: 50, currency: 'EUR' }],
      decided_by: null,
      payments: [],
    })
    expect(body.confidence).toBeGreaterThan(0.9)
    const logOdds = body.reasons.reduce((sum: number, reason: { weight: number }) => sum + reason.weight, 0)
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(body.confidence, 3)
  })
  it('404: the same for ids of others and ids of nobody', async () => {
    const { id } = await suggestion()
    const foreign = await stranger.call('GET', `/invoice-matches/${id}`)
    const never = await stranger.call('GET', `/invoice-matches/${NEVER}`)
    expect([foreign.status, never.status]).toEqual([404, 404])
    expect(bare(foreign)).toEqual(bare(never))
  })
})

describe('POST /invoice-matches', () => {
  it('201: approves at once, takes the place of suggestions, and says so', async () => {
    const { line, id: suggested } = await suggestion()
    const [one, two] = [await invoice('30.00'), await invoice('20.00')]
    const made = await bench.create(line, { [one]: 30, [two]: '20.00' })
    expect(made.status).toBe(201)
    expect(made.headers.location).toBe(`/api/v1/invoice-matches/${made.body.id}`)
    expect(made.body).toMatchObject({
      status: 'approved',
      match_reason: 'decided_by_person',
      decided_by: expect.stringMatching(/^key_/),
      allocations: [
        { invoice_number: one, amount: 30 },
        { invoice_number: two, amount: 20 },
      ],
    })
    expect(made.body.payments).toHaveLength(2)
    expect(await payments(made.body.id)).toMatchObject([{ state: 'pending' }, { state: 'pending' }])
    expect((await bench.get(`/invoice-matches/${suggested}`)).status).toBe('superseded')
    expect(await bench.status(line)).toBe('matched')
    expect(await events(made.body.id)).toEqual(['match.created', 'match.approved'])
    expect(await events(line)).toEqual(['transaction.created', 'transaction.updated', 'transaction.updated'])
  })
  it('201: with invoice_id and amount, and less than either side', async () => {
    const name = await invoice('40.00')
    const line = await bench.line({ amount: 50 })
    const made = await bench.tenant.call('POST', '/invoice-matches', {
      transaction_id: line,
      invoice_id: await bench.invoice(name),
      amount: 39.99,
    })
    expect(made).toMatchObject({ status: 201, body: { allocations: [{ amount: 39.99 }] } })
  })
  it('201: with apply false it is a suggestion in place of the others, and pays nothing', async () => {
    const { line, id: suggested, name } = await suggestion()
    const made = await bench.create(line, { [name]: 25 }, { apply: false })
    expect(made).toMatchObject({ status: 201, body: { status: 'suggested', payments: [], decided_by: null } })
    expect((await bench.get(`/invoice-matches/${suggested}`)).status).toBe('superseded')
    expect((await bench.approve(made.body.id)).body.payments).toHaveLength(1)
  })
  it('400: both forms, neither, an amount that is none, a field too many', async () => {
    const [line, name] = [await bench.line({ amount: 50 }), await invoice()]
    const invoice_id = await bench.invoice(name)
    const allocations = [{ invoice_id, amount: 5 }]
    for (const body of [
      { transaction_id: line },
      { transaction_id: line, invoice_id },
      { transaction_id: line, allocations, invoice_id, amount: 5 },
      { transaction_id: line, allocations: [] },
      { transaction_id: line, allocations: [{ invoice_id, amount: 0 }] },
      { transaction_id: line, allocations: [{ invoice_id, amount: '5.001' }] },
      { transaction_id: line, allocations, colour: 'red' },
      { transaction_id: invoice_id, allocations },
    ]) {
      const { status } = await bench.tenant.call('POST', '/invoice-matches', body)
      expect([body, status]).toEqual([body, 400])
    }
  })
  it('409: of twenty equal calls one wins, and one payment is made', async () => {
    const [line, name] = [await bench.line({ amount: 50 }), await invoice()]
    const answers = await Promise.all(Array.from({ length: 20 }, () => bench.create(line, { [name]: 50 })))
    expect(inOrder(answers)).toEqual([201, ...Array.from({ length: 19 }, () => 409)])
    const winner = answers.find(({ status }) => status === 201)!
    expect(await payments(winner.body.id)).toHaveLength(1)
    expect(await bench.matches(line)).toHaveLength(1)
  })
  it('409: two lines for the balance of one invoice', async () => {
    const name = await invoice('50.00')
    const lines = await Promise.all([1, 2, 3, 4].map(() => bench.line({ amount: 30 })))
    const answers = await Promise.all(lines.map((line) => bench.create(line, { [name]: 30 })))
    expect(inOrder(answers)).toEqual([201, 409, 409, 409])
    expect(answers.find(({ status }) => status === 409)!.body.error.message).toContain('20.00 EUR open')
    const loser = lines[answers.findIndex(({ status }) => status === 409)]!
    expect((await bench.create(loser, { [name]: 20 })).status).toBe(201)
    await bench.pay()
    expect((await bench.get(`/invoices/${await bench.invoice(name)}`)).balance).toBe(0)
  })
  it('409: what is booked by hand or applied stays decided', async () => {
    const { line, id, name } = await suggestion()
    await bench.approve(id)
    await bench.pay()
    const more = await invoice()
    expect((await bench.create(line, { [more]: 1 })).status).toBe(409)
    expect((await bench.create(line, { [more]: 1 }, { apply: false })).status).toBe(409)
    expect((await bench.create(await bench.line({ amount: 50 }), { [name]: 1 })).status).toBe(422)
  })
  it('422: above either side, money out, announced or set aside, other currency, closed invoice, unknown ids', async () => {
    const name = await invoice('50.00')
    const paid = await invoice('50.00', { status: 'Paid' })
    const dollars = await invoice('50.00', { client: 2 })
    const line = await bench.line({ amount: 60 })
    const [out, ignored, pending] = [
      await bench.line({ amount: 50, direction: 'debit' }),
      await bench.line({ amount: 50 }),
      await bench.line({ amount: 50 }),
    ]
    await bench.tenant.call('PATCH', `/transactions/${ignored}`, { status: 'ignored' })
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run("update transactions set status = 'pending' where tenant_id = $1 and id = $2", [
        tx.tenantUuid,
        uuidOf(pending),
      ]),
    )
    const before = await bench.traces()
    for (const [from, parts] of [
      [line, { [name]: '50.01' }],
      [line, { [name]: 40, [await invoice('50.00')]: 20.01 }],
      [out, { [name]: 50 }],
      [ignored, { [name]: 50 }],
      [pending, { [name]: 50 }],
      [line, { [dollars]: 50 }],
      [line, { [paid]: 50 }],
    ] as [string, Record<string, number | string>][]) {
      for (const apply of [true, false]) {
        const answer = await bench.create(from, parts, { apply })
        expect([parts, answer.status, answer.body.error?.code]).toEqual([parts, 422, 'validation_failed'])
      }
    }
    const twice = { invoice_id: await bench.invoice(name), amount: 10 }
    const unknown = [
      { transaction_id: line, allocations: [twice, twice] },
      { transaction_id: line, allocations: [{ invoice_id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab', amount: 1 }] },
      { transaction_id: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab', allocations: [twice] },
    ]
    for (const body of unknown) expect((await bench.tenant.call('POST', '/invoice-matches', body)).status).toBe(422)
    // Of another tenant: the very same answer as for ids that never were.
    const account = await makeAccount(app, stranger)
    const posted = { account_id: account, amount: 9, currency: 'EUR', transaction_date: TODAY }
    const foreign = (await stranger.call('POST', '/transactions', posted)).body.id
    const answers = await Promise.all(
      [foreign, 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab'].map((id) => bench.create(id, { [name]: 1 })),
    )
    expect(bare(answers[0]!)).toEqual(bare(answers[1]!))
    const after = await bench.traces()
    expect([after.matches, after.payments]).toEqual([before.matches, before.payments])
  })
  it('422: an installation that is not proven takes suggestions only', async () => {
    const other = await createReconciliationBench(app, clock, {
      settings: { mode: 'suggest' },
      proven: false,
      seed: {
        clients: [{ id: 1, name: 'Ada Marlow', currency: 'EUR' }],
        invoices: [{ id: 1, client: 1, number: 'INV-1', date: '2025-04-01', total: '50.00' }],
      },
    })
    const line = await other.line({ amount: 50 })
    const refused = await other.create(line, { 'INV-1': 50 })
    expect([refused.status, refused.body.error.code]).toEqual([422, 'validation_failed'])
    expect(refused.body.error.message).toContain('/verify')
    expect(await other.matches(line)).toEqual([])
    expect((await other.create(line, { 'INV-1': 50 }, { apply: false })).status).toBe(201)
    await other.stop()
  })
})

describe('PATCH /invoice-matches/{id}', () => {
  it('200: approved, then applied in WHMCS once, under our id and on the day of the bank', async () => {
    const { line, id, name } = await suggestion()
    const answer = await bench.approve(id)
    expect(answer).toMatchObject({ status: 200, body: { id, status: 'approved', decided_at: `${TODAY}T12:00:00Z` } })
    expect(await bench.status(line)).toBe('matched')
    await bench.pay()
    expect(await bench.get(`/invoice-matches/${id}`)).toMatchObject({ status: 'applied' })
    expect(await bench.status(line)).toBe('applied')
    expect(await events(id)).toEqual(['match.created', 'match.approved', 'match.applied'])
    const booked = bench.whmcs.control.journal().filter((entry) => entry.invoiceid === Number(name.slice(4)))
    expect(booked).toMatchObject([{ kind: 'payment', amount: '50.00', transid: expect.stringMatching(/^PYM-/) }])
  })
  it('200: rejected: the money is free, and the pair is not suggested again', async () => {
    const { line, id, name } = await suggestion()
    expect(await bench.reject(id)).toMatchObject({ status: 200, body: { status: 'rejected', payments: [] } })
    expect(await bench.status(line)).toBe('unmatched')
    await bench.run()
    const again = (await bench.matches(line)).filter((match) => match.id !== id)
    expect(again.filter((match) => match.allocations[0].invoice_number === name)).toEqual([])
    expect(await events(id)).toEqual(['match.created', 'match.rejected'])
  })
  it('200: of twenty approvals at the same moment one wins and one payment is made', async () => {
    const { id, line } = await suggestion()
    const answers = await Promise.all(Array.from({ length: 20 }, () => bench.approve(id)))
    expect(inOrder(answers)).toEqual([200, ...Array.from({ length: 19 }, () => 409)])
    expect(await payments(id)).toHaveLength(1)
    expect((await events(id)).filter((type) => type === 'match.approved')).toHaveLength(1)
    expect(await bench.status(line)).toBe('matched')
  })
  it('200: approvals, rejections and matches by hand at the same moment: one decision', async () => {
    const { id, line } = await suggestion()
    const other = await invoice()
    const answers = await Promise.all(
      Array.from({ length: 18 }, (_, n) =>
        [() => bench.approve(id), () => bench.reject(id), () => bench.create(line, { [other]: 50 })][n % 3]!(),
      ),
    )
    const made = (await bench.matches(line)).filter((match) => match.status === 'approved')
    expect(made).toHaveLength(1)
    expect(answers.every(({ status }) => [200, 201, 409].includes(status))).toBe(true)
    const paid = await app.store.read(bench.tenant.id, (tx) =>
      tx.one<{ sum: string }>('select sum(amount_minor) from payments where tenant_id = $1 and transaction_id = $2', [
        tx.tenantUuid,
        uuidOf(line),
      ]),
    )
    expect(paid.sum).toBe('5000')
  })
  it('404: the same for ids of others and ids of nobody', async () => {
    const { id } = await suggestion()
    const foreign = await stranger.call('PATCH', `/invoice-matches/${id}`, { status: 'approved' })
    const never = await stranger.call('PATCH', `/invoice-matches/${NEVER}`, { status: 'approved' })
    expect([foreign.status, never.status]).toEqual([404, 404])
    expect(bare(foreign)).toEqual(bare(never))
    expect((await bench.get(`/invoice-matches/${id}`)).status).toBe('suggested')
  })
  it('409: whatever has moved on', async () => {
    const patch = (id: string, status: string) => bench.tenant.call('PATCH', `/invoice-matches/${id}`, { status })
    const applied = await suggestion()
    await bench.approve(applied.id)
    await bench.pay()
    const approved = await suggestion()
    await bench.approve(approved.id)
    const rejected = await suggestion()
    await bench.reject(rejected.id)
    const superseded = await suggestion()
    await bench.create(superseded.line, { [await invoice()]: 50 })
    const suggested = await suggestion()
    for (const [{ id }, wanted] of [
      [approved, ['approved', 'rejected', 'reversed']],
      [applied, ['approved', 'rejected']],
      [rejected, ['approved', 'rejected', 'reversed']],
      [superseded, ['approved', 'rejected', 'reversed']],
      [suggested, ['reversed']],
    ] as const) {
      for (const status of wanted) {
        const answer = await patch(id, status)
        expect([status, answer.status, answer.body.error?.code]).toEqual([status, 409, 'resource_conflict'])
      }
    }
  })
  it('422: what the invoice does not take any more, with nothing written', async () => {
    const { id, name } = await suggestion()
    await bench.seed({ payments: [{ invoice: Number(name.slice(4)), amount: '50.00', transid: 'cash', date: TODAY }] })
    const before = await bench.traces()
    const answer = await bench.approve(id)
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'validation_failed' } } })
    expect(answer.body.error.message).toContain(`${name} is already Paid`)
    expect(await bench.traces()).toEqual(before)
  })
})

describe('a payment that WHMCS refuses', () => {
  /** The mirror says open, WHMCS says otherwise. */
  const close = (name: string, status: 'Cancelled' | 'Unpaid') =>
    bench.whmcs.control.seed({
      invoices: [{ id: Number(name.slice(4)), client: 1, number: name, date: '2025-04-01', total: '50.00', status }],
    })

  it('leaves the line decided and the match failed; approved again, the same payment goes through', async () => {
    const { id, line, name } = await suggestion()
    close(name, 'Cancelled')
    await bench.approve(id)
    await bench.pay()
    expect((await bench.get(`/invoice-matches/${id}`)).status).toBe('failed')
    expect(await bench.status(line)).toBe('matched')
    await bench.run()
    expect(await bench.matches(line)).toHaveLength(1)
    expect((await bench.approve(id)).status).toBe(422)
    expect((await bench.reject(id)).status).toBe(409)

    close(name, 'Unpaid')
    await bench.mirror()
    const answers = await Promise.all(Array.from({ length: 5 }, () => bench.approve(id)))
    expect(inOrder(answers)).toEqual([200, 409, 409, 409, 409])
    await bench.pay()
    expect((await bench.get(`/invoice-matches/${id}`)).status).toBe('applied')
    expect(await bench.status(line)).toBe('applied')
    expect(await payments(id)).toEqual([{ state: 'applied', amount_minor: '5000' }])
    expect(await events(id)).toEqual([
      'match.created',
      'match.approved',
      'match.failed',
      'match.approved',
      'match.applied',
    ])
  })

  it('one part applied, one refused: approved again, only the refused part is sent', async () => {
    const [good, bad] = [await invoice('50.00'), await invoice('50.00')]
    const line = await bench.line({ amount: 100 })
    close(bad, 'Cancelled')
    const { id } = (await bench.create(line, { [good]: 50, [bad]: 50 })).body
    expect(await bench.status(line)).toBe('matched')
    await bench.pay()
    expect((await bench.get(`/invoice-matches/${id}`)).status).toBe('failed')
    expect(await bench.status(line)).toBe('matched')
    expect((await bench.create(line, { [await invoice()]: 50 })).status).toBe(409)
    close(bad, 'Unpaid')
    await bench.mirror()
    expect((await bench.approve(id)).status).toBe(200)
    await bench.pay()
    expect((await bench.get(`/invoice-matches/${id}`)).status).toBe('applied')
    expect(await bench.status(line)).toBe('applied')
    const booked = bench.whmcs.control.journal().filter((entry) => entry.invoiceid === Number(good.slice(4)))
    expect(booked).toHaveLength(1)
  })

  it('nothing of it booked: the money may go to another invoice', async () => {
    const { id, line, name } = await suggestion()
    close(name, 'Cancelled')
    await bench.approve(id)
    await bench.pay()
    const other = await invoice('50.00')
    const made = await bench.create(line, { [other]: 50 })
    expect(made).toMatchObject({ status: 201, body: { status: 'approved' } })
    expect((await bench.get(`/invoice-matches/${id}`)).status).toBe('superseded')
    expect((await bench.approve(id)).status).toBe(409)
    await bench.pay()
    expect(await bench.status(line)).toBe('applied')
  })
})

describe('POST /invoice-matches/{id}/release', () => {
  /** A match that WHMCS refused, since its invoice was cancelled there. */
  async function failed() {
    const found = await suggestion()
    bench.whmcs.control.seed({
      invoices: [
        {
          id: Number(found.name.slice(4)),
          client: 1,
          number: found.name,
          date: '2025-04-01',
          total: '50.00',
          status: 'Cancelled',
        },
      ],
    })
    await bench.approve(found.id)
    await bench.pay()
    expect((await bench.get(`/invoice-matches/${found.id}`)).status).toBe('failed')
    return found
  }
  const release = (id: string) => bench.tenant.call('POST', `/invoice-matches/${id}/release`)

  it('200: its money is free, the refused invoice is not proposed for it again', async () => {
    const { id, line, name } = await failed()
    const answers = await Promise.all(Array.from({ length: 4 }, () => release(id)))
    expect(inOrder(answers)).toEqual([200, 409, 409, 409])
    expect((await bench.get(`/invoice-matches/${id}`)).status).toBe('superseded')
    expect(await bench.status(line)).toBe('unmatched')
    // Also when the invoice is open again.
    await bench.seed({
      invoices: [
        { id: Number(name.slice(4)), client: 1, number: name, date: '2025-04-01', total: '50.00', status: 'Unpaid' },
      ],
    })
    await bench.run()
    const proposed = (await bench.matches(line)).filter((match) => match.status === 'suggested')
    for (const match of proposed) {
      expect(match.allocations.map((part: { invoice_number: string }) => part.invoice_number)).not.toEqual([name])
      expect(match.withheld.map((doubt: { code: string }) => doubt.code)).toContain('refused_before')
    }
    const { data } = await bench.get(`/transactions/${line}/history`)
    expect(data.map((entry: { text: string }) => entry.text).join('\n')).toContain('was let go of')
    // By hand it may still go there.
    expect((await bench.create(line, { [name]: 50 })).status).toBe(201)
    await bench.pay()
    expect(await bench.status(line)).toBe('applied')
  })

  it('409: what is not failed; 404: another tenant’s, like a made-up one; 403 without the permission', async () => {
    const { id } = await suggestion()
    expect((await release(id)).status).toBe(409)
    const foreign = await stranger.call('POST', `/invoice-matches/${id}/release`)
    const never = await stranger.call('POST', '/invoice-matches/match_01jrfzq4v8m2k9d7t5x3w1c0ab/release')
    expect([foreign.status, never.status]).toEqual([404, 404])
    expect({ ...foreign.body.error, request_id: '' }).toEqual({ ...never.body.error, request_id: '' })
    const reader = await app.tenant({ permissions: ['matches:read'] })
    expect((await reader.call('POST', `/invoice-matches/${id}/release`)).status).toBe(403)
  })

  it('200: then the line can be set aside', async () => {
    const { id, line } = await failed()
    const aside = () => bench.tenant.call('PATCH', `/transactions/${line}`, { status: 'ignored' })
    expect((await aside()).body.error.message).toContain('let go of it if it failed')
    await release(id)
    expect(await aside()).toMatchObject({ status: 200, body: { status: 'ignored', match_status: 'unmatched' } })
  })
})

describe('GET /transactions/{id}/candidates', () => {
  it('200: the evidence, the others, and why some are ruled out; keeps nothing', async () => {
    const [open, paid] = [await invoice('77.00'), await invoice('77.00', { status: 'Cancelled' })]
    const line = await bench.line({ amount: 77, text: `Invoice ${open} Invoice ${paid}`, name: 'Marlow Hosting' })
    const before = await bench.traces()
    const { status, body } = await bench.tenant.call('GET', `/transactions/${line}/candidates`)
    expect(status).toBe(200)
    expect(body.transaction_id).toBe(line)
    expect(body.candidates[0]).toMatchObject({
      allocations: [{ invoice_id: await bench.invoice(open), amount: 77, currency: 'EUR' }],
    })
    expect(body.ruled_out).toMatchObject([{ invoice_id: await bench.invoice(paid), code: 'cancelled' }])
    expect(await bench.traces()).toEqual(before)
  })
  it('200: money out has none', async () => {
    const out = await bench.line({ amount: 50, direction: 'debit' })
    expect((await bench.get(`/transactions/${out}/candidates`)).candidates).toEqual([])
  })
  it('404: the same for ids of others and ids of nobody', async () => {
    const line = await bench.line({ amount: 50 })
    const foreign = await stranger.call('GET', `/transactions/${line}/candidates`)
    const never = await stranger.call('GET', '/transactions/txn_01jrfzq4v8m2k9d7t5x3w1c0ab/candidates')
    expect([foreign.status, never.status]).toEqual([404, 404])
    expect(bare(foreign)).toEqual(bare(never))
  })

  it('200: names invoice and client, and every doubt that would keep it from being applied', async () => {
    const name = await invoice('61.00')
    const line = await bench.line({ amount: 61, text: `STRIPE Invoice ${name}`, name: 'Marlow Hosting' })
    const before = await bench.get(`/transactions/${line}/candidates`)
    expect(before.candidates[0].allocations).toEqual([
      {
        invoice_id: await bench.invoice(name),
        invoice_number: name,
        client: { id: expect.stringMatching(/^cli_/), name: 'Ada Marlow', company: 'Marlow Hosting' },
        amount: 61,
        currency: 'EUR',
      },
    ])
    const codes = (answer: { withheld: { code: string }[] }) => answer.withheld.map(({ code }) => code)
    expect(codes(before)).not.toContain('looks_like_payout')
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run(
        `insert into stripe_connections (tenant_id, id, kind, account_id, account, livemode, status, connected_at, last_sync_at)
         values ($1, gen_random_uuid(), 'connect_oauth', 'acct_doubt', 'acct_doubt|live', true, 'active', '2025-01-01', now())`,
        [tx.tenantUuid],
      ),
    )
    const after = await bench.get(`/transactions/${line}/candidates`)
    expect(codes(after)).toContain('looks_like_payout')
    expect(after.decision).not.toBe('auto')
    await bench.run()
    const [match] = await bench.matches(line)
    await bench.reject(match.id)
    expect(codes(await bench.get(`/transactions/${line}/candidates`))).toContain('refused_before')
  })
})

describe('POST /invoice-matches/run', () => {
  it('202: one job waits, however often it is asked for', async () => {
    const tenant = await app.tenant()
    for (let n = 0; n < 3; n += 1) expect((await tenant.call('POST', '/invoice-matches/run')).status).toBe(202)
    const { rows } = await app.database.pool.query(
      "select 1 from pgboss.job where name = 'match-transactions' and state = 'created' and data->>'tenantId' = $1",
      [tenant.id],
    )
    expect(rows).toHaveLength(1)
  })
  it('403: a key that only reads', async () => {
    const tenant = await app.tenant({ permissions: ['matches:read'] })
    expect((await tenant.call('POST', '/invoice-matches/run')).status).toBe(403)
  })
})

it('all of it left an audit chain that holds', async () => {
  const chain = await app.store.read(bench.tenant.id, verifyAudit)
  expect(chain).toMatchObject({ valid: true, firstBroken: null })
})
