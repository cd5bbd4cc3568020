import type { Secret } from '../../base/secret.ts'
import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef, StripeAccess, StripeDeps } from '../deps.ts'
import { type StripeFeed, StripeFeedError } from '../stripe-feed.ts'
import { closeFailedAlert, nameOf, openFailedAlert } from './alerts.ts'
import { addReads, type Fault, setFacts, setFault, waitWithReading } from './changes.ts'
import { type ConnectionRow, getConnection, lockConnection } from './queries.ts'
import { factsOf } from './read-facts.ts'

/** Runs work that calls Stripe for one connection. Undefined, without running it, for a connection that cannot be called:
 *  pending, disconnected, or none. Every call is counted. What the work meets becomes the connection's state and an alert:
 *  access lost, keys refused, a permission missing; limits put its next reading off. Then StripeFeedError goes on to the caller.
 *  Work that succeeds shows that access and keys are good again; a missing permission is over only when `connectionWorks` says so
 *  or the key is changed. */
export async function withFeed<T>(
  deps: StripeDeps,
  ref: ConnectionRef,
  work: (feed: StripeFeed, row: ConnectionRow) => Promise<T>,
): Promise<T | undefined> {
  const row = await deps.store.read(ref.tenantId, (tx) => getConnection(tx, ref.id))
  if (!row || row.accountId === null || (row.status !== 'active' && row.status !== 'error')) return undefined
  let reads = 0
  try {
    const access = await accessOf(deps, ref, row)
    const feed = deps.openFeed(ref.tenantId, access, () => void (reads += 1))
    const known = row.accountName === null ? await learnFacts(deps, ref, feed, row) : row
    const result = await work(feed, known)
    await keepSuccess(deps, ref, row, reads)
    return result
  } catch (error) {
    if (error instanceof StripeFeedError) await keepFault(deps, ref, row, reads, error)
    else await countReads(deps, ref, reads)
    throw error
  }
}

/** The whole account was read: whatever was wrong is over. */
export async function connectionWorks(deps: StripeDeps, ref: ConnectionRef): Promise<void> {
  const row = await deps.store.read(ref.tenantId, (tx) => getConnection(tx, ref.id))
  if (row?.status === 'error') await clear(deps, ref, row, 0)
}

/** How the account is called now. Throws StripeFeedError `credentials` where nothing is configured to call it with. */
async function accessOf(deps: StripeDeps, ref: ConnectionRef, row: ConnectionRow): Promise<StripeAccess> {
  if (row.kind === 'restricted_key') {
    const place = { table: 'stripe_connections', column: 'sealed_api_key', rowId: row.id }
    const apiKey = await deps.store.read(
      ref.tenantId,
      async (tx): Promise<Secret | undefined> =>
        row.sealedApiKey ? deps.vault.open(tx, place, row.sealedApiKey) : undefined,
    )
    if (!apiKey) throw notConfigured('The connection has no key.')
    return { kind: 'restricted_key', apiKey }
  }
  const platform = await deps.platformOf(ref.tenantId)
  if (platform?.secretKey === undefined || platform.livemode !== row.livemode)
    throw notConfigured(`No Stripe platform is configured for ${row.livemode ? 'live' : 'test'} mode.`)
  return { kind: 'connect_oauth', secretKey: platform.secretKey, accountId: row.accountId! }
}

const notConfigured = (message: string): StripeFeedError =>
  new StripeFeedError('credentials', 'provider_not_configured', message)

/** The name was not to be had when the account was connected. */
async function learnFacts(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  row: ConnectionRow,
): Promise<ConnectionRow> {
  // A restricted key may not be allowed to read the account itself; its name is no reason to stop.
  if (row.kind === 'restricted_key') return row
  const facts = factsOf(await feed.getAccount())
  // Without a name of its own it goes by its id, and is not asked for again.
  const named = { ...facts, name: facts.name ?? row.accountId }
  await deps.store.change(ref.tenantId, ACTOR, (tx) => setFacts(tx, ref.id, named))
  return { ...row, accountName: named.name, country: named.country, defaultCurrency: named.defaultCurrency }
}

const ACTOR = systemActor('stripe')

/** Errors that any answered call disproves. */
const DISPROVED: ReadonlySet<string> = new Set(['needs_reconnect', 'key_refused', 'platform_not_ready'])

