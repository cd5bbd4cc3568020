import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/secret.ts'
import {
  createBreaker,
  createBulkhead,
  type OutboundAnswer,
  OutboundError,
  type OutboundRequest,
} from '../../outbound/index.ts'
import { BillingError } from '../billing-system.ts'
import { createWhmcsClient } from './client.ts'
import { createWhmcsSystem } from './system.ts'

type Scripted = { status?: number; body?: string; headers?: Record<string, string> } | OutboundError

/** An installation whose answers the test writes; the last one is repeated. */
function scripted(...script: Scripted[]) {
  const calls: { url: string; form: URLSearchParams; order: OutboundRequest }[] = []
  const waits: number[] = []
  const reported: BillingError[] = []
  const outbound = {
    request: async (order: OutboundRequest): Promise<OutboundAnswer> => {
      const next = script[Math.min(calls.length, script.length - 1)]!
      calls.push({ url: order.url, form: new URLSearchParams(String(order.body)), order })
      if (next instanceof OutboundError) throw next
      const body = new TextEncoder().encode(next.body ?? '')
      const text = () => new TextDecoder().decode(body)
      return { status: next.status ?? 200, headers: next.headers ?? {}, body, text, durationMs: 1 }
    },
  }
  const access = {
    systemUrl: 'https://my.example.com/billing',
    identifier: 'identifier-canary',
    secret: new Secret('secret-canary'),
    accessKey: new Secret('accesskey-canary'),
  }
  const client = createWhmcsClient(access, {
    outbound,
    bulkhead: createBulkhead({ limit: 2 }),
    breaker: createBreaker(),
    scaled: (ms) => ms,
    key: 'one',
    wait: async (delayMs) => void waits.push(delayMs),
  })
  return { client, system: createWhmcsSystem(client, (error) => void reported.push(error)), calls, waits, reported }
}

const OK = { body: '{"result":"success","transactions":""}' }
const error = (message: string, status = 403) => ({ status, body: JSON.stringify({ result: 'error', message }) })
const payment = {
  invoiceExternalId: '1050',
  transid: 'PYM-0123456789ABCDEFGHJKMNPQRS',
  amountMinor: 4900n,
  currency: 'EUR',
  paidOn: '2025-04-10',
  paymentMethod: 'banktransfer',
}

async function failureOf(work: Promise<unknown>): Promise<BillingError> {
  const failure: unknown = await work.catch((caught: unknown) => caught)
  expect(failure).toBeInstanceOf(BillingError)
  return failure as BillingError
}

describe('a call', () => {
  it('is a form by POST below the system URL, within budget and size, under the policy for tenants', async () => {
    const { system, calls } = scripted(OK)
    await system.findPayments('PYM-1', 'EUR')
    expect(calls[0]!.url).toBe('https://my.example.com/billing/includes/api.php')
    expect(Object.fromEntries(calls[0]!.form)).toEqual({
      action: 'GetTransactions',
      transid: 'PYM-1',
      identifier: 'identifier-canary',
      secret: 'secret-canary',
      accesskey: 'accesskey-canary',
      responsetype: 'json',
    })
    expect(calls[0]!.order).toMatchObject({ method: 'POST', budgetMs: 30_000, maxBytes: 2_097_152, policy: 'tenant' })
  })

  it('reads an answer behind a BOM, or behind PHP warnings with braces of their own', async () => {
    for (const before of ['\uFEFF', '<br />\n<b>Warning</b>: foo() in {closure} {"a"} on line 3<br />\n']) {
      const { system } = scripted({ body: before + OK.body })
      expect(await system.findPayments('PYM-1', 'EUR')).toEqual([])
    }
  })

  it.each([
    ['{"totalresults":0,"transactions":""}', true],
    ['{"totalresults":0,"startnumber":0,"numreturned":0}', true],
    ['{"totalresults":2}', false],
    ['{"message":"Welcome"}', false],
    ['{}', false],
  ])('without `result`, %s says that there is nothing: %s', async (body, nothing) => {
    const { system } = scripted({ body })
    const found = system.findPayments('PYM-1', 'EUR')
    if (nothing) expect(await found).toEqual([])
    else await expect(found).rejects.toBeInstanceOf(BillingError)
  })

  it('takes half an answer for none', async () => {
    const { client } = scripted({ body: 'Warning {"result":"success","transactions":{"transaction":[{"id":"1"}' })
    expect(await failureOf(client.once('GetTransactions', {}, 'transactions'))).toMatchObject({ code: 'not_whmcs' })
  })
})

