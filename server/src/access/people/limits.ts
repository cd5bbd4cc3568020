import { AppError } from '../../base/errors.ts'
import type { PeopleDeps } from './deps.ts'

/** Tries a minute. Of one account few: who guesses wants many. Of one network more: offices share one. */
const PER_ACCOUNT = 10
const PER_NETWORK = 60

/** Counts a try of signing in or of a link against the network it comes from. */
export const limitAddress = (people: Pick<PeopleDeps, 'limit' | 'networkOf'>, ip: string): Promise<void> =>
  refuseBeyond(people, `sign-in from:${people.networkOf(ip)}`, PER_NETWORK)

/** Counts a try of a password or code against the account, whether or not there is one. */
export const limitAccount = (people: Pick<PeopleDeps, 'limit'>, emailKey: string): Promise<void> =>
  refuseBeyond(people, `sign-in:${emailKey}`, PER_ACCOUNT)

/** Throws `rate_limit_exceeded`, or `service_unavailable` while the counter is broken: uncounted nobody signs in and nobody is
 *  invited (reliability 22: closed). */
export async function refuseBeyond(
  people: Pick<PeopleDeps, 'limit'>,
  subject: string,
  perMinute: number,
): Promise<void> {
  const use = await people.limit(subject, perMinute).catch((cause: unknown) => {
    throw new AppError('service_unavailable', 'This is not possible at this moment. Try again in a minute.', {
      cause,
      retryAfterSeconds: 30,
    })
  })
  if (use.admitted) return
  throw new AppError('rate_limit_exceeded', 'Too many tries within a minute. Wait a little and try again.', {
    retryAfterSeconds: use.retryAfterSeconds,
  })
}
