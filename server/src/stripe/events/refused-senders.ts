import type { Clock } from '../../base/clock.ts'
import { AppError } from '../../base/errors.ts'
import type { EventLimits } from './deps.ts'

/** Bodies a minute that nobody we know has signed, for each sender. Above what an endpoint with a wrong secret sends. */
const REFUSED_PER_MINUTE = 120
/** Senders remembered as shut out; beyond it the oldest is let in again. */
const SHUT_MAX = 10_000

/** Who sends many bodies that nobody signed is answered at once for a while, before a body is read or a secret looked for. What is
 *  counted are the refused ones only: whoever signs well is never counted, however much comes. */
export interface RefusedSenders {
  /** Throws `rate_limit_exceeded` for a sender that is shut out. */
  admit(sender: string): void
  /** One more refused. Throws `rate_limit_exceeded` where it was one too many. */
  count(sender: string): Promise<void>
}

export function createRefusedSenders(deps: { clock: Clock; limit: EventLimits['limit'] }): RefusedSenders {
  /** Until when, in milliseconds since 1970. */
  const shut = new Map<string, number>()
  const nowMs = () => deps.clock.now().getTime()
  return {
    admit: (sender) => {
      const untilMs = shut.get(sender)
      if (untilMs === undefined) return
      const leftMs = untilMs - nowMs()
      if (leftMs > 0) throw tooMany(Math.ceil(leftMs / 1_000))
      shut.delete(sender)
    },
    count: async (sender) => {
      // A counter that is broken changes nothing about the refusal.
      const use = await deps.limit(`stripe events refused:${sender}`, REFUSED_PER_MINUTE).catch(() => undefined)
      if (!use || use.admitted) return
      const [oldest] = shut.keys()
      if (shut.size >= SHUT_MAX && oldest !== undefined) shut.delete(oldest)
      shut.set(sender, nowMs() + use.retryAfterSeconds * 1_000)
      throw tooMany(use.retryAfterSeconds)
    },
  }
}

const tooMany = (retryAfterSeconds: number): AppError =>
  new AppError(
    'rate_limit_exceeded',
    `More than ${REFUSED_PER_MINUTE} events a minute came from here that were signed with no secret we know. Compare the signing secret of the endpoint at Stripe with ours.`,
    { retryAfterSeconds },
  )
