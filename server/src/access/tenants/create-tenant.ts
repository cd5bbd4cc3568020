import { AppError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import { isUniqueViolation } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { insertTenant, type TenantRow } from './queries.ts'

/** Makes a tenant. Throws `resource_conflict` when the slug is taken. */
export async function createTenant(
  store: Store,
  actor: Actor,
  wanted: Pick<TenantRow, 'parentId' | 'slug' | 'name' | 'kind' | 'tier' | 'environment' | 'settings'>,
): Promise<TenantRow> {
  const id = newId('ten')
  try {
    return await store.change(id, actor, async (tx) => {
      const tenant = await insertTenant(tx, wanted)
      tx.audit({
        action: 'tenant.create',
        resource: { type: 'tenant', id },
        changes: {
          after: { name: tenant.name, slug: tenant.slug, kind: tenant.kind, environment: tenant.environment },
        },
      })
      return tenant
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'tenants_slug_key')) throw error
    throw new AppError('resource_conflict', `The slug "${wanted.slug}" is taken. Choose another.`, {
      details: [{ field: 'slug', issue: 'Is taken' }],
    })
  }
}
