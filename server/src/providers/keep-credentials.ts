import { randomUUID } from 'node:crypto'
import { AppError } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { faultsOf, type Provider } from './catalogue.ts'
import {
  type CredentialsRow,
  deleteCredentials,
  getCredentials,
  getEnvironment,
  placeOf,
  putCredentials,
} from './queries.ts'
import { openFields } from './sealed-fields.ts'

/** Keeps a tenant's own credentials at a provider in place of those there were: what is not named is gone. The audit trail
 *  says which fields, never what they hold. Throws `validation_failed` where they are against a rule, such as a key of the
 *  other environment. */
export async function keepCredentials(
  deps: { store: Store; vault: Vault },
  tenantId: TenantId,
  actor: Actor,
  provider: Provider,
  fields: Partial<Record<string, string>>,
): Promise<CredentialsRow> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const details = faultsOf(provider, fields, await getEnvironment(tx))
    if (details.length > 0) throw new AppError('validation_failed', 'These credentials cannot be used', { details })
    const before = await fieldNames(deps.vault, tx, provider)
    const id = randomUUID()
    const sealed = await deps.vault.seal(tx, placeOf(id), JSON.stringify(fields))
    await putCredentials(tx, { id, provider, sealed })
    tx.audit({
      action: 'provider_credentials.put',
      resource: { type: 'provider_credentials', id: provider },
      changes: { before: before && { fields: before }, after: { fields: Object.keys(fields).sort() } },
    })
    return (await getCredentials(tx, provider))!
  })
}

/** Forgets them; from now on the platform's are used, where it has some. Does nothing when there were none. */
export async function forgetCredentials(
  deps: { store: Store; vault: Vault },
  tenantId: TenantId,
  actor: Actor,
  provider: Provider,
): Promise<void> {
  await deps.store.change(tenantId, actor, async (tx) => {
    const before = await fieldNames(deps.vault, tx, provider)
    if (!before || !(await deleteCredentials(tx, provider))) return
    tx.audit({
      action: 'provider_credentials.delete',
      resource: { type: 'provider_credentials', id: provider },
      changes: { before: { fields: before }, after: null },
    })
  })
}

async function fieldNames(vault: Vault, tx: TenantTx, provider: Provider): Promise<string[] | null> {
  const row = await getCredentials(tx, provider)
  return row ? Object.keys(await openFields(vault, tx, row)).sort() : null
}
