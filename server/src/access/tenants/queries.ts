import { idOf, idOrNull, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'
import type { Branding } from './branding.ts'

export interface TenantRow {
  id: TenantId
  parentId: TenantId | null
  slug: string
  name: string
  kind: 'customer' | 'partner' | 'operator'
  tier: 'standard' | 'premium'
  environment: 'live' | 'sandbox'
  status: 'active' | 'suspended' | 'deleted'
  /** Who suspended it: a partner cannot resume what the operator suspended. */
  suspendedBy: 'operator' | 'partner' | null
  settings: TenantSettings
  /** What the tenant has set itself; the rest comes from its partner. */
  branding: Branding
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

/** A tenant as it is made. */
export type NewTenant = Pick<TenantRow, 'parentId' | 'slug' | 'name' | 'kind' | 'tier' | 'environment' | 'settings'> & {
  branding?: Branding
}

/** What may change of a tenant; everything else stays as it was made. */
export type TenantState = Pick<
  TenantRow,
  'name' | 'settings' | 'branding' | 'parentId' | 'kind' | 'tier' | 'status' | 'suspendedBy'
>

export const TENANT_COLUMNS = [
  'tenant_id',
  'parent_id',
  'slug',
  'name',
  'kind',
  'tier',
  'environment',
  'status',
  'suspended_by',
  'settings',
  'branding',
  'created_at',
  'updated_at',
] as const
const TENANT = TENANT_COLUMNS.join(', ')

export async function getTenant(tx: TenantTx): Promise<TenantRow | undefined> {
  const row = await tx.first<object>(`select ${TENANT} from tenants where tenant_id = $1`, [tx.tenantUuid])
  return row && tenantOf(row)
}

/** As `getTenant`, holding the row against other changes until the transaction ends. `children`: also against tenants that
 *  are just becoming its children, whose rows name this one. */
export async function lockTenant(tx: TenantTx, { children = false } = {}): Promise<TenantRow | undefined> {
  const row = await tx.first<object>(
    `select ${TENANT} from tenants where tenant_id = $1 for ${children ? 'update' : 'no key update'}`,
    [tx.tenantUuid],
  )
  return row && tenantOf(row)
}

export async function insertTenant(tx: TenantTx, tenant: NewTenant): Promise<TenantRow> {
  const row = await tx.one<object>(
    `insert into tenants (tenant_id, parent_id, slug, name, kind, tier, environment, settings, branding)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${TENANT}`,
    [
      tx.tenantUuid,
      tenant.parentId && uuidOf(tenant.parentId),
      tenant.slug,
      tenant.name,
      tenant.kind,
      tenant.tier,
      tenant.environment,
      JSON.stringify(tenant.settings),
      JSON.stringify(tenant.branding ?? {}),
    ],
  )
  return tenantOf(row)
}

export async function updateTenant(tx: TenantTx, state: TenantState): Promise<TenantRow> {
  const row = await tx.one<object>(
    `update tenants set name = $2, settings = $3, branding = $4, parent_id = $5, kind = $6, tier = $7, status = $8,
            suspended_by = $9, updated_at = now()
      where tenant_id = $1 returning ${TENANT}`,
    [
      tx.tenantUuid,
      state.name,
      JSON.stringify(state.settings),
      JSON.stringify(state.branding),
      state.parentId && uuidOf(state.parentId),
      state.kind,
      state.tier,
      state.status,
      state.suspendedBy,
    ],
  )
  return tenantOf(row)
}

/** Marks the tenant as deleted and ends its keys, in the same breath. */
export async function markDeleted(tx: TenantTx): Promise<void> {
  await tx.run(`update tenants set status = 'deleted', deleted_at = now(), updated_at = now() where tenant_id = $1`, [
    tx.tenantUuid,
  ])
  await tx.run(
    'update api_keys set revoked_at = now(), updated_at = now() where tenant_id = $1 and revoked_at is null',
    [tx.tenantUuid],
  )
}

/** Every tenant at work, by id: what jobs that visit all of them start from. */
export async function listActiveTenants(tx: Tx): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    "select tenant_id from tenants where status = 'active' and kind <> 'operator' order by tenant_id",
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

export async function findTenantBySlug(tx: Tx, slug: string): Promise<TenantId | undefined> {
  const row = await tx.first<{ tenant_id: string }>(
    "select tenant_id from tenants where slug = $1 and kind <> 'operator'",
    [slug],
  )
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
  suspended_by: TenantRow['suspendedBy']
  settings: TenantSettings
  branding: Branding
  created_at: Date
  updated_at: Date
}

export function tenantOf(record: unknown): TenantRow {
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
    suspendedBy: row.suspended_by,
    settings: row.settings,
    branding: row.branding,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
