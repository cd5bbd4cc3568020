import { randomUUID } from 'node:crypto'
import { AppError } from '../../base/errors.ts'
import { systemActor } from '../../events/audit.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import type { JobKind } from '../../jobs/queue.ts'
import { asPerson, withPerson } from '../../database/transaction.ts'
import { emailKey } from './address.ts'
import { newToken, tokenDigest } from './chance.ts'
import { type Call, changePerson, sayChanged, standingOf } from './change-person.ts'
import type { People } from './deps.ts'
import { resetMail } from './mails.ts'
import { refuseWeakPassword } from './password-rules.ts'
import {
  countResets,
  findPerson,
  findReset,
  getPerson,
  insertReset,
  type PersonRow,
  setPassword,
  takeReset,
} from './person-queries.ts'
import { endSessions } from './session-queries.ts'
import { homeOf } from './user-queries.ts'

const QUEUE = 'people.reset-link'
const RESET_MS = 3_600_000
const ASKED_PER_MINUTE = 3
/** Links that may be open at once: more are not sent, so that nobody's mailbox is filled by others. */
const OPEN_MAX = 5

/** Answers the same for every address, and takes the same steps: a job is queued, for nobody when the address is unknown. Who
 *  asks too often gets no more mails and is not told. */
export async function askForReset(people: People, call: Call, email: string): Promise<void> {
  const key = emailKey(email)
  const use = await people.limit(`reset:${key}`, ASKED_PER_MINUTE).catch(() => ({ admitted: false }))
  const personUuid = await people.store.directory((tx) => findPerson(tx, key))
  const person = personUuid !== undefined && use.admitted ? personUuid : randomUUID()
  await people.store.change(OPERATOR_TENANT, systemActor(QUEUE), async (tx) =>
    tx.job(QUEUE, { person, ip: call.ip, requestId: call.requestId }),
  )
}

/** Sends the link, if there is such a person and a tenant lets him in: in that tenant's name and audit trail. */
export const resetJob = (people: People): JobKind => ({
  queue: QUEUE,
  concurrency: 2,
  expireInSeconds: 60,
  retryLimit: 5,
  retryDelaySeconds: 5,
  handle: async ({ person: uuid, ip, requestId }) => {
    const person = await withPerson(people.pool, String(uuid), getPerson)
    if (!person) return
    const { memberships, product } = await standingOf(people, person)
    const home = homeOf(memberships)
    if (!home) return
    const token = newToken()
    const link = `${people.publicUrl()}/auth/reset?token=${token}`
    const actor = { ...systemActor(QUEUE), ip: String(ip), requestId: String(requestId) }
    await people.store.change(home.tenantId, actor, async (tx) => {
      const own = await asPerson(tx, person.personUuid)
      if ((await countResets(own, tx.now)) >= OPEN_MAX) return
      await insertReset(own, tokenDigest(token), new Date(tx.now.getTime() + RESET_MS))
      await people.mailer.queue(tx, resetMail({ to: person.email, locale: home.locale, product, link }))
      tx.audit({ action: 'user.reset_requested', resource: { type: 'user', id: home.userId } })
    })
  },
})

/** Sets a new password by a link of `askForReset`: once, within the hour. Every session of the person ends, and nobody is
 *  signed in: a second factor is still to be proved. Throws `validation_failed`. */
export async function resetPassword(
  people: People,
  call: Call,
  given: { token: string; password: string },
): Promise<void> {
  const digest = tokenDigest(given.token)
  const person = await openReset(people, given.token)
  if (!person) throw deadLink()
  const { memberships, names } = await standingOf(people, person)
  refuseWeakPassword(given.password, names, 'password')
  const passwordHash = await people.passwords.hash(given.password)
  await changePerson(people, person, call, async (tx, own) => {
    if (!(await takeReset(own, digest))) throw deadLink()
    await setPassword(own, passwordHash, tx.now)
    await endSessions(own)
    sayChanged(tx, person, 'password_changed', memberships)
  })
}

/** Whose new password a link is for, while it holds; using it up is `resetPassword`'s. */
export async function openReset(people: People, token: string): Promise<PersonRow | undefined> {
  const digest = tokenDigest(token)
  const personUuid = await people.store.directory((tx) => findReset(tx, digest, people.clock.now()))
  return personUuid === undefined ? undefined : withPerson(people.pool, personUuid, getPerson)
}

const deadLink = (): AppError =>
  new AppError('validation_failed', 'This link has been used or has expired. Ask for another.', {
    details: [{ field: 'token', issue: 'Is not valid, or not any more' }],
  })
