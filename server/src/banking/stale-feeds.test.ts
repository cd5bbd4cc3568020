import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GocardlessSimulator } from '../../../sandbox/src/gocardless/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeFileConnection } from '../../test/setup/factories-banking.ts'
import {
  bankSeed,
  bankSettings,
  type BankWork,
  bankWork,
  connect,
  startBank,
} from '../../test/setup/factories-gocardless.ts'
import { uuidOf } from '../base/ids.ts'
import { tellStaleFeeds } from './stale-feeds.ts'

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
  work = bankWork(app, bank)
  tenant = await app.tenant()
  id = await connect(app, tenant, bank)
  await work.sync(tenant, id)
})

const hoursPass = (hours: number) =>
  app.database.pool.query(
    `update bank_connections set last_sync_at = last_sync_at - $2 * interval '1 hour', reading_since = reading_since - $2 * interval '1 hour'
      where id = $1`,
    [uuidOf(id), hours],
  )
const alerts = (): Promise<{ code: string; open: boolean }[]> =>
  app.store.read(tenant.id, (tx) =>
    tx.many('select code, closed_at is null as open from alerts where tenant_id = $1 order by id', [tx.tenantUuid]),
  )
const look = () => tellStaleFeeds(work.deps)
const STALE = { code: 'bank_feed_stale', open: true }

describe('a feed', () => {
  it('that brought nothing for a day has an alert, one, which the next good reading closes', async () => {
    await hoursPass(23)
    await look()
    expect(await alerts()).toEqual([])
    await hoursPass(2)
    await look()
    await look()
    expect(await alerts()).toEqual([STALE])
    await work.sync(tenant, id)
    expect(await alerts()).toEqual([{ ...STALE, open: false }])
    await look()
    expect(await alerts()).toHaveLength(1)
  })

  it.each([
    ['is due this moment: it is about to be read', "next_sync_at = now() - interval '5 hours'"],
    ['has ended its consent', "status = 'expired'"],
    ['was never asked to be read', 'sync_enabled = false'],
  ])('that %s is not called silent', async (_what, state) => {
    await hoursPass(48)
    await app.database.pool.query(`update bank_connections set ${state} where id = $1`, [uuidOf(id)])
    await look()
    expect(await alerts()).toEqual([])
  })

  it('of a suspended tenant, and one that takes files, are not called silent', async () => {
    const file = await makeFileConnection(tenant)
    await app.database.pool.query(
      "update bank_connections set reading_since = now() - interval '9 days' where id = $1",
      [uuidOf(file.id)],
    )
    await look()
    expect(await alerts()).toEqual([])
    await hoursPass(48)
    await app.store.read(tenant.id, (tx) =>
      tx.run("update tenants set status = 'suspended' where tenant_id = $1", [tx.tenantUuid]),
    )
    await look()
    expect(await alerts()).toEqual([])
  })

  it('that is switched off has no alert any more, and a day again when it is switched on', async () => {
    await hoursPass(48)
    await look()
    await tenant.call('PATCH', `/bank-connections/${id}`, { sync_enabled: false })
    expect(await alerts()).toEqual([{ ...STALE, open: false }])
    await tenant.call('PATCH', `/bank-connections/${id}`, { sync_enabled: true })
    await look()
    expect(await alerts()).toHaveLength(1)
    await hoursPass(25)
    await look()
    expect(await alerts()).toHaveLength(2)
  })

  it('whose connection is revoked has no alerts any more', async () => {
    bank.control.addFault({ kind: 'error', row: 'institution_down', endpoint: 'accounts/transactions' })
    await work.sync(tenant, id)
    await hoursPass(48)
    await look()
    expect(await alerts()).toEqual([{ code: 'bank_feed_failing', open: true }, STALE])
    expect((await tenant.call('DELETE', `/bank-connections/${id}`)).status).toBe(204)
    expect((await alerts()).map((alert) => alert.open)).toEqual([false, false])
  })

  it('whose consent ends is called that, and no longer silent', async () => {
    await hoursPass(48)
    await look()
    await app.database.pool.query(
      "update bank_connections set consent_expires_at = now() - interval '1 hour' where id = $1",
      [uuidOf(id)],
    )
    await work.sweep('ending bank consents')
    expect(await alerts()).toEqual([
      { ...STALE, open: false },
      { code: 'consent_ended', open: true },
    ])
  })
})
