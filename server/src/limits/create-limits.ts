import type pg from 'pg'
import { AppError, assert } from '../base/errors.ts'
import type { Limits, LimitedRoute } from '../http/server.ts'
import { createCounting, type ReportOutage } from './counting.ts'
import { createDecide, type Decision } from './decide.ts'
import { limitOfAddress, limitsOfCall, type NamedLimit, RATES, type RateNumbers, subjectOf } from './limits-of-call.ts'
import { createPostgresCounters } from './postgres-counters.ts'
import { createRedisCounters } from './redis-counters.ts'

/** One use of something that is limited per minute, for other slices: attempts to sign in, password resets, mails.
 *  subject: what is counted, in the caller's words (`sign-in:ada@example.com`, `sign-in from:` + networkOf(ip)); the same
 *  subject is one count in all processes, and only its digest is kept. A refused use is not counted. Throws
 *  `service_unavailable` when nobody can count: what is worth limiting this way is not done uncounted. */
export type TakeOne = (subject: string, perMinute: number) => Promise<Use>

export interface Use {
  admitted: boolean
  /** Whole seconds until the next use would be admitted, at least 1; 0 when this one was. */
  retryAfterSeconds: number
}

export interface RateLimits extends Limits {
  takeOne: TakeOne
  /** Forgets what is no longer counted. */
  sweep(): Promise<void>
  close(): Promise<void>
}

export interface LimitsDeps {
  /** How to reach the database; a few connections of the limiter's own are opened when they are needed. */
  connection: pg.ClientConfig
  /** The pool of everybody, for sweeping. */
  pool?: pg.Pool
  /** Where all processes count instead. */
  redisUrl?: string | undefined
  /** Overrides of the numbers of contract 3.5. */
  rates?: Partial<RateNumbers>
  report: ReportOutage
  /** Milliseconds since 1970 that never go back. For tests. */
  nowMs?(): number
}

/** The limiter of the API (contract 3.5, reliability 22): counts in Redis when there is one, else in the database. */
export function createLimits(deps: LimitsDeps): RateLimits {
  const nowMs = deps.nowMs ?? (() => Math.floor(performance.timeOrigin + performance.now()))
  const rates = { ...RATES, ...deps.rates }
  const shared =
    deps.redisUrl === undefined
      ? createPostgresCounters(deps.connection, deps.pool)
      : createRedisCounters(deps.redisUrl)
  const decide = createDecide(createCounting({ shared, nowMs, report: deps.report }), nowMs)

  const judge = async (limits: NamedLimit[], route: LimitedRoute) => {
    const decision = await decide(limits, route.failClosed ?? false)
    if (!decision) return { headers: {}, refused: uncounted() }
    return {
      headers: headersOf(decision),
      ...(decision.admitted ? {} : { refused: refusal(decision) }),
    }
  }

  return {
    take: (caller, route) => judge(limitsOfCall(caller, route.path, rates), route),
    takeAddress: (ip, route) => judge([limitOfAddress(ip, rates)], route),
    takeOne: async (subject, perMinute) => {
      assert(Number.isInteger(perMinute) && perMinute > 0, 'a limit is a whole number above zero')
      const decision = await decide([{ subject: subjectOf('use', subject), perMinute }], true)
      if (!decision) throw uncounted()
      const { admitted } = decision
      return { admitted, retryAfterSeconds: admitted ? 0 : secondsOf(decision.waitMs) }
    },
    sweep: () => shared.sweep(),
    close: () => shared.close(),
  }
}

const secondsOf = (waitMs: number): number => Math.max(1, Math.ceil(waitMs / 1000))

const headersOf = ({ tightest, remaining, resetSeconds }: Decision<NamedLimit>): Record<string, string> => ({
  'x-ratelimit-limit': String(tightest.perMinute),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(resetSeconds),
})

function refusal({ tightest, waitMs }: Decision<NamedLimit>): AppError {
  const seconds = secondsOf(waitMs)
  return new AppError(
    'rate_limit_exceeded',
    `${tightest.sentence}; try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`,
    { retryAfterSeconds: seconds },
  )
}

const uncounted = (): AppError =>
  new AppError(
    'service_unavailable',
    'Calls cannot be counted at the moment, and this one is not done uncounted. Try again in a few seconds.',
    { retryAfterSeconds: 5 },
  )
