import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { linesOf } from '../../test/setup/factories-banking.ts'
import {
  BANK,
  bankSeed,
  type BankWork,
  bankSettings,
  bankWork,
  comeBack,
  connect,
  initialize,
  REDIRECT,
  seedAccount,
  startBank,
} from '../../test/setup/factories-gocardless.ts'
import type { GocardlessSimulator } from '../../../sandbox/src/gocardless/index.ts'

let bank: GocardlessSimulator
let app: TestApp
let tenant: TestTenant
let work: BankWork
beforeAll(async () => {
  bank = await startBank()
  app = await createTestApp({ config: bankSettings(bank) })
  tenant = await app.tenant()
  work = bankWork(app, bank)
})
afterAll(async () => {
  await app.stop()
  await bank.close()
})
// The bank of each test is a new one: the four looks a day at an account are per test.
beforeEach(() => bank.control.seed(bankSeed()))

const connectionOf = async (id: string) => (await tenant.call('GET', `/bank-connections/${id}`)).body
const eventTypes = (id: string): Promise<string[]> =>
  app.store.read(tenant.id, async (tx) =>
    (
      await tx.many<{ type: string }>('select type from events where tenant_id = $1 and resource_id = $2 order by id', [
        tx.tenantUuid,
        id,
      ])
    ).map((row) => row.type),
  )
/** Makes every pending consent due, as if its minute had passed. */
const letPollsComeDue = () =>
  app.database.pool.query("update bank_consents set next_poll_at = now() where status = 'pending'")

describe('a consent at the bank', () => {
  it('given: the connection is active, its account known, its lines stored once', async () => {
    const started = await initialize(tenant, { max_history_days: 365, language: 'de' })
    expect(started).toMatchObject({
      authorization_url: expect.stringContaining(bank.url),
      authorization_id: expect.any(String),
      bank_connection_id: expect.stringMatching(/^bank_/),
    })
    const id = started.bank_connection_id
    expect(await connectionOf(id)).toMatchObject({
      status: 'pending',
      provider: 'gocardless',
      institution_id: BANK,
      accounts: [],
    })
    const { redirect_to } = bank.control.decide(started.authorization_id, 'approve')
    expect(await comeBack(app, redirect_to)).toMatchObject({
      status: 302,
      headers: { location: `${REDIRECT}&bank_connection_id=${id}&status=active` },
    })
    const active = await connectionOf(id)
    expect(active).toMatchObject({
      status: 'active',
      name: 'Northern Bank',
      error: null,
      last_sync_at: null,
      accounts: [{ name: 'Business account', currency: 'GBP', iban_last4: '5432' }],
    })
    const days = (Date.parse(active.consent_expires_at) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(180)

    await work.sync(tenant, id)
    const lines = await linesOf(tenant, active.accounts[0].id)
    expect(lines.toSorted((a, b) => b.amount - a.amount)).toMatchObject([
      { amount: 250.5, direction: 'credit' },
      {
        amount: 100,
        direction: 'credit',
        source: 'bank',
        description: 'INV 1',
        counterparty: { name: 'Marlow Hosting Co' },
      },
      { amount: 12, direction: 'debit' },
    ])
    await work.sync(tenant, id)
    expect(await linesOf(tenant, active.accounts[0].id)).toEqual(lines)
    expect(await connectionOf(id)).toMatchObject({ last_sync_at: expect.any(String), next_sync_at: expect.any(String) })
    expect((await tenant.call('GET', `/bank-accounts?bank_connection_id=${id}`)).body.data).toMatchObject([
      { balance: 1250 },
    ])
    expect(await eventTypes(id)).toEqual(['bank_connection.active', 'bank_connection.synced', 'bank_connection.synced'])
  })

  it('coming back twice changes nothing', async () => {
    const started = await initialize(tenant)
    const { redirect_to } = bank.control.decide(started.authorization_id, 'approve')
    const [one, other] = await Promise.all([comeBack(app, redirect_to), comeBack(app, redirect_to)])
    expect([one.status, other.status]).toEqual([302, 302])
    expect(await comeBack(app, redirect_to)).toMatchObject({
      headers: one.headers.location ? { location: one.headers.location } : {},
    })
    expect(await eventTypes(started.bank_connection_id)).toEqual(['bank_connection.active'])
  })

  it.each([
    ['cancel', 'UserCancelledSession'],
    ['reject', 'UserSessionRejected'],
    ['technical_error', 'InstitutionTechnicalError'],
  ] as const)('%s: failed, with the word of the provider, and nothing is read', async (decision, word) => {
    const started = await initialize(tenant)
    const { redirect_to } = bank.control.decide(started.authorization_id, decision)
    const back = await comeBack(app, redirect_to)
    expect(back.headers.location).toBe(
      `${REDIRECT}&bank_connection_id=${started.bank_connection_id}&status=failed&error=${word}`,
    )
    expect(await connectionOf(started.bank_connection_id)).toMatchObject({ status: 'error', error: { code: word } })
    expect(await eventTypes(started.bank_connection_id)).toEqual(['bank_connection.error'])
    expect((await tenant.call('POST', `/bank-connections/${started.bank_connection_id}/sync`)).status).toBe(202)
  })

  it('an error in the address alone does not undo a consent that the bank gave', async () => {
    const started = await initialize(tenant)
    const { redirect_to } = bank.control.decide(started.authorization_id, 'approve')
    const back = await comeBack(app, `${redirect_to}&error=UserCancelledSession`)
    expect(back.headers.location).toContain('status=active')
  })

  it.each(['?ref=never-given', '', '?ref=a&ref=b', '?ref[]=x'])(
    'an unknown way back (%s) is a plain 404',
    async (query) => {
      const back = await app.call(undefined, 'GET', `/callbacks/gocardless${query}`)
      expect(back.status).toBe(404)
      expect(back.headers['content-type']).toContain('text/html')
      expect(back.headers.location).toBeUndefined()
    },
  )

  it('never given back by the person: the poll finds it', async () => {
    const started = await initialize(tenant)
    bank.control.decide(started.authorization_id, 'approve')
    await work.sweep('pending bank consents')
    expect((await connectionOf(started.bank_connection_id)).status).toBe('pending')
    await letPollsComeDue()
    await work.sweep('pending bank consents')
    expect((await connectionOf(started.bank_connection_id)).status).toBe('active')
  })

  it('not given within its hour: failed', async () => {
    const started = await initialize(tenant)
    await letPollsComeDue()
    await work.sweep('pending bank consents')
    expect((await connectionOf(started.bank_connection_id)).status).toBe('pending')
    await app.database.pool.query(
      "update bank_consents set next_poll_at = now(), expires_at = now() where status = 'pending'",
    )
    await work.sweep('pending bank consents')
    expect(await connectionOf(started.bank_connection_id)).toMatchObject({
      status: 'error',
      error: { code: 'consent_timeout' },
    })
  })

  it('cannot be read just now: nothing is lost, and the provider is not asked again at once', async () => {
    const started = await initialize(tenant)
    const { redirect_to } = bank.control.decide(started.authorization_id, 'approve')
    bank.control.addFault({ kind: '503', endpoint: 'accounts/details' })
    expect((await comeBack(app, redirect_to)).status).toBe(502)
    bank.control.addFault({ kind: 'html', endpoint: 'requisitions/read', times: 0 })
    bank.control.addFault({ kind: '503', endpoint: 'accounts/details', times: 0 })
    await letPollsComeDue()
    await work.sweep('pending bank consents')
    bank.control.resetCounters()
    await work.sweep('pending bank consents')
    expect(bank.control.counters()).toEqual({})
    bank.control.clearFaults()
    expect((await comeBack(app, redirect_to)).headers.location).toContain('status=active')
  })
})

describe('another tenant', () => {
  it('cannot see, read, change or finish a connection that is not its own', async () => {
    const id = await connect(app, tenant, bank)
    const stranger = await app.tenant()
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'mine' }],
      ['DELETE', '', undefined],
      ['POST', '/sync', undefined],
      ['POST', '/reconnect', { redirect_url: REDIRECT }],
      ['GET', '/syncs', undefined],
    ] as const) {
      expect((await stranger.call(method, `/bank-connections/${id}${path}`, body)).status, method + path).toBe(404)
    }
    expect((await stranger.call('GET', '/bank-connections')).body.data).toEqual([])
    expect((await stranger.call('GET', '/bank-accounts')).body.data).toEqual([])
  })
})

