import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Stripe } from 'stripe'
import {
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
  type StripeServerOptions,
} from './index.ts'

export const MERCHANT = SANDBOX_MERCHANT.id
export const AT: Stripe.RequestOptions = { stripeAccount: MERCHANT }
export const NOON = '2026-11-26T12:00:00Z'

/** A simulator at a standing clock, its merchant connected in test mode. */
export async function startConnected(options: StripeServerOptions = {}): Promise<StripeServer> {
  const simulator = await startStripe({ now: NOON, ...options })
  simulator.control.connect(MERCHANT)
  return simulator
}

/** The official library, looking at the simulator. */
export function libraryFor(
  url: string,
  key = SANDBOX_PLATFORM.secretKeys.test,
  options: Stripe.StripeConfig = {},
): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(key, { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0, ...options })
}

/** What a promise is rejected with; fails when it is not. */
export async function failureOf(promise: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  try {
    await promise
  } catch (fault) {
    if (fault instanceof Stripe.errors.StripeError) return fault
    throw fault
  }
  throw new Error('nothing went wrong')
}

export interface Delivery {
  path: string
  body: string
  signature: string
}

/** Receives webhooks and keeps them as they came. `status` is what it answers. */
export async function startReceiver() {
  const deliveries: Delivery[] = []
  const answers = { status: 200 }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      deliveries.push({
        path: request.url ?? '',
        body: Buffer.concat(parts).toString(),
        signature: String(request.headers['stripe-signature'] ?? ''),
      })
      response.writeHead(answers.status).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    answers,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
