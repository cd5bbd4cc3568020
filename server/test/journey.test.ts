import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGocardless, type GocardlessSimulator, SANDBOX_CREDENTIALS } from '../../sandbox/src/gocardless/index.ts'
import { createWhmcs, DEFAULT_CREDENTIAL, type WhmcsSimulator } from '../../sandbox/src/whmcs/index.ts'
import { Secret } from '../src/base/secret.ts'
import { verifyAudit } from '../src/events/audit.ts'
import { createTestApp, type TestApp, type TestTenant } from './setup/app.ts'
import { type Receiver, startReceiver } from './setup/receiver.ts'

/** The main job, end to end over HTTP: a bank consent, a sync, matching, approval by hand and automatically, payments in the
 *  simulated WHMCS exactly once, and signed events at a receiver. Runs on whatever database the suite runs on. */

const today = new Date().toISOString().slice(0, 10)
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
const host = (url: string): string => new URL(url).host

let bank: GocardlessSimulator
let whmcs: WhmcsSimulator
let receiver: Receiver
let app: TestApp
let tenant: TestTenant
let connectionId: string
let whmcsId: string
let secret: string

const line = (key: string, ago: number, amount: string, name: string, iban: string, text: string) => ({
  key,
  amount,
  bookingDate: daysAgo(ago),
  valueDate: daysAgo(ago),
  counterparty: { name, iban },
  text,
})

beforeAll(async () => {
  bank = await createGocardless({
    seed: {
      institutions: [{ id: 'JOURNEY_JRNYDEFF', name: 'Journey Bank', bic: 'JRNYDEFF', countries: ['DE'] }],
      accounts: [
        {
          key: 'main',
          institutionId: 'JOURNEY_JRNYDEFF',
          currency: 'EUR',
          iban: 'DE89370400440532013000',
          ownerName: 'Journey Hosting',
          balance: '1000.00',
          transactions: [
            line('sure', 3, '49.00', 'Marlow Bikes', 'DE02120300000000202051', 'Rechnung INV-1001'),
            line('twin-1', 2, '19.00', 'Anna Berg', 'DE02500105170137075030', 'Hosting'),
            line('twin-2', 2, '19.00', 'Anna Berg', 'DE02500105170137075030', 'Hosting'),
            line('doubt', 2, '77.00', 'Unbekannt', 'DE02300209000106531065', 'Überweisung'),
            line('by-hand', 9, '33.00', 'Holm Optik', 'DE02701500000000594937', 'INV-1005'),
            line('out', 1, '-500.00', 'Vermieter', 'DE02100100100006820101', 'Miete'),
          ],
        },
      ],
    },
  })
  whmcs = await createWhmcs({
    basePath: '/billing',
    sync: false,
    seed: {
      currencies: [{ code: 'EUR', prefix: '€', suffix: ' EUR', rate: '1.00000' }],
      clients: [
        { id: 1, name: 'Mary Marlow', companyname: 'Marlow Bikes', currency: 'EUR' },
        { id: 2, name: 'Anna Berg', currency: 'EUR' },
        { id: 3, name: 'Holm Optik', currency: 'EUR' },
        { id: 4, name: 'Jens Falk', currency: 'EUR' },
      ],
      invoices: [
        { id: 501, client: 1, number: 'INV-1001', total: '49.00', date: daysAgo(14) },
        {
          id: 502,
          client: 2,
          number: 'INV-1002',
          items: [{ amount: '19.00', description: 'Hosting S - anna.example', type: 'Hosting' }],
          date: daysAgo(14),
        },
        {
          id: 503,
          client: 2,
          number: 'INV-1003',
          items: [{ amount: '19.00', description: 'Hosting S - anna.example', type: 'Hosting' }],
          date: daysAgo(13),
        },
        { id: 504, client: 4, number: 'INV-1004', total: '77.00', date: daysAgo(12) },
        { id: 505, client: 3, number: 'INV-1005', total: '33.00', date: daysAgo(20), status: 'Paid' },
      ],
      payments: [{ invoice: 505, amount: '33.00', transid: 'by hand 17', date: `${daysAgo(9)} 10:00:00` }],
    },
  })
  receiver = await startReceiver()
  app = await createTestApp({
    workers: true,
    config: {
      allowedPrivateHosts: [host(bank.url), host(whmcs.url), receiver.host],
      gocardlessBankDataUrl: bank.url,
      gocardlessSecretId: SANDBOX_CREDENTIALS.secretId,
      gocardlessSecretKey: new Secret(SANDBOX_CREDENTIALS.secretKey),
      timeScale: 20,
    },
  })
  tenant = await app.tenant({ settings: { matching: { mode: 'auto', start_on: daysAgo(30) } } })
}, 60_000)

