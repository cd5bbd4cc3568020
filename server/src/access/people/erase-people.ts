import { eachApart } from '../../base/each-apart.ts'
import { idOf, type TenantId } from '../../base/ids.ts'
import { removing } from '../../database/purge.ts'
import { asPerson, type PersonTx, type Tx } from '../../database/transaction.ts'
import { systemActor } from '../../events/audit.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import type { People } from './deps.ts'

const KEPT_DAYS = 30
const AT_ONCE = 500
const ACTOR = systemActor('erase-people')

/** Erases people who have belonged to no tenant for 30 days: address, password, second factor, sessions. What a tenant wrote down of
 *  its user stays with the tenant, as does the audit trail; nothing there leads to the person any more. Who is invited again
 *  later begins anew. Running twice does no harm. */
export async function erasePeople(people: People): Promise<void> {
  await eachApart(await people.store.directory(listForgotten), async (personUuid) => {
    const tenants = await people.store.directory((tx) => listTenantsOf(tx, personUuid))
    for (const tenantId of tenants) {
      await people.store.read(tenantId, (tx) =>
        tx.run('update users set person_id = null where tenant_id = $1 and person_id = $2 and deleted_at is not null', [
          tx.tenantUuid,
          personUuid,
        ]),
      )
    }
    await people.store
      .change(OPERATOR_TENANT, ACTOR, async (tx) => {
        await erase(await asPerson(tx, personUuid))
        tx.audit({ action: 'person.erase', resource: { type: 'person', id: personUuid } })
      })
      .catch((error: unknown) => {
        if (!joinedAgain(error)) throw error
      })
  })
}

/** Whoever is a user anywhere, or was within the days, is not among them. Tenants that were deleted count until they are purged. */
async function listForgotten(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ person_id: string }>(
    `select p.person_id from people p
      where not exists (select 1 from users u where u.person_id = p.person_id and u.deleted_at is null)
        and not exists (select 1 from users u where u.person_id = p.person_id
                           and u.deleted_at > now() - interval '${KEPT_DAYS} days')
      order by p.person_id limit ${AT_ONCE}`,
  )
  return rows.map((row) => row.person_id)
}

async function listTenantsOf(tx: Tx, personUuid: string): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>('select distinct tenant_id from users where person_id = $1', [
    personUuid,
  ])
  return rows.map((row) => idOf('ten', row.tenant_id))
}

const erase = (tx: PersonTx): Promise<void> =>
  removing(tx, async () => {
    // Access tokens go with their sessions.
    for (const table of ['recovery_codes', 'password_resets', 'sessions', 'people'])
      await tx.run(`delete from ${table} where person_id = $1`, [tx.personUuid])
  })

/** An invitation was accepted at this very moment: the new user names the person, and keeps him. */
const joinedAgain = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '23503'
