import { type Clock, isoSeconds } from '../base/clock.ts'
import { type Outbound, OutboundError } from '../outbound/index.ts'
import { answerText } from './answer-text.ts'
import type { ClaimedDelivery } from './claim-deliveries.ts'
import type { AttemptEntry } from './delivery-queries.ts'
import { judgeAnswer, type Verdict } from './judge-answer.ts'
import { requestHeaders } from './request-headers.ts'
import { signatureHeaders } from './signing.ts'

/** From look-up of the name to the last byte of the answer (contract 6). Never divided by the time scale. */
const CALL_BUDGET_MS = 10_000
const ANSWER_BYTES_MAX = 64 * 1024

/** What became of one attempt: the line for the log, and what follows. */
export interface Outcome {
  entry: AttemptEntry
  verdict: Verdict
}

/** Sends the event's bytes once, signed with the time of this attempt. A failure is an outcome, never thrown. */
export async function sendDelivery(
  deps: { outbound: Outbound; clock: Clock; callBudgetMs?: number },
  delivery: ClaimedDelivery,
): Promise<Outcome> {
  const at = deps.clock.now()
  const startedAt = performance.now()
  const entry = { at: isoSeconds(at), status_code: null, duration_ms: null, response_body: null, error: null }
  try {
    const answer = await deps.outbound.request({
      method: 'POST',
      url: delivery.url,
      headers: requestHeaders(
        { deliveryId: delivery.id, number: delivery.attempt },
        signatureHeaders({
          eventId: delivery.eventId,
          body: delivery.body,
          timestampSeconds: Math.floor(at.getTime() / 1000),
          secrets: delivery.secrets.map((secret) => secret.reveal()),
        }),
      ),
      body: delivery.body,
      budgetMs: deps.callBudgetMs ?? CALL_BUDGET_MS,
      maxBytes: ANSWER_BYTES_MAX,
      policy: 'tenant',
    })
    return {
      entry: {
        ...entry,
        status_code: answer.status,
        duration_ms: answer.durationMs,
        response_body: answerText(answer.body),
      },
      verdict: judgeAnswer(
        { status: answer.status, retryAfter: answer.headers['retry-after'] },
        delivery.triesLeft,
        deps.clock.now().getTime(),
      ),
    }
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    return {
      entry: { ...entry, duration_ms: Math.round(performance.now() - startedAt), error: describe(error) },
      verdict: judgeAnswer(null, delivery.triesLeft, deps.clock.now().getTime()),
    }
  }
}

/** For the tenant's eyes: the sentence and the system's word, neither of which names more than the tenant gave us. */
const describe = (error: OutboundError): string =>
  error.code === undefined || error.code === error.stage ? error.message : `${error.message} (${error.code})`
