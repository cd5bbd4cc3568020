import { asPerson, type PersonTx } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import type { People } from './deps.ts'
import { productName } from './invite-user.ts'
import type { Notice } from './mails.ts'
import type { PersonRow } from './person-queries.ts'
import { homeOf, isActive, type Membership, membershipsOf } from './user-queries.ts'

/** Where a request comes from, and what it says of itself. */
export interface Call {
  header(name: string): string | undefined
  ip: string
  requestId: string
}

type Named = Pick<PersonRow, 'personUuid' | 'email'>

/** The queue of `tell-tenants.ts`. */
export const TELL_JOB = 'people.tell-tenant'

/** A change of what belongs to a person: password, second factor. It belongs to no tenant, so it is written into the
 *  operator's audit chain; `sayChanged` has the person's tenants told. */
export function changePerson<T>(
  people: People,
  person: Named,
  call: Call,
  work: (tx: Change, own: PersonTx) => Promise<T>,
): Promise<T> {
  const actor: Actor = {
    type: 'user',
    id: person.personUuid,
    name: person.email,
    ip: call.ip,
    requestId: call.requestId,
  }
  return people.store.change(OPERATOR_TENANT, actor, async (tx) => work(tx, await asPerson(tx, person.personUuid)))
}

/** Records the change, and causes that each tenant of the person writes it into its own chain and that the person gets a mail
 *  from the one he is at home in: all of it with the commit, or nothing. */
export function sayChanged(tx: Change, person: Named, notice: Notice, memberships: Membership[]): void {
  tx.audit({ action: `person.${notice}`, resource: { type: 'person', id: person.personUuid } })
  const { ip, requestId } = tx.actor
  const home = homeOf(memberships)
  for (const membership of memberships.filter(isActive)) {
    const { tenantId, userId } = membership
    tx.job(TELL_JOB, { of: tenantId, user: userId, notice, mail: membership === home, ip, requestId })
  }
}

/** What a person is to tenants, and what a password of his must not be made of: address, companies, product. */
export async function standingOf(
  people: People,
  person: Named,
): Promise<{ memberships: Membership[]; names: string[]; product: string }> {
  const memberships = await people.store.directory((tx) => membershipsOf(tx, person.personUuid))
  const product = await productName(people, homeOf(memberships)?.tenantId ?? OPERATOR_TENANT)
  const companies = memberships.map((membership) => membership.tenantName)
  return { memberships, names: [...ownNames(person.email), ...companies, product], product }
}

/** What of an address a password must not be made of. */
export const ownNames = (email: string): string[] => [email, email.split('@')[0]!]
