import { type TenantId, uuidOf } from '../../base/ids.ts'
import type { Tx } from '../../database/transaction.ts'
import type { ListScope, ListSource } from '../../http/list.ts'
import type { Caller } from '../../http/route.ts'
import type { Branding } from './branding.ts'
import { TENANT_COLUMNS, type TenantRow, tenantOf } from './queries.ts'

/** Look-ups over several tenants, as the directory role: a tenant's own transaction sees neither its partner nor its children. */

/** A tenant with what it inherits. */
export interface TenantView extends TenantRow {
  /** What its partner has set; nothing without a partner. */
  parentBranding: Branding
}

const OWN = TENANT_COLUMNS.map((column) => `t.${column}`).join(', ')
const VIEW = `select ${OWN}, coalesce(p.branding, '{}') as parent_branding
  from tenants t left join tenants p on p.tenant_id = t.parent_id`

/** The rows of `GET /tenants`. The operator's own row is not among them. */
export const TENANT_LIST: ListSource = {
  select: 't.*',
  from: `(select t.tenant_id as id, ${OWN}, coalesce(p.branding, '{}') as parent_branding
            from tenants t left join tenants p on p.tenant_id = t.parent_id where t.kind <> 'operator') t`,
  alias: 't',
  filters: {
    name: { sql: 't.name', kind: 'text' },
    slug: { sql: 't.slug', kind: 'text' },
    kind: { sql: 't.kind', kind: 'text' },
    tier: { sql: 't.tier', kind: 'text' },
    environment: { sql: 't.environment', kind: 'text' },
    status: { sql: 't.status', kind: 'text' },
    parent_id: { sql: 't.parent_id', kind: 'id' },
    created_at: { sql: 't.created_at', kind: 'time', range: true },
  },
  sortable: {
    created_at: { sql: 't.created_at', kind: 'time' },
    updated_at: { sql: 't.updated_at', kind: 'time' },
    name: { sql: 't.name', kind: 'text' },
    slug: { sql: 't.slug', kind: 'text' },
  },
}

/** Whom a caller may see: the operator everybody, a partner itself and its children, others themselves. */
export function scopeOf(caller: Caller): ListScope {
  if (caller.kind === 'operator') return { sql: 'true', values: [] }
  const own = uuidOf(caller.tenantId)
  return { sql: caller.partner ? '(t.id = $1 or t.parent_id = $1)' : 't.id = $1', values: [own] }
}

/** Any tenant but the operator's own row. */
export async function findTenant(tx: Tx, id: TenantId): Promise<TenantView | undefined> {
  const row = await tx.first<object>(`${VIEW} where t.tenant_id = $1 and t.kind <> 'operator'`, [uuidOf(id)])
  return row && viewOf(row)
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
