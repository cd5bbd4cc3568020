import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GocardlessSimulator } from '../../../sandbox/src/gocardless/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { linesOf, upload } from '../../test/setup/factories-banking.ts'
import {
  bankSeed,
  bankSettings,
  type BankWork,
  bankWork,
  comeBack,
  connect,
  daysAgo,
  REDIRECT,
  seedAccount,
  seedLine,
  startBank,
} from '../../test/setup/factories-gocardless.ts'
import { type Id, uuidOf } from '../base/ids.ts'
import { type BankFeed, BankFeedError } from './bank-feed.ts'
import { syncConnection } from './sync-connection.ts'

let bank: GocardlessSimulator
let app: TestApp
let tenant: TestTenant
let work: BankWork
let id: string
beforeAll(async () => {
  bank = await startBank()
  app = await createTestApp({ config: bankSettings(bank) })
})
afterAll(async () => {
  await app.stop()
  await bank.close()
})
beforeEach(async () => {
  bank.control.seed(bankSeed())
  // A new bank knows no tokens of before.
  work = bankWork(app, bank)
  tenant = await app.tenant()
  id = await connect(app, tenant, bank)
  bank.control.resetCounters()
})

const connection = async () => (await tenant.call('GET', `/bank-connections/${id}`)).body
const account = async (): Promise<string> => (await connection()).accounts[0].id
const syncs = async () => (await tenant.call('GET', `/bank-connections/${id}/syncs`)).body.data
const calls = (endpoint = 'accounts/transactions'): number => bank.control.counters()[endpoint]?.calls ?? 0
const eventTypes = (): Promise<string[]> =>
  app.store.read(tenant.id, async (tx) =>
    (
      await tx.many<{ type: string }>('select type from events where tenant_id = $1 and resource_id = $2 order by id', [
        tx.tenantUuid,
        id,
      ])
    ).map((row) => row.type.replace('bank_connection.', '')),
  )
const alerts = (): Promise<{ code: string; open: boolean }[]> =>
  app.store.read(tenant.id, (tx) =>
    tx.many('select code, closed_at is null as open from alerts where tenant_id = $1 order by opened_at', [
      tx.tenantUuid,
    ]),
  )
/** How long until the next read, in ms. */
const waitMs = async (): Promise<number> => {
  const { rows } = await app.database.pool.query<{ ms: number }>(
    'select extract(epoch from next_sync_at - now())::float8 * 1000 as ms from bank_connections where id = $1',
    [uuidOf(id)],
  )
  return rows[0]!.ms
}
const HOUR = 3_600_000

