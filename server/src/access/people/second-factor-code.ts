import { Secret as TotpSecret, TOTP } from 'otpauth'
import type { Secret } from '../../base/secret.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { type Call, changePerson, sayChanged, standingOf } from './change-person.ts'
import { recoveryDigest } from './chance.ts'
import type { People } from './deps.ts'
import { lockPerson, type PersonRow, setCodeState, takeRecoveryCode } from './person-queries.ts'

const PERIOD_S = 30
/** A right password and a guess at the code: after so many wrong ones in a row none is looked at for a while. */
const FAILURES_MAX = 10
const HOLD_MS = 15 * 60_000

export const totpPlace = (personUuid: string, column: 'totp_secret' | 'totp_pending') => ({
  table: 'people',
  column,
  rowId: personUuid,
})

/** RFC 6238 as every app has it: SHA-1, six digits, thirty seconds. */
export const totpOf = (secret: Secret | undefined, label: string, issuer: string): TOTP =>
  new TOTP({
    issuer,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: secret ? TotpSecret.fromBase32(secret.reveal()) : new TotpSecret({ size: 20 }),
  })

/** The time step the code belongs to, one before or after now allowed; undefined when it is wrong or its step was used. */
export function stepOf(totp: TOTP, code: string, at: Date, usedStep: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const delta = totp.validate({ token: code, timestamp: at.getTime(), window: 1 })
  if (delta === null) return undefined
  const step = Math.floor(at.getTime() / 1000 / PERIOD_S) + delta
  return step > usedStep ? step : undefined
}

/** Judges a code of the app, or a recovery code, and uses it up: each counts once. */
export async function takeCode(people: People, person: PersonRow, text: string, call: Call): Promise<boolean> {
  const { memberships } = await standingOf(people, person)
  const recovery = recoveryDigest(people.pepper, text)
  return changePerson(people, person, call, async (tx, own) => {
    const now = await lockPerson(own)
    if (!now?.totpSecret) return now !== undefined
    if (now.codesHeldUntil && now.codesHeldUntil > tx.now) return false
    if (recovery && (await takeRecoveryCode(own, recovery)) !== undefined) {
      sayChanged(tx, person, 'recovery_code_used', memberships)
      await setCodeState(own, { totpStep: now.totpStep, codeFailures: 0, codesHeldUntil: null })
      return true
    }
    const totp = totpOf(await openSecret(people, tx, now), now.email, '')
    const step = stepOf(totp, text.replaceAll(' ', ''), tx.now, now.totpStep)
    if (step !== undefined) {
      await setCodeState(own, { totpStep: step, codeFailures: 0, codesHeldUntil: null })
      return true
    }
    const failures = now.codeFailures + 1
    const tooMany = failures >= FAILURES_MAX
    await setCodeState(own, {
      totpStep: now.totpStep,
      codeFailures: tooMany ? 0 : failures,
      codesHeldUntil: tooMany ? new Date(tx.now.getTime() + HOLD_MS) : now.codesHeldUntil,
    })
    return false
  })
}

const openSecret = (people: People, tx: TenantTx, person: PersonRow): Promise<Secret> =>
  people.vault.open(tx, totpPlace(person.personUuid, 'totp_secret'), person.totpSecret!)
