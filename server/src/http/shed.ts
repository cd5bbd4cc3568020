import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import type { Caller, Route } from './route.ts'

/** From here on lists of machines wait: everybody's answers are late by as much. */
export const SHED_MS = 500
const LOOK_MS = 50

/** How late the event loop is at this moment. */
export interface LoopLag {
  lagMs(): number
  stop(): void
}

/** Measures by a timer how late timers come. One that is overdue counts already; a former delay loses half of its weight with
 *  every look in which nothing was late, so that one long piece of work is over after a quarter of a second. */
export function createLoopLag(nowMs: () => number = () => performance.now()): LoopLag {
  let seenMs = 0
  let dueMs = nowMs() + LOOK_MS
  const timer = setInterval(() => {
    const now = nowMs()
    seenMs = Math.max(now - dueMs, seenMs / 2)
    dueMs = now + LOOK_MS
  }, LOOK_MS)
  timer.unref()
  return { lagMs: () => Math.max(seenMs, nowMs() - dueMs), stop: () => clearInterval(timer) }
}

/** Lists and their exports: they cost the most and can come later. Decisions, what moves money, single things, webhooks and pages
 *  go on (reliability 41). */
export const isList = ({ method, query }: Pick<Route, 'method' | 'query'>): boolean =>
  method === 'GET' && query instanceof z.ZodObject && 'per_page' in query.shape

/** Refuses a machine's list while the event loop is late; people who wait before a page are answered. */
export function refuseWhileBusy(
  route: Pick<Route, 'method' | 'query'>,
  caller: Caller,
  lag: Pick<LoopLag, 'lagMs'>,
): void {
  if (caller.signedInAt !== null || !isList(route) || lag.lagMs() < SHED_MS) return
  throw new AppError('service_unavailable', 'Payymo is busy at this moment. Ask for lists again in a few seconds.', {
    retryAfterSeconds: 2,
  })
}
