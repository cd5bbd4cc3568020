import { z } from 'zod'
import type { StripeEvent } from '../stripe-feed.ts'
import { moment, readObject, referenceOrNull, word } from './read.ts'

const name = referenceOrNull.catch(null)
const shape = z.object({
  id: word,
  type: word,
  created: moment,
  data: z.object({ object: z.object({ id: name, payment_intent: name }) }).nullish(),
})

/** An event as Stripe gives it: a hint at what to read again. Of a Checkout session that is its purchase. Pure; throws UnfitError.
 *  Source: Stripe API, the event object. */
export function toEvent(raw: unknown): StripeEvent {
  const { id, type, created, data } = readObject(shape, raw, 'event')
  const object = data?.object
  const objectId = type.startsWith('checkout.session.') ? object?.payment_intent : object?.id
  return { id, type, objectId: objectId ?? null, occurredAt: created }
}
