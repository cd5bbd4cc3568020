import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SANDBOX_PLATFORM, startStripe, type StripeServer } from '../index.ts'
import { AT, failureOf, libraryFor, MERCHANT, NOON, startReceiver } from '../test-client.ts'

let folder: string
const running: StripeServer[] = []
const start = async (): Promise<StripeServer> => {
  const simulator = await startStripe({ now: NOON, stateFile: join(folder, 'stripe.json') })
  running.push(simulator)
  return simulator
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stripe-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()))
  rmSync(folder, { recursive: true })
})

describe('started again with its state file', () => {
  it('goes on: connections, endpoints and their secrets, keys', async () => {
    const receiver = await startReceiver()
    const first = await start()
    first.control.connect(MERCHANT)
    const made = await libraryFor(first.url).webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['charge.succeeded'],
      connect: true,
    })
    const second = await start()
    const stripe = libraryFor(second.url)
    second.control.on(MERCHANT).charge({ amount: 500n, currency: 'eur' })
    expect((await stripe.charges.list({}, AT)).data).toHaveLength(1)
    await second.control.settled()
    const [delivery] = receiver.deliveries
    const at = Date.parse(NOON)
    const event = stripe.webhooks.constructEvent(delivery!.body, delivery!.signature, made.secret!, 300, undefined, at)
    expect(event.type).toBe('charge.succeeded')
    second.control.disconnect(MERCHANT)
    const third = await start()
    expect(await failureOf(libraryFor(third.url).charges.list({}, AT))).toMatchObject({ code: 'account_invalid' })
    await receiver.close()
  })
})

describe('keys', () => {
  it('can be narrowed and taken away while in use', async () => {
    const { control, url } = await start()
    const key = 'rk_test_passing_by_here'
    control.setKey(key, { account: MERCHANT, mode: 'test', permissions: { charge: 'read' } })
    const stripe = libraryFor(url, key)
    expect((await stripe.charges.list()).data).toEqual([])
    control.setKey(key, { account: MERCHANT, mode: 'test', permissions: {} })
    expect(await failureOf(stripe.charges.list())).toMatchObject({ statusCode: 403 })
    control.setKey(key, null)
    expect(await failureOf(stripe.charges.list())).toMatchObject({ statusCode: 401 })
  })
})

describe('POST with an idempotency key', () => {
  it('answers the same again, and refuses other parameters', async () => {
    const { url } = await start()
    const { webhookEndpoints } = libraryFor(url)
    const params = { url: 'https://payymo.example/hook', enabled_events: ['*' as const], connect: true }
    const first = await webhookEndpoints.create(params, { idempotencyKey: 'one' })
    const again = await webhookEndpoints.create(params, { idempotencyKey: 'one' })
    expect(again.id).toBe(first.id)
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
    const other = { ...params, url: 'https://payymo.example/other' }
    expect(await failureOf(webhookEndpoints.create(other, { idempotencyKey: 'one' }))).toMatchObject({
      statusCode: 400,
      type: 'StripeIdempotencyError',
    })
    expect((await webhookEndpoints.list()).data.map((one) => one.id)).toEqual([first.id])
  })
})

describe('events', () => {
  it('tell of changed terms, and sometimes twice of one change', async () => {
    const { control, url } = await start()
    control.connect(MERCHANT)
    const desk = control.on(MERCHANT)
    desk.terms({ schedule: { interval: 'manual' } })
    const stripe = libraryFor(url)
    const [changed] = (await stripe.events.list({ type: 'account.updated' }, AT)).data
    expect(changed!.data.object).toMatchObject({ settings: { payouts: { schedule: { interval: 'manual' } } } })
    const twin = desk.repeatEvent(changed!.id)!
    expect(twin).not.toBe(changed!.id)
    expect((await stripe.events.retrieve(twin, {}, AT)).data.object).toEqual(changed!.data.object)
  })

  it('of the platform itself go to its account endpoint', async () => {
    const { control, url } = await start()
    const receiver = await startReceiver()
    await libraryFor(url).webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] })
    control.connect(MERCHANT)
    control.on(MERCHANT).charge({ amount: 500n, currency: 'eur' })
    control.on(SANDBOX_PLATFORM.id).charge({ amount: 700n, currency: 'eur', outcome: 'failed' })
    await control.settled()
    const types = receiver.deliveries.map(({ body }) => (JSON.parse(body) as { type: string; account?: string }).type)
    expect(types.toSorted()).toEqual(['charge.failed', 'payment_intent.payment_failed'])
    expect(receiver.deliveries[0]!.body).not.toContain('"account"')
    await receiver.close()
  })
})
