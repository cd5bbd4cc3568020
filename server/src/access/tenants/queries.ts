import { idOf, idOrNull, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

export interface TenantRow {
  id: TenantId
  parentId: TenantId | null
  slug: string
  name: string
  kind: 'customer' | 'partner' | 'operator'
  tier: 'standard' | 'premium'
  environment: 'live' | 'sandbox'
  status: 'active' | 'suspended' | 'deleted'
  settings: TenantSettings
  branding: Record<string, unknown>
  createdAt: Date
  updatedAt: Date
}

/** What a tenant has set; everything absent has its default. */
export interface TenantSettings {
  timezone?: string
  locale?: string
  home_currency?: string
  matching?: Record<string, unknown>
}

const TENANT = `tenant_id, parent_id, slug, name, kind, tier, environment, status, settings, branding, created_at, updated_at`

export async function getTenant(tx: TenantTx): Promise<TenantRow | undefined> {
  const row = await tx.first<object>(`select ${TENANT} from tenants where tenant_id = $1`, [tx.tenantUuid])
  return row && tenantOf(row)
}

/** As `getTenant`, holding the row against other changes until the transaction ends. */
export async function lockTenant(tx: TenantTx): Promise<TenantRow | undefined> {
  const row = await tx.first<object>(`select ${TENANT} from tenants where tenant_id = $1 for no key update`, [
    tx.tenantUuid,
  ])
  return row && tenantOf(row)
}

export async function insertTenant(
  tx: TenantTx,
  tenant: Pick<TenantRow, 'parentId' | 'slug' | 'name' | 'kind' | 'tier' | 'environment' | 'settings'>,
): Promise<TenantRow> {
  const row = await tx.one<object>(
    `insert into tenants (tenant_id, parent_id, slug, name, kind, tier, environment, settings)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${TENANT}`,
    [
      tx.tenantUuid,
      tenant.parentId && uuidOf(tenant.parentId),
      tenant.slug,
      tenant.name,
      tenant.kind,
      tenant.tier,
      tenant.environment,
      JSON.stringify(tenant.settings),
    ],
  )
  return tenantOf(row)
}

export async function updateTenant(
  tx: TenantTx,
  change: { name: string; settings: TenantSettings },
): Promise<TenantRow> {
  const row = await tx.one<object>(
    `update tenants set name = $2, settings = $3, updated_at = now() where tenant_id = $1 returning ${TENANT}`,
    [tx.tenantUuid, change.name, JSON.stringify(change.settings)],
  )
  return tenantOf(row)
}

/** Every tenant there is, by id: what jobs that visit all of them start from. */
export async function listActiveTenants(tx: Tx): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    "select tenant_id from tenants where status = 'active' and kind <> 'operator' order by tenant_id",
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

export async function findTenantBySlug(tx: Tx, slug: string): Promise<TenantId | undefined> {
  const row = await tx.first<{ tenant_id: string }>('select tenant_id from tenants where slug = $1', [slug])
  return row && idOf('ten', row.tenant_id)
}

interface TenantRecord {
  tenant_id: string
  parent_id: string | null
  slug: string
  name: string
  kind: TenantRow['kind']
  tier: TenantRow['tier']
  environment: TenantRow['environment']
  status: TenantRow['status']
  settings: TenantSettings
  branding: Record<string, unknown>
  created_at: Date
  updated_at: Date
}

function tenantOf(record: unknown): TenantRow {
  const row = record as TenantRecord
  return {
    id: idOf('ten', row.tenant_id),
    parentId: idOrNull('ten', row.parent_id),
    slug: row.slug,
    name: row.name,
    kind: row.kind,
    tier: row.tier,
    environment: row.environment,
    status: row.status,
    settings: row.settings,
    branding: row.branding,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
