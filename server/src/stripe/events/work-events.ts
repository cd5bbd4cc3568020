import { AppError } from '../../base/errors.ts'
import { publicError } from '../../http/errors.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import { getConnection } from '../connections/queries.ts'
import type { ConnectionRef } from '../deps.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { alreadyRead, settleAlreadyRead } from './already-read.ts'
import { EVENTS_JOB, type EventsDeps } from './deps.ts'
import { followGroup, type Group, groupsOf } from './follow-events.ts'
import { ignoreWaiting, putBack, setState, settleFailed, takeDue, type TakenEvent } from './queries.ts'

const ACTOR = systemActor('stripe event')
/** Events taken at once, and objects read at once: below what Stripe allows a second, and each but a few calls of 20 s. */
const TAKEN = 25
const AT_ONCE = 5
/** Longer than any batch takes: it ends with the first object that Stripe does not answer for. */
const LEASE_MS = 5 * 60_000
/** After this the rest is a job of its own. */
const RUN_MS = 60_000
const ATTEMPTS_MAX = 10
/** First wait; doubles with each further try, so that ten take a working day. */
const RETRY_MS = 60_000
/** While somebody else holds the rows. */
const BUSY_MS = 5_000
/** While the account is out of reach. */
const AT_REST_MS = 3_600_000
const FAILED = 'stripe_event_failed'

/** How a group ended. `stop`: the rest of what was taken would meet the same. */
type Outcome = 'go on' | 'stop'

/** Works off the events of a connection: an object at a time is read again, once for all events about it. What cannot be read now
 *  is tried again, ten times in all; then a person is told. Running twice at once reads no object twice at once. */
export async function workEvents(deps: EventsDeps, ref: ConnectionRef): Promise<void> {
  const until = performance.now() + RUN_MS
  for (;;) {
    const taken = await take(deps, ref)
    if (taken.length === 0) return
    if ((await workGroups(deps, ref, groupsOf(taken))) === 'stop') return
    if (performance.now() < until) continue
    await deps.store.change(ref.tenantId, ACTOR, async (tx) =>
      tx.job(EVENTS_JOB, { connectionId: ref.id }, { onlyOne: ref.id }),
    )
    return
  }
}

const take = (deps: EventsDeps, ref: ConnectionRef): Promise<TakenEvent[]> =>
  deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    const connection = await getConnection(tx, ref.id)
    if (connection?.status === 'active' || connection?.status === 'error') {
      await settleAlreadyRead(tx, ref.id)
      return takeDue(tx, ref.id, TAKEN, LEASE_MS)
    }
    if (connection?.status === 'disconnected') await ignoreWaiting(tx, ref.id, 'The connection was disconnected.')
    return []
  })

async function workGroups(deps: EventsDeps, ref: ConnectionRef, groups: Group[]): Promise<Outcome> {
  // One reading of a charge is often the answer to what its intent has to tell, too.
  const waiting = groups.toSorted((one, other) => Number(one.target === 'intent') - Number(other.target === 'intent'))
  let outcome: Outcome = 'go on'
  const lane = async (): Promise<void> => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      if (outcome === 'stop') {
        const eventIds = group.events.map((event) => event.id)
        await deps.store.change(ref.tenantId, ACTOR, (tx) =>
          putBack(tx, ref.id, eventIds, {
            delayMs: deps.scaled(RETRY_MS),
            error: 'Stripe did not answer for others.',
            counted: false,
          }),
        )
      } else if ((await workGroup(deps, ref, group)) === 'stop') outcome = 'stop'
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return outcome
}

async function workGroup(deps: EventsDeps, ref: ConnectionRef, group: Group): Promise<Outcome> {
  const eventIds = group.events.map((event) => event.id)
  try {
    // Taken again and again without an outcome: the worker ended each time, and not by chance.
    if (group.events.some((event) => event.attempts > ATTEMPTS_MAX)) throw new Error('its worker ended each time')
    if (!(await isAlreadyRead(deps, ref, group))) await followGroup(deps, ref, group)
  } catch (error) {
    // With the database away there is nothing to write to: the lease runs out, and the sweep finds them.
    if (error instanceof AppError && error.code === 'service_unavailable') throw error
    return keepFailure(deps, ref, group, error)
  }
  await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    await setState(tx, ref.id, eventIds, 'done', null)
    if (await settleFailed(tx, ref.id, group.objectId)) await closeAlert(tx, FAILED, ref.id)
  })
  return 'go on'
}

async function isAlreadyRead({ store }: EventsDeps, ref: ConnectionRef, { target, events }: Group): Promise<boolean> {
  if (target !== 'intent') return false
  const read = await store.read(ref.tenantId, (tx) => alreadyRead(tx, ref.id, events))
  return read.length === events.length
}

async function keepFailure(deps: EventsDeps, ref: ConnectionRef, group: Group, error: unknown): Promise<Outcome> {
  const fault = error instanceof StripeFeedError ? error : undefined
  if (publicError(error).code === 'service_unavailable') {
    const eventIds = group.events.map((event) => event.id)
    deps.log.info('events of stripe wait for the database', { tenant_id: ref.tenantId, connection_id: ref.id })
    await deps.store.change(ref.tenantId, ACTOR, (tx) =>
      putBack(tx, ref.id, eventIds, {
        delayMs: deps.scaled(BUSY_MS),
        error: 'The database was busy.',
        counted: false,
      }),
    )
    return 'go on'
  }
  const sentence = fault?.message ?? 'Something went wrong here; the log says what.'
  if (!fault) deps.log.error('event of stripe not followed', { error, tenant_id: ref.tenantId, connection_id: ref.id })
  const idsOf = (events: readonly TakenEvent[]) => events.map((event) => event.id)
  const { events } = group
  await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    if (fault?.fault === 'gone') return setState(tx, ref.id, idsOf(events), 'ignored', sentence)
    if (fault?.fault === 'revoked' || fault?.fault === 'credentials') {
      // The connection says so itself, with an alert of its own.
      return putBack(tx, ref.id, idsOf(events), { delayMs: deps.scaled(AT_REST_MS), error: sentence, counted: false })
    }
    const over = events.filter((event) => event.attempts >= ATTEMPTS_MAX)
    await setState(tx, ref.id, idsOf(over), 'failed', sentence)
    for (const event of events.filter((each) => each.attempts < ATTEMPTS_MAX)) {
      const askedMs = fault?.notBefore ? fault.notBefore.getTime() - deps.clock.now().getTime() : 0
      const delayMs = Math.max(deps.scaled(RETRY_MS * 2 ** (event.attempts - 1)), askedMs)
      await putBack(tx, ref.id, [event.id], { delayMs, error: sentence, counted: true })
    }
    // A missing permission is told by the connection.
    if (over.length === 0 || fault?.fault === 'permission') return
    await openAlert(tx, {
      code: FAILED,
      severity: 'warning',
      subject: { type: 'stripe_connection', id: ref.id },
      message: `Stripe told of ${group.objectId}, but it could not be read in ${ATTEMPTS_MAX} tries: ${sentence} Compare it with Stripe's dashboard. POST /stripe-connections/${ref.id}/sync reads the account again.`,
    })
  })
  return fault && ['revoked', 'credentials', 'later'].includes(fault.fault) ? 'stop' : 'go on'
}
