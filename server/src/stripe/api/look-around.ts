import { z } from 'zod'
import { type StripeCharge, StripeFeedError, type Surroundings } from '../stripe-feed.ts'
import type { StripeClient } from './client.ts'
import { metadata, readObject, text, textOrNull, word } from './read.ts'

const intentShape = z.object({ id: word, metadata, description: text(4_000) })
const sessionShape = z.object({ id: word, metadata, client_reference_id: textOrNull(500) })
/** A deleted customer keeps an id and nothing else. */
const customerShape = z.object({ id: word, metadata, email: text(), name: text() })

/** What stands beside a charge: one call each for its intent, the Checkout sessions of that, and its customer. What is gone, or
 *  what the key may not see, is empty: these are hints. */
export async function readSurroundings(
  client: StripeClient,
  { paymentIntentId: intentId, customerId }: StripeCharge,
): Promise<Surroundings> {
  const intent =
    intentId === null
      ? undefined
      : await allowed(() =>
          client.one(
            intentId,
            (stripe, request) => stripe.paymentIntents.retrieve(intentId, {}, request),
            (raw) => readObject(intentShape, raw, 'payment_intent'),
          ),
        )
  const sessions =
    intentId === null
      ? undefined
      : await allowed(() =>
          client.page(
            (stripe, request) => stripe.checkout.sessions.list({ payment_intent: intentId, limit: 10 }, request),
            (raw) => readObject(sessionShape, raw, 'checkout.session'),
          ),
        )
  const customer =
    customerId === null
      ? undefined
      : await allowed(() =>
          client.one(
            customerId,
            (stripe, request) => stripe.customers.retrieve(customerId, {}, request),
            (raw) => readObject(customerShape, raw, 'customer'),
          ),
        )
  return {
    paymentIntentMetadata: intent?.metadata ?? {},
    paymentIntentDescription: intent?.description ?? '',
    sessions: (sessions?.rows ?? []).map((session) => ({
      id: session.id,
      metadata: session.metadata,
      clientReferenceId: session.client_reference_id,
    })),
    customerMetadata: customer?.metadata ?? {},
    customerEmail: customer?.email ?? '',
    customerName: customer?.name ?? '',
  }
}

async function allowed<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof StripeFeedError && (error.fault === 'gone' || error.fault === 'permission')) return undefined
    throw error
  }
}
