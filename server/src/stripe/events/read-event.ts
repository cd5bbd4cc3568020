import { z } from 'zod'
import { AppError } from '../../base/errors.ts'
import { UnfitError, word } from '../api/read.ts'
import { toEvent } from '../api/to-event.ts'
import type { StripeEvent, StripeId } from '../stripe-feed.ts'

/** An event as it was delivered, by its signature Stripe's own. */
export interface DeliveredEvent extends StripeEvent {
  /** The connected account it happened on; null: the account of the endpoint itself. */
  accountId: StripeId | null
  livemode: boolean
}

const shape = z.object({ account: word.nullish(), livemode: z.boolean() })

/** Reads a body whose signature is good. Throws `invalid_request` for what no retry will mend: Stripe shows our sentence to whoever
 *  set the endpoint up, and an endpoint that sends nothing but this is of no use to us. */
export function readEvent(body: Buffer): DeliveredEvent {
  let raw: unknown
  try {
    raw = JSON.parse(body.toString('utf8'))
  } catch {
    throw refused('not_json', 'The body is not JSON.')
  }
  if ((raw as { object?: unknown } | null)?.object === 'v2.core.event') {
    throw refused(
      'thin_event',
      'This is a thin event. Let the destination at Stripe send snapshot events: event_payload must be snapshot.',
    )
  }
  const read = shape.safeParse(raw)
  if (!read.success) throw refused('no_event', 'The body is not an event of Stripe.')
  try {
    return { ...toEvent(raw), accountId: read.data.account ?? null, livemode: read.data.livemode }
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error
    throw refused('no_event', `The body is not an event of Stripe: ${error.message}.`)
  }
}

/** The account that a body names which nobody has proven yet; undefined where it names none. */
export function claimOf(body: Buffer): { accountId: StripeId; livemode: boolean } | undefined {
  try {
    const { account, livemode } = shape.parse(JSON.parse(body.toString('utf8')))
    return account ? { accountId: account, livemode } : undefined
  } catch {
    return undefined
  }
}

export const refused = (reason: string, message: string): AppError =>
  new AppError('invalid_request', message, { details: [{ field: 'reason', issue: reason }] })
