import { asPerson, type PersonTx } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import type { People } from './deps.ts'
import { type Notice, noticeMail } from './mails.ts'
import type { PersonRow } from './person-queries.ts'
import { type Membership, membershipsOf } from './user-queries.ts'

/** Where a request comes from, and what it says of itself. */
export interface Call {
  header(name: string): string | undefined
  ip: string
  requestId: string
}

type Named = Pick<PersonRow, 'personUuid' | 'email'>

/** A change of what belongs to a person: password, second factor. It belongs to no tenant, so it is written into the
 *  operator's audit chain, and its mails go out with the operator's. */
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

/** The words a person's own mails are written in: those of the first tenant that lets him in. Asked before the change, since
 *  it looks at tenants. */
export async function ownMailFacts(
  people: People,
  person: Named,
  memberships?: Membership[],
): Promise<{ to: string; locale: string | undefined; product: string; tenants: Membership[] }> {
  const tenants = memberships ?? (await people.store.directory((tx) => membershipsOf(tx, person.personUuid)))
  const first = tenants.find((membership) => membership.status === 'active') ?? tenants[0]
  return {
    to: person.email,
    locale: first?.locale,
    product: await people.productNameOf(first?.tenantId ?? OPERATOR_TENANT),
    tenants,
  }
}

/** Records the change and tells the person, in the same commit. */
export async function sayChanged(
  people: People,
  tx: Change,
  person: Named,
  notice: Notice,
  facts: Awaited<ReturnType<typeof ownMailFacts>>,
): Promise<void> {
  tx.audit({ action: `person.${notice}`, resource: { type: 'person', id: person.personUuid } })
  const { tenants: _tenants, ...mail } = facts
  await people.mailer.queue(tx, noticeMail({ ...mail, notice, link: `${people.publicUrl()}/auth/forgot` }))
}
