import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isoSeconds } from '../../base/clock.ts'
import { notFound } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import { writeJson } from '../../base/json.ts'
import { listTenantTables, type TableColumn, type TenantTable } from '../../database/purge.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { Store } from '../../events/store.ts'
import { findTenant } from './directory.ts'
import { presentTenant } from './schemas.ts'

/** Rows that are held in memory at once. */
const FETCH_ROWS = 1_000

export interface Exported {
  rows: number
  tables: number
}

/** Writes everything a tenant has into one file of JSON lines, as of one moment, in bounded memory. The first line says what
 *  it is, which tables and columns follow and what was left out; each further line is `{"table", "row"}`; the last is
 *  `{"end": true, "rows"}`, so that a cut file shows. Whole numbers beyond 32 bits (amounts in minor units) are strings of
 *  exactly their digits, ids are uuids as the database keeps them, times are UTC. Secrets are left out: sealed values, digests,
 *  tokens. The file is for its owner alone, and complete once it has its name. Throws `resource_not_found`. */
export async function exportTenant(store: Store, tenantId: TenantId, file: string, now: Date): Promise<Exported> {
  const tenant = await store.directory((tx) => findTenant(tx, tenantId))
  if (!tenant) throw notFound()
  const tables = await store.directory(listTenantTables)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const partial = `${file}.${process.pid}.part`
  const handle = await open(partial, 'w', 0o600)
  try {
    const header = {
      format: 'payymo-tenant-export',
      version: 1,
      exported_at: isoSeconds(now),
      tenant: presentTenant(tenant),
      tables: tables.map(({ name, columns }) => ({
        name,
        columns: columns.filter(isShown(name)).map((column) => column.name),
        omitted: columns.filter((column) => !isShown(name)(column)).map((column) => column.name),
      })),
    }
    await handle.write(`${writeJson(header)}\n`)
    const rows = await store.read(tenantId, async (tx) => {
      // One moment for all tables, whatever goes on beside.
      await tx.run('set transaction isolation level repeatable read, read only')
      let count = 0
      for (const table of tables) {
        for await (const lines of linesOf(tx, table)) {
          await handle.write(lines.join(''))
          count += lines.length
        }
      }
      return count
    })
    await handle.write(`${JSON.stringify({ end: true, rows })}\n`)
    await handle.sync()
    await handle.close()
    await rename(partial, file)
    return { rows, tables: tables.length }
  } catch (error) {
    await handle.close().catch(() => {})
    await rm(partial, { force: true })
    throw error
  }
}

async function* linesOf(tx: TenantTx, table: TenantTable): AsyncGenerator<string[]> {
  const columns = table.columns.filter(isShown(table.name)).map(selected)
  await tx.run(
    `declare export_rows no scroll cursor for
       select row_to_json(r)::text as row from (select ${columns.join(', ')} from "${table.name}" where tenant_id = $1) r`,
    [tx.tenantUuid],
  )
  for (;;) {
    const rows = await tx.many<{ row: string }>(`fetch ${FETCH_ROWS} from export_rows`)
    if (rows.length > 0) yield rows.map(({ row }) => `{"table":${JSON.stringify(table.name)},"row":${row}}\n`)
    if (rows.length < FETCH_ROWS) break
  }
  await tx.run('close export_rows')
}

/** Readers of JSON lose digits beyond 2^53. */
const selected = ({ name, type }: TableColumn): string =>
  type === 'bigint' || type === 'numeric' ? `"${name}"::text as "${name}"` : `"${name}"`

/** What an export shows: no bytes, which are ciphertext and digests everywhere but in the audit chain, and nothing whose name says
 *  that it opens a door. */
function isShown(table: string): (column: TableColumn) => boolean {
  return ({ name, type }) => {
    if (type === 'bytea') return table.startsWith('audit_') && name === 'hash'
    return !/secret|token|password|digest|api_identifier/.test(name)
  }
}
