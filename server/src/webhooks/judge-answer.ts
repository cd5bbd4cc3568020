import { readRetryAfter } from '../outbound/index.ts'

/** Waits before the second to the sixth attempt (contract 6). */
const STEPS_MS = [60_000, 120_000, 240_000, 480_000, 960_000]
const JITTER = 0.1

/** Attempts of one delivery, the first included. */
export const TRIES_MAX = STEPS_MS.length + 1

export type Verdict =
  | { kind: 'delivered' }
  /** The endpoint says it will never take anything again. */
  | { kind: 'gone' }
  /** Again after so many planned milliseconds. */
  | { kind: 'retry'; delayMs: number }
  | { kind: 'dead' }

/** What follows from an answer, or from none. 2xx is success, redirects included in "all else is failure"; 410 ends the
 *  endpoint; 429 and 503 may ask for up to twice the step. Never earlier than the step, at most a tenth later than due.
 *  triesLeft: attempts still allowed after this one. random: 0 inclusive to 1 exclusive. */
export function judgeAnswer(
  answer: { status: number; retryAfter: string | undefined } | null,
  triesLeft: number,
  nowMs: number,
  random: () => number = Math.random,
): Verdict {
  if (answer && answer.status >= 200 && answer.status < 300) return { kind: 'delivered' }
  if (answer?.status === 410) return { kind: 'gone' }
  const stepMs = STEPS_MS[TRIES_MAX - 1 - triesLeft]
  if (triesLeft <= 0 || stepMs === undefined) return { kind: 'dead' }
  const asks = answer?.status === 429 || answer?.status === 503
  const askedMs = asks ? (readRetryAfter(answer?.retryAfter, nowMs) ?? 0) : 0
  const dueMs = Math.min(Math.max(stepMs, askedMs), 2 * stepMs)
  return { kind: 'retry', delayMs: Math.ceil(dueMs * (1 + JITTER * random())) }
}
