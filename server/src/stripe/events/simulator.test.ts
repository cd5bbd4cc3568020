import { Stripe } from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  FORGERIES,
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
} from '../../../../sandbox/src/stripe/index.ts'
import {
  type Connected,
  createEventsBench,
  type EventsBench,
  platformSecret,
} from '../../../test/setup/factories-stripe-events.ts'
import { type Receiver, startReceiver } from '../../../test/setup/receiver.ts'
import { uuidOf } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { createStripeFeed } from '../api/index.ts'
import { withFeed } from '../connections/index.ts'
import { refreshCharge, refreshReturn } from '../ledger/index.ts'
import { catchUp } from './index.ts'

/** The whole way over the simulated Stripe: what happens there is sent or listed, kept, and read again through the adapter. */
const MERCHANT = SANDBOX_MERCHANT.id
const START = '2026-11-26T12:00:00Z'

let stripe: StripeServer
let door: Receiver
let bench: EventsBench
let account: Connected
let endpoint: string
let secret: string

beforeAll(async () => {
  stripe = await startStripe({ now: START, frozen: true })
  door = await startReceiver()
  bench = await createEventsBench([new URL(stripe.url).host])
  // Deliveries come over a socket and go on to the program as they are.
  door.answer(async ({ path, body, headers }) => {
    const header = headers['stripe-signature']
    return { status: (await bench.post(path, body, typeof header === 'string' ? header : undefined)).status }
  })
  const { deps } = bench
  const platform = { secretKey: new Secret(SANDBOX_PLATFORM.secretKeys.test), clientId: 'ca_1', webhookSecrets: [] }
  Object.assign(deps, {
    platformOf: () => Promise.resolve({ ...platform, livemode: false }),
    openFeed: (_tenantId, access, onRead) =>
      createStripeFeed({
        outbound: deps.outbound,
        clock: deps.clock,
        apiUrl: stripe.url,
        access,
        pace: { turn: () => Promise.resolve(0) },
        onRead,
      }),
    refreshCharge: (ref, feed, id, { lookAround }) => refreshCharge(deps, ref, feed, id, { again: lookAround }),
    refreshReturn: (ref, feed, kind, id) => refreshReturn(deps, ref, feed, kind, id),
  } satisfies Partial<typeof deps>)
  const { hostname, port } = new URL(stripe.url)
  const library = new Stripe(SANDBOX_PLATFORM.secretKeys.test, { host: hostname, port, protocol: 'http' })
  const made = await library.webhookEndpoints.create({
    url: `${door.url}/webhooks/stripe`,
    enabled_events: ['*'],
    connect: true,
  })
  endpoint = made.id
  secret = made.secret!
})
afterAll(async () => {
  await stripe.close()
  await door.close()
  await bench.stop()
})
beforeEach(async () => {
  const { control } = stripe
  control.webhooks({ paused: false, copies: 1, signature: 'good' })
  control.dropHeld()
  control.connect(MERCHANT)
  await control.settled()
  bench.secrets.splice(0, bench.secrets.length, platformSecret({ secret: new Secret(secret), livemode: false }))
  // What happened in an earlier test lies an hour back, and what was refused is sent again now: not while the next test counts.
  turn(3_600_000)
  await control.settled()
  await bench.app.database.pool.query("update stripe_connections set status = 'disconnected'")
  account = await bench.connect(await bench.app.tenant(), { accountId: MERCHANT, livemode: false })
  door.requests.length = 0
})

const desk = () => stripe.control.on(MERCHANT)
const pay = (more: object = {}) =>
  desk().charge({ amount: 1_000n, currency: 'eur', metadata: { invoice_id: '7' }, ...more })
