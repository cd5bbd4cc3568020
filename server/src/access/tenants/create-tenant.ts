import { newId } from '../../base/ids.ts'
import { lookAround } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { checkDomain, checkMoney, checkParent, takenBy } from './check-rules.ts'
import { findTenant, type TenantView } from './directory.ts'
import { insertTenant, type NewTenant } from './queries.ts'

/** Makes a tenant. Throws `resource_conflict` when the slug or the host name is taken, `validation_failed` when `parentId` is no
 *  partner or the tenant would be a partner below one. */
export async function createTenant(
  store: Store,
  actor: Actor,
  wanted: NewTenant,
  { ownHost }: { ownHost?: string | undefined } = {},
): Promise<TenantView> {
  const id = newId('ten')
  checkMoney(wanted.settings)
  checkDomain(wanted.branding?.custom_domain, ownHost)
  try {
    return await store.change(id, actor, async (tx) => {
      const tenant = await insertTenant(tx, wanted)
      await checkParent(tx, tenant)
      tx.audit({
        action: 'tenant.create',
        resource: { type: 'tenant', id },
        changes: {
          after: {
            name: tenant.name,
            slug: tenant.slug,
            kind: tenant.kind,
            tier: tenant.tier,
            environment: tenant.environment,
            parent_id: tenant.parentId,
          },
        },
      })
      return (await lookAround(tx, (directory) => findTenant(directory, id)))!
    })
  } catch (error) {
    return takenBy(error, { slug: wanted.slug, domain: wanted.branding?.custom_domain })
  }
}
