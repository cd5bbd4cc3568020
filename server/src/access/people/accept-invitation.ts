import { AppError } from '../../base/errors.ts'
import { newId, type TenantId, uuidOf } from '../../base/ids.ts'
import { asPerson, isUniqueViolation, type PersonTx } from '../../database/transaction.ts'
import { getTenant, type TenantRow } from '../tenants/queries.ts'
import { tokenDigest } from './chance.ts'
import { type Call, ownNames } from './change-person.ts'
import type { People } from './deps.ts'
import { productName } from './invite-user.ts'
import { refuseWeakPassword } from './password-rules.ts'
import { findPerson, insertPerson, lockPerson, type PersonRow } from './person-queries.ts'
import { isUnchanged, provePerson, wrongPassword } from './prove.ts'
import { endPresentSession, startSession } from './sessions.ts'
import { activateUser, findInvitation, getUser, lockUser, type UserRow } from './user-queries.ts'

/** Accepts an invitation and signs the person in. A new person chooses a password here; one we know proves the one he has,
 *  and his second factor, since the link alone only shows that he reads the mail. Returns the id for the cookie.
 *  Throws `validation_failed` for a link that does not hold or a weak password, `authentication_required` for a wrong one. */
export async function acceptInvitation(
  people: People,
  call: Call,
  given: { token: string; password: string; name?: string | undefined; code?: string | undefined },
): Promise<string> {
  const open = await openInvitation(people, given.token)
  if (!open) throw deadLink()
  const { tenantId, user, tenant, personUuid, digest } = open
  const { id } = user
  const known = personUuid
    ? await provePerson(
        people,
        call,
        { emailKey: user.emailKey, personUuid, mayEnter: true },
        {
          password: given.password,
          code: given.code,
        },
      )
    : undefined
  if (!known) {
    const product = await productName(people, tenantId)
    refuseWeakPassword(given.password, [...ownNames(user.email), tenant.name, product], 'password')
  }
  const passwordHash = known ? known.passwordHash : await people.passwords.hash(given.password)
  await endPresentSession(people, call)

  const name = given.name ?? user.name
  const actor = { type: 'user' as const, id, name: name || user.email, ip: call.ip, requestId: call.requestId }
  const uuid = personUuid ?? uuidOf(newId('usr'))
  try {
    return await people.store.change(tenantId, actor, async (tx) => {
      const now = await lockUser(tx, id)
      if (!now || !holds(people, now, digest)) throw deadLink()
      const own = await asPerson(tx, uuid)
      if (known) await refuseChanged(own, known)
      else await insertPerson(own, { email: user.email, emailKey: user.emailKey, passwordHash, at: tx.now })
      await activateUser(tx, id, uuid, name)
      tx.audit({
        action: 'user.accept',
        resource: { type: 'user', id },
        changes: { before: { status: 'invited' }, after: { status: 'active' } },
      })
      return startSession(own, tx.now)
    })
  } catch (error) {
    // Another invitation of the same address was accepted at the very same moment, or the person is a user here already.
    if (!isUniqueViolation(error, 'people_email_key_key')) throw error
    throw new AppError('resource_conflict', 'This address has just got a password. Accept again with that one.')
  }
}

/** Whom a link invites, and where to, while it holds; using it up is `acceptInvitation`'s. `personUuid`: whose address it is
 *  already. */
export async function openInvitation(people: People, token: string): Promise<OpenInvitation | undefined> {
  const digest = tokenDigest(token)
  const invited = await people.store.directory((tx) => findInvitation(tx, digest))
  if (!invited) return undefined
  const { tenantId, id } = invited
  const { user, tenant } = await people.store.read(tenantId, async (tx) => ({
    user: await getUser(tx, id),
    tenant: await getTenant(tx),
  }))
  if (!user || !holds(people, user, digest) || tenant?.status !== 'active') return undefined
  const personUuid = await people.store.directory((tx) => findPerson(tx, user.emailKey))
  return { tenantId, user, tenant, personUuid, digest }
}

export interface OpenInvitation {
  tenantId: TenantId
  user: UserRow
  tenant: TenantRow
  personUuid: string | undefined
  digest: Buffer
}

const holds = (people: People, user: UserRow, digest: Buffer): boolean =>
  user.status === 'invited' &&
  user.invitationDigest !== null &&
  user.invitationDigest.equals(digest) &&
  user.invitationExpiresAt! > people.clock.now()

async function refuseChanged(own: PersonTx, proved: PersonRow): Promise<void> {
  if (!isUnchanged(await lockPerson(own), proved)) throw wrongPassword()
}

const deadLink = (): AppError =>
  new AppError('validation_failed', 'This invitation has been used, replaced or has expired. Ask for another.', {
    details: [{ field: 'token', issue: 'Is not valid, or not any more' }],
  })