describe('a failure', () => {
  it.each([
    [error('Invalid IP 203.0.113.9'), 'ip_not_allowed', '203.0.113.9'],
    [error('Invalid IP 2001:db8::7'), 'ip_not_allowed', '2001:db8::7'],
    [error('Forbidden IP 203.0.113.9'), 'ip_banned', '203.0.113.9'],
    [error('Invalid or missing credentials'), 'bad_credentials', undefined],
    [error('Authentication Failed'), 'bad_credentials', undefined],
    [
      {
        status: 403,
        body: '{"result":"error","message":"Invalid Permissions: API action \\u0022getclients\\u0022 is not allowed"}',
      },
      'permission_denied',
      'getclients',
    ],
    [error('Access Denied'), 'permission_denied', undefined],
    [{ status: 200, body: '{"status":"error","message":"Client ID Not Found"}' }, 'business', undefined],
    [{ status: 403, body: '<html>ModSecurity</html>' }, 'blocked_by_firewall', '403'],
    [{ status: 406, body: 'Not Acceptable' }, 'blocked_by_firewall', '406'],
    [{ status: 404, body: 'Not found' }, 'not_whmcs', '404'],
    [{ status: 200, body: '<html>Welcome</html>' }, 'not_whmcs', '200'],
    [{ status: 200, body: '' }, 'not_whmcs', '200'],
    [
      { status: 301, headers: { location: 'https://www.example.com/billing/includes/api.php?secret=1' } },
      'redirected',
      'https://www.example.com/billing',
    ],
    [new OutboundError('tls', false, 'x', { code: 'CERT_HAS_EXPIRED' }), 'tls_failed', 'CERT_HAS_EXPIRED'],
    [new OutboundError('blocked', false, 'The host name leads into a private network'), 'address_refused', undefined],
    [new OutboundError('too_large', true, 'x'), 'answer_too_large', undefined],
  ])('%# is told by a stable code, and not tried again', async (answer, code, subject) => {
    const { client, calls } = scripted(answer)
    const failure = await failureOf(client.read('GetClients', {}, 'clients'))
    expect([failure.code, failure.subject, failure.temporary]).toEqual([code, subject, false])
    expect(calls).toHaveLength(1)
  })

  it.each([
    [{ status: 500, body: '' }, 'unreachable'],
    [{ status: 502, body: '<html>' }, 'unreachable'],
    [{ status: 503, body: '<html>' }, 'blocked_by_firewall'],
    [{ status: 429, body: '' }, 'blocked_by_firewall'],
    [new OutboundError('connect', false, 'The host could not be reached', { code: 'ECONNREFUSED' }), 'unreachable'],
    [new OutboundError('timeout', true, 'Out of time', { code: 'ETIMEDOUT' }), 'unreachable'],
  ])('%# that may pass is tried three times in all', async (answer, code) => {
    const { client, calls, waits } = scripted(answer)
    expect(await failureOf(client.read('GetClients', {}, 'clients'))).toMatchObject({ code, temporary: true })
    expect([calls.length, waits.length]).toEqual([3, 2])
  })

  it('ends with the answer when a later try succeeds', async () => {
    const { system, calls } = scripted({ status: 502 }, OK)
    expect(await system.findPayments('PYM-1', 'EUR')).toEqual([])
    expect(calls).toHaveLength(2)
  })

  it('waits as long as asked, and not in the worker when asked for minutes', async () => {
    const brief = scripted({ status: 429, headers: { 'retry-after': '7' } }, OK)
    await brief.system.findPayments('PYM-1', 'EUR')
    expect(brief.waits[0]).toBeGreaterThanOrEqual(7_000)
    const long = scripted({ status: 429, headers: { 'retry-after': '600' } })
    await failureOf(long.client.read('GetClients', {}, 'clients'))
    expect(long.calls).toHaveLength(1)
  })

  it('never carries a secret, even where the other side repeats it', async () => {
    const canaries = 'secret-canary identifier-canary accesskey-canary'
    for (const answer of [error(`Bad ${canaries}`, 200), { status: 302, headers: { location: `/${canaries}` } }]) {
      const { client, system } = scripted(answer)
      const failure = await failureOf(client.read('GetClients', {}, 'clients'))
      expect(`${failure.message} ${failure.subject}`).not.toMatch(/canary/)
      expect(JSON.stringify(await system.addPayment(payment))).not.toMatch(/canary/)
    }
  })
})

