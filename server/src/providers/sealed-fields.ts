import type { TenantTx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'
import { type CredentialsRow, placeOf } from './queries.ts'

/** The secrets of a row, by field. For the one place that calls the provider, and for masking; never for a log or an answer. */
export async function openFields(
  vault: Vault,
  tx: TenantTx,
  row: Pick<CredentialsRow, 'id' | 'sealed'>,
): Promise<Partial<Record<string, string>>> {
  return JSON.parse((await vault.open(tx, placeOf(row.id), row.sealed)).reveal()) as Partial<Record<string, string>>
}
