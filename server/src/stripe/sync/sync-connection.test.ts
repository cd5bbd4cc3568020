import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testClock } from '../../base/clock.ts'
import { uuidOf } from '../../base/ids.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import { SYNC_JOB } from '../job-names.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { READS_FLOOR } from './budget.ts'
import { readBudget, syncConnection, syncSweeps } from './index.ts'

const HOUR = 3_600

let bench: LedgerBench
let own: Connected
const clock = testClock(new Date().toISOString())
beforeAll(async () => {
  bench = await createLedgerBench({ clock })
})
afterAll(() => bench.stop())
beforeEach(async () => {
  await bench.rows('delete from stripe_reads')
  bench.parts.length = 0
  own = await bench.connect()
})

const sync = (by?: 'scheduled' | 'asked') => syncConnection(bench.deps, own.ref, by)
const row = async () => {
  const [found] = await bench.rows<{
    status: string
    error_code: string | null
    next_s: number | null
    synced: boolean
    quiet_syncs: number
    busy: boolean
    deep_at: Date | null
  }>(
    `select status, error_code, extract(epoch from next_sync_at - now())::float8 as next_s, last_sync_at is not null as synced, quiet_syncs,
       sync_until is not null as busy, deep_at from stripe_connections where id = $1`,
    [uuidOf(own.ref.id)],
  )
  return found!
}
const set = (assignment: string) =>
  bench.rows(`update stripe_connections set ${assignment} where id = $1`, [uuidOf(own.ref.id)])
const refuse = (error: StripeFeedError, at = 'listLedger') => {
  own.stripe.beforeCall = (name) => {
    if (name === at) throw error
  }
}
/** Reads of the platform, some days ago. */
const spend = (reads: number, daysAgo = 0, charges = 0) =>
  bench.rows(
    `insert into stripe_reads (tenant_id, connection_id, day, reads, charges) values ($1, $2, $3::date - $4::int, $5, $6)
     on conflict (tenant_id, connection_id, day) do update set reads = stripe_reads.reads + excluded.reads`,
    [uuidOf(own.ref.tenantId), uuidOf(own.ref.id), clock.now().toISOString().slice(0, 10), daysAgo, reads, charges],
  )
const jobs = (id = own.ref.id) =>
  bench.rows<{ data: { by: string } }>(
    "select data from pgboss.job where name = $1 and data->>'connectionId' = $2 order by created_on",
    [SYNC_JOB, id],
  )
const sweep = async () => {
  for (const one of syncSweeps(bench.deps)) await one.run()
}