const turn = (ms: number) => bench.clock.set(stripe.control.setClock({ advanceMs: ms }))
/** Statuses of the deliveries of what `cause` causes. */
async function delivered(cause: () => unknown): Promise<number[]> {
  const before = stripe.control.attempts().length
  cause()
  await stripe.control.settled()
  return stripe.control
    .attempts()
    .slice(before)
    .map((attempt) => attempt.status)
}
/** A day of a merchant, in which everything happens that events tell of. */
function live(): void {
  const [won, lost, back, part, none] = [pay(), pay(), pay(), pay(), pay()]
  const late = pay({ method: 'sepa_debit', outcome: 'pending' })
  const bounced = pay({ method: 'sepa_debit', outcome: 'pending' })
  const held = pay({ outcome: 'authorized' })
  pay({ outcome: 'failed', failureCode: 'card_declined' })
  pay({ outcome: 'async_capture' })
  pay({ metadata: {}, session: { metadata: { invoice_id: '8' }, line: 'WHMCS Invoice #8' } })
  turn(3_600_000)
  desk().settleDelayed(late.id, 'succeeded')
  desk().settleDelayed(bounced.id, 'failed')
  desk().capture(held.id, { amount: 600n })
  desk().editCharge(none.id, { description: 'Invoice #9' })
  desk().refund({ charge: part.id, amount: 400n })
  const refund = desk().refund({ charge: back.id })
  const disputes = [won, lost].map((charge) => desk().dispute({ charge: charge.id }))
  turn(3_600_000)
  desk().failRefund(refund.id)
  desk().closeDispute(disputes[0]!.id, 'won')
  desk().closeDispute(disputes[1]!.id, 'lost')
  turn(3_600_000)
}
/** What we know of the account, and what there is to know. */
async function compare(since: Date): Promise<void> {
  const { book } = desk()
  const ours = await bench.app.store.read(account.tenantId, async (tx) => {
    const values = [tx.tenantUuid, uuidOf(account.id), since]
    const charges = await tx.many<object>(
      `select external_id as id, status, captured, captured_minor::int as amount_captured, refunded_minor::int as amount_refunded,
              disputed, balance_transaction_id as balance_transaction, description
         from stripe_charges where tenant_id = $1 and connection_id = $2 and occurred_at >= $3 order by external_id collate "C"`,
      values,
    )
    const returns = await tx.many<object>(
      `select external_id as id, charge_id as charge, amount_minor::int as amount, status
         from stripe_returns where tenant_id = $1 and connection_id = $2 and occurred_at >= $3 order by external_id collate "C"`,
      values,
    )
    return { charges, returns }
  })
  const young = <T extends { id: string; created: number }>(rows: readonly T[]): T[] =>
    rows.filter((row) => row.created * 1_000 >= since.getTime()).toSorted((one, other) => (one.id < other.id ? -1 : 1))
  expect(ours.charges).toEqual(
    young(book.charges.rows).map((row) => ({
      id: row.id,
      status: row.status,
      captured: row.captured,
      amount_captured: Number(row.amount_captured),
      amount_refunded: Number(row.amount_refunded),
      disputed: row.disputed,
      balance_transaction: row.balance_transaction,
      description: row.description ?? '',
    })),
  )
  expect(ours.returns).toEqual(
    young([...book.refunds.rows, ...book.disputes.rows]).map((row) => ({
      id: row.id,
      charge: row.charge,
      amount: Number(row.amount),
      status: row.status,
    })),
  )
  expect(ours.charges.length).toBeGreaterThanOrEqual(11)
  expect(ours.returns.length).toBeGreaterThanOrEqual(4)
}

describe('deliveries of the simulated Stripe', () => {
  it.each([
    ['good', 200],
    ['two_v1', 200],
    ['v0_only', 400],
    ['wrong_secret', 400],
    ['stale', 400],
    ['future', 400],
    ['none', 400],
    ['garbled', 400],
  ] as const)('signed %s: %i', async (signature, status) => {
    stripe.control.webhooks({ signature })
    const statuses = await delivered(pay)
    expect(new Set(statuses)).toEqual(new Set([status]))
    expect(await bench.events(account)).toHaveLength(status === 200 ? statuses.length : 0)
  })

  it.each(FORGERIES)('that no event are, %s, leave nothing to do', async (kind) => {
    const statuses = await delivered(() => stripe.control.forge(kind, endpoint))
    const refused = { thin: 400, tampered: 400, not_json: 400, empty: 400, unsigned: 400, huge: 413 } as Partial<
      Record<typeof kind, number>
    >
    expect(statuses).toEqual([refused[kind] ?? 200])
    const kept = await bench.events(account)
    // Our endpoint is one in test mode, so a test event is a good one; that it names a charge nobody has shows later.
    if (kind === 'test_on_live') expect(kept).toMatchObject([{ state: 'waiting' }])
    else if (kind === 'unknown_type') expect(kept).toMatchObject([{ state: 'ignored' }])
    else expect(kept).toEqual([])
    await bench.work(account)
    expect((await bench.events(account)).filter((row) => row.state !== 'ignored')).toEqual([])
  })

  it('go on while the secret is rolled', async () => {
    const [fresh] = stripe.control.rollSecret(endpoint)
    expect(new Set(await delivered(pay))).toEqual(new Set([200]))
    bench.secrets[0] = platformSecret({ secret: new Secret(fresh!), livemode: false })
    expect(new Set(await delivered(pay))).toEqual(new Set([200]))
    secret = fresh!
  })

  it('each twice and shuffled tell us all that happened', async () => {
    const since = bench.clock.now()
    stripe.control.webhooks({ paused: true })
    live()
    await delivered(() => stripe.control.flush({ copies: 2, shuffle: 'seven' }))
    await bench.work(account)
    await compare(since)
    expect(new Set((await bench.events(account)).map((row) => row.state))).toEqual(new Set(['done', 'ignored']))
  })

  it('that were lost are listed, and tell us the same', async () => {
    const since = bench.clock.now()
    stripe.control.webhooks({ paused: true })
    live()
    stripe.control.dropHeld()
    expect(await withFeed(bench.deps, account, (feed) => catchUp(bench.deps, account, feed))).toBeGreaterThan(20)
    await bench.work(account)
    await compare(since)
  })

  it('end with our access', async () => {
    await delivered(() => stripe.control.disconnect(MERCHANT))
    await bench.work(account)
    const row = await bench.app.store.read(account.tenantId, (tx) =>
      tx.one<{ status: string; disconnect_reason: string }>(
        'select status, disconnect_reason from stripe_connections where tenant_id = $1',
        [tx.tenantUuid],
      ),
    )
    expect(row).toEqual({ status: 'disconnected', disconnect_reason: 'by_stripe' })
  })
})
