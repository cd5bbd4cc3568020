import { randomBytes } from 'node:crypto'
import { AppError } from '../../base/errors.ts'
import { type Id, newId, type TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { StripeDeps } from '../deps.ts'
import { insertConnection } from './changes.ts'
import { faultError } from './faults.ts'
import { EXPIRE_JOB } from './expire-authorization.ts'
import { insertState, STATE_MS, stateDigest, type Way } from './state-queries.ts'

/** Stripe has closed `read_only` to new platforms. */
export const SCOPE = 'read_write'

export interface StartedAuthorization {
  authorizationUrl: string
  connectionId: Id<'strc'>
  expiresAt: Date
}

/** Where Stripe sends the browser in the browser form. */
export const ownCallback = (deps: Pick<StripeDeps, 'publicUrl'>): string => `${deps.publicUrl()}/callbacks/stripe`

/** Begins to connect an account by OAuth. Outside production any `redirectUrl` goes to Stripe as it is, in production those that
 *  are registered there; for all others, and for our own callback, Stripe sends the browser to us.
 *  Throws `invalid_request` for an address nobody may be sent to, `validation_failed` without a platform of the tenant's mode.
 *  Source: Stripe, OAuth reference, GET /oauth/authorize. */
export async function initializeAuthorization(
  deps: StripeDeps,
  tenantId: TenantId,
  actor: Actor,
  { redirectUrl, backfillDays }: { redirectUrl: string; backfillDays?: number | undefined },
): Promise<StartedAuthorization> {
  checkRedirect(redirectUrl, deps.production)
  const platform = await deps.platformOf(tenantId)
  if (platform?.secretKey === undefined || platform.clientId === undefined) throw faultError('platform_missing')
  const way = wayOf(deps, redirectUrl)
  const state = randomBytes(32).toString('base64url')
  const connectionId = newId('strc')
  const { livemode } = platform
  const { expiresAt } = await deps.store.change(tenantId, actor, async (tx) => {
    await insertConnection(tx, { id: connectionId, kind: 'connect_oauth', livemode, backfillDays })
    tx.audit({
      action: 'stripe_connection.initialize',
      resource: { type: 'stripe_connection', id: connectionId },
      changes: { after: { livemode, way } },
    })
    // Later than the state, so that a code on its last second still finds it.
    tx.job(EXPIRE_JOB, { connectionId }, { delayMs: STATE_MS + EXCHANGE_MS })
    return insertState(tx, { digest: stateDigest(state), connectionId, actor, livemode, redirectUrl, way })
  })
  const url = new URL(`${deps.stripeOf(tenantId).connectUrl}/oauth/authorize`)
  const parameters = {
    response_type: 'code',
    client_id: platform.clientId,
    scope: SCOPE,
    redirect_uri: way === 'caller' ? redirectUrl : ownCallback(deps),
    state,
    // Whoever comes from us has an account.
    stripe_landing: 'login',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { authorizationUrl: url.href, connectionId, expiresAt }
}

/** An exchange and the look at the account take less. */
const EXCHANGE_MS = 60_000

function wayOf(deps: StripeDeps, redirectUrl: string): Way {
  if (redirectUrl === ownCallback(deps)) return 'browser'
  return !deps.production || deps.redirectUrls.includes(redirectUrl) ? 'caller' : 'browser'
}

/** https, or also http outside production, as Stripe has it; no fragment, no user-info; a query of its own is kept. */
function checkRedirect(text: string, production: boolean): void {
  const url = URL.parse(text)
  const fine =
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && !production)) &&
    !text.includes('#') &&
    url.username === '' &&
    url.password === ''
  if (fine) return
  throw new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [
      {
        field: 'redirect_url',
        issue: 'Must be an https address without a fragment (http only outside production)',
      },
    ],
  })
}
