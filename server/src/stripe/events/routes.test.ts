import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import {
  type Connected,
  createEventsBench,
  type EventsBench,
  PLATFORM_SECRET,
  platformSecret,
  signed,
} from '../../../test/setup/factories-stripe-events.ts'
import { sessionAnswer } from '../../../test/setup/stripe-answers.ts'
import { newId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { systemActor } from '../../events/audit.ts'

let bench: EventsBench
let tenant: TestTenant
let account: Connected

beforeAll(async () => {
  bench = await createEventsBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  bench.clock.set('2026-11-26T12:00:00Z')
  bench.secrets.splice(0, bench.secrets.length, platformSecret())
  bench.lines.length = 0
  tenant = await bench.app.tenant()
  account = await bench.connect(tenant)
})

const DAY_MS = 86_400_000
const idsAt = async (at: Connected) => (await bench.events(at)).map((row) => row.external_id)
const outcomes = () => bench.lines.map((line) => (JSON.parse(line) as { outcome?: string }).outcome)
const OK = { received: true }

describe('POST /webhooks/stripe, 200', () => {
  it('keeps an event once, with one job, and says so within the change', async () => {
    const event = account.event()
    expect(await bench.deliver(event)).toMatchObject({ status: 200, body: OK })
    expect(await bench.events(account)).toEqual([
      {
        external_id: event.id,
        type: 'charge.succeeded',
        object_id: (event.data as { object: { id: string } }).object.id,
        state: 'waiting',
        attempts: 0,
        error: null,
        due_in: expect.any(Number),
      },
    ])
    expect(await bench.jobs(account)).toBe(1)
  })

  it('keeps twice-sent and shuffled events once each', async () => {
    const events = Array.from({ length: 8 }, () => account.event())
    const twice = [...events, ...events].map((event, at) => ({ event, at: (at * 7) % 16 }))
    await Promise.all(twice.sort((one, other) => one.at - other.at).map(({ event }) => bench.deliver(event)))
    expect(new Set(await idsAt(account))).toEqual(new Set(events.map((event) => event.id)))
    expect(await idsAt(account)).toHaveLength(8)
  })

  it('calls nobody: no feed is opened and nothing leaves', async () => {
    const feeds: string[] = []
    const { openFeed, outbound } = bench.deps
    Object.assign(bench.deps, {
      openFeed: () => void feeds.push('feed'),
      outbound: { ...outbound, request: () => void feeds.push('request') },
    })
    try {
      expect((await bench.deliver(account.event())).status).toBe(200)
    } finally {
      Object.assign(bench.deps, { openFeed, outbound })
    }
    expect([feeds, bench.read]).toEqual([[], []])
    expect(await bench.events(account)).toHaveLength(1)
  })

  it('answers while a sync holds the connection', async () => {
    const status = await bench.app.store.change(tenant.id, systemActor('test'), async (tx) => {
      await tx.one('select 1 from stripe_connections where tenant_id = $1 for no key update', [tx.tenantUuid])
      return (await bench.deliver(account.event())).status
    })
    expect([status, await idsAt(account)]).toEqual([200, [expect.any(String)]])
  })

  it('notes that Stripe reaches us, to the minute', async () => {
    const heardAt = () =>
      bench.app.store.read(tenant.id, (tx) =>
        tx.one<{ webhook_at: Date }>('select webhook_at from stripe_connections where tenant_id = $1', [tx.tenantUuid]),
      )
    await bench.deliver(account.event())
    bench.clock.advance(59_000)
    await bench.deliver(account.event())
    expect((await heardAt()).webhook_at).toEqual(new Date('2026-11-26T12:00:00Z'))
    bench.clock.advance(2_000)
    await bench.deliver(account.event())
    expect((await heardAt()).webhook_at).toEqual(new Date('2026-11-26T12:01:01Z'))
  })

  it('keeps what leads to nothing, so that it comes once: unknown types, and events that name nothing', async () => {
    await bench.deliver(account.event({ type: 'invoice.paid' }))
    await bench.deliver(account.event({ type: 'invented.next_year', data: { object: { object: 'invention' } } }))
    await bench.deliver(account.event({ type: 'payout.paid', data: { object: { object: 'payout' } } }))
    await bench.deliver(account.event({ type: 'charge.succeeded', data: undefined }))
    expect((await bench.events(account)).map((row) => row.state)).toEqual(Array(4).fill('ignored'))
    expect(await bench.jobs(account)).toBe(0)
  })

  it('takes a session for its purchase', async () => {
    await bench.deliver(account.event({ type: 'checkout.session.completed', data: { object: sessionAnswer() } }))
    expect(await bench.events(account)).toMatchObject([{ object_id: 'pi_3A1', state: 'waiting' }])
  })

  it('keeps an event that was delivered late, and one of a field we do not know', async () => {
    const created = Math.floor(bench.clock.now().getTime() / 1000) - 3 * 86_400
    expect((await bench.deliver(account.event({ created, context: 'x', pending_webhooks: 'many' }))).status).toBe(200)
    expect(await idsAt(account)).toHaveLength(1)
  })

  it('passes over events of accounts and modes that nobody has, and stores nothing', async () => {
    const gone = await bench.connect(tenant, { status: 'disconnected' })
    const pending = await bench.connect(tenant, { status: 'pending' })
    const test = await bench.connect(tenant, { livemode: false })
    for (const event of [
      account.event({ account: 'acct_nobody' }),
      account.event({ livemode: false }),
      test.event({ livemode: true }),
      account.event({ account: undefined }),
      account.event({ account: null }),
      gone.event(),
      pending.event(),
    ]) {
      expect(await bench.deliver(event)).toMatchObject({ status: 200, body: OK })
    }
    expect(outcomes()).toEqual(Array(7).fill('unknown_account'))
    for (const each of [account, gone, pending, test]) expect(await idsAt(each)).toEqual([])
    // An endpoint in live mode sends events of test mode too.
    await bench.deliver(test.event())
    expect(await idsAt(test)).toHaveLength(1)
  })

  it("lets a tenant's own platform speak for that tenant only, at rest or not", async () => {
    const other = await bench.app.tenant()
    const theirs = await bench.connect(other)
    const { platformOf } = bench.deps
    bench.deps.platformOf = async (tenantId) => ({
      ...(await platformOf(tenantId))!,
      webhookSecrets: tenantId === other.id ? [new Secret('whsec_old'), new Secret('whsec_of_other')] : [],
    })
    try {
      expect((await bench.deliver(theirs.event(), { secret: 'whsec_of_other' })).status).toBe(200)
      expect(await idsAt(theirs)).toHaveLength(1)
      const forged = account.event({ type: 'account.application.deauthorized', data: { object: { id: 'ca_1' } } })
      expect((await bench.deliver(forged, { secret: 'whsec_of_other' })).status).toBe(400)
      // The other tenant had the account before: that gives its platform no say about it now.
      await bench.connect(other, { accountId: account.accountId, status: 'disconnected' })
      expect((await bench.deliver(forged, { secret: 'whsec_of_other' })).status).toBe(200)
      expect([outcomes().at(-1), await idsAt(account)]).toEqual(['unknown_account', []])
      await bench.app.call('operator-key-for-tests-0123456789abcdef', 'PATCH', `/tenants/${other.id}`, {
        status: 'suspended',
      })
      expect((await bench.deliver(theirs.event(), { secret: 'whsec_of_other' })).status).toBe(200)
      expect(await idsAt(theirs)).toHaveLength(1)
      for (const body of ['{"account":', '[1]', '{"account":{"id":"x"},"livemode":true}', '{"livemode":true}']) {
        const header = signed(body, 'whsec_of_other', bench.clock.now())
        expect((await bench.post('/webhooks/stripe', body, header)).body.error.details[0].issue).toBe('bad_signature')
      }
    } finally {
      bench.deps.platformOf = platformOf
    }
  })

  it("takes an event without account for the platform's own, where somebody has it connected", async () => {
    bench.secrets[0] = platformSecret({ accountId: account.accountId })
    await bench.deliver(account.event({ account: undefined }))
    expect(await idsAt(account)).toHaveLength(1)
  })

  it('does nothing for a suspended tenant', async () => {
    await bench.app.call('operator-key-for-tests-0123456789abcdef', 'PATCH', `/tenants/${tenant.id}`, {
      status: 'suspended',
    })
    expect((await bench.deliver(account.event())).status).toBe(200)
    expect(await idsAt(account)).toEqual([])
  })

  it('replayed after an hour or 400 days it is refused; sent anew it is known, and never done again once forgotten', async () => {
    const event = account.event()
    const body = JSON.stringify(event)
    const header = signed(body, PLATFORM_SECRET, bench.clock.now())
    expect((await bench.post('/webhooks/stripe', body, header)).status).toBe(200)
    for (const passed of [3_600_000, 400 * DAY_MS]) {
      bench.clock.set('2026-11-26T12:00:00Z')
      bench.clock.advance(passed)
      expect((await bench.post('/webhooks/stripe', body, header)).status).toBe(400)
    }
    bench.clock.set('2026-11-26T13:00:00Z')
    await bench.deliver(event)
    bench.clock.set('2027-12-15T12:00:00Z')
    await bench.deliver(event)
    expect(await idsAt(account)).toEqual([event.id])

    await bench.sql(
      account,
      `update stripe_events set created_at = now() - interval '399 days' where tenant_id = :tenant`,
    )
    await bench.sweep('stripe-old-events')
    expect(await idsAt(account)).toEqual([event.id])
    await bench.sql(
      account,
      `update stripe_events set created_at = now() - interval '401 days' where tenant_id = :tenant`,
    )
    await bench.sweep('stripe-old-events')
    expect(await idsAt(account)).toEqual([])
    bench.clock.set('2026-11-26T12:00:00Z')
    bench.clock.advance(400 * DAY_MS)
    expect((await bench.deliver(event)).status).toBe(200)
    expect(await idsAt(account)).toEqual([])
    expect(outcomes()).toContain('out_of_time')
  })

  it.each([
    [390, 1],
    [391, 0],
    [-1, 1],
    [-2, 0],
  ])('created %i days ago: %i kept', async (days, kept) => {
    const created = Math.floor(bench.clock.now().getTime() / 1000) - days * 86_400
    expect((await bench.deliver(account.event({ created }))).status).toBe(200)
    expect(await idsAt(account)).toHaveLength(kept)
  })
})

describe('POST /webhooks/stripe, 400', () => {
  it('for a signature that is missing, forged, of another scheme, or over another body', async () => {
    const body = JSON.stringify(account.event())
    const good = signed(body, PLATFORM_SECRET, bench.clock.now())
    for (const [sent, header] of [
      [body, undefined],
      [body, signed(body, 'whsec_forged', bench.clock.now())],
      [body, signed(body, PLATFORM_SECRET, bench.clock.now(), 'v0')],
      [body.slice(0, -1), good],
      [`${body} `, good],
      [JSON.stringify(JSON.parse(body), undefined, 2), good],
      ['', good],
    ] as const) {
      const answer = await bench.post('/webhooks/stripe', sent, header)
      expect([answer.status, answer.body.error.details]).toEqual([400, [{ field: 'reason', issue: 'bad_signature' }]])
    }
    expect(await idsAt(account)).toEqual([])
    expect((await bench.post('/webhooks/stripe', body, good)).status).toBe(200)
  })

  it.each([-301, 301, 86_400])('for a time %i seconds from ours', async (seconds) => {
    const at = new Date(bench.clock.now().getTime() + seconds * 1000)
    const answer = await bench.deliver(account.event(), { at })
    expect([answer.status, answer.body.error.details]).toEqual([400, [{ field: 'reason', issue: 'clock_skew' }]])
    expect(await idsAt(account)).toEqual([])
  })

  it.each<[reason: string, body: string]>([
    ['not_json', '{"id":'],
    ['not_json', '['.repeat(200_000)],
    ['thin_event', JSON.stringify({ object: 'v2.core.event', id: 'evt_t', type: 'v1.charge.succeeded' })],
    ['no_event', '{}'],
    ['no_event', 'null'],
    ['no_event', '[]'],
    ['no_event', JSON.stringify({ object: 'charge', id: 'ch_1', livemode: true, created: 1, type: 'x' })],
    ['no_event', JSON.stringify({ object: 'event', id: 'evt_1', livemode: true, created: 'now', type: 'x' })],
    ['no_event', JSON.stringify({ object: 'event', id: 'e'.repeat(256), livemode: true, created: 1, type: 'x' })],
    ['no_event', JSON.stringify({ object: 'event', id: 'evt_1', livemode: 'yes', created: 1, type: 'x' })],
  ])('for what is no event, however well signed: %s', async (reason, body) => {
    const answer = await bench.post('/webhooks/stripe', body, signed(body, PLATFORM_SECRET, bench.clock.now()))
    expect([answer.status, answer.body.error.details]).toEqual([400, [{ field: 'reason', issue: reason }]])
    expect(bench.lines.some((line) => line.includes('not understood'))).toBe(true)
  })

  it('for a live event that a test endpoint signed', async () => {
    bench.secrets[0] = platformSecret({ livemode: false })
    const answer = await bench.deliver(account.event())
    expect([answer.status, answer.body.error.details]).toEqual([400, [{ field: 'reason', issue: 'wrong_mode' }]])
    expect([outcomes(), await idsAt(account)]).toEqual([['wrong_mode'], []])
    // By a secret of unknown mode it may be either.
    bench.secrets.push(platformSecret({ livemode: null }))
    expect((await bench.deliver(account.event())).status).toBe(200)
    expect(await idsAt(account)).toHaveLength(1)
  })

  it('when no secret is configured', async () => {
    bench.secrets.length = 0
    const answer = await bench.deliver(account.event())
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      'The signature was made with no secret we know. Compare the signing secret of the endpoint at Stripe with the STRIPE_WEBHOOK_SECRET.',
    ])
  })
})

