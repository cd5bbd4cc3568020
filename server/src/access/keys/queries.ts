import { type Id, idOf, idOrNull, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

export interface KeyRow {
  id: Id<'key'>
  prefix: string
  digest: Buffer
  name: string
  permissions: string[]
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
  /** The key that a rotation put in its place. */
  replacedBy: Id<'key'> | null
  createdAt: Date
  updatedAt: Date
}

export const KEY_COLUMNS = `k.id, k.key_id, k.digest, k.name, k.permissions, k.expires_at, k.last_used_at, k.revoked_at, k.replaced_by, k.created_at, k.updated_at,
  (select environment from tenants t where t.tenant_id = k.tenant_id) as environment`

/** Which tenant a key belongs to, from its public part. */
export async function findKeyOwner(tx: Tx, keyId: string): Promise<{ tenantId: TenantId; id: Id<'key'> } | undefined> {
  const row = await tx.first<{ tenant_id: string; id: string }>(
    'select tenant_id, id from api_keys where key_id = $1',
    [keyId],
  )
  return row && { tenantId: idOf('ten', row.tenant_id), id: idOf('key', row.id) }
}

export async function getKey(tx: TenantTx, id: Id<'key'>): Promise<KeyRow | undefined> {
  const row = await tx.first<object>(`select ${KEY_COLUMNS} from api_keys k where k.tenant_id = $1 and k.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && keyOf(row)
}

/** As `getKey`, holding the row against other changes until the transaction ends. */
export async function lockKey(tx: TenantTx, id: Id<'key'>): Promise<KeyRow | undefined> {
  const row = await tx.first<object>(
    `select ${KEY_COLUMNS} from api_keys k where k.tenant_id = $1 and k.id = $2 for no key update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && keyOf(row)
}

/** Every key that is not revoked, in the order they were made. */
export async function listKeys(tx: TenantTx): Promise<KeyRow[]> {
  const rows = await tx.many<object>(
    `select ${KEY_COLUMNS} from api_keys k where k.tenant_id = $1 and k.revoked_at is null order by k.id`,
    [tx.tenantUuid],
  )
  return rows.map(keyOf)
}

export async function insertKey(
  tx: TenantTx,
  key: {
    id: Id<'key'>
    keyId: string
    digest: Buffer
    name: string
    permissions: string[]
    expiresAt: Date | null
    createdBy: string
  },
): Promise<void> {
  await tx.run(
    `insert into api_keys (tenant_id, id, key_id, digest, pepper_id, name, permissions, expires_at, created_by)
     values ($1, $2, $3, $4, '1', $5, $6, $7, $8)`,
    [tx.tenantUuid, uuidOf(key.id), key.keyId, key.digest, key.name, key.permissions, key.expiresAt, key.createdBy],
  )
}

export async function revokeKey(tx: TenantTx, id: Id<'key'>): Promise<boolean> {
  const touched = await tx.run(
    'update api_keys set revoked_at = now(), updated_at = now() where tenant_id = $1 and id = $2 and revoked_at is null',
    [tx.tenantUuid, uuidOf(id)],
  )
  return touched === 1
}

/** Ends a key at `expiresAt` because another took its place. */
export async function replaceKey(
  tx: TenantTx,
  id: Id<'key'>,
  by: { replacedBy: Id<'key'>; expiresAt: Date },
): Promise<void> {
  await tx.run(
    'update api_keys set replaced_by = $3, expires_at = $4, updated_at = now() where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(id), uuidOf(by.replacedBy), by.expiresAt],
  )
}

export async function touchKey(tx: TenantTx, id: Id<'key'>): Promise<void> {
  await tx.run('update api_keys set last_used_at = now() where tenant_id = $1 and id = $2', [tx.tenantUuid, uuidOf(id)])
}

interface KeyRecord {
  id: string
  key_id: string
  environment: 'live' | 'sandbox'
  digest: Buffer
  name: string
  permissions: string[]
  expires_at: Date | null
  last_used_at: Date | null
  revoked_at: Date | null
  replaced_by: string | null
  created_at: Date
  updated_at: Date
}

export function keyOf(record: unknown): KeyRow {
  const row = record as KeyRecord
  return {
    id: idOf('key', row.id),
    prefix: `${row.environment === 'live' ? 'pk_live_' : 'pk_test_'}${row.key_id}`,
    digest: row.digest,
    name: row.name,
    permissions: row.permissions,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
    replacedBy: idOrNull('key', row.replaced_by),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
