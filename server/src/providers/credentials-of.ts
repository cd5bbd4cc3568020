import type { TenantId } from '../base/ids.ts'
import { Secret } from '../base/secret.ts'
import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import type { FieldOf, Provider } from './catalogue.ts'
import { getCredentials } from './queries.ts'
import { openFields } from './sealed-fields.ts'

/** A tenant's own credentials at a provider, as they are now. */
export interface OwnCredentials<P extends Provider> {
  /** Changes with them. */
  revision: string
  fields: Partial<Record<FieldOf<P>, Secret>>
}

/** Reads them afresh each time: a change in another process holds at once. Undefined where the tenant has none, and the
 *  platform's are used. */
export type CredentialsOf = <P extends Provider>(
  tenantId: TenantId,
  provider: P,
) => Promise<OwnCredentials<P> | undefined>

export const createCredentialsOf =
  ({ store, vault }: { store: Store; vault: Vault }): CredentialsOf =>
  <P extends Provider>(tenantId: TenantId, provider: P) =>
    store.read(tenantId, async (tx) => {
      const row = await getCredentials(tx, provider)
      if (!row) return undefined
      const fields = Object.entries(await openFields(vault, tx, row))
      return {
        revision: row.id,
        fields: Object.fromEntries(fields.map(([name, value]) => [name, new Secret(value!)])),
      } as OwnCredentials<P>
    })

const KEPT_MAX = 1000

/** What an adapter makes of a tenant's own credentials, kept while they stay the same (a client holds tokens that are not to
 *  be asked for anew with each call) and dropped when they change or go. Undefined where there are none, or where `make` says
 *  that they are not for this. Keeps at most a thousand; the longest unused go first. */
export function perTenant<P extends Provider, T>(
  credentialsOf: CredentialsOf,
  provider: P,
  make: (fields: OwnCredentials<P>['fields']) => T | undefined,
): (tenantId: TenantId) => Promise<T | undefined> {
  const kept = new Map<TenantId, { revision: string; made: T | undefined }>()
  return async (tenantId) => {
    const own = await credentialsOf(tenantId, provider)
    const known = kept.get(tenantId)
    kept.delete(tenantId)
    if (!own) return undefined
    const now = known?.revision === own.revision ? known : { revision: own.revision, made: make(own.fields) }
    kept.set(tenantId, now)
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!)
    return now.made
  }
}
