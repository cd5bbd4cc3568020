import { setTimeout as sleep } from 'node:timers/promises'
import type { Scaled } from '../../base/clock.ts'
import type { Secret } from '../../base/secret.ts'
import {
  type Breaker,
  type Bulkhead,
  LaterError,
  type Outbound,
  type OutboundAnswer,
  OutboundError,
  readRetryAfter,
  type RetryBudget,
  retryDelayMs,
} from '../../outbound/index.ts'
import { BillingError, type SendOutcome } from '../billing-system.ts'
import { type Judged, judge } from './answer.ts'
import type { Row } from './normalise.ts'

/** Where the installation is and how we show who we are. */
export interface WhmcsAccess {
  /** Full system URL with its sub-path and without trailing slash. */
  systemUrl: string
  identifier: string
  secret: Secret
  accessKey: Secret | null
}

export interface WhmcsClientDeps {
  outbound: Pick<Outbound, 'request'>
  bulkhead: Bulkhead
  breaker: Breaker
  scaled: Scaled
  /** What bulkhead and breaker count under: one per installation. */
  key: string
  /** What share of the calls to an installation may be retries; without one the tries of each call are the only bound. */
  retries?: RetryBudget
  /** How long one call may take, as measured; 30 s of planned time when left out. */
  budgetMs?: number
  /** Pause between tries; tests give their own. */
  wait?: (delayMs: number) => Promise<void>
  /** Hears how long each answer took. */
  onAnswer?: (durationMs: number) => void
}

export interface WhmcsClient {
  /** One read, tried up to three times while the failure may pass. `expects` names a field of a good answer. Throws
   *  BillingError. */
  read(action: string, parameters: Record<string, string>, expects: string): Promise<Row>
  /** One call, one attempt; throws BillingError. */
  once(action: string, parameters: Record<string, string>, expects: string): Promise<Row>
  /** One write on a connection of its own, never tried again. Never throws for what the other side does. */
  write(action: string, parameters: Record<string, string>): Promise<SendOutcome>
}

const BUDGET_MS = 30_000
const ANSWER_BYTES_MAX = 2 * 1024 * 1024
const TRIES_MAX = 3
/** A place in the bulkhead falls free within a call's time; waiting for it uses up no try. */
const PLACE_WAITS_MAX = 20
/** Longer waits belong to the job that called, not to its worker. */
const RETRY_AFTER_MS_MAX = 30_000

/** Speaks to `includes/api.php`: a form by POST, JSON back. GET is never used, since secrets would end in access logs.
 *  Source: reference, WHMCS 1.1. */
export function createWhmcsClient(access: WhmcsAccess, deps: WhmcsClientDeps): WhmcsClient {
  const { outbound, bulkhead, breaker, scaled, key, onAnswer } = deps
  const wait = deps.wait ?? ((delayMs: number) => sleep(delayMs))
  const url = `${access.systemUrl}/includes/api.php`

  async function post(action: string, parameters: Record<string, string>, fresh: boolean): Promise<OutboundAnswer> {
    const form = new URLSearchParams({
      ...parameters,
      action,
      identifier: access.identifier,
      secret: access.secret.reveal(),
      ...(access.accessKey ? { accesskey: access.accessKey.reveal() } : {}),
      responsetype: 'json',
    })
    const send = () =>
      outbound.request({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form.toString(),
        budgetMs: deps.budgetMs ?? scaled(BUDGET_MS),
        maxBytes: ANSWER_BYTES_MAX,
        policy: 'tenant',
        fresh,
      })
    const answer = await bulkhead.run(key, () =>
      breaker.run(key, send, ({ status }) => status === 429 || status >= 500),
    )
    onAnswer?.(answer.durationMs)
    return answer
  }

  async function attempt(
    action: string,
    parameters: Record<string, string>,
    expects: string,
  ): Promise<Judged & { retryAfterMs: number | null }> {
    try {
      const answer = await post(action, parameters, false)
      const retryAfterMs = readRetryAfter(answer.headers['retry-after'], Date.now())
      return { ...withoutSecrets(judge(answer, url, expects), access), retryAfterMs }
    } catch (error) {
      return { ok: false, spoken: false, error: networkError(error), retryAfterMs: null }
    }
  }

  return {
    once: async (action, parameters, expects) => {
      const judged = await attempt(action, parameters, expects)
      if (!judged.ok) throw judged.error
      return judged.answer
    },
    read: async (action, parameters, expects) => {
      deps.retries?.called(key)
      for (let tries = 1, places = 1; ; ) {
        const judged = await attempt(action, parameters, expects)
        if (judged.ok) return judged.answer
        const { error, retryAfterMs } = judged
        if (error.code === 'busy' && error.subject === 'full' && places++ < PLACE_WAITS_MAX) {
          await wait(scaled(retryDelayMs(1, { retryAfterMs: 250, baseMs: 1_000 })))
          continue
        }
        const patient = retryAfterMs === null || retryAfterMs <= RETRY_AFTER_MS_MAX
        if (!error.temporary || error.code === 'busy' || !patient || tries >= TRIES_MAX) throw error
        if (deps.retries && !deps.retries.mayRetry(key)) throw error
        await wait(scaled(retryDelayMs(tries++, { retryAfterMs, baseMs: 1_000, capMs: 10_000 })))
      }
    },
    write: async (action, parameters) => {
      try {
        const judged = withoutSecrets(judge(await post(action, parameters, true), url, 'result'), access)
        if (judged.ok) return { outcome: 'applied' }
        const { code, message } = judged.error
        return judged.spoken ? { outcome: 'refused', code, message } : { outcome: 'unknown', sent: true, reason: code }
      } catch (error) {
        const sent = error instanceof OutboundError ? error.sent : !(error instanceof LaterError)
        return { outcome: 'unknown', sent, reason: networkError(error).code }
      }
    },
  }
}

/** WHMCS, or something in front of it, may repeat what we sent: our secrets never come back in an error. */
function withoutSecrets(judged: Judged, access: WhmcsAccess): Judged {
  if (judged.ok) return judged
  const { code, subject, temporary, message } = judged.error
  const secrets = [access.secret.reveal(), access.accessKey?.reveal() ?? '', access.identifier].filter(
    (text) => text.length > 3,
  )
  const clean = (text: string) => secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text)
  const error = new BillingError(code, clean(message), {
    ...(subject === undefined ? {} : { subject: clean(subject) }),
    temporary,
  })
  return { ...judged, error }
}

/** A call that brought no answer, in words for the user. Anything unexpected is rethrown. */
function networkError(error: unknown): BillingError {
  if (error instanceof LaterError) {
    return new BillingError('busy', 'Calls to this WHMCS installation are paused for a moment.', {
      subject: error.reason,
      temporary: true,
    })
  }
  if (!(error instanceof OutboundError)) throw error
  const { stage, code } = error
  const subject = code ?? stage
  switch (stage) {
    case 'blocked':
      return new BillingError('address_refused', `${error.message}.`, { temporary: false })
    case 'tls':
      return new BillingError(
        'tls_failed',
        `No secure connection to WHMCS is possible (${subject}). Renew the certificate, with its chain.`,
        { subject, temporary: false },
      )
    case 'too_large':
      return new BillingError('answer_too_large', 'The answer of WHMCS is larger than 2 MiB.', { temporary: false })
    case 'resolve':
      return new BillingError('unreachable', 'The host name of the system URL could not be resolved.', {
        subject,
        temporary: true,
      })
    default:
      return new BillingError('unreachable', `WHMCS could not be reached: ${error.message} (${subject}).`, {
        subject,
        temporary: true,
      })
  }
}