describe('a read', () => {
  it('is planned for a third of a day later, and found by the schedule when due', async () => {
    await work.sync(tenant, id)
    expect(await waitMs()).toBeGreaterThan(7.9 * HOUR)
    expect(await waitMs()).toBeLessThan(9 * HOUR)
    await app.database.pool.query('update bank_connections set next_sync_at = now() where id = $1', [uuidOf(id)])
    await work.sweep('due bank connections')
    const { rows } = await app.database.pool.query(
      "select data from pgboss.job where name = 'sync-connection' and data->>'connectionId' = $1 and data->>'tenantId' = $2",
      [id, tenant.id],
    )
    expect(rows).toHaveLength(1)
    expect(await waitMs()).toBeLessThanOrEqual(HOUR)
  })

  it('asked for by a person answers 202 with a sync that shows what came of it', async () => {
    const asked = await tenant.call('POST', `/bank-connections/${id}/sync`)
    expect(asked).toMatchObject({ status: 202, body: { status: 'queued', bank_connection_id: id, created: 0 } })
    expect((await tenant.call('POST', `/bank-connections/${id}/sync`)).body.id).toBe(asked.body.id)
    await work.sync(tenant, id, 'asked')
    expect(await syncs()).toMatchObject([{ id: asked.body.id, status: 'done', created: 3, error: null }])
  })

  it('books what was pending under the id it had', async () => {
    bank.control.addTransactions('main', { ...seedLine('soon', '75.00', 0, 'INV 9'), pending: true })
    await work.sync(tenant, id)
    const pending = (await linesOf(tenant, await account())).find((line) => line.amount === 75)
    expect(pending.status).toBe('pending')
    bank.control.book('main', 'soon')
    await work.sync(tenant, id)
    const lines = await linesOf(tenant, await account())
    expect(lines).toHaveLength(4)
    expect(lines.find((line) => line.amount === 75)).toMatchObject({ id: pending.id, status: 'processed' })
  })

  it('tells of a line that the bank no longer shows, and keeps it', async () => {
    await work.sync(tenant, id)
    bank.control.removeTransaction('main', 'two')
    await work.sync(tenant, id)
    expect(await linesOf(tenant, await account())).toHaveLength(3)
    expect(await alerts()).toMatchObject([{ code: 'missing_at_bank', open: true }])
  })

  it('does not take the end of the history for missing lines', async () => {
    const csv = `Date,Description,Amount\n${daysAgo(85)},Old invoice,40.00\n${daysAgo(84)},Older invoice,41.00\n`
    expect((await upload(app, tenant, id, csv)).body).toMatchObject({ created: 2 })
    await work.sync(tenant, id)
    expect(await alerts()).toEqual([])
  })

  it('says so when entries cannot be read, and stores the others', async () => {
    bank.control.addTransactions('main', {
      ...seedLine('odd', '5.00', 1, 'Odd'),
      raw: { transactionAmount: { amount: 'five', currency: 'GBP' } },
    })
    await work.sync(tenant, id)
    expect(await linesOf(tenant, await account())).toHaveLength(3)
    expect(await alerts()).toMatchObject([{ code: 'bank_lines_unreadable', open: true }])
  })

  it('and a statement of the same days add nothing to each other, whichever came first', async () => {
    const csv = `Date,Description,Amount\n${daysAgo(20)},Marlow Hosting Co INV 1,100.00\n${daysAgo(5)},Marlow Hosting Co INV 2,250.50\n${daysAgo(2)},Marlow Hosting Co Domain fees,-12.00\n`
    await work.sync(tenant, id)
    expect((await upload(app, tenant, id, csv)).body).toMatchObject({ created: 0, duplicates: 3 })
    bank.control.seed(bankSeed())
    tenant = await app.tenant()
    id = await connect(app, tenant, bank)
    expect((await upload(app, tenant, id, csv)).body).toMatchObject({ created: 3 })
    await work.sync(tenant, id)
    expect(await linesOf(tenant, await account())).toHaveLength(3)
  })

  it('interrupted by a crash is called so by the next one', async () => {
    const asked = await tenant.call('POST', `/bank-connections/${id}/sync`)
    await app.database.pool.query("update bank_syncs set status = 'running' where id = $1", [uuidOf(asked.body.id)])
    await work.sync(tenant, id)
    expect(await syncs()).toMatchObject([
      { status: 'done', created: 3 },
      { id: asked.body.id, status: 'failed', error: 'interrupted' },
    ])
  })
})

describe('the four reads a day that a bank allows', () => {
  it('are kept by the database, so a restart spends none again: three planned, one for a person, no fifth', async () => {
    for (let n = 0; n < 3; n++) await work.sync(tenant, id)
    await work.sync(tenant, id)
    expect(calls()).toBe(3)
    // Another process, which remembers nothing.
    const restarted = bankWork(app, bank)
    await restarted.sync(tenant, id)
    expect(calls()).toBe(3)
    await restarted.sync(tenant, id, 'asked')
    expect(calls()).toBe(4)
    await restarted.sync(tenant, id, 'asked')
    await restarted.sync(tenant, id)
    expect(calls()).toBe(4)
    expect(await waitMs()).toBeGreaterThan(23 * HOUR)
    expect((await syncs())[0]).toMatchObject({ status: 'failed', error: 'daily_limit' })
    expect((await connection()).status).toBe('active')
    expect(bank.control.counters()['accounts/transactions']!.byStatus).toEqual({ 200: 4 })
  })

  it('are given back for calls that the provider refused', async () => {
    bank.control.addFault({ kind: 'error', row: 'account_processing', endpoint: 'accounts/transactions', times: 5 })
    for (let n = 0; n < 5; n++) {
      await app.database.pool.query('delete from bank_calls where blocked_until is not null')
      await work.sync(tenant, id)
    }
    expect(calls()).toBe(5)
    expect(await waitMs()).toBeLessThanOrEqual(30_000)
    await app.database.pool.query('delete from bank_calls where blocked_until is not null')
    await work.sync(tenant, id)
    expect(await linesOf(tenant, await account())).toHaveLength(3)
  })
})

