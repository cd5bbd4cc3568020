import type { Place } from '../database/vault.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Provider } from './catalogue.ts'

export interface CredentialsRow {
  /** New with every change. */
  id: string
  provider: Provider
  sealed: Buffer
  created_at: Date
  updated_at: Date
}

export const CREDENTIALS_COLUMNS = 'c.id, c.provider, c.sealed, c.created_at, c.updated_at'

export const placeOf = (id: string): Place => ({ table: 'provider_credentials', column: 'sealed', rowId: id })

export const getCredentials = (tx: TenantTx, provider: Provider): Promise<CredentialsRow | undefined> =>
  tx.first<CredentialsRow>(
    `select ${CREDENTIALS_COLUMNS} from provider_credentials c where c.tenant_id = $1 and c.provider = $2`,
    [tx.tenantUuid, provider],
  )

/** Keeps them, in place of those there were. */
export async function putCredentials(
  tx: TenantTx,
  row: Pick<CredentialsRow, 'id' | 'provider' | 'sealed'>,
): Promise<void> {
  await tx.run(
    `insert into provider_credentials (tenant_id, id, provider, sealed) values ($1, $2, $3, $4)
     on conflict (tenant_id, provider) do update set id = excluded.id, sealed = excluded.sealed, updated_at = now()`,
    [tx.tenantUuid, row.id, row.provider, row.sealed],
  )
}

/** Whether there were any. */
export async function deleteCredentials(tx: TenantTx, provider: Provider): Promise<boolean> {
  const touched = await tx.run('delete from provider_credentials where tenant_id = $1 and provider = $2', [
    tx.tenantUuid,
    provider,
  ])
  return touched === 1
}

export const getEnvironment = async (tx: TenantTx): Promise<'live' | 'sandbox'> =>
  (
    await tx.one<{ environment: 'live' | 'sandbox' }>('select environment from tenants where tenant_id = $1', [
      tx.tenantUuid,
    ])
  ).environment