afterAll(async () => {
  await app?.stop()
  await Promise.all([bank?.close(), whmcs?.close(), receiver?.close()])
})

describe('the main job', () => {
  it('tells a receiver, connects and proves WHMCS, and connects the bank', async () => {
    const hook = await tenant.call('POST', '/webhooks', { url: `${receiver.url}/hook`, events: ['*'] })
    expect(hook.status).toBe(201)
    secret = hook.body.secret

    const instance = await tenant.call('POST', '/whmcs-instances', {
      system_url: whmcs.url,
      api_identifier: DEFAULT_CREDENTIAL.identifier,
      api_secret: DEFAULT_CREDENTIAL.secret,
    })
    expect(instance.status).toBe(201)
    whmcsId = instance.body.id
    whmcs.control.setProof({ webhookSecret: instance.body.webhook_secret })
    const proven = await tenant.call('POST', `/whmcs-instances/${whmcsId}/verify`, { method: 'module' })
    expect([proven.status, proven.body.verified_at === null]).toEqual([200, false])

    const banks = await tenant.call('GET', '/institutions?country=DE&q=journey')
    expect(banks.body.data.map((row: { id: string }) => row.id)).toEqual(['JOURNEY_JRNYDEFF'])
    const started = await tenant.call('POST', '/bank-connections/initialize', {
      institution_id: 'JOURNEY_JRNYDEFF',
      redirect_url: 'https://journey.example/done?own=1',
    })
    expect(started.status).toBe(201)
    connectionId = started.body.bank_connection_id
    const back = bank.control.decide(started.body.authorization_id, 'approve').redirect_to
    const landed = await app.call(undefined, 'GET', new URL(back).pathname + new URL(back).search)
    expect(landed.status).toBe(302)
    const target = new URL(String(landed.headers.location))
    expect(Object.fromEntries(target.searchParams)).toEqual({
      own: '1',
      bank_connection_id: connectionId,
      status: 'active',
    })
    // The link works once: coming back again changes nothing.
    const again = await app.call(undefined, 'GET', new URL(back).pathname + new URL(back).search)
    expect(new URL(String(again.headers.location)).searchParams.get('status')).toBe('active')
  })

  it('books the sure ones by itself and asks about the doubtful one', async () => {
    await until(
      async () =>
        (await statuses()).sort().join() ===
        ['applied', 'applied', 'applied', 'matched', 'suggested', 'unmatched'].join(),
    )
    const byHand = await find('INV-1005')
    expect(byHand.match_status).toBe('matched')
    const [match] = (await tenant.call('GET', `/invoice-matches?transaction_id=${byHand.id}`)).body.data
    expect(match.reasons.map((reason: { code: string }) => reason.code)).toContain('already_booked')
    expect(match.payments).toEqual([])
  })

  it('books an approved one, and of twenty equal approvals one wins', async () => {
    const [match] = (await tenant.call('GET', '/invoice-matches?status=suggested')).body.data
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tenant.call('PATCH', `/invoice-matches/${match.id}`, { status: 'approved' })),
    )
    expect(answers.map((answer) => answer.status).sort((one, other) => one - other)).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 409),
    ])
    await until(async () => (await tenant.call('GET', `/invoice-matches/${match.id}`)).body.status === 'applied')
  })

  it("stands in WHMCS's own ledger once each, with the bank's day and our id", async () => {
    const booked = whmcs.control
      .journal()
      .filter((entry) => entry.kind === 'payment' && entry.transid.startsWith('PYM-'))
    expect(booked.map((entry) => `${entry.invoiceid} ${entry.amount}`).sort()).toEqual([
      '501 49.00',
      '502 19.00',
      '503 19.00',
      '504 77.00',
    ])
    expect(new Set(booked.map((entry) => entry.transid)).size).toBe(4)
    expect(booked.find((entry) => entry.invoiceid === 501)!.date).toContain(daysAgo(3))
    const { data } = (await tenant.call('GET', '/payments?per_page=100')).body
    expect(data.map((payment: { transaction_reference: string }) => payment.transaction_reference).sort()).toEqual(
      booked.map((entry) => entry.transid).sort(),
    )
  })

  it('told the receiver, signed in both ways, each event once', async () => {
    const wanted = [
      'transaction.created',
      'match.created',
      'match.approved',
      'match.applied',
      'bank_connection.active',
      'bank_connection.synced',
      'whmcs_instance.verified',
      'invoice.paid',
    ]
    await until(async () =>
      wanted.every((type) => receiver.requests.some((request) => request.json().event_type === type)),
    )
    await until(
      async () => receiver.requests.filter((request) => request.json().event_type === 'match.applied').length === 4,
    )
    for (const request of receiver.requests) {
      const body = request.body.toString()
      const [, at, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers['x-payymo-signature']))!
      expect(v1).toBe(createHmac('sha256', secret).update(`${at}.${body}`).digest('hex'))
      expect(() => new Webhook(secret).verify(body, request.headers as Record<string, string>)).not.toThrow()
      expect(request.json()).toMatchObject({ tenant_id: tenant.id })
    }
    const ids = receiver.requests.map((request) => request.json().id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('creates nothing when the bank is read again, nor after a reconnect that issues every id anew', async () => {
    const before = await facts()
    await sync()
    expect(await facts()).toEqual(before)

    bank.control.reissueIds('main')
    const started = await tenant.call('POST', `/bank-connections/${connectionId}/reconnect`, {
      redirect_url: 'https://journey.example/done',
    })
    expect([started.status, started.body.bank_connection_id]).toEqual([201, connectionId])
    const back = new URL(bank.control.decide(started.body.authorization_id, 'approve').redirect_to)
    const syncs = (await tenant.call('GET', `/bank-connections/${connectionId}/syncs`)).body.pagination.total_items
    await app.call(undefined, 'GET', back.pathname + back.search)
    await until(async () => {
      const { data, pagination } = (await tenant.call('GET', `/bank-connections/${connectionId}/syncs`)).body
      return pagination.total_items > syncs && data[0].status === 'done'
    })
    expect(await facts()).toEqual(before)
    expect(
      whmcs.control.journal().filter((entry) => entry.kind === 'payment' && entry.transid.startsWith('PYM-')),
    ).toHaveLength(4)
  })

  it('left an audit chain that holds, and no foreign eye sees any of it', async () => {
    expect(await app.store.read(tenant.id, verifyAudit)).toMatchObject({ valid: true, firstBroken: null })
    const other = await app.tenant()
    for (const path of [
      '/transactions',
      '/invoices',
      '/invoice-matches',
      '/payments',
      '/bank-connections',
      '/whmcs-instances',
      '/events',
      '/webhooks',
    ]) {
      expect((await other.call('GET', path)).body.data).toEqual([])
    }
    expect((await other.call('GET', `/bank-connections/${connectionId}`)).status).toBe(404)
  })
})

