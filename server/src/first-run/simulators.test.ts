import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
} from '../../../sandbox/src/stripe/index.ts'
import { createOutbound, type Outbound } from '../outbound/index.ts'
import { controlSimulators, type Simulators } from './simulators.ts'

let stripe: StripeServer
let outbound: Outbound
let simulators: Simulators
beforeAll(async () => {
  stripe = await startStripe()
  outbound = createOutbound({ allowedPrivateHosts: [new URL(stripe.url).host] })
  const facts = {
    whmcsUrl: 'http://127.0.0.1:9',
    bankUrl: 'http://127.0.0.1:9',
    receiverUrl: 'http://127.0.0.1:9',
    stripeUrl: stripe.url,
    stripeSecretKey: SANDBOX_PLATFORM.secretKeys.test,
    stripeClientId: SANDBOX_PLATFORM.clientIds.test,
    stripeAccount: SANDBOX_MERCHANT.id,
  } as Simulators['facts']
  simulators = controlSimulators(facts, outbound)
})
afterAll(async () => {
  await outbound.close()
  await stripe.close()
})

describe("the sandbox's Stripe", () => {
  it('sends the company back with a code, once it said yes, to whatever address was asked for', async () => {
    const asked = new URL(`${stripe.url}/oauth/authorize`)
    const parameters = {
      response_type: 'code',
      client_id: SANDBOX_PLATFORM.clientIds.test,
      scope: 'read_write',
      redirect_uri: 'http://127.0.0.1/connected',
      state: 'a state',
    }
    for (const [name, value] of Object.entries(parameters)) asked.searchParams.set(name, value)
    const back = new URL(await simulators.authorizeStripe(asked.href))
    expect(`${back.origin}${back.pathname}`).toBe('http://127.0.0.1/connected')
    expect([back.searchParams.get('state'), back.searchParams.get('code')]).toEqual([
      'a state',
      expect.stringMatching(/^ac_/),
    ])
  })

  it('tells one place only, that of the newest start, and signs with its own secret', async () => {
    const before = await simulators.listenToStripe('http://127.0.0.1:9/webhooks/stripe', ['charge.failed'])
    const secret = await simulators.listenToStripe('http://127.0.0.1:8/webhooks/stripe', [
      'charge.succeeded',
      'payout.paid',
    ])
    expect(secret).toMatch(/^whsec_/)
    expect(secret).not.toBe(before)
    expect(stripe.control.state().endpoints).toMatchObject([
      {
        url: 'http://127.0.0.1:8/webhooks/stripe',
        connect: true,
        enabledEvents: ['charge.succeeded', 'payout.paid'],
        livemode: false,
      },
    ])
  })
})
