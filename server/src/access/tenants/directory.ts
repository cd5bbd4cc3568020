import { type TenantId, uuidOf } from '../../base/ids.ts'
import type { Tx } from '../../database/transaction.ts'
import type { Store } from '../../events/store.ts'
import { type ListSource, listPage, type Page } from '../../http/list.ts'
import { type Caller, OPERATOR_TENANT } from '../../http/route.ts'
import type { Branding } from './branding.ts'
import { TENANT_COLUMNS, type TenantRow, tenantOf } from './queries.ts'

/** Look-ups over several tenants, as the directory role: a tenant's own transaction sees neither its partner nor its children. */

/** A tenant with what it inherits. */
export interface TenantView extends TenantRow {
  /** What its partner has set; nothing without a partner. */
  parentBranding: Branding
}

const OWN = TENANT_COLUMNS.map((column) => `t.${column}`)
const VIEW = `select ${OWN.join(', ')}, coalesce(p.branding, '{}') as parent_branding
  from tenants t left join tenants p on p.tenant_id = t.parent_id`

/** The rows of `GET /tenants`, each once for everyone who may see it: the tenant itself, its partner, and the operator, whose own
 *  row is not among them. `tenant_id` is who looks. */
export const TENANT_LIST: ListSource = {
  select: 't.*',
  from: `(select v.viewer as tenant_id, t.tenant_id as id, ${OWN.slice(1).join(', ')}, coalesce(p.branding, '{}') as parent_branding
            from tenants t left join tenants p on p.tenant_id = t.parent_id and p.kind = 'partner'
           cross join lateral (values (t.tenant_id), (p.tenant_id), ('${uuidOf(OPERATOR_TENANT)}'::uuid)) v (viewer)
           where t.kind <> 'operator') t`,
  alias: 't',
  filters: {
    name: { sql: 't.name', kind: 'text' },
    slug: { sql: 't.slug', kind: 'text' },
    kind: { sql: 't.kind', kind: 'enum', values: ['customer', 'partner'] },
    tier: { sql: 't.tier', kind: 'enum', values: ['standard', 'premium'] },
    environment: { sql: 't.environment', kind: 'enum', values: ['live', 'sandbox'] },
    status: { sql: 't.status', kind: 'enum', values: ['active', 'suspended', 'deleted'] },
    parent_id: { sql: 't.parent_id', kind: 'id', prefix: 'ten' },
  },
  sortable: { name: { sql: 't.name', kind: 'text' }, slug: { sql: 't.slug', kind: 'text' } },
  search: ["search_words(t.name || ' ' || t.slug)"],
}

/** A page of the tenants that the caller may see. */
export function listTenants(
  store: Store,
  caller: Caller,
  query: Record<string, unknown>,
): Promise<Page<{ id: string }>> {
  const looking = { tenantId: caller.tenantId, tenantUuid: uuidOf(caller.tenantId) }
  return store.directory((tx) => listPage<{ id: string }>({ ...tx, ...looking }, TENANT_LIST, query))
}

/** Any tenant but the operator's own row. */
export async function findTenant(tx: Tx, id: TenantId): Promise<TenantView | undefined> {
  const row = await tx.first<object>(`${VIEW} where t.tenant_id = $1 and t.kind <> 'operator'`, [uuidOf(id)])
  return row && viewOf(row)
}

/** All tenants, oldest first; for the command line. */
export async function listEveryTenant(tx: Tx): Promise<TenantView[]> {
  return (await tx.many<object>(`${VIEW} where t.kind <> 'operator' order by t.tenant_id`)).map(viewOf)
}

/** The active tenant that has set this host name as its own. */
export async function findTenantByHost(tx: Tx, host: string): Promise<TenantView | undefined> {
  const row = await tx.first<object>(
    `${VIEW} where t.branding ->> 'custom_domain' = $1 and t.status = 'active' and t.kind <> 'operator'`,
    [host],
  )
  return row && viewOf(row)
}

/** Whether a tenant has children that were not deleted. */
export async function hasChildren(tx: Tx, id: TenantId): Promise<boolean> {
  const row = await tx.first("select 1 from tenants where parent_id = $1 and status <> 'deleted' limit 1", [uuidOf(id)])
  return row !== undefined
}

export const viewOf = (record: object): TenantView => ({
  ...tenantOf(record),
  parentBranding: (record as { parent_branding: Branding }).parent_branding,
})
