import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import {
  begin,
  connectAccount,
  createStripeApp,
  platform,
  type StripeApp,
} from '../../../test/setup/factories-stripe.ts'
import { type Id, uuidOf } from '../../base/ids.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { disconnectAllStripe, disconnectedByStripe } from './disconnect.ts'
import { connectionWorks, withFeed } from './with-feed.ts'

let own: StripeApp
let tenant: TestTenant
let ref: { tenantId: TestTenant['id']; id: Id<'strc'> }
let accountId: string
beforeAll(async () => {
  own = await createStripeApp()
})
afterAll(() => own.stop())
beforeEach(async () => {
  own.platform = platform()
  tenant = await own.app.tenant()
  const made = await connectAccount(own, tenant)
  ref = { tenantId: tenant.id, id: made.id as Id<'strc'> }
  accountId = made.accountId
})

const read = async () => (await tenant.call('GET', `/stripe-connections/${ref.id}`)).body
const openAlerts = async (): Promise<{ code: string; message: string }[]> =>
  (await tenant.call('GET', '/alerts')).body.data.filter(
    (alert: { closed_at: string | null }) => alert.closed_at === null,
  )
const reads = async (): Promise<number> =>
  (
    await own.app.database.pool.query<{ reads: number }>(
      'select coalesce(sum(reads), 0)::int as reads from stripe_reads where connection_id = $1',
      [uuidOf(ref.id)],
    )
  ).rows[0]!.reads
const failing = (error: StripeFeedError) =>
  withFeed(own.deps, ref, async () => {
    throw error
  })
const fault = (...given: ConstructorParameters<typeof StripeFeedError>): StripeFeedError =>
  new StripeFeedError(...given)

describe('withFeed', () => {
  it('opens the account, counts every call, and hands on what the work gives', async () => {
    const before = await reads()
    const name = await withFeed(own.deps, ref, async (feed, row) => {
      expect(row).toMatchObject({ id: ref.id, status: 'active', accountId })
      await feed.getAccount()
      return (await feed.getAccount()).name
    })
    expect(name).toBe('Northbyte Hosting')
    expect(await reads()).toBe(before + 2)
  })

  it('counts calls of work that fails, too', async () => {
    const before = await reads()
    await expect(
      withFeed(own.deps, ref, async (feed) => {
        await feed.getAccount()
        throw new Error('ours')
      }),
    ).rejects.toThrow('ours')
    expect(await reads()).toBe(before + 1)
    expect(await read()).toMatchObject({ status: 'active' })
  })

  it('does nothing for connections that cannot be called', async () => {
    const { connectionId } = await begin(tenant)
    const never = () => Promise.reject(new Error('called'))
    expect(await withFeed(own.deps, { ...ref, id: connectionId as Id<'strc'> }, never)).toBeUndefined()
    expect(await withFeed(own.deps, { ...ref, id: 'strc_01jrfzq4v8m2k9d7t5x3w1c0ab' }, never)).toBeUndefined()
    await tenant.call('DELETE', `/stripe-connections/${ref.id}`)
    expect(await withFeed(own.deps, ref, never)).toBeUndefined()
  })

  it('lost access: an error that says to reconnect, an alert once, no more reading; a call that works ends both', async () => {
    const revoked = fault('revoked', 'account_invalid', 'gone')
    await expect(failing(revoked)).rejects.toBe(revoked)
    await expect(failing(revoked)).rejects.toBe(revoked)
    expect(await read()).toMatchObject({ status: 'error', error: { code: 'needs_reconnect' }, next_sync_at: null })
    expect(await openAlerts()).toMatchObject([
      { code: 'stripe_connection_failed', message: expect.stringContaining('Northbyte Hosting') },
    ])
    await withFeed(own.deps, ref, (feed) => feed.getAccount())
    expect(await read()).toMatchObject({ status: 'active', error: null, next_sync_at: expect.any(String) })
    expect(await openAlerts()).toEqual([])
  })

  it('lost access ends by connecting again, under the same id', async () => {
    await expect(failing(fault('revoked', 'account_invalid', 'gone'))).rejects.toThrow('gone')
    expect((await connectAccount(own, tenant, { id: accountId })).id).toBe(ref.id)
    expect(await read()).toMatchObject({ status: 'active', error: null })
    expect(await openAlerts()).toEqual([])
  })

  it('refused keys of the platform, and none at all', async () => {
    await expect(failing(fault('credentials', 'invalid_api_key', 'no'))).rejects.toThrow('no')
    expect(await read()).toMatchObject({ status: 'error', error: { code: 'platform_not_ready' } })
    own.platform = undefined
    await expect(withFeed(own.deps, ref, (feed) => feed.getAccount())).rejects.toMatchObject({
      fault: 'credentials',
      reason: 'provider_not_configured',
    })
    expect(await openAlerts()).toHaveLength(1)
    own.platform = platform()
    await withFeed(own.deps, ref, (feed) => feed.getAccount())
    expect(await read()).toMatchObject({ status: 'active', error: null })
  })

  it('a missing permission is named, and stays until the whole account was read', async () => {
    await expect(failing(fault('permission', 'x', 'no', { missing: 'Payouts: Read' }))).rejects.toThrow('no')
    expect(await read()).toMatchObject({
      status: 'error',
      error: { code: 'permission_missing', message: expect.stringContaining('Payouts: Read') },
    })
    await withFeed(own.deps, ref, (feed) => feed.getAccount())
    expect(await read()).toMatchObject({ status: 'error' })
    await connectionWorks(own.deps, ref)
    expect(await read()).toMatchObject({ status: 'active', error: null })
    expect(await openAlerts()).toEqual([])
  })

  it('a permission that lacked from the beginning is no error', async () => {
    const key = own.stripe.key({ lacks: ['events'] })
    const made = await tenant.call('POST', '/stripe-connections', { kind: 'restricted_key', api_key: key })
    ref = { ...ref, id: made.body.id }
    await expect(failing(fault('permission', 'x', 'no', { missing: 'Events: Read' }))).rejects.toThrow('no')
    expect(await read()).toMatchObject({ status: 'active', missing_permissions: ['Events: Read'] })
  })

  it('a key that Stripe refuses waits for another', async () => {
    const made = await tenant.call('POST', '/stripe-connections', {
      kind: 'restricted_key',
      api_key: own.stripe.key({ accountId: 'acct_1Rolled' }),
    })
    ref = { ...ref, id: made.body.id }
    await withFeed(own.deps, ref, async () => {})
    await expect(failing(fault('credentials', 'api_key_expired', 'no'))).rejects.toThrow('no')
    expect(await read()).toMatchObject({ status: 'error', error: { code: 'key_refused' } })
    await tenant.call('PATCH', `/stripe-connections/${ref.id}`, {
      api_key: own.stripe.key({ accountId: 'acct_1Rolled' }),
    })
    expect(await read()).toMatchObject({ status: 'active', error: null })
    expect(await openAlerts()).toEqual([])
  })

  it('limits put the next reading off, and are no error', async () => {
    const notBefore = new Date(Date.now() + 3_600_000)
    await expect(failing(fault('later', 'rate_limit', 'wait', { notBefore }))).rejects.toThrow('wait')
    const { status, next_sync_at } = await read()
    expect(status).toBe('active')
    expect(Math.abs(Date.parse(next_sync_at) - notBefore.getTime())).toBeLessThan(120_000)
  })

  it.each(['gone', 'not_itemised', 'refused', 'unreadable'] as const)('%s is about one object only', async (kind) => {
    await expect(failing(fault(kind, 'x', 'no'))).rejects.toThrow('no')
    expect(await read()).toMatchObject({ status: 'active', error: null })
  })

  it('what the old access met says nothing about the new one', async () => {
    await expect(
      withFeed(own.deps, ref, async () => {
        await tenant.call('DELETE', `/stripe-connections/${ref.id}`)
        await connectAccount(own, tenant, { id: accountId })
        throw fault('revoked', 'account_invalid', 'late')
      }),
    ).rejects.toThrow('late')
    expect(await read()).toMatchObject({ status: 'active', error: null })
  })

  it('learns the name that was not to be had when the account was connected', async () => {
    await own.app.database.pool.query('update stripe_connections set account_name = null where id = $1', [
      uuidOf(ref.id),
    ])
    await withFeed(own.deps, ref, async (_feed, row) => expect(row.accountName).toBe('Northbyte Hosting'))
    expect(await read()).toMatchObject({ account_name: 'Northbyte Hosting' })
  })
})

