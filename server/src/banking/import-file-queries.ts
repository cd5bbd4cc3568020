import { type Id, idOf, type TenantId, uuidOf } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'
import type { Actor } from '../events/audit.ts'
import type { CsvMapping } from '../statements/index.ts'

/** A statement file that waits to be read. */
export interface WaitingFile {
  bytes: Uint8Array
  mapping: CsvMapping | undefined
  /** Who sent it. */
  actor: Actor
}

const placeOf = (id: Id<'imp'>) => ({ table: 'import_files', column: 'sealed_file', rowId: id })

/** Keeps the file beside its import, sealed: it holds whole account numbers. */
export async function keepFile(tx: TenantTx, vault: Vault, id: Id<'imp'>, file: WaitingFile): Promise<void> {
  const sealed = await vault.seal(tx, placeOf(id), Buffer.from(file.bytes).toString('base64'))
  await tx.run(
    'insert into import_files (tenant_id, import_id, sealed_file, mapping, actor) values ($1, $2, $3, $4, $5)',
    [tx.tenantUuid, uuidOf(id), sealed, file.mapping ? JSON.stringify(file.mapping) : null, JSON.stringify(file.actor)],
  )
}

/** The file of an import; undefined once it was read, or given up. */
export async function openFile(tx: TenantTx, vault: Vault, id: Id<'imp'>): Promise<WaitingFile | undefined> {
  const row = await tx.first<{ sealed_file: Buffer; mapping: CsvMapping | null; actor: Actor }>(
    'select sealed_file, mapping, actor from import_files where tenant_id = $1 and import_id = $2',
    [tx.tenantUuid, uuidOf(id)],
  )
  if (!row) return undefined
  const text = (await vault.open(tx, placeOf(id), row.sealed_file)).reveal()
  return { bytes: Buffer.from(text, 'base64'), mapping: row.mapping ?? undefined, actor: row.actor }
}

/** Forgets the file. Returns whether it was there. */
export async function dropFile(tx: TenantTx, id: Id<'imp'>): Promise<boolean> {
  const gone = await tx.run('delete from import_files where tenant_id = $1 and import_id = $2', [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return gone === 1
}

/** Files that nobody has read for so long: their job has used up its tries. */
export async function listForgottenFiles(
  tx: Tx,
  olderMs: number,
  limit: number,
): Promise<{ tenantId: TenantId; id: Id<'imp'> }[]> {
  const rows = await tx.many<{ tenant_id: string; import_id: string }>(
    `select tenant_id, import_id from import_files where created_at < now() - $1 * interval '1 millisecond' order by created_at limit $2`,
    [olderMs, limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), id: idOf('imp', row.import_id) }))
}
