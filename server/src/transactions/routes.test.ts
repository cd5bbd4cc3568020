import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Id } from '../base/ids.ts'
import { verifyAudit } from '../events/audit.ts'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeAccount } from '../../test/setup/factories.ts'

let app: TestApp
let tenant: TestTenant
let account: Id<'acc'>

beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  account = await makeAccount(app, tenant)
})
afterAll(() => app.stop())

const line = (change: object = {}) => ({
  account_id: account,
  amount: 49,
  currency: 'EUR',
  transaction_date: '2025-04-10',
  ...change,
})

describe('POST /transactions', () => {
  it('201: stores the line, its event, its audit row and its job together', async () => {
    const answer = await tenant.call(
      'POST',
      '/transactions',
      line({ amount: '1250.00', transaction_id: 'a-1', description: 'INV-1001' }),
    )
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`/api/v1/transactions/${answer.body.id}`)
    expect(answer.body).toMatchObject({
      amount: 1250,
      transaction_id: 'a-1',
      match_status: 'unmatched',
      source: 'api',
      status: 'processed',
    })
    expect(answer.body.transaction_date).toBe('2025-04-10T00:00:00Z')
    const traces = await app.store.read(tenant.id, async (tx) => ({
      event: await tx.one<{ body: string }>('select body from events where tenant_id = $1 and resource_id = $2', [
        tx.tenantUuid,
        answer.body.id,
      ]),
      audits: await tx.many<{ action: string }>(
        'select action from audit_events where tenant_id = $1 and resource_id = $2',
        [tx.tenantUuid, answer.body.id],
      ),
      chain: await verifyAudit(tx),
    }))
    expect(JSON.parse(traces.event.body)).toMatchObject({
      event_type: 'transaction.created',
      tenant_id: tenant.id,
      data: { amount: 1250 },
    })
    expect(traces.event.body).toContain('"amount":1250.00')
    expect(traces.audits).toEqual([{ action: 'transaction.create' }])
    expect(traces.chain).toMatchObject({ valid: true, firstBroken: null })
  })

  it('201: keeps sixteen digits exactly, in and out', async () => {
    const dinars = await makeAccount(app, tenant, { currency: 'KWD' })
    const raw = `{"account_id":"${dinars}","amount":9999999999999.999,"currency":"KWD","transaction_date":"2025-04-10"}`
    const made = await app.http.inject({
      method: 'POST',
      url: '/api/v1/transactions',
      headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json' },
      payload: raw,
    })
    expect(made.statusCode).toBe(201)
    expect(made.body).toContain('"amount":9999999999999.999,')
  })

  it('400: names all faults at once, in the words of the specification', async () => {
    const answer = await tenant.call('POST', '/transactions', { amount: 5, currency: 'EURO', colour: 'red' })
    expect(answer.status).toBe(400)
    expect(answer.body.error.code).toBe('invalid_request')
    expect(answer.body.error.message).toBe('The request is missing required parameters')
    expect(answer.body.error.details).toEqual(
      expect.arrayContaining([
        { field: 'account_id', issue: 'This field is required' },
        { field: 'transaction_date', issue: 'This field is required' },
        { field: 'currency', issue: 'Must be a currency code of ISO 4217 such as EUR' },
        { field: 'colour', issue: 'This field is not known' },
      ]),
    )
  })

  it.each([
    ['0', 'Amount must be greater than zero'],
    ['-5.00', 'Amount must be greater than zero'],
    ['1.234', 'Must have at most 2 decimals in EUR'],
    ['ten', 'Must be a number or a decimal string'],
  ])('400: refuses the amount %s', async (amount, issue) => {
    const answer = await tenant.call('POST', '/transactions', line({ amount }))
    expect(answer.status).toBe(400)
    expect(answer.body.error.details).toEqual([{ field: 'amount', issue }])
  })

  it('400: refuses broken, hostile and deep bodies with the documented answer', async () => {
    for (const body of ['{"a":', '{"__proto__":{}}', '"\\u0000"', `${'['.repeat(40)}${']'.repeat(40)}`, '"\\ud800"']) {
      const answer = await tenant.call('POST', '/transactions', body)
      expect([body.slice(0, 20), answer.status]).toEqual([body.slice(0, 20), 400])
      expect(answer.body.error.code).toBe('invalid_request')
    }
  })

  it('401: no key, a wrong key, a foreign scheme, a Stripe key', async () => {
    const none = await app.call(undefined, 'POST', '/transactions', line())
    expect([none.status, none.body.error.message]).toEqual([401, 'API key is required'])
    const wrong = await app.call(`${tenant.key.slice(0, -1)}x`, 'POST', '/transactions', line())
    expect([wrong.status, wrong.body.error.message]).toEqual([401, 'Invalid or expired API key'])
    const stripe = await app.call('pk_live_51H8xYzAbCdEfGhIjKlMnOp', 'GET', '/transactions')
    expect(stripe.body.error.message).toContain('Stripe key')
  })

  it('403: a key without the permission, which is named; the operator, who belongs to no tenant', async () => {
    const reader = await app.tenant({ permissions: ['transactions:read'] })
    const answer = await reader.call('POST', '/transactions', line())
    expect(answer.status).toBe(403)
    expect(answer.body.error.details).toEqual([{ field: 'permission', issue: 'transactions:write' }])
    expect((await app.call(OPERATOR_KEY, 'GET', '/transactions')).status).toBe(403)
  })

  it('409: the same transaction_id in an account counts once', async () => {
    expect((await tenant.call('POST', '/transactions', line({ transaction_id: 'twice' }))).status).toBe(201)
    const again = await tenant.call('POST', '/transactions', line({ transaction_id: 'twice' }))
    expect([again.status, again.body.error.code]).toEqual([409, 'resource_conflict'])
  })

  it('415: a body that is not JSON', async () => {
    expect((await tenant.call('POST', '/transactions', 'a=1', { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it("422: another tenant's account answers exactly like a made-up one; another currency; too large", async () => {
    const other = await makeAccount(app, await app.tenant())
    const foreign = await tenant.call('POST', '/transactions', line({ account_id: other }))
    const madeUp = await tenant.call('POST', '/transactions', line({ account_id: 'acc_01jrfzq4v8m2k9d7t5x3w1c0ab' }))
    expect(foreign.status).toBe(422)
    expect({ ...foreign.body.error, request_id: '' }).toEqual({ ...madeUp.body.error, request_id: '' })
    expect((await tenant.call('POST', '/transactions', line({ currency: 'USD' }))).status).toBe(422)
    expect((await tenant.call('POST', '/transactions', line({ amount: '12345678901234.00' }))).status).toBe(422)
  })
})

describe('POST /transactions/batch', () => {
  it('200: judges each line for itself', async () => {
    const answer = await tenant.call('POST', '/transactions/batch', {
      transactions: [
        line({ transaction_id: 'b-1' }),
        line({ transaction_id: 'b-1' }),
        { amount: 1 },
        line({ transaction_id: 'twice' }),
      ],
    })
    expect(answer.status).toBe(200)
    const statuses = answer.body.results.map((result: { status: string }) => result.status)
    expect(statuses).toEqual(['created', 'duplicate', 'invalid', 'duplicate'])
    expect(answer.body.results[1].id).toBe(answer.body.results[0].id)
    expect(answer.body.results[2].error.details).toContainEqual({
      field: 'account_id',
      issue: 'This field is required',
    })
  })
})

describe('GET /transactions', () => {
  it('200: pages, cursors, filters and sorting show every row once', async () => {
    const own = await app.tenant()
    const acc = await makeAccount(app, own)
    const transactions = Array.from({ length: 25 }, (_, n) =>
      line({ account_id: acc, amount: n + 1, transaction_id: `p-${n}` }),
    )
    await own.call('POST', '/transactions/batch', { transactions })
    const first = await own.call('GET', '/transactions?per_page=10')
    expect(first.body.pagination).toMatchObject({
      total_items: 25,
      total_pages: 3,
      current_page: 1,
      per_page: 10,
      total_capped: false,
    })
    const seen: string[] = first.body.data.map((row: { id: string }) => row.id)
    for (let { next_cursor: cursor } = first.body.pagination; cursor; ) {
      const next = await own.call('GET', `/transactions?per_page=10&cursor=${cursor}`)
      expect(next.body.pagination).toMatchObject({ total_items: null, current_page: null })
      seen.push(...next.body.data.map((row: { id: string }) => row.id))
      cursor = next.body.pagination.next_cursor
    }
    expect(new Set(seen).size).toBe(25)
    const byAmount = await own.call('GET', '/transactions?sort=amount&per_page=3')
    expect(byAmount.body.data.map((row: { amount: number }) => row.amount)).toEqual([1, 2, 3])
    expect((await own.call('GET', '/transactions?transaction_id=p-7')).body.data).toHaveLength(1)
  })

  it('400: unknown parameters, bad cursors and impossible pages are refused', async () => {
    expect((await tenant.call('GET', '/transactions?colour=red')).status).toBe(400)
    expect((await tenant.call('GET', '/transactions?cursor=nonsense')).status).toBe(400)
    expect((await tenant.call('GET', '/transactions?per_page=101')).status).toBe(400)
  })

  it("404: another tenant's id, a made-up id and no id at all give the very same answer", async () => {
    const other = await app.tenant()
    const otherAccount = await makeAccount(app, other)
    const made = await other.call('POST', '/transactions', line({ account_id: otherAccount }))
    const answers = await Promise.all(
      [made.body.id, 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab', 'nonsense'].map((id) =>
        tenant.call('GET', `/transactions/${id}`),
      ),
    )
    for (const answer of answers)
      expect({ ...answer.body.error, request_id: '' }).toEqual({ ...answers[0]!.body.error, request_id: '' })
    expect(answers[0]!.status).toBe(404)
  })

  it('405: another method says what is allowed', async () => {
    const answer = await tenant.call('DELETE', '/transactions')
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, POST'])
  })
})

describe('PATCH /transactions/{id}', () => {
  it('200: sets a line aside and takes it back', async () => {
    const made = await tenant.call('POST', '/transactions', line())
    const aside = await tenant.call('PATCH', `/transactions/${made.body.id}`, { status: 'ignored', note: 'Deposit' })
    expect(aside.body).toMatchObject({ status: 'ignored', note: 'Deposit' })
    expect((await tenant.call('PATCH', `/transactions/${made.body.id}`, { status: 'processed' })).body.status).toBe(
      'processed',
    )
  })

  it('404 comes before 400', async () => {
    expect((await tenant.call('PATCH', '/transactions/txn_01jrfzq4v8m2k9d7t5x3w1c0ab', { colour: 1 })).status).toBe(404)
  })
})