async function keepSuccess(deps: StripeDeps, ref: ConnectionRef, row: ConnectionRow, reads: number): Promise<void> {
  if (reads > 0 && row.status === 'error' && DISPROVED.has(row.errorCode ?? '')) await clear(deps, ref, row, reads)
  else await countReads(deps, ref, reads)
}

const countReads = async (deps: StripeDeps, ref: ConnectionRef, reads: number): Promise<void> => {
  if (reads > 0) await deps.store.change(ref.tenantId, ACTOR, (tx) => addReads(tx, ref.id, reads))
}

async function clear(deps: StripeDeps, ref: ConnectionRef, seen: ConnectionRow, reads: number): Promise<void> {
  await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    await addReads(tx, ref.id, reads)
    const now = await lockConnection(tx, ref.id)
    if (now?.status !== 'error' || !isSame(now, seen)) return
    await setFault(tx, ref.id, null)
    await closeFailedAlert(tx, ref.id)
    tx.audit({
      action: 'stripe_connection.recover',
      resource: { type: 'stripe_connection', id: ref.id },
      changes: { before: { status: 'error', error: now.errorCode }, after: { status: 'active' } },
    })
  })
}

async function keepFault(
  deps: StripeDeps,
  ref: ConnectionRef,
  seen: ConnectionRow,
  reads: number,
  error: StripeFeedError,
): Promise<void> {
  const fault = faultOf(seen, error)
  await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    await addReads(tx, ref.id, reads)
    const now = await lockConnection(tx, ref.id)
    // Disconnected or connected anew meanwhile: what the old access met says nothing about now.
    if (!now || (now.status !== 'active' && now.status !== 'error') || !isSame(now, seen)) return
    if (error.fault === 'later' && error.notBefore)
      await waitWithReading(tx, ref.id, error.notBefore.getTime() - deps.clock.now().getTime())
    if (!fault || (now.errorCode === fault.code && now.errorMessage === fault.message)) return
    await setFault(tx, ref.id, fault, { stopReading: error.fault === 'revoked' })
    await openFailedAlert(tx, ref.id, `${nameOf(now)}: ${fault.message}`)
    tx.audit({
      action: 'stripe_connection.fail',
      resource: { type: 'stripe_connection', id: ref.id },
      changes: { before: { status: now.status, error: now.errorCode }, after: { status: 'error', error: fault.code } },
    })
  })
}

/** Called by the same access as when the work began. */
const isSame = (now: ConnectionRow, seen: ConnectionRow): boolean =>
  now.connectedAt?.getTime() === seen.connectedAt?.getTime() &&
  (now.sealedApiKey === seen.sealedApiKey || now.sealedApiKey?.equals(seen.sealedApiKey ?? Buffer.alloc(0)) === true)

/** What a fault means for the connection; undefined where it is about one object, or passes by itself. */
function faultOf(row: ConnectionRow, error: StripeFeedError): Fault | undefined {
  const ownKey = row.kind === 'restricted_key'
  switch (error.fault) {
    case 'revoked':
      return {
        code: 'needs_reconnect',
        message: ownKey
          ? 'Stripe lets the key reach the account no longer. Make a new restricted key in Stripe and give it with PATCH /stripe-connections/{id}.'
          : 'Stripe lets us reach the account no longer. Connect it again with POST /stripe-connections/initialize; it goes on where it was.',
      }
    case 'credentials':
      return ownKey
        ? {
            code: 'key_refused',
            message:
              'Stripe refuses the key: it was rolled, deleted or has run out. Make a new restricted key in Stripe and give it with PATCH /stripe-connections/{id}.',
          }
        : {
            code: 'platform_not_ready',
            message: `${error.reason === 'provider_not_configured' ? error.message : "Stripe refuses the platform's key."} Check STRIPE_SECRET_KEY, or the tenant's provider credentials.`,
          }
    case 'permission': {
      const missing = error.missing ?? 'a permission that Stripe does not name'
      // Known since the key was given, and told there: what needs it is done without.
      if (row.missingPermissions.includes(missing)) return undefined
      return {
        code: 'permission_missing',
        message: ownKey
          ? `The key lacks ${missing}. Add it to the key in Stripe, or give another key with PATCH /stripe-connections/{id}.`
          : `Stripe does not allow us ${missing}. Connect the account again with POST /stripe-connections/initialize.`,
      }
    }
    default:
      return undefined
  }
}
