import { z } from 'zod'
import type { TenantId } from '../../base/ids.ts'
import { readJson } from '../../base/json.ts'
import type { Secret } from '../../base/secret.ts'
import { type OutboundAnswer, OutboundError } from '../../outbound/index.ts'
import type { StripeDeps } from '../deps.ts'
import { FAULTS, type FaultCode } from './faults.ts'

const BUDGET_MS = 20_000
const BYTES_MAX = 64 * 1024

type Deps = Pick<StripeDeps, 'outbound' | 'stripeOf' | 'log'>

/** What the merchant granted. Stripe's deprecated tokens are in the same answer and are dropped here. */
export interface Granted {
  accountId: string
  livemode: boolean
  scope: string
}

/** The exchange brought no account; `code` says why. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'
  readonly code: FaultCode

  constructor(code: FaultCode, cause?: unknown) {
    super(FAULTS[code].message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

const grantedSchema = z.object({
  stripe_user_id: z.string().regex(/^acct_\w{1,250}$/),
  livemode: z.boolean(),
  scope: z.string().min(1).max(100),
})
const refusedSchema = z.object({ error: z.string() })

/** Exchanges an authorization code, with one request: a code sent twice revokes what the first sending made. Therefore over a
 *  connection of its own, without the library of Stripe (which sends again after a reset), and never tried again by anybody:
 *  the state it came with must be used up already. Throws ExchangeError; `outcome_unknown` where Stripe may have done it.
 *  Source: Stripe, OAuth reference, POST /oauth/token. */
export async function exchangeCode(deps: Deps, tenantId: TenantId, secretKey: Secret, code: string): Promise<Granted> {
  let answer: OutboundAnswer
  try {
    answer = await post(deps, tenantId, secretKey, '/oauth/token', { grant_type: 'authorization_code', code })
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    throw new ExchangeError(error.sent ? 'outcome_unknown' : 'stripe_unreachable', error)
  }
  const body = readAnswer(answer)
  if (answer.status === 200) {
    const granted = grantedSchema.safeParse(body)
    if (!granted.success) throw new ExchangeError('outcome_unknown')
    const { stripe_user_id: accountId, livemode, scope } = granted.data
    return { accountId, livemode, scope }
  }
  const refused = refusedSchema.safeParse(body)
  // A proxy's page, a 5xx: nothing says that it did not happen.
  if (!refused.success || answer.status >= 500) throw new ExchangeError('outcome_unknown')
  deps.log.warn('stripe refused a code', {
    tenant_id: tenantId,
    status: answer.status,
    reason: word(refused.data.error),
  })
  throw new ExchangeError(refused.data.error === 'invalid_client' ? 'platform_refused' : 'code_refused')
}

/** Ends our access to the account at Stripe. `done` also where it had ended before; `later` when Stripe did not say. Harmless to
 *  repeat. Source: Stripe, OAuth reference, POST /oauth/deauthorize. */
export async function deauthorize(
  deps: Deps,
  tenantId: TenantId,
  platform: { secretKey: Secret; clientId: string },
  accountId: string,
): Promise<'done' | 'later'> {
  const form = { client_id: platform.clientId, stripe_user_id: accountId }
  let answer: OutboundAnswer
  try {
    answer = await post(deps, tenantId, platform.secretKey, '/oauth/deauthorize', form)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    return 'later'
  }
  const body = readAnswer(answer)
  if (answer.status === 200) return 'done'
  const refused = refusedSchema.safeParse(body)
  if (!refused.success || answer.status >= 500 || answer.status === 429) return 'later'
  // 401 invalid_client: not connected (any more). Whatever else it refuses, asking again does not change it.
  deps.log.info('stripe did not deauthorise', {
    tenant_id: tenantId,
    account: accountId,
    status: answer.status,
    reason: word(refused.data.error),
  })
  return 'done'
}

const post = (
  deps: Deps,
  tenantId: TenantId,
  secretKey: Secret,
  path: string,
  form: Record<string, string>,
): Promise<OutboundAnswer> =>
  deps.outbound.request({
    method: 'POST',
    url: `${deps.stripeOf(tenantId).connectUrl}${path}`,
    headers: {
      authorization: `Bearer ${secretKey.reveal()}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams(form).toString(),
    budgetMs: BUDGET_MS,
    maxBytes: BYTES_MAX,
    policy: 'provider',
    fresh: true,
  })

/** Undefined for what is no JSON. */
function readAnswer(answer: OutboundAnswer): unknown {
  try {
    return readJson(answer.text())
  } catch {
    return undefined
  }
}

/** What an outside answer calls a reason, fit for a log. */
const word = (text: string): string => text.replaceAll(/[^\w.-]/g, '?').slice(0, 60)
