import type { Stripe } from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SANDBOX_PLATFORM, type SignatureMode, type StripeServer } from '../index.ts'
import { type Delivery, failureOf, libraryFor, MERCHANT, startConnected, startReceiver } from '../test-client.ts'
import { signatureHeader } from './sign.ts'

let simulator: StripeServer
let receiver: Awaited<ReturnType<typeof startReceiver>>
let stripe: Stripe
let secret: string
let endpoint: string

beforeAll(async () => {
  simulator = await startConnected()
  receiver = await startReceiver()
  stripe = libraryFor(simulator.url)
  const made = await stripe.webhookEndpoints.create({
    url: `${receiver.url}/connect`,
    enabled_events: ['charge.succeeded', 'refund.created', 'payout.paid'],
    connect: true,
    api_version: '2026-10-28.endive',
  })
  endpoint = made.id
  secret = made.secret!
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})
beforeEach(async () => {
  simulator.control.webhooks({ paused: false, copies: 1, signature: 'good' })
  simulator.control.dropHeld()
  receiver.answers.status = 200
  await simulator.control.settled()
  receiver.deliveries.length = 0
})

const desk = () => simulator.control.on(MERCHANT)
const pay = (amount = 1_000n) => desk().charge({ amount, currency: 'eur' })
const nowSeconds = (): number => Date.parse(simulator.control.now()) / 1000
const delivered = async (): Promise<Delivery[]> => {
  await simulator.control.settled()
  return receiver.deliveries
}
/** As the library reads it at the simulator's time. */
const read = ({ body, signature }: Delivery, key = secret): Stripe.Event =>
  stripe.webhooks.constructEvent(body, signature, key, 300, undefined, nowSeconds() * 1000)

describe('deliveries', () => {
  it('are what the official library accepts, with the account and the state of the moment', async () => {
    const paid = pay()
    const [delivery] = await delivered()
    const event = read(delivery!)
    expect(event).toMatchObject({
      type: 'charge.succeeded',
      account: MERCHANT,
      livemode: false,
      api_version: '2026-10-28.endive',
      data: { object: { id: paid.id, amount: 1_000, amount_refunded: 0 } },
    })
    desk().refund({ charge: paid.id })
    const later = await stripe.events.retrieve(event.id, {}, { stripeAccount: MERCHANT })
    expect(later.data.object).toMatchObject({ amount_refunded: 0 })
  })

  it('go out in the wanted events only, not after the endpoint is gone', async () => {
    const other = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'], connect: true })
    pay()
    const all = (await delivered()).map(({ body }) => (JSON.parse(body) as Stripe.Event).type)
    expect(all.toSorted()).toEqual(['charge.succeeded', 'charge.succeeded', 'payment_intent.succeeded'])
    expect(await stripe.webhookEndpoints.retrieve(other.id)).not.toHaveProperty('secret')
    await stripe.webhookEndpoints.del(other.id)
    receiver.deliveries.length = 0
    pay()
    expect(await delivered()).toHaveLength(1)
  })

  it('wait while silent, and come twice and in any order when told so', async () => {
    simulator.control.webhooks({ paused: true })
    const made = Array.from({ length: 12 }, (_, n) => pay(BigInt(n + 1) * 100n).id)
    expect(await delivered()).toEqual([])
    expect(simulator.control.flush({ copies: 2, shuffle: 'seven' })).toBe(24)
    const seen = (await delivered()).map((delivery) => (read(delivery).data.object as Stripe.Charge).id)
    expect(seen.toSorted()).toEqual([...made, ...made].toSorted())
    expect(seen.slice(0, 12)).not.toEqual(made)
  })

  it('are sent again for all that ever happened', async () => {
    const { events } = desk().book
    const wanted = events.rows.filter((event) => event.type === 'charge.succeeded').length
    expect(simulator.control.resend(MERCHANT, 'test', { types: ['charge.succeeded'] })).toBe(wanted)
    expect(await delivered()).toHaveLength(wanted)
  })

  it('are tried again as the clock turns, while anything but 2xx comes back', async () => {
    receiver.answers.status = 307
    pay()
    expect(await delivered()).toHaveLength(1)
    const id = read(receiver.deliveries[0]!).id
    const failing = await stripe.events.list({ delivery_success: false }, { stripeAccount: MERCHANT })
    expect(failing.data.map((event) => event.id)).toEqual([id])
    expect(failing.data[0]!.pending_webhooks).toBe(1)
    simulator.control.setClock({ advanceMs: 30_000 })
    expect(await delivered()).toHaveLength(1)
    receiver.answers.status = 204
    simulator.control.setClock({ advanceMs: 31_000 })
    expect(await delivered()).toHaveLength(2)
    expect(receiver.deliveries[1]!.signature).not.toBe(receiver.deliveries[0]!.signature)
    const after = await stripe.events.list({ delivery_success: false }, { stripeAccount: MERCHANT })
    expect(after.data).toEqual([])
  })
})

