import { createHash } from 'node:crypto'
import { AppError } from '../../base/errors.ts'
import type { People } from './deps.ts'

/** Tries a minute. Of one account few: who guesses wants many. Of one address more: offices share one. */
const PER_ACCOUNT = 10
const PER_ADDRESS = 60

/** Counts a try of signing in or of a link against the address it comes from. */
export const limitAddress = (people: Pick<People, 'limit'>, ip: string): Promise<void> =>
  refuseBeyond(people, `sign-in address ${ip}`, PER_ADDRESS)

/** Counts a try of a password or code against the account, whether or not there is one. */
export const limitAccount = (people: Pick<People, 'limit'>, emailKey: string): Promise<void> =>
  refuseBeyond(people, accountSubject('sign-in', emailKey), PER_ACCOUNT)

/** Counters hold no addresses in clear. */
export const accountSubject = (what: string, emailKey: string): string =>
  `${what} account ${createHash('sha256').update(emailKey).digest('base64url')}`

/** Throws `rate_limit_exceeded`, or `service_unavailable` while the counter is broken: without a limit nobody signs in. */
export async function refuseBeyond(people: Pick<People, 'limit'>, subject: string, perMinute: number): Promise<void> {
  let within: boolean
  try {
    within = await people.limit(subject, perMinute)
  } catch (cause) {
    throw new AppError('service_unavailable', 'Signing in is not possible at this moment. Try again in a minute.', {
      cause,
      retryAfterSeconds: 30,
    })
  }
  if (!within) {
    throw new AppError('rate_limit_exceeded', 'Too many tries within a minute. Wait a minute and try again.', {
      retryAfterSeconds: 60,
    })
  }
}