describe('addPayment', () => {
  it('says amount, day, gateway and transid, once and on a connection of its own', async () => {
    const { system, calls } = scripted({ body: '{"result":"success"}' })
    expect(await system.addPayment(payment)).toEqual({ outcome: 'applied' })
    expect(Object.fromEntries(calls[0]!.form)).toMatchObject({
      action: 'AddInvoicePayment',
      invoiceid: '1050',
      transid: payment.transid,
      gateway: 'banktransfer',
      date: '2025-04-10 00:00:00',
      amount: '49.00',
    })
    expect(calls[0]!.order.fresh).toBe(true)
  })

  it.each([
    [error('Invoice ID Not Found', 200), { outcome: 'refused', code: 'business', message: 'Invoice ID Not Found' }],
    [error('Invalid or missing credentials'), { outcome: 'refused', code: 'bad_credentials' }],
    [error('Invalid IP 203.0.113.9'), { outcome: 'refused', code: 'ip_not_allowed' }],
    [error('Server trouble', 500), { outcome: 'unknown', sent: true }],
    [
      { status: 502, body: '<html>' },
      { outcome: 'unknown', sent: true, reason: 'unreachable' },
    ],
    [
      { status: 403, body: '<html>' },
      { outcome: 'unknown', sent: true, reason: 'blocked_by_firewall' },
    ],
    [
      { status: 200, body: '<html>' },
      { outcome: 'unknown', sent: true, reason: 'not_whmcs' },
    ],
    [
      { status: 200, body: '{"invoiceid":"1"}' },
      { outcome: 'unknown', sent: true },
    ],
    [
      { status: 301, headers: { location: '/' } },
      { outcome: 'unknown', sent: true, reason: 'redirected' },
    ],
    [new OutboundError('timeout', true, 'x'), { outcome: 'unknown', sent: true, reason: 'unreachable' }],
    [new OutboundError('connect', false, 'x'), { outcome: 'unknown', sent: false, reason: 'unreachable' }],
  ])('%# is applied, refused or unknown, and never sent twice', async (answer, outcome) => {
    const { system, calls } = scripted(answer)
    expect(await system.addPayment(payment)).toMatchObject(outcome)
    expect(calls).toHaveLength(1)
  })

  it('never sends what would pay the whole balance, or more decimals than WHMCS keeps', async () => {
    const { system, calls } = scripted({ body: '{"result":"success"}' })
    await expect(system.addPayment({ ...payment, amountMinor: 0n })).rejects.toThrow('above zero')
    expect(await system.addPayment({ ...payment, amountMinor: 1_234n, currency: 'KWD' })).toMatchObject({
      outcome: 'refused',
      code: 'amount_not_representable',
    })
    expect(calls).toHaveLength(0)
  })
})

describe('findPayments', () => {
  const rows = ['PYM-1', 'pym-1', 'PYM-1 ', 'PYM-10'].map((transid, n) => ({
    id: String(n + 1),
    transid,
    invoiceid: '7',
    amountin: '5.00',
    amountout: '0.00',
    date: '2025-04-10 00:00:00',
    gateway: 'banktransfer',
  }))
  it('compares exactly, whatever the other side finds alike', async () => {
    const { system } = scripted({
      body: JSON.stringify({ result: 'success', totalresults: 4, transactions: { transaction: rows } }),
    })
    expect((await system.findPayments('PYM-1', 'EUR')).map((row) => row.externalId)).toEqual(['1'])
  })

  it('does not believe an answer that promises more than it shows', async () => {
    const { system } = scripted({ body: '{"result":"success","totalresults":"1","transactions":""}' })
    expect(await failureOf(system.findPayments('PYM-1', 'EUR'))).toMatchObject({ code: 'unreadable' })
  })
})

describe('listInvoices', () => {
  const row = (id: number, change: object = {}) => ({
    id,
    userid: 3,
    firstname: 'Ann',
    lastname: 'O&#039;Neil',
    companyname: '',
    invoicenum: '',
    date: '2025-03-01',
    duedate: '2025-03-15',
    datepaid: '0000-00-00 00:00:00',
    total: '49.00',
    status: 'Unpaid',
    currencycode: 'EUR',
    ...change,
  })
  const page = (total: number, rows: object[]) => ({
    body: JSON.stringify({
      result: 'success',
      totalresults: total,
      numreturned: rows.length,
      invoices: { invoice: rows },
    }),
  })
  const collect = async (system: ReturnType<typeof scripted>['system']) => {
    const ids: string[] = []
    for await (const rows of system.listInvoices('unpaid')) ids.push(...rows.map((each) => each.externalId))
    return ids
  }

  it('goes on where a smaller page than asked for ended, and shows each invoice once', async () => {
    const first = Array.from({ length: 25 }, (_, n) => row(n + 1))
    const second = Array.from({ length: 12 }, (_, n) => row(n + 16))
    const { system, calls } = scripted(page(27, first), page(27, second))
    expect(await collect(system)).toEqual(Array.from({ length: 27 }, (_, n) => String(n + 1)))
    expect(calls.map(({ form }) => form.get('limitstart'))).toEqual(['0', '15'])
  })

  it('says so when paging stands still instead of hiding invoices', async () => {
    const { system } = scripted(page(900, [row(1), row(2)]))
    expect(await failureOf(collect(system))).toMatchObject({ code: 'unreadable' })
  })

  it('leaves out a row that cannot be read, and reports it', async () => {
    const { system, reported } = scripted(page(2, [row(1, { total: '108.50', currencycode: 'JPY' }), row(2)]))
    expect(await collect(system)).toEqual(['2'])
    expect(reported).toMatchObject([{ code: 'unreadable', subject: 'total' }])
  })
})
