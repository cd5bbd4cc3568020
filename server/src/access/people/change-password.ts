import { AppError } from '../../base/errors.ts'
import { withPerson } from '../../database/transaction.ts'
import { type Call, changePerson, sayChanged, standingOf } from './change-person.ts'
import type { People } from './deps.ts'
import { refuseWeakPassword } from './password-rules.ts'
import { getPerson, lockPerson, type PersonRow, setPassword } from './person-queries.ts'
import { isUnchanged, proveOwnPassword } from './prove.ts'
import { endSessions } from './session-queries.ts'
import { type OpenSession, rotateSession } from './sessions.ts'

/** Changes the password of somebody who is signed in and knows the present one. All other sessions end; this one goes on
 *  under a new id, which is returned. Throws `validation_failed` that names the field. */
export async function changePassword(
  people: People,
  call: Call,
  session: OpenSession,
  given: { current: string; next: string },
): Promise<string> {
  const person = await ownPerson(people, session)
  await proveOwnPassword(people, call, person, given.current, 'current')
  const { memberships, names } = await standingOf(people, person)
  refuseWeakPassword(given.next, names, 'next')
  const passwordHash = await people.passwords.hash(given.next)
  return changePerson(people, person, call, async (tx, own) => {
    if (!isUnchanged(await lockPerson(own), person)) throw changedMeanwhile()
    await setPassword(own, passwordHash, tx.now)
    await endSessions(own, session.id)
    sayChanged(tx, person, 'password_changed', memberships)
    return rotateSession(own, session.id)
  })
}

/** The row of somebody who is signed in. */
export async function ownPerson(people: People, session: Pick<OpenSession, 'personUuid'>): Promise<PersonRow> {
  const person = await withPerson(people.pool, session.personUuid, getPerson)
  if (!person) throw changedMeanwhile()
  return person
}

const changedMeanwhile = (): AppError =>
  new AppError('resource_conflict', 'Your password has just been changed elsewhere. Sign in again.')
