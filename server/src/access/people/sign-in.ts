import { withPerson } from '../../database/transaction.ts'
import { emailKey } from './address.ts'
import type { Call } from './change-person.ts'
import type { People } from './deps.ts'
import { findPerson, lockPerson } from './person-queries.ts'
import { isUnchanged, NOBODY, provePerson, wrongPassword } from './prove.ts'
import { endPresentSession, type OpenSession, rotateSession, startSession } from './sessions.ts'
import { isActive, membershipsOf } from './user-queries.ts'

/** Signs a person in whom at least one tenant lets in. Returns the id for the cookie: always a new one, and a session the
 *  browser brought along ends. Throws as `provePerson`. */
export async function signIn(
  people: People,
  call: Call,
  given: { email: string; password: string; code?: string | undefined },
): Promise<string> {
  const key = emailKey(given.email)
  const known = await people.store.directory(async (tx) => {
    const personUuid = await findPerson(tx, key)
    return { personUuid, memberships: await membershipsOf(tx, personUuid ?? NOBODY) }
  })
  const who = { emailKey: key, personUuid: known.personUuid, mayEnter: known.memberships.some(isActive) }
  const person = await provePerson(people, call, who, { password: given.password, code: given.code })
  await endPresentSession(people, call)
  return withPerson(people.pool, person.personUuid, async (tx) => {
    if (!isUnchanged(await lockPerson(tx), person)) throw wrongPassword()
    return startSession(tx, people.clock.now())
  })
}

/** A fresh sign-in within a session: password and code again, the id renewed. Returns the new id. */
export async function confirmSession(
  people: People,
  call: Call,
  session: OpenSession,
  given: { password: string; code?: string | undefined },
): Promise<string> {
  const email = await emailOf(people, session.personUuid)
  const who = { emailKey: emailKey(email), personUuid: session.personUuid, mayEnter: true }
  const person = await provePerson(people, call, who, { password: given.password, code: given.code })
  return withPerson(people.pool, session.personUuid, async (tx) => {
    if (!isUnchanged(await lockPerson(tx), person)) throw wrongPassword()
    return rotateSession(tx, session.id, people.clock.now())
  })
}

/** The address of somebody who is signed in. */
export async function emailOf(people: People, personUuid: string): Promise<string> {
  const row = await withPerson(people.pool, personUuid, (tx) =>
    tx.one<{ email: string }>('select email from people where person_id = $1', [tx.personUuid]),
  )
  return row.email
}