describe('a reconnect', () => {
  it('with everything issued anew keeps the connection, the account, and every line with its key', async () => {
    const own = await startBank([seedAccount()])
    const other = await createTestApp({ config: bankSettings(own) })
    const owner = await other.tenant()
    const job = bankWork(other, own)
    const id = await connect(other, owner, own)
    await job.sync(owner, id)
    const before = (await owner.call('GET', `/bank-connections/${id}`)).body
    const keys = () =>
      other.store.read(owner.id, (tx) =>
        tx.many('select id, identity_key from transactions where tenant_id = $1 order by id', [tx.tenantUuid]),
      )
    const stored = await keys()
    expect(stored).toHaveLength(3)

    own.control.reissueIds('main')
    await job.sync(owner, id)
    expect((await owner.call('GET', `/bank-connections/${id}`)).body).toMatchObject({
      status: 'expired',
      error: { code: 'consent_expired' },
    })
    const again = await owner.call('POST', `/bank-connections/${id}/reconnect`, { redirect_url: REDIRECT })
    expect(again).toMatchObject({ status: 201, body: { bank_connection_id: id } })
    await comeBack(other, own.control.decide(again.body.authorization_id, 'approve').redirect_to)
    await job.sync(owner, id)
    const after = (await owner.call('GET', `/bank-connections/${id}`)).body
    expect(after).toMatchObject({ status: 'active', error: null, accounts: before.accounts })
    expect(await keys()).toEqual(stored)
    // The old consent was given back to the provider.
    expect(own.control.state().requisitions).toHaveLength(1)
    await other.stop()
    await own.close()
  })

  it('that leaves an account out keeps its history and reads only the others', async () => {
    const own = await startBank([
      seedAccount(),
      seedAccount({ key: 'second', iban: 'GB33BUKB20201555555555', name: 'Savings', transactions: [] }),
    ])
    const other = await createTestApp({ config: bankSettings(own) })
    const owner = await other.tenant()
    const job = bankWork(other, own)
    const id = await connect(other, owner, own)
    await job.sync(owner, id)
    const again = await owner.call('POST', `/bank-connections/${id}/reconnect`, { redirect_url: REDIRECT })
    await comeBack(other, own.control.decide(again.body.authorization_id, 'approve', ['second']).redirect_to)
    await job.sync(owner, id)
    const after = (await owner.call('GET', `/bank-connections/${id}`)).body
    expect(after.status).toBe('active')
    expect(after.accounts).toHaveLength(2)
    expect(own.control.account('main').ids[0]!.readsToday.transactions).toBe(1)
    await other.stop()
    await own.close()
  })
})
