import { retryDelayMs } from '../../outbound/index.ts'
import { BillingError } from '../billing-system.ts'
import { type PaymentDeps, REST_MS, SETTLE_MS } from './deps.ts'
import { SENDS_MAX } from './judge.ts'
import { type Leased, postpone } from './outcome.ts'
import type { PayingInstance } from './queries.ts'

/** Sends since it was requested or a person said "send again". */
export const sendsOf = (row: { attempts: number; sendsAllowed: number }): number =>
  row.attempts - (row.sendsAllowed - SENDS_MAX)

/** How long a send may still commit, doubled before each further one (reliability 4). `answerMs`: how long this one took. */
export const settleTime =
  (deps: PaymentDeps, instance: PayingInstance, sends: number) =>
  (answerMs: number): number =>
    Math.max(deps.scaled(SETTLE_MS), 2 * instance.slowestAnswerMs, 2 * answerMs) * 2 ** sends

export const backOff = (deps: PaymentDeps, row: Leased): number =>
  deps.scaled(retryDelayMs(row.lookupsFailed + 1, { baseMs: 5_000 }))

/** "Later" of a bulkhead, or of an open breaker, spread so that those told so do not return together. */
export const soon = (deps: PaymentDeps, told?: string): number =>
  deps.scaled(told === 'open' ? 5_000 + Math.random() * 5_000 : 500 + Math.random() * 1_000)

/** The tenant is suspended or deleted: what may have been sent is looked up like any other, and nothing is sent anew. It goes on
 *  by itself when the tenant is active again. */
export async function rest(deps: PaymentDeps, row: Leased): Promise<void> {
  const words = 'The tenant is suspended. Nothing is sent until it is active again.'
  await postpone(deps, row, { code: 'tenant_not_active', words, delayMs: deps.scaled(REST_MS), failed: false })
}

/** Nothing was learned: nothing is sent, nothing is refused. */
export async function lookUpFailed(deps: PaymentDeps, row: Leased, error: unknown): Promise<void> {
  const expected = error instanceof BillingError
  if (expected && error.code === 'busy') {
    return postpone(deps, row, { delayMs: soon(deps, error.subject), failed: false })
  }
  if (!expected) deps.log.error('look-up of a payment failed', { payment_id: row.id, error })
  await postpone(deps, row, {
    code: expected ? error.code : 'look_up_failed',
    words: expected ? error.message : 'WHMCS could not be asked. Payymo tries again by itself.',
    delayMs: backOff(deps, row),
    failed: true,
  })
}