describe('the provider says', () => {
  it.each([
    ['rate_limited', 85_092_000],
    ['bank_rate_limited', 12 * HOUR],
  ] as const)('%s: nothing is lost, and it is not asked before its time', async (row, ms) => {
    bank.control.addFault({ kind: 'error', row, endpoint: 'accounts/transactions' })
    await work.sync(tenant, id)
    expect(await connection()).toMatchObject({ status: 'active', error: null })
    expect(await syncs()).toMatchObject([{ status: 'failed', error: 'rate_limited' }])
    expect(Math.abs((await waitMs()) - ms)).toBeLessThan(60_000)
    await work.sync(tenant, id)
    await work.sync(tenant, id, 'asked')
    expect(calls()).toBe(1)
    expect((await syncs()).map((sync: { error: string }) => sync.error)).toEqual([
      'daily_limit',
      'daily_limit',
      'rate_limited',
    ])
    expect(await eventTypes()).toEqual(['active'])
  })

  it.each(['agreement_expired', 'access_expired', 'no_agreement', 'account_suspended'] as const)(
    '%s: the connection is expired, with alert and event, and read no more',
    async (row) => {
      await work.sync(tenant, id)
      bank.control.addFault({ kind: 'error', row, endpoint: 'accounts/transactions' })
      await work.sync(tenant, id)
      expect(await connection()).toMatchObject({ status: 'expired', error: { code: expect.any(String) } })
      expect(await alerts()).toMatchObject([{ code: 'consent_ended', open: true }])
      expect(await eventTypes()).toEqual(['active', 'synced', 'expired'])
      await work.sync(tenant, id)
      expect(calls()).toBe(2)
      expect((await tenant.call('POST', `/bank-connections/${id}/sync`)).status).toBe(409)
      expect(await linesOf(tenant, await account())).toHaveLength(3)
    },
  )

  it.each([
    'ip_denied',
    'authentication_failed',
    'account_inactive',
    'access_forbidden',
    'unknown_request',
    'institution_down',
  ] as const)('%s: the connection is in error until it works again', async (row) => {
    bank.control.addFault({ kind: 'error', row, endpoint: 'accounts/transactions' })
    await work.sync(tenant, id)
    expect(await connection()).toMatchObject({
      status: 'error',
      error: { code: expect.any(String), message: expect.any(String) },
    })
    expect(await alerts()).toMatchObject([{ code: 'bank_feed_failing', open: true }])
    await work.sync(tenant, id)
    expect(await connection()).toMatchObject({ status: 'active', error: null })
    expect(await alerts()).toMatchObject([{ code: 'bank_feed_failing', open: false }])
    expect(await eventTypes()).toEqual(['active', 'error', 'synced'])
  })

  it.each(['html', 'empty', 'cut_body', 'drop', '503'] as const)(
    'nothing useful (%s): it is tried again, later each time',
    async (kind) => {
      bank.control.addFault({ kind, endpoint: 'accounts/transactions', times: 0 })
      await work.sync(tenant, id)
      const first = await waitMs()
      expect(first).toBeGreaterThan(HOUR / 60)
      expect(first).toBeLessThanOrEqual(4 * 60_000)
      await work.sync(tenant, id)
      expect(await waitMs()).toBeGreaterThan(first - 5_000)
      expect(await syncs()).toMatchObject([{ status: 'failed' }, { status: 'failed' }])
      bank.control.clearFaults()
      await work.sync(tenant, id)
      expect((await connection()).status).toBe('active')
    },
  )
})

