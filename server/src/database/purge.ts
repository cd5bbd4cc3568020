import type pg from 'pg'
import { assert } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import { type Tx, withPurge } from './transaction.ts'

/** What outlives a tenant: its row, so that nobody gets its id or slug and the operator still sees that it was; and its audit
 *  trail, which proves who did what and would prove nothing with its end cut off. Neither holds bank data or secrets. */
export const KEPT_TABLES: readonly string[] = ['tenants', 'audit_events', 'audit_heads']

/** A column of a tenant table, as the catalogue describes it. */
export interface TableColumn {
  name: string
  type: string
}

/** A table of tenants' rows. Those that refer to others come before them. */
export interface TenantTable {
  name: string
  columns: TableColumn[]
  /** Where rows refer to others of the same table: `[column, column it names]`, tenant_id left out. */
  selfReferences: [string, string][][]
}

/** Every table with tenant_id, with the columns that are no other columns' sum, from the catalogue (any role may ask), in an order in which rows may be removed: what refers before what is
 *  referred to. Throws when tables refer to each other in a circle. */
export async function listTenantTables(tx: Tx): Promise<TenantTable[]> {
  const tables = await tx.many<Omit<TenantTable, 'selfReferences'>>(
    `select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum) as columns
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
          and exists (select 1 from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped)
        group by c.relname order by c.relname`,
  )
  const references = await listReferences(tx)
  const selfReferences = (name: string) =>
    references.filter(({ from, to }) => from === name && to === name).map(({ columns }) => columns)
  return inOrder(
    tables.map((table) => ({ ...table, selfReferences: selfReferences(table.name) })),
    references.filter(({ from, to }) => from !== to),
  )
}

/** A foreign key: which table refers to which, by which columns besides tenant_id. */
interface Reference {
  from: string
  to: string
  columns: [string, string][]
}

async function listReferences(tx: Tx): Promise<Reference[]> {
  return tx.many<Reference>(
    `select f.relname as from, t.relname as to,
            coalesce((select json_agg(json_build_array(a.attname, b.attname)) from unnest(k.conkey, k.confkey) as pair (own, other)
               join pg_attribute a on a.attrelid = f.oid and a.attnum = pair.own
               join pg_attribute b on b.attrelid = t.oid and b.attnum = pair.other
              where a.attname <> 'tenant_id'), '[]') as columns
       from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and f.relnamespace = 'public'::regnamespace`,
  )
}

function inOrder(tables: TenantTable[], edges: Reference[]): TenantTable[] {
  const ordered: TenantTable[] = []
  const left = new Map(tables.map((table) => [table.name, table]))
  while (left.size > 0) {
    const free = [...left.values()].filter(({ name }) => !edges.some(({ from, to }) => to === name && left.has(from)))
    assert(free.length > 0, `tenant tables refer to each other in no circle (${[...left.keys()].join(', ')})`)
    for (const table of free) left.delete(table.name)
    ordered.push(...free)
  }
  return ordered
}

const BATCH = 1_000

/** Removes up to 1,000 of the tenant's rows from a table, in a transaction of its own. Returns how many: 0 when none is left.
 *  In a table that refers to itself, rows that others still name wait for the next call. */
export async function purgeBatch(pool: pg.Pool, tenantId: TenantId, table: TenantTable): Promise<number> {
  assert(!KEPT_TABLES.includes(table.name), 'the tenant row and its audit trail are never purged')
  const named = table.selfReferences.map(
    (columns) => `and not exists (select 1 from "${table.name}" r where r.tenant_id = $1
       and ${columns.map(([own, other]) => `r."${own}" = t."${other}"`).join(' and ')})`,
  )
  return withPurge(pool, tenantId, (tx) =>
    tx.run(
      `delete from "${table.name}" where tenant_id = $1 and ctid = any(array(
         select t.ctid from "${table.name}" t where t.tenant_id = $1 ${named.join(' ')} limit ${BATCH}))`,
      [tx.tenantUuid],
    ),
  )
}

/** Removes, in the middle of a transaction, rows that the app itself must keep: with the rights of `withPurge`, and fenced by the
 *  tenant or person of the transaction as everything in it. */
export async function removing<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.run('set local role payymo_purge')
  const result = await work()
  await tx.run('set local role payymo_app')
  return result
}
