import { idOf, type IdPrefix, type TenantId } from '../../src/base/ids.ts'
import type { Payymo } from '../../src/main.ts'
import type { Known } from './tenancy-attempts.ts'

/** Which table holds the rows of each kind of id. */
const TABLES: Partial<Record<IdPrefix, string>> = {
  key: 'api_keys',
  usr: 'users',
  bank: 'bank_connections',
  acc: 'accounts',
  txn: 'transactions',
  whm: 'whmcs_instances',
  cli: 'clients',
  inv: 'invoices',
  match: 'matches',
  pay: 'payments',
  hook: 'webhooks',
  dlv: 'deliveries',
  evt: 'events',
  imp: 'imports',
  sync: 'bank_syncs',
  aud: 'audit_events',
  alr: 'alerts',
  app: 'oauth_applications',
}

/** One id of each kind that the tenant has. */
export async function knownIds(payymo: Payymo, tenantId: TenantId): Promise<Known> {
  const known: Known = { ten: tenantId }
  for (const [kind, table] of Object.entries(TABLES)) {
    const [row] = await payymo.store.read(tenantId, (tx) =>
      tx.many<{ id: string }>(`select id from ${table} where tenant_id = $1 order by id limit 1`, [tx.tenantUuid]),
    )
    if (row) known[kind] = idOf(kind as IdPrefix, row.id)
  }
  return known
}

/** Tables of tenants in which this one has no row, and kinds of ids without one. */
export async function tablesWithout(payymo: Payymo, tenantId: TenantId): Promise<string[]> {
  const prints = await fingerprints(payymo, tenantId)
  return Object.entries(prints)
    .filter(([, print]) => print.startsWith('0 '))
    .map(([table]) => `${table} is empty`)
}

/** Number and digest of the tenant's rows, by table: equal before and after means that nothing was touched. */
export async function fingerprints(payymo: Payymo, tenantId: TenantId): Promise<Record<string, string>> {
  const { pool } = payymo.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  )
  const prints: Record<string, string> = {}
  for (const { name } of tables) {
    prints[name] = await payymo.store.read(tenantId, async (tx) => {
      const row = await tx.one<{ print: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as print from ${name} t where tenant_id = $1`,
        [tx.tenantUuid],
      )
      return row.print
    })
  }
  return prints
}
