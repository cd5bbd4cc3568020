import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { StripeDeps, StripePlatform } from '../deps.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import type { AccountFacts } from './changes.ts'
import { exchangeCode, ExchangeError, type Granted } from './connect-client.ts'
import { deauthorizeUnlessConnected } from './deauthorize.ts'
import { endAuthorization } from './expire-authorization.ts'
import type { FaultCode } from './faults.ts'
import { SCOPE } from './initialize-authorization.ts'
import { keepAuthorized } from './keep-authorized.ts'
import { readFacts } from './read-facts.ts'
import { consumeState, getStateById, type Outcome, type StateRow } from './state-queries.ts'

/** What came of a try. */
export interface Finished {
  outcome: Outcome
  connectionId: Id<'strc'>
  error: string | null
}

/** What came of a state that was used before; `running` while it is worked on, `expired` when it ran out unused. */
export type Finish = { state: 'finished' | 'used'; result: Finished } | { state: 'running' } | { state: 'expired' }

/** The merchant is back from Stripe: uses the state up, exchanges the code once, and connects the account. Whoever comes second,
 *  however close, is told the outcome of the first. Nothing is thrown for what goes wrong at Stripe: it is the outcome. */
export async function finishAuthorization(
  deps: StripeDeps,
  tenantId: TenantId,
  actor: Actor,
  state: StateRow,
  back: { code: string } | { error: string },
): Promise<Finish> {
  // What may fail for reasons of ours comes first, while the state is still good.
  const platform = await deps.platformOf(tenantId)
  // Before anything is sent: of reloads, double clicks and repeats one call goes on from here.
  const consumed = await deps.store.change(tenantId, actor, async (tx) => {
    if (!(await consumeState(tx, state.uuid))) return false
    if ('error' in back) await endAuthorization(tx, state, 'declined', 'access_denied')
    return true
  })
  if (!consumed) return repeated(deps, tenantId, state)
  const { connectionId } = state
  if ('error' in back)
    return { state: 'finished', result: { outcome: 'declined', connectionId, error: 'access_denied' } }
  const kept = await connect(deps, { tenantId, actor, state, platform, code: back.code })
  if (typeof kept !== 'string')
    return { state: 'finished', result: { outcome: 'connected', connectionId: kept.connectionId, error: null } }
  await deps.store.change(tenantId, actor, (tx) => endAuthorization(tx, state, 'failed', kept))
  return { state: 'finished', result: { outcome: 'failed', connectionId, error: kept } }
}

async function repeated(deps: StripeDeps, tenantId: TenantId, seen: StateRow): Promise<Finish> {
  const state = (await deps.store.read(tenantId, (tx) => getStateById(tx, seen.uuid)))!
  if (state.outcome !== null) {
    const { outcome, connectionId, error } = state
    return { state: 'used', result: { outcome, connectionId, error } }
  }
  return { state: state.consumed ? 'running' : 'expired' }
}

/** The connection that has the account now, or why there is none. */
async function connect(
  deps: StripeDeps,
  attempt: {
    tenantId: TenantId
    actor: Actor
    state: StateRow
    platform: StripePlatform | undefined
    code: string
  },
): Promise<{ connectionId: Id<'strc'> } | FaultCode> {
  const { tenantId, actor, state, platform, code } = attempt
  if (platform?.secretKey === undefined) return 'platform_missing'
  let granted: Granted
  try {
    granted = await exchangeCode(deps, tenantId, platform.secretKey, code)
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error
    deps.log.warn('stripe account not connected', { tenant_id: tenantId, reason: error.code })
    return error.code
  }
  const letGo = () => deauthorizeUnlessConnected(deps, tenantId, granted)
  if (granted.livemode !== state.livemode) {
    await letGo()
    return 'mode_mismatch'
  }
  if (granted.scope !== SCOPE) {
    await letGo()
    return 'scope_mismatch'
  }
  let facts: AccountFacts
  try {
    facts = await readFacts(deps, tenantId, {
      kind: 'connect_oauth',
      secretKey: platform.secretKey,
      accountId: granted.accountId,
    })
  } catch (error) {
    if (!(error instanceof StripeFeedError)) throw error
    deps.log.warn('stripe account not read', { tenant_id: tenantId, reason: error.reason })
    if (error.fault === 'revoked') return 'revoked'
    // It is connected all the same; the first reading asks again.
    facts = { name: null, country: null, defaultCurrency: null }
  }
  const kept = await keepAuthorized(deps, tenantId, actor, state, granted, facts)
  // Of another tenant: letting go would cut that one off, since Stripe knows of our platform and the account only.
  if (kept === 'disconnected') await letGo()
  return kept
}
