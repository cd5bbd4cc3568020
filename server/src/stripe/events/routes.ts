import { z } from 'zod'
import { type Answer, ok, publicRoute, type Route } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import type { EventsDeps } from './deps.ts'
import { createRefusedSenders } from './refused-senders.ts'
import { receiveOwnEvent, receivePlatformEvent } from './receive-event.ts'

const TAG = 'Stripe connections'
const BODY_BYTES_MAX = 1024 * 1024
const SIGNED =
  'Signed in `Stripe-Signature` (`t=<unix seconds>,v1=<hex>`, within 300 seconds of our time on either side). Each event is stored once and followed up later by reading the object again. Snapshot events in version 2026-10-28.endive; thin events are refused.'
const answers: Route['answers'] = {
  200: {
    description: 'Taken now or before, or for nobody here',
    schema: z.object({ received: z.literal(true) }),
    example: { received: true },
  },
  429: { description: 'Too many events within a minute that were signed with no secret we know; Retry-After' },
}
const bodyExample = {
  id: 'evt_1Q2w3E4r5T6y7U8i',
  object: 'event',
  account: 'acct_1A2b3C4d5E6f7G8h',
  api_version: '2026-10-28.endive',
  created: 1_789_700_000,
  livemode: true,
  type: 'charge.succeeded',
  data: { object: { id: 'ch_3A1b2C3d4E5f6G7h', object: 'charge' } },
}
const received = (): Answer => ok({ received: true })

/** Where Stripe tells us that something happened: no credential but the signature. */
export function eventRoutes(deps: EventsDeps): Route[] {
  const senders = createRefusedSenders(deps)
  return [
    publicRoute({
      operationId: 'stripeWebhook',
      method: 'POST',
      path: '/webhooks/stripe',
      tag: TAG,
      summary: 'Stripe: something happened on a connected account',
      description: `For the endpoint of the platform that receives events of connected accounts. ${SIGNED}`,
      rawBody: true,
      bodyLimitBytes: BODY_BYTES_MAX,
      bodyExample,
      answers,
      handle: async (context) => {
        await receivePlatformEvent(deps, senders, context)
        return received()
      },
    }),
    publicRoute({
      operationId: 'stripeConnectionWebhook',
      method: 'POST',
      path: '/webhooks/stripe/{id}',
      tag: TAG,
      summary: 'Stripe: something happened on an account connected by restricted key',
      description: `For an endpoint in the merchant's own account, signed with the \`webhook_secret\` of the connection. ${SIGNED}`,
      params: pathId,
      rawBody: true,
      bodyLimitBytes: BODY_BYTES_MAX,
      bodyExample,
      answers,
      handle: async (context) => {
        await receiveOwnEvent(deps, senders, context, context.params.id)
        return received()
      },
    }),
  ]
}