describe('a sync', () => {
  it('reads everything in turn, counts its reads, and is due again in an hour', async () => {
    own.stripe.charge({ metadata: { invoice_id: '1' } })
    expect(await sync()).toBe('done')
    expect(own.stripe.calls.filter((name) => name.startsWith('list'))).toEqual(
      expect.arrayContaining(['listLedger', 'listCharges']),
    )
    expect(bench.parts).toEqual(['readPayouts', 'composePayouts', 'catchUp'])
    expect(await row()).toMatchObject({ status: 'active', synced: true, quiet_syncs: 0, busy: false })
    expect((await row()).next_s).toBeGreaterThan(HOUR - 60)
    expect((await row()).next_s).toBeLessThan(HOUR * 1.1 + 1)
    expect(await bench.rows('select reads, charges from stripe_reads')).toEqual([
      { reads: own.stripe.calls.length, charges: 1 },
    ])
    expect((await own.tenant.call('GET', '/transactions')).body.data).toHaveLength(1)
  })

  it('becomes rare where nothing moves, or where events come; news make it frequent again', async () => {
    await set('quiet_syncs = 47, deep_at = now()')
    await sync()
    expect((await row()).next_s).toBeGreaterThan(5.9 * HOUR)
    own.stripe.charge()
    await sync()
    expect(await row()).toMatchObject({ quiet_syncs: 0 })
    expect((await row()).next_s).toBeLessThan(1.2 * HOUR)
    await set('webhook_at = now()')
    await sync()
    expect((await row()).next_s).toBeGreaterThan(5.9 * HOUR)
  })

  it('goes on at once where a page cap was reached', async () => {
    own = await bench.connect({ pageSize: 1 })
    own.stripe.now = new Date(clock.now().getTime() - 20 * 86_400_000)
    for (let n = 0; n < 205; n++) own.stripe.charge({ metadata: { invoice_id: '1' } })
    await sync()
    expect((await row()).next_s).toBeLessThan(60)
    expect((await jobs()).map((job) => job.data.by)).toEqual(['scheduled'])
    await sync()
    expect(await jobs()).toHaveLength(1)
    expect((await own.tenant.call('GET', '/transactions')).body.pagination.total_items).toBe(205)
  })

  it('is one at a time: the second finds it taken, and it is due when the first must have ended', async () => {
    let seen: string | undefined
    own.stripe.beforeCall = async (name) => {
      if (name === 'listLedger' && seen === undefined) seen = await sync('asked')
    }
    expect(await sync()).toBe('done')
    expect(seen).toBe('busy')
    await set("sync_until = now() - interval '1 second'")
    expect(await sync()).toBe('done')
  })

  it('of what is not connected does nothing', async () => {
    await set("status = 'disconnected', next_sync_at = null")
    expect(await sync()).toBe('off')
    expect(own.stripe.calls).toEqual([])
  })

  it('reads again at night what is still open, once a night', async () => {
    own.stripe.charge({ captured: false })
    await set(`connected_at = now() - interval '2 days', deep_at = null`)
    await sync()
    const isNight = new Date().getUTCHours() >= 2
    expect((await row()).deep_at !== null).toBe(isNight)
    await bench.rows("update stripe_charges set read_at = now() - interval '1 day' where connection_id = $1", [
      uuidOf(own.ref.id),
    ])
    own.stripe.calls.length = 0
    await sync()
    expect(own.stripe.calls).not.toContain('getCharge')
  })
})

describe('what fails', () => {
  it('in one part leaves the others their turn, and shows', async () => {
    refuse(new StripeFeedError('permission', 'permission', 'No.', { missing: 'Charges: Read' }), 'listCharges')
    own.stripe.charge()
    expect(await sync()).toBe('failed')
    expect(bench.parts).toEqual(['readPayouts', 'composePayouts', 'catchUp'])
    expect(await row()).toMatchObject({ status: 'error', error_code: 'permission_missing', synced: false, busy: false })
    expect((await own.tenant.call('GET', '/transactions')).body.data).toHaveLength(1)
    own.stripe.beforeCall = undefined
    expect(await sync()).toBe('done')
    expect(await row()).toMatchObject({ status: 'active', error_code: null, synced: true })
  })

  it('for all ends it; lost access is read no more', async () => {
    refuse(new StripeFeedError('revoked', 'account_invalid', 'No access.'))
    expect(await sync()).toBe('failed')
    expect(bench.parts).toEqual([])
    expect(await row()).toMatchObject({ status: 'error', error_code: 'needs_reconnect', next_s: null, busy: false })
  })

  it('is tried again soon at first, then later, and never before Stripe allows it', async () => {
    refuse(new StripeFeedError('unreadable', 'not_json', 'Nonsense.'))
    await sync()
    expect((await row()).next_s).toBeLessThan(140)
    await set("last_sync_at = now() - interval '20 minutes'")
    await sync()
    expect((await row()).next_s).toBeGreaterThan(1_190)
    await set("last_sync_at = now() - interval '3 days'")
    await sync()
    expect((await row()).next_s).toBeLessThan(1.2 * HOUR)
    const notBefore = new Date(clock.now().getTime() + 5 * HOUR * 1_000)
    refuse(new StripeFeedError('later', 'rate_limit', 'Too many.', { notBefore }))
    await sync()
    expect((await row()).next_s).toBeGreaterThan(4.9 * HOUR)
    expect(await row()).toMatchObject({ status: 'active' })
  })

  it('on our side lets the connection go, for the job to try again', async () => {
    own.stripe.beforeCall = () => {
      throw new Error('a bug')
    }
    await expect(sync()).rejects.toThrow('a bug')
    expect(await row()).toMatchObject({ busy: false, status: 'active' })
  })
})

