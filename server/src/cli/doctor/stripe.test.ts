import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
} from '../../../../sandbox/src/stripe/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { createDoctorBench, type DoctorBench, of, one } from '../../../test/setup/factories-doctor.ts'
import { type Id, newId, uuidOf } from '../../base/ids.ts'
import { STRIPE_EVENTS } from '../../stripe/index.ts'
import { checkStripeConnections } from './stripe-connections.ts'

const PUBLIC_URL = 'https://pay.example.com'
const HOOK = `${PUBLIC_URL}/webhooks/stripe`

describe('the platform at Stripe', () => {
  let bench: DoctorBench
  let stripe: StripeServer
  beforeAll(async () => {
    bench = createDoctorBench()
    stripe = await startStripe()
  })
  afterAll(async () => {
    await stripe.close()
    bench.close()
  })
  beforeEach(() => {
    stripe.control.clearFaults()
    stripe.control.resetCounters()
  })

  const visit = (key: string, live = true) =>
    bench.visit(
      {
        PAYYMO_PUBLIC_URL: PUBLIC_URL,
        STRIPE_API_URL: stripe.url,
        STRIPE_CONNECT_URL: stripe.url,
        // Nobody else is called.
        GOCARDLESS_BANK_DATA_URL: 'http://127.0.0.1:9',
        STRIPE_SECRET_KEY: key,
      },
      { live },
    )
  const { test: testKey, live: liveKey } = SANDBOX_PLATFORM.secretKeys
  const makeEndpoint = async (fields: [string, string][]) => {
    const answer = await fetch(`${stripe.url}/v1/webhook_endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testKey}` },
      body: new URLSearchParams([['url', HOOK], ...fields]),
    })
    expect(answer.status).toBe(200)
  }
  const endpoint = async () => one(await visit(testKey), 'providers.stripe_test_endpoint')

  it('is not called without --live, nor where it has no key', async () => {
    const quiet = await visit(testKey, false)
    expect(one(quiet, 'providers.stripe').state).toBe('skipped')
    expect(one(quiet, 'providers.stripe_keys').state).toBe('skipped')
    expect(one(await visit(''), 'providers.stripe_connect').state).toBe('skipped')
    expect(stripe.control.counters()).toEqual({})
  })

  it('is reached, and each key is tried in its mode by reading', async () => {
    const findings = await visit(`${liveKey},${testKey}`)
    for (const check of ['stripe', 'stripe_connect', 'stripe_live_key', 'stripe_test_key'])
      expect(one(findings, `providers.${check}`).state, check).toBe('ok')
    expect(stripe.control.counters()).toMatchObject({ balance: { calls: 2 }, webhook_endpoints: { calls: 2 } })
  })

  it('does not know the key, or lets it read nothing, or is in trouble', async () => {
    const unknown = await visit('sk_test_canary')
    expect(one(unknown, 'providers.stripe_test_key')).toMatchObject({ state: 'problem', facts: { status: 401 } })
    expect(JSON.stringify(unknown)).not.toContain('canary')
    stripe.control.setKey('rk_test_narrow', { account: SANDBOX_MERCHANT.id, mode: 'test', permissions: {} })
    expect(one(await visit('rk_test_narrow'), 'providers.stripe_test_key')).toMatchObject({
      state: 'warning',
      facts: { status: 403 },
    })
    for (const [kind, status] of [
      ['html', 502],
      ['error_500', 500],
    ] as const) {
      stripe.control.addFault({ kind, endpoint: 'balance' })
      expect(one(await visit(testKey), 'providers.stripe_test_key')).toMatchObject({
        state: 'problem',
        facts: { status },
      })
      stripe.control.clearFaults()
    }
    stripe.control.addFault({ kind: 'reset', endpoint: 'balance' })
    expect(one(await visit(testKey), 'providers.stripe_test_key')).toMatchObject({
      state: 'problem',
      facts: { stage: expect.any(String) },
    })
  })

  it('sends its events here, or says what of them is missing', async () => {
    expect(await endpoint()).toMatchObject({ state: 'warning', found: expect.stringContaining('No endpoint') })
    await makeEndpoint([['enabled_events[]', '*']])
    expect(await endpoint()).toMatchObject({
      state: 'warning',
      found: expect.stringContaining("platform's own account"),
    })
    await makeEndpoint([
      ['connect', 'true'],
      ...STRIPE_EVENTS.slice(1).map((type): [string, string] => ['enabled_events[]', type]),
    ])
    expect(await endpoint()).toMatchObject({ state: 'warning', facts: { missing: [STRIPE_EVENTS[0]] } })
    await makeEndpoint([
      ['connect', 'true'],
      ['enabled_events[]', STRIPE_EVENTS[0]!],
    ])
    expect(await endpoint()).toMatchObject({ state: 'ok' })
    expect(of(await visit('sk_test_canary'), 'providers.stripe_test_endpoint')).toEqual([])
  })
})

describe('Stripe accounts', () => {
  let app: TestApp
  let tenant: TestTenant
  let id: Id<'strc'>
  beforeAll(async () => {
    app = await createTestApp()
    tenant = await app.tenant()
    id = newId('strc')
    await app.store.read(tenant.id, (tx) =>
      tx.run(
        `insert into stripe_connections (tenant_id, id, kind, account_id, account, livemode, status)
         values ($1, $2, 'connect_oauth', 'acct_1', 'acct_1 live', true, 'active')`,
        [tx.tenantUuid, uuidOf(id)],
      ),
    )
  })
  afterAll(() => app.stop())
  const change = (text: string) =>
    app.store.read(tenant.id, async (tx) => {
      await tx.run(`update stripe_connections set ${text} where tenant_id = $1`, [tx.tenantUuid])
    })
  const found = () => checkStripeConnections(app.database.pool)

  it('all well, also with a try that came to nothing', async () => {
    await app.store.read(tenant.id, (tx) =>
      tx.run(
        `insert into stripe_connections (tenant_id, id, kind, livemode, status, error_code)
         values ($1, $2, 'connect_oauth', true, 'error', 'access_denied')`,
        [tx.tenantUuid, uuidOf(newId('strc'))],
      ),
    )
    expect(await found()).toMatchObject({ state: 'ok' })
  })

  it.each([
    ['needs_reconnect', 'warning', 'initialize'],
    ['key_refused', 'warning', 'restricted key'],
    ['platform_not_ready', 'problem', 'STRIPE_SECRET_KEY'],
    ['permission_missing', 'warning', 'permission'],
    ['of_later_versions', 'warning', 'GET /stripe-connections'],
  ])('one that cannot be read (%s): which, and what to do', async (code, state, next) => {
    await change(
      `status = case when account_id is null then status else 'error' end, error_message = 'canary', error_code = '${code}'`,
    )
    const finding = await found()
    expect(finding).toMatchObject({
      state,
      found: expect.stringContaining(`${id} of ${tenant.id} (${code})`),
      next: expect.stringContaining(next),
      facts: { failed: 1, faults: [code] },
    })
    expect(JSON.stringify(finding)).not.toContain('canary')
  })
})
