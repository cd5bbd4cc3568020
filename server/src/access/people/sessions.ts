import { AppError } from '../../base/errors.ts'
import { newId, uuidOf } from '../../base/ids.ts'
import { type PersonTx, withPerson } from '../../database/transaction.ts'
import type { Answer } from '../../http/route.ts'
import type { Call } from './change-person.ts'
import { newToken, tokenDigest } from './chance.ts'
import { clearCookie, readCookie, writeCookie } from './cookie.ts'
import type { People } from './deps.ts'
import { limitSessionUse } from './limits.ts'
import { csrfToken, isFromBrowser, refuseForgery } from './forgery.ts'
import {
  endSession,
  findSession,
  insertSession,
  renewSession,
  type SessionRow,
  touchSession,
} from './session-queries.ts'
import { isActive, type Membership, membershipsOf } from './user-queries.ts'

/** Reliability 39. */
export const IDLE_MS = 30 * 60_000
export const ABSOLUTE_MS = 12 * 3_600_000
const FRESH_MS = 10 * 60_000

/** A session in use: the row, the id in the browser's cookie, and what the person is to tenants. */
export interface OpenSession extends SessionRow {
  cookie: string
  memberships: Membership[]
}

/** Whose session the cookie is. Throws `authentication_required` when there is none, it has ended, or no tenant lets the
 *  person in any more. Using it keeps it from falling idle. */
export async function sessionOf(people: People, call: Call): Promise<OpenSession> {
  const cookie = readCookie(call.header('cookie'), people.publicUrl())
  if (cookie === undefined) throw signedOut()
  const digest = tokenDigest(cookie)
  const now = people.clock.now()
  const known = await people.store.directory(async (tx) => {
    const session = await findSession(tx, digest)
    return session && { ...session, memberships: await membershipsOf(tx, session.personUuid) }
  })
  if (!known) {
    await limitSessionUse(people, `no session from:${people.networkOf(call.ip)}`)
    throw signedOut()
  }
  await limitSessionUse(people, `session of:${known.personUuid}`)
  const ended =
    now.getTime() - known.seenAt.getTime() > IDLE_MS || now.getTime() - known.startedAt.getTime() > ABSOLUTE_MS
  if (ended || !known.memberships.some(isActive)) {
    await withPerson(people.pool, known.personUuid, (tx) => endSession(tx, known.id))
    throw signedOut()
  }
  const session = await withPerson(people.pool, known.personUuid, (tx) =>
    touchSession(tx, { id: known.id, digest, at: now }),
  )
  if (!session) throw signedOut()
  return { ...session, cookie, memberships: known.memberships }
}

/** As `sessionOf`, for requests that do something: made by a page of ours. `programs`: a caller that is no browser may leave
 *  the headers of one out, where the answer is all there is to gain and no other site could read it. */
export async function sessionForWriting(people: People, call: Call, { programs = false } = {}): Promise<OpenSession> {
  const cookie = readCookie(call.header('cookie'), people.publicUrl())
  if (cookie === undefined) throw signedOut()
  if (!programs || isFromBrowser(call)) refuseForgery(call, people.publicUrl(), cookie)
  return sessionOf(people, call)
}

/** Throws `permission_denied` unless the password was typed within ten minutes. */
export function refuseStale(people: People, session: SessionRow): void {
  if (people.clock.now().getTime() - session.signedInAt.getTime() <= FRESH_MS) return
  throw new AppError(
    'permission_denied',
    'Enter your password again: this needs a sign-in within the last 10 minutes.',
    { details: [{ field: 'reason', issue: 'fresh_sign_in_required' }] },
  )
}

/** Starts a session in the caller's transaction, always under a new id. Returns the id for the cookie. */
export async function startSession(tx: PersonTx, at: Date): Promise<string> {
  const cookie = newToken()
  await insertSession(tx, { id: uuidOf(newId('usr')), digest: tokenDigest(cookie), at })
  return cookie
}

/** A new id for the session, in the caller's transaction. Throws `authentication_required` when it has ended meanwhile. */
export async function rotateSession(tx: PersonTx, id: string, signedInAt?: Date): Promise<string> {
  const cookie = newToken()
  const renewed = { id, digest: tokenDigest(cookie), ...(signedInAt ? { signedInAt } : {}) }
  if (!(await renewSession(tx, renewed))) throw signedOut()
  return cookie
}

/** Ends the session of the cookie at hand, if there is one. */
export async function endPresentSession(people: People, call: Call): Promise<void> {
  const cookie = readCookie(call.header('cookie'), people.publicUrl())
  const known = cookie && (await people.store.directory((tx) => findSession(tx, tokenDigest(cookie))))
  if (known) await withPerson(people.pool, known.personUuid, (tx) => endSession(tx, known.id))
}

/** What every answer says that gives the browser a new id: the cookie, and the token that goes with it. */
export const withSession = (people: People, cookie: string, answer: Answer = { status: 204 }): Answer => ({
  ...answer,
  headers: { 'set-cookie': writeCookie(cookie, people.publicUrl()), 'x-csrf-token': csrfToken(cookie) },
})

export const withoutSession = (people: People): Answer => ({
  status: 204,
  headers: { 'set-cookie': clearCookie(people.publicUrl()) },
})

const signedOut = (): AppError => new AppError('authentication_required', 'You are not signed in. Sign in to go on.')