describe('the reads that Stripe allows', () => {
  const alertRows = () =>
    bench.rows<{ open: boolean; subject_id: string }>(
      "select closed_at is null as open, subject_id from alerts where tenant_id = $1 and code = 'stripe_reads_short' order by opened_at",
      [uuidOf(OPERATOR_TENANT)],
    )

  it('from four fifths on are saved: every six hours, no looking around, and the operator knows', async () => {
    await spend(READS_FLOOR * 0.8)
    own.stripe.charge()
    await sync()
    expect((await row()).next_s).toBeGreaterThan(5.9 * HOUR)
    expect(own.stripe.calls).not.toContain('lookAround')
    await sweep()
    await sweep()
    expect(await alertRows()).toEqual([{ open: true, subject_id: 'live' }])
  })

  it('once used up, are left to events and people', async () => {
    await spend(READS_FLOOR)
    own.stripe.calls.length = 0
    expect(await sync('scheduled')).toBe('spent')
    expect(own.stripe.calls).toEqual([])
    expect((await row()).next_s).toBeGreaterThan(5.9 * HOUR)
    expect(await sync('asked')).toBe('done')
  })

  it('come back after 30 days', async () => {
    const start = clock.now().toISOString()
    try {
      await spend(READS_FLOOR)
      expect(await readBudget(bench.deps, { livemode: true })).toMatchObject({ state: 'spent' })
      clock.advance(29 * 86_400_000)
      expect(await readBudget(bench.deps, { livemode: true })).toMatchObject({ state: 'spent' })
      clock.advance(86_400_000)
      expect(await readBudget(bench.deps, { livemode: true })).toEqual({
        reads: 0,
        allowed: READS_FLOOR,
        state: 'free',
      })
      await sweep()
      expect((await alertRows()).every((alert) => !alert.open)).toBe(true)
    } finally {
      clock.set(start)
    }
  })

  it('grow with the number of payments, and are a restricted key’s own', async () => {
    await spend(9_000, 3, 100)
    expect(await readBudget(bench.deps, { livemode: true })).toEqual({ reads: 9_000, allowed: 50_000, state: 'free' })
    expect(await readBudget(bench.deps, { livemode: false })).toMatchObject({ reads: 0 })
    const platform = own
    own = await bench.connect({ kind: 'restricted_key' })
    await spend(9_500)
    expect(await readBudget(bench.deps, { connectionId: own.ref.id })).toMatchObject({ reads: 9_500, state: 'tight' })
    expect(await readBudget(bench.deps, { livemode: true })).toMatchObject({ reads: 9_000 })
    expect(platform.ref.id).not.toBe(own.ref.id)
  })
})

describe('what is due', () => {
  it('is queued once, and not due again meanwhile', async () => {
    const idle = await bench.connect()
    await bench.rows("update stripe_connections set next_sync_at = now() + interval '1 minute' where id = $1", [
      uuidOf(idle.ref.id),
    ])
    await sweep()
    await sweep()
    expect((await jobs()).map((job) => job.data.by)).toEqual(['scheduled'])
    expect(await jobs(idle.ref.id)).toEqual([])
    expect((await row()).next_s).toBeGreaterThan(0.9 * HOUR)
  })

  it('is not queued for suspended tenants, or while it is read', async () => {
    await set("sync_until = now() + interval '1 minute'")
    await sweep()
    await bench.rows("update tenants set status = 'suspended' where tenant_id = $1", [uuidOf(own.ref.tenantId)])
    await set('sync_until = null')
    await sweep()
    expect(await jobs()).toEqual([])
  })
})