describe('POST /webhooks/stripe, 413', () => {
  it('for more than 1 MiB', async () => {
    const body = JSON.stringify({ ...account.event(), pad: 'x'.repeat(1024 * 1024) })
    const answer = await bench.post('/webhooks/stripe', body, signed(body, PLATFORM_SECRET, bench.clock.now()))
    expect(answer.status).toBe(413)
  })
})

describe('POST /webhooks/stripe/{strc_}', () => {
  const SECRET = 'whsec_own'
  let own: Connected
  let path: string
  beforeEach(async () => {
    own = await bench.connect(tenant, { kind: 'restricted_key', webhookSecret: SECRET })
    path = `/webhooks/stripe/${own.id}`
  })

  it('200: keeps an event of the account of the key, once', async () => {
    const event = own.event({ account: undefined })
    for (let time = 0; time < 2; time++)
      expect(await bench.deliver(event, { path, secret: SECRET })).toMatchObject({ status: 200, body: OK })
    expect(await idsAt(own)).toEqual([event.id])
    expect(await bench.jobs(own)).toBe(1)
  })

  it('200: passes over the other mode, another account, another time, and what came after the end', async () => {
    for (const fields of [{ livemode: false }, { account: account.accountId }, { created: 1_000 }]) {
      expect((await bench.deliver(own.event(fields), { path, secret: SECRET })).status).toBe(200)
    }
    await bench.sql(
      own,
      "update stripe_connections set status = 'disconnected' where tenant_id = :tenant and id = :connection",
    )
    expect((await bench.deliver(own.event(), { path, secret: SECRET })).status).toBe(200)
    await bench.sql(
      own,
      'update stripe_connections set sealed_webhook_secret = null where tenant_id = :tenant and id = :connection',
    )
    expect((await bench.deliver(own.event(), { path, secret: SECRET })).status).toBe(200)
    expect(outcomes()).toEqual(['wrong_mode', 'unknown_account', 'out_of_time', 'at_rest'])
    expect([await idsAt(own), await idsAt(account)]).toEqual([[], []])
  })

  it("400: for the platform's secret, for another connection's, and before it has one", async () => {
    const other = await bench.connect(tenant, { kind: 'restricted_key', webhookSecret: 'whsec_else' })
    expect((await bench.deliver(own.event(), { path })).status).toBe(400)
    expect((await bench.deliver(own.event(), { path, secret: 'whsec_else' })).status).toBe(400)
    expect((await bench.deliver(account.event(), { path: '/webhooks/stripe', secret: SECRET })).status).toBe(400)
    const bare = await bench.connect(tenant, { kind: 'restricted_key' })
    const answer = await bench.deliver(bare.event(), { path: `/webhooks/stripe/${bare.id}`, secret: SECRET })
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      'The signature was made with no secret we know. Compare the signing secret of the endpoint at Stripe with the webhook_secret of the connection.',
    ])
    for (const each of [own, other, bare]) expect(await idsAt(each)).toEqual([])
  })

  it('404: the same for an id that never was and for one of another kind', async () => {
    const answers = await Promise.all(
      [newId('strc'), newId('bank'), 'x'].map((id) =>
        bench.deliver(own.event(), { path: `/webhooks/stripe/${id}`, secret: SECRET }),
      ),
    )
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404])
    expect(new Set(answers.map((answer) => answer.body.error.message)).size).toBe(1)
  })
})
