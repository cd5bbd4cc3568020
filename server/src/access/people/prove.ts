import { AppError } from '../../base/errors.ts'
import { withPerson } from '../../database/transaction.ts'
import type { RefusedAttempt } from '../credentials/authenticate.ts'
import { emailKey } from './address.ts'
import type { Call } from './change-person.ts'
import type { People } from './deps.ts'
import { limitAccount } from './limits.ts'
import { getPerson, type PersonRow, setHash } from './person-queries.ts'
import { takeCode } from './second-factor-code.ts'

/** A uuid that is nobody's: what is done for an unknown address is done for it all the same. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Proves by password, and by code where the person has a second factor, that it is the person. Every fault takes the same
 *  answer and about the same time; only behind the right password is it said that a code is needed. The hash is brought to
 *  today's parameters on the way. `mayEnter` false: the right password does not help either.
 *  Throws `authentication_required`, `rate_limit_exceeded`, `service_unavailable`. */
export async function provePerson(
  people: People,
  call: Call,
  who: { emailKey: string; personUuid: string | undefined; mayEnter: boolean },
  proof: { password: string; code: string | undefined },
): Promise<PersonRow> {
  await limitAccount(people, who.emailKey, call.ip)
  const person = await withPerson(people.pool, who.personUuid ?? NOBODY, getPerson)
  const right = await people.passwords.matches(person?.passwordHash, proof.password)
  if (!person || !right || !who.mayEnter) {
    tell(people, call, 'password', person ? 'wrong_secret' : 'unknown')
    throw wrongPassword()
  }
  if (person.totpSecret) await proveSecondFactor(people, call, person, proof.code)
  if (people.passwords.outdated(person.passwordHash)) {
    const better = await people.passwords.hash(proof.password)
    await withPerson(people.pool, person.personUuid, (tx) => setHash(tx, person.passwordHash, better))
  }
  return person
}

async function proveSecondFactor(people: People, call: Call, person: PersonRow, code: string | undefined) {
  if (code === undefined) throw codeFault('Enter the code of your app as well.', 'second_factor_required')
  if (await takeCode(people, person, code, call)) return
  tell(people, call, 'second factor', 'wrong_secret')
  throw codeFault('This code is not right, or was used before. Wait for the next one.', 'second_factor_invalid')
}

function tell(people: People, call: Call, credential: string, reason: RefusedAttempt['reason']): void {
  people.onRefused?.({ tenantId: null, credential, reason, ip: call.ip, requestId: call.requestId })
}

/** The password alone, of somebody who is signed in and about to change how he signs in. Throws `validation_failed` that
 *  names the field. */
export async function proveOwnPassword(
  people: People,
  call: Call,
  person: PersonRow,
  password: string,
  field: string,
): Promise<void> {
  await limitAccount(people, emailKey(person.email), call.ip)
  if (await people.passwords.matches(person.passwordHash, password)) return
  tell(people, call, 'password', 'wrong_secret')
  throw new AppError('validation_failed', 'This is not your password', {
    details: [{ field, issue: 'Is not your password' }],
  })
}

/** Whether what was proved still holds at the moment it is acted upon: the password is the same as then. */
export const isUnchanged = (now: PersonRow | undefined, proved: PersonRow): boolean =>
  now?.passwordChangedAt.getTime() === proved.passwordChangedAt.getTime()

export const wrongPassword = (): AppError => new AppError('authentication_required', 'Wrong e-mail address or password')

const codeFault = (message: string, reason: string): AppError =>
  new AppError('authentication_required', message, { details: [{ field: 'reason', issue: reason }] })
