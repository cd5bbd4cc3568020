import { AppError } from '../../base/errors.ts'
import type { People, PeopleDeps } from './deps.ts'

/** Tries a minute. Of one account from one network few: who guesses wants many. Of one network more: offices share one. Of one
 *  account from everywhere many more: a stranger who guesses keeps nobody signed out from elsewhere, and guesses from very many
 *  places still come to an end. */
const PER_ACCOUNT_AND_NETWORK = 10
const PER_ACCOUNT = 200
const PER_NETWORK = 60
/** Of somebody signed in, and of a network whose cookies are nobody's. */
const PER_SESSION = 300

const ADMITTED = { admitted: true, retryAfterSeconds: 0 }

/** A try of signing in or of a link: counted against the network it comes from, before it may wait for its turn, so that who
 *  floods us is refused and does not fill the queue of the others. */
export async function tried<T>(people: People, ip: string, work: () => Promise<T>): Promise<T> {
  await refuseBeyond(people, `sign-in from:${people.networkOf(ip)}`, PER_NETWORK)
  return people.admit(work)
}

/** Counts a request with a cookie. Who is signed in already goes on while nobody can count. */
export async function limitSessionUse(people: PeopleDeps, subject: string): Promise<void> {
  const use = await people.limit(subject, PER_SESSION).catch(() => ADMITTED)
  if (!use.admitted) throw tooMany(use.retryAfterSeconds)
}

/** Counts a try of a password or code against the account, whether or not there is one; what one network may not try any more
 *  is not counted against the account as a whole. */
export async function limitAccount(
  people: Pick<PeopleDeps, 'limit' | 'networkOf'>,
  emailKey: string,
  ip: string,
): Promise<void> {
  await refuseBeyond(people, `sign-in:${emailKey} from:${people.networkOf(ip)}`, PER_ACCOUNT_AND_NETWORK)
  await refuseBeyond(people, `sign-in:${emailKey}`, PER_ACCOUNT)
}

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
  if (!use.admitted) throw tooMany(use.retryAfterSeconds)
}

const tooMany = (retryAfterSeconds: number): AppError =>
  new AppError('rate_limit_exceeded', 'Too many tries within a minute. Wait a little and try again.', {
    retryAfterSeconds,
  })
