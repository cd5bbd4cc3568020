import { notFound } from '../../base/errors.ts'
import { isId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import { type Actor, systemActor } from '../../events/audit.ts'
import { findConnections, getConnection } from '../connections/queries.ts'
import type { ConnectionRef } from '../deps.ts'
import type { EventsDeps, PlatformSecret } from './deps.ts'
import { isTimely, keepEvents } from './keep-events.ts'
import { findAddressee, listTenantsWith, noteWebhook } from './queries.ts'
import type { RefusedSenders } from './refused-senders.ts'
import { claimOf, type DeliveredEvent, readEvent, refused } from './read-event.ts'
import { type Verdict, verify } from './signature.ts'

/** The parts of a request that an event is judged by. */
export interface Delivery {
  rawBody: Buffer
  header(name: string): string | undefined
  requestId: string
  ip: string
}

/** Takes an event of our platform, or of one that a tenant brought. It is a hint: stored once with the job that follows it, and
 *  nothing more is done here, so that Stripe has its answer at once. What is for nobody we know is passed over, since Stripe would
 *  only send it again. Throws `invalid_request` for a signature that is wrong or out of time, and for what is no event;
 *  `rate_limit_exceeded` for a network that sends many that nobody signed. */
export async function receivePlatformEvent(
  deps: EventsDeps,
  senders: RefusedSenders,
  delivery: Delivery,
): Promise<void> {
  const signers = await platformSigners(deps, senders, delivery)
  const event = read(deps, delivery)
  // An endpoint in live mode sends events of both modes, one in test mode never live ones. Refused, so that Stripe sends it again when
  // the settings are in order.
  const trusted = signers.filter(({ livemode }) => livemode !== false || !event.livemode)
  if (trusted.length === 0) {
    deps.log.warn('event of stripe refused', { outcome: 'wrong_mode', request_id: delivery.requestId })
    throw refused(
      'wrong_mode',
      'A live event was signed with the secret of a test endpoint. STRIPE_WEBHOOK_SECRET takes the live secret first, then that for test mode.',
    )
  }
  if (!isTimely(event, deps.clock.now())) return passOver(deps, event, 'out_of_time')
  const found = await Promise.all(trusted.map((signer) => addresseeOf(deps, event, signer)))
  const ref = found.find((each) => each !== undefined)
  if (!ref) return passOver(deps, event, 'unknown_account')
  await keep(deps, ref, event, delivery)
}

/** Takes an event for one connection, signed by its own secret. As above; beyond that throws `resource_not_found` for an address
 *  that is nobody's. */
export async function receiveOwnEvent(
  deps: EventsDeps,
  senders: RefusedSenders,
  delivery: Delivery,
  id: string,
): Promise<void> {
  // By connection too: one with a wrong secret must not keep out the others, whose events come from the same addresses.
  const sender = `${id} from:${deps.networkOf(delivery.ip)}`
  senders.admit(sender)
  const found = isId('strc', id) ? await deps.store.directory((tx) => findAddressee(tx, id)) : undefined
  if (!found) throw notFound()
  const { ref } = found
  const secret = await deps.store.read(ref.tenantId, async (tx): Promise<Secret | undefined> => {
    const row = await getConnection(tx, ref.id)
    const place = { table: 'stripe_connections', column: 'sealed_webhook_secret', rowId: ref.id }
    return row?.sealedWebhookSecret ? deps.vault.open(tx, place, row.sealedWebhookSecret) : undefined
  })
  // With the connection its secret has gone, and with it the proof: the sender only has to learn that nobody listens.
  if (!secret && !found.open) return
  const verdict = judge(deps, delivery, secret ? [{ secret }] : [])
  if (verdict === 'bad_signature') await senders.count(sender)
  provenBy(deps, delivery, verdict, 'webhook_secret of the connection')
  const event = read(deps, delivery)
  if (!found.open) return passOver(deps, event, 'at_rest')
  if (event.livemode !== found.livemode) return passOver(deps, event, 'wrong_mode')
  if (event.accountId !== null && event.accountId !== found.accountId) return passOver(deps, event, 'unknown_account')
  if (!isTimely(event, deps.clock.now())) return passOver(deps, event, 'out_of_time')
  await keep(deps, ref, event, delivery)
}

/** Our own secrets first. A tenant's own is looked for where none of them fits, by the account that the body names: what is read
 *  of an unproven body is that name, and what comes of it is a secret to prove the body with. */
async function platformSigners(
  deps: EventsDeps,
  senders: RefusedSenders,
  delivery: Delivery,
): Promise<PlatformSecret[]> {
  let verdict = judge(deps, delivery, deps.platformSecrets())
  if (verdict === 'bad_signature') {
    // What is signed by us is taken from everybody; looking for others costs more than sending does.
    const sender = `platform from:${deps.networkOf(delivery.ip)}`
    senders.admit(sender)
    verdict = judge(deps, delivery, await secretsOfTenants(deps, delivery))
    if (verdict === 'bad_signature') await senders.count(sender)
  }
  return provenBy(deps, delivery, verdict, 'STRIPE_WEBHOOK_SECRET')
}

async function secretsOfTenants(deps: EventsDeps, { rawBody }: Delivery): Promise<PlatformSecret[]> {
  const claim = claimOf(rawBody)
  if (!claim) return []
  const tenants = await deps.store.directory((tx) => listTenantsWith(tx, claim.accountId, claim.livemode))
  const secrets = await Promise.all(
    tenants.map(async (tenantId) => {
      const platform = await deps.platformOf(tenantId)
      return (platform?.webhookSecrets ?? []).map((secret) => ({ secret, livemode: platform!.livemode, tenantId }))
    }),
  )
  return secrets.flat()
}

const judge = <S extends { secret: Secret }>(deps: EventsDeps, delivery: Delivery, secrets: readonly S[]): Verdict<S> =>
  verify(delivery.header('stripe-signature'), delivery.rawBody, secrets, deps.clock.now())

function provenBy<S>(deps: EventsDeps, delivery: Delivery, verdict: Verdict<S>, setting: string): S[] {
  if (typeof verdict === 'object') return verdict.by
  deps.log.warn('event of stripe refused', { outcome: verdict, request_id: delivery.requestId })
  if (verdict === 'clock_skew') {
    throw refused(verdict, 'The signature is more than five minutes away from our time. Send the event again.')
  }
  throw refused(
    verdict,
    `The signature was made with no secret we know. Compare the signing secret of the endpoint at Stripe with the ${setting}.`,
  )
}

function read(deps: EventsDeps, delivery: Delivery): DeliveredEvent {
  try {
    return readEvent(delivery.rawBody)
  } catch (error) {
    deps.log.warn('event of stripe not understood', { error, request_id: delivery.requestId })
    throw error
  }
}

/** Whom the event is for. Of the account in this mode at most one connection is in use; a tenant's own platform speaks for that
 *  tenant only. An event without `account` happened on the platform's own account. */
async function addresseeOf(
  deps: EventsDeps,
  event: DeliveredEvent,
  signer: PlatformSecret,
): Promise<ConnectionRef | undefined> {
  const accountId = event.accountId ?? signer.accountId
  if (accountId === undefined) return undefined
  const connections = await deps.store.directory((tx) => findConnections(tx, accountId, event.livemode))
  return connections.find(
    ({ status, tenantId }) =>
      (status === 'active' || status === 'error') && (signer.tenantId === undefined || signer.tenantId === tenantId),
  )
}

async function keep(deps: EventsDeps, ref: ConnectionRef, event: DeliveredEvent, delivery: Delivery): Promise<void> {
  const { ip, requestId } = delivery
  const actor: Actor = { ...systemActor('stripe event'), ip, requestId }
  await deps.store.change(ref.tenantId, actor, async (tx) => {
    await keepEvents(tx, ref.id, [event])
    await noteWebhook(tx, ref.id, tx.now)
  })
}

function passOver(deps: EventsDeps, event: DeliveredEvent, outcome: string): void {
  deps.log.info('event of stripe passed over', {
    outcome,
    provider: 'stripe',
    ...(event.accountId === null ? {} : { account_id: event.accountId }),
  })
}