const lines = async () =>
  (await tenant.call('GET', '/transactions?per_page=100')).body.data as {
    id: string
    description: string
    match_status: string
  }[]
const statuses = async () => (await lines()).map((row) => row.match_status)
const find = async (text: string) => (await lines()).find((row) => row.description.includes(text))!

/** What must not move when nothing new happened: lines with their keys, payments with their ids in WHMCS. */
async function facts(): Promise<unknown> {
  return app.store.read(tenant.id, async (tx) => ({
    lines: await tx.many('select id, identity_key, match_status from transactions where tenant_id = $1 order by id', [
      tx.tenantUuid,
    ]),
    accounts: await tx.many('select id, identity from accounts where tenant_id = $1', [tx.tenantUuid]),
    payments: await tx.many('select id, transid, state from payments where tenant_id = $1 order by id', [
      tx.tenantUuid,
    ]),
    matches: await tx.many('select id, status from matches where tenant_id = $1 order by id', [tx.tenantUuid]),
  }))
}

async function sync(): Promise<void> {
  const asked = await tenant.call('POST', `/bank-connections/${connectionId}/sync`)
  expect(asked.status).toBe(202)
  await until(async () => {
    const { data } = (await tenant.call('GET', `/bank-connections/${connectionId}/syncs`)).body
    return data.find((row: { id: string }) => row.id === asked.body.id)?.status === 'done'
  })
}

/** Waits for what workers do by themselves; says what it was waiting for when it does not come. */
async function until(holds: () => Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(
        `never came true: ${holds.toString().slice(0, 200)} — ${JSON.stringify(await statuses())} on ${today}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
