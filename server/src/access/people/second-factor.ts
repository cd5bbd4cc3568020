import { AppError } from '../../base/errors.ts'
import { emailKey } from './address.ts'
import { newRecoveryCode, recoveryDigest } from './chance.ts'
import { ownPerson } from './change-password.ts'
import { type Call, changePerson, sayChanged, standingOf } from './change-person.ts'
import type { People } from './deps.ts'
import { limitAccount } from './limits.ts'
import { lockPerson, replaceRecoveryCodes, setTotp } from './person-queries.ts'
import { proveOwnPassword } from './prove.ts'
import { stepOf, totpOf, totpPlace } from './second-factor-code.ts'
import { endSessions } from './session-queries.ts'
import { type OpenSession, refuseStale, rotateSession } from './sessions.ts'

const RECOVERY_CODES = 10

/** Makes a secret for the person's app. Nothing changes about signing in until the first code is confirmed. Throws
 *  `resource_conflict` when a second factor is on. */
export async function startSecondFactor(
  people: People,
  call: Call,
  session: OpenSession,
): Promise<{ secret: string; uri: string }> {
  refuseStale(people, session)
  const person = await ownPerson(people, session)
  const { product } = await standingOf(people, person)
  const totp = totpOf(undefined, person.email, product)
  const secret = totp.secret.base32
  await changePerson(people, person, call, async (tx, own) => {
    const now = await lockPerson(own)
    if (!now || now.totpSecret) throw alreadyOn()
    const pending = await people.vault.seal(tx, totpPlace(person.personUuid, 'totp_pending'), secret)
    await setTotp(own, { secret: null, pending, step: 0 })
    tx.audit({ action: 'person.second_factor_started', resource: { type: 'person', id: person.personUuid } })
  })
  return { secret, uri: totp.toString() }
}

/** Switches the second factor on, once a code shows that the app has the secret. Returns the recovery codes, seen here only,
 *  and the session's new id; sessions that knew the password alone end. Throws `validation_failed` for a wrong code. */
export async function confirmSecondFactor(
  people: People,
  call: Call,
  session: OpenSession,
  code: string,
): Promise<{ cookie: string; recoveryCodes: string[] }> {
  refuseStale(people, session)
  const person = await ownPerson(people, session)
  await limitAccount(people, emailKey(person.email), call.ip)
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  const cookie = await changePerson(people, person, call, async (tx, own) => {
    const now = await lockPerson(own)
    if (!now || now.totpSecret) throw alreadyOn()
    if (!now.totpPending) throw notStarted()
    const secret = await people.vault.open(tx, totpPlace(person.personUuid, 'totp_pending'), now.totpPending)
    const step = stepOf(totpOf(secret, person.email, ''), code.replaceAll(' ', ''), tx.now, 0)
    if (step === undefined) throw wrongCode()
    const sealed = await people.vault.seal(tx, totpPlace(person.personUuid, 'totp_secret'), secret.reveal())
    await setTotp(own, { secret: sealed, pending: null, step })
    await replaceRecoveryCodes(
      own,
      recoveryCodes.map((text) => recoveryDigest(people.pepper, text)!),
    )
    await endSessions(own, session.id)
    sayChanged(tx, person, 'second_factor_on', session.memberships)
    return rotateSession(own, session.id)
  })
  return { cookie, recoveryCodes }
}

/** Switches the second factor off. Returns the session's new id. Throws `validation_failed` for a wrong password. */
export async function endSecondFactor(
  people: People,
  call: Call,
  session: OpenSession,
  password: string,
): Promise<string> {
  refuseStale(people, session)
  const person = await ownPerson(people, session)
  await proveOwnPassword(people, call, person, password, 'password')
  return changePerson(people, person, call, async (tx, own) => {
    const now = await lockPerson(own)
    if (!now?.totpSecret) throw new AppError('resource_conflict', 'No second factor is on.')
    await setTotp(own, { secret: null, pending: null, step: now.totpStep })
    await replaceRecoveryCodes(own, [])
    await endSessions(own, session.id)
    sayChanged(tx, person, 'second_factor_off', session.memberships)
    return rotateSession(own, session.id)
  })
}

const alreadyOn = (): AppError =>
  new AppError('resource_conflict', 'A second factor is on already. Switch it off to set up another.')
const notStarted = (): AppError =>
  new AppError('resource_conflict', 'Start first: send an empty object, and put the secret into your app.')
const wrongCode = (): AppError =>
  new AppError('validation_failed', 'This code is not right. Check the clock of your phone and try the next one.', {
    details: [{ field: 'code', issue: 'Is not right' }],
  })