describe('signatures', () => {
  const BODY = '{"id":"evt_1"}'
  const verdict = (mode: SignatureMode): string => {
    const header = signatureHeader(mode, [secret], BODY, nowSeconds()) ?? ''
    try {
      stripe.webhooks.constructEvent(BODY, header, secret, 300, undefined, nowSeconds() * 1000)
      return 'accepted'
    } catch (fault) {
      return (fault as Error).message
    }
  }

  it.each([
    ['good', 'accepted'],
    ['two_v1', 'accepted'],
    // The library looks at the past only: a receiver must look at the future itself.
    ['future', 'accepted'],
    ['v0_only', 'No signatures found with expected scheme'],
    ['wrong_secret', 'No signatures found matching'],
    ['stale', 'Timestamp outside the tolerance'],
    ['none', 'No stripe-signature header'],
    ['garbled', 'No signatures found'],
  ] as const)('%s: %s', (mode, words) => {
    expect(verdict(mode)).toContain(words)
  })

  it('agree with the library to the letter', () => {
    const at = nowSeconds()
    const theirs = stripe.webhooks.generateTestHeaderString({ payload: BODY, secret, timestamp: at })
    expect(signatureHeader('good', [secret], BODY, at)).toBe(theirs)
  })

  it('come under both secrets while one is rolled', async () => {
    const [fresh, old] = simulator.control.rollSecret(endpoint)
    pay()
    const [delivery] = await delivered()
    expect(delivery!.signature.match(/v1=/g)).toHaveLength(2)
    expect(read(delivery!, fresh).id).toBe(read(delivery!, old).id)
    secret = fresh!
    simulator.control.rollSecret(endpoint, false)
  })
})

describe('forgeries', () => {
  it.each([
    ['unknown_account', { account: 'acct_1NobodyKnowsMe' }],
    ['unknown_type', { type: 'teapot.boiled' }],
    ['thin', { object: 'v2.core.event' }],
    ['test_on_live', { livemode: false }],
  ] as const)('%s', async (kind, expected) => {
    simulator.control.forge(kind)
    const [delivery] = await delivered()
    expect(JSON.parse(delivery!.body)).toMatchObject(expected)
    expect(delivery!.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}/)
  })
})

describe('a live Connect endpoint', () => {
  it('wants https, and receives test events as well as live ones', async () => {
    const live = libraryFor(simulator.url, SANDBOX_PLATFORM.secretKeys.live)
    const wanted = { url: `${receiver.url}/live`, enabled_events: ['charge.succeeded'], connect: true } as const
    const params = { ...wanted, enabled_events: [...wanted.enabled_events] }
    expect(await failureOf(live.webhookEndpoints.create(params))).toMatchObject({ code: 'url_invalid' })
    simulator.control.switches({ httpsInLive: false })
    simulator.control.connect(MERCHANT, 'live')
    const { id } = await live.webhookEndpoints.create(params)
    pay()
    simulator.control.on(MERCHANT, 'live').charge({ amount: 700n, currency: 'eur' })
    const got = (await delivered()).map(({ path, body }) => [path, (JSON.parse(body) as Stripe.Event).livemode])
    expect(got.toSorted((one, other) => String(one).localeCompare(String(other)))).toEqual([
      ['/connect', false],
      ['/live', false],
      ['/live', true],
    ])
    await live.webhookEndpoints.del(id)
  })
})