describe('what happens while the bank is being read', () => {
  /** A read during which something else is done, and after which the provider has the given fault or none. */
  const readDuring = async (meanwhile: () => Promise<unknown>, fault?: BankFeedError): Promise<void> => {
    const feed = (await work.deps.feedOf(tenant.id))!
    const listLines: BankFeed['listLines'] = async (...asked) => {
      const read = await feed.listLines(...asked)
      await meanwhile()
      if (fault) throw fault
      return read
    }
    const deps = { ...work.deps, feedOf: () => Promise.resolve({ ...feed, listLines }) }
    await syncConnection(deps, tenant.id, id as Id<'bank'>, 'scheduled')
  }
  const ended = new BankFeedError('consent_expired', 'consent_missing', 'The consent is no longer valid.')

  it('a revoked connection stays revoked', async () => {
    await readDuring(() => tenant.call('DELETE', `/bank-connections/${id}`), ended)
    expect(await connection()).toMatchObject({ status: 'revoked', next_sync_at: null })
    expect(await alerts()).toEqual([])
    expect(await syncs()).toMatchObject([{ status: 'failed', error: 'consent_replaced' }])
  })

  it('a new consent is not ended by what the old one met, and its history is still read', async () => {
    const renew = async () => {
      const again = await tenant.call('POST', `/bank-connections/${id}/reconnect`, { redirect_url: REDIRECT })
      await comeBack(app, bank.control.decide(again.body.authorization_id, 'approve').redirect_to)
    }
    await readDuring(renew, ended)
    expect((await connection()).status).toBe('active')
    await readDuring(renew)
    const { rows } = await app.database.pool.query('select read_from from bank_connections where id = $1', [uuidOf(id)])
    expect(rows[0].read_from).not.toBeNull()
    await work.sync(tenant, id, 'asked')
    expect(await linesOf(tenant, await account())).toHaveLength(3)
  })
})

describe('a consent that ends', () => {
  const endsIn = (days: number) =>
    app.database.pool.query(
      "update bank_connections set consent_expires_at = now() + $2 * interval '1 day' where id = $1",
      [uuidOf(id), days],
    )

  it('is announced 14 days before, once, and still read', async () => {
    await endsIn(15)
    await work.sweep('ending bank consents')
    expect((await connection()).status).toBe('active')
    await endsIn(13)
    await work.sweep('ending bank consents')
    await work.sweep('ending bank consents')
    expect((await connection()).status).toBe('expiring')
    expect(await alerts()).toEqual([{ code: 'consent_ending', open: true }])
    expect(await eventTypes()).toEqual(['active', 'expiring'])
    await work.sync(tenant, id)
    expect((await connection()).status).toBe('expiring')
    expect(await linesOf(tenant, await account())).toHaveLength(3)
  })

  it('is over on its day, and a new one makes all well', async () => {
    await endsIn(-1)
    await work.sweep('ending bank consents')
    await work.sweep('ending bank consents')
    expect((await connection()).status).toBe('expired')
    await endsIn(-1)
    await work.sweep('ending bank consents')
    expect(await alerts()).toEqual([{ code: 'consent_ended', open: true }])
  })
})

describe('several accounts', () => {
  it('one that must wait does not hold up the others', async () => {
    bank.control.seed(
      bankSeed([
        seedAccount(),
        seedAccount({
          key: 'second',
          iban: 'GB33BUKB20201555555555',
          transactions: [seedLine('x', '9.00', 3, 'INV 3')],
        }),
      ]),
    )
    work = bankWork(app, bank)
    tenant = await app.tenant()
    id = await connect(app, tenant, bank)
    bank.control.addFault({ kind: 'error', row: 'rate_limited', endpoint: 'accounts/transactions', account: 'main' })
    await work.sync(tenant, id)
    const { data } = (await tenant.call('GET', '/transactions')).body
    expect(data).toMatchObject([{ amount: 9 }])
  })
})