describe('disconnected by the merchant', () => {
  it('is shown, told and never undone at Stripe', async () => {
    own.stripe.requests.length = 0
    await disconnectedByStripe(own.deps, ref, 'account.application.deauthorized')
    await disconnectedByStripe(own.deps, ref, 'account.application.deauthorized')
    expect(await read()).toMatchObject({ status: 'disconnected', next_sync_at: null })
    expect(await openAlerts()).toMatchObject([{ code: 'stripe_disconnected' }])
    const events = (await tenant.call('GET', '/events?event_type=stripe_connection.disconnected')).body.data
    expect(events).toHaveLength(1)
    expect(own.stripe.requests).toEqual([])
    await connectAccount(own, tenant, { id: accountId })
    expect(await openAlerts()).toEqual([])
  })

  it('by a message older than the connection: Stripe is asked whether it still lets us in', async () => {
    const before = new Date(Date.now() - 60_000)
    await disconnectedByStripe(own.deps, ref, 'account.application.deauthorized', before)
    expect(await read()).toMatchObject({ status: 'active' })
    own.stripe.connected.delete(accountId)
    await disconnectedByStripe(own.deps, ref, 'account.application.deauthorized', before)
    expect(await read()).toMatchObject({ status: 'disconnected', error: null })
    expect(await openAlerts()).toMatchObject([{ code: 'stripe_disconnected' }])
  })

  it('in the very second it was connected counts', async () => {
    const second = new Date(Math.floor(Date.now() / 1000) * 1000)
    await disconnectedByStripe(own.deps, ref, 'account.application.deauthorized', second)
    expect(await read()).toMatchObject({ status: 'disconnected' })
  })
})

it('a tenant that ends lets its accounts go, and doing it again changes nothing', async () => {
  await disconnectAllStripe(own.deps, tenant.id)
  expect(await read()).toMatchObject({ status: 'disconnected' })
  expect(own.stripe.connected.has(accountId)).toBe(false)
  const calls = own.stripe.requests.length
  await disconnectAllStripe(own.deps, tenant.id)
  expect(own.stripe.requests).toHaveLength(calls)
})
