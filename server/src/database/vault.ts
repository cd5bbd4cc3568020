import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { decrypt, encrypt, type KeyRing } from '../base/envelope.ts'
import { assert, UsageError } from '../base/errors.ts'
import { newId, type TenantId, uuidOf } from '../base/ids.ts'
import { Secret } from '../base/secret.ts'
import { type TenantTx, withDirectory, withOwner } from './transaction.ts'

/** Where a sealed value lives. It opens only there: moved to another row or column it is refused (reliability 27). */
export interface Place {
  table: string
  column: string
  rowId: string
}

/** Field encryption: AES-256-GCM under a data key of the tenant, itself wrapped by a key from outside the database. */
export interface Vault {
  seal(tx: TenantTx, place: Place, text: string): Promise<Buffer>
  open(tx: TenantTx, place: Place, sealed: Uint8Array): Promise<Secret>
  /** A secret of the whole installation, made of chance the first time it is asked for, the same in every process. */
  installationSecret(name: string): Promise<Secret>
}

export function createVault(pool: pg.Pool, ring: KeyRing): Vault {
  /** Unwrapped data keys, by tenant and id: unwrapping costs a query, opening a field must not. */
  const dataKeys = new Map<string, Buffer>()
  const newest = new Map<TenantId, string>()

  return {
    seal: async (tx, place, text) => {
      const id = newest.get(tx.tenantId) ?? (await newestKey(tx))
      const sealed = encrypt(await dataKey(tx, id), Buffer.from(text), context(tx.tenantId, place))
      return Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), sealed])
    },
    open: async (tx, place, sealed) => {
      const hex = Buffer.from(sealed.subarray(0, 16)).toString('hex')
      const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
      return new Secret(decrypt(await dataKey(tx, id), sealed.subarray(16), context(tx.tenantId, place)).toString())
    },
    installationSecret: (name) =>
      withOwner(pool, async (tx) => {
        const fresh = wrap(ring, randomBytes(32), `installation:${name}`)
        await tx.run('insert into installation_secrets (name, sealed) values ($1, $2) on conflict do nothing', [
          name,
          fresh,
        ])
        const row = await tx.one<{ sealed: Buffer }>('select sealed from installation_secrets where name = $1', [name])
        return new Secret(unwrap(ring, row.sealed, `installation:${name}`).toString('base64'))
      }),
  }

  async function newestKey(tx: TenantTx): Promise<string> {
    const known = await tx.first<{ id: string }>(
      'select id from data_keys where tenant_id = $1 order by created_at desc, id desc limit 1',
      [tx.tenantUuid],
    )
    if (known) {
      newest.set(tx.tenantId, known.id)
      return known.id
    }
    // Not remembered yet: this transaction may still roll back.
    const id = uuidOf(newId('key'))
    await tx.run('insert into data_keys (tenant_id, id, kek_id, wrapped) values ($1, $2, $3, $4)', [
      tx.tenantUuid,
      id,
      ring.primary,
      wrap(ring, randomBytes(32), `data-key:${tx.tenantId}:${id}`),
    ])
    return id
  }

  async function dataKey(tx: TenantTx, id: string): Promise<Buffer> {
    const remembered = dataKeys.get(`${tx.tenantId}:${id}`)
    if (remembered) return remembered
    const row = await tx.first<{ wrapped: Buffer }>('select wrapped from data_keys where tenant_id = $1 and id = $2', [
      tx.tenantUuid,
      id,
    ])
    assert(row, 'every sealed value names a data key of its own tenant')
    const key = unwrap(ring, row.wrapped, `data-key:${tx.tenantId}:${id}`)
    dataKeys.set(`${tx.tenantId}:${id}`, key)
    return key
  }
}

/** Refuses to go on when a stored key names a key-encryption key we were not given, or one that does not open it: said at
 *  start, not at the first payment. Throws UsageError. */
export async function checkKeys(pool: pg.Pool, ring: KeyRing): Promise<void> {
  const used = await withDirectory(pool, (tx) => tx.many<{ kek_id: string }>('select distinct kek_id from data_keys'))
  const missing = used.map((row) => row.kek_id).filter((id) => !ring.keys.has(id))
  if (missing.length > 0) {
    throw new UsageError(
      `The database holds secrets under encryption key ${missing.map((id) => `"${id}"`).join(', ')}, which is not in PAYYMO_ENCRYPTION_KEYS. Add it behind the primary key.`,
    )
  }
  await createVault(pool, ring).installationSecret('sentinel')
}

const context = (tenantId: TenantId, place: Place): string =>
  `${tenantId}:${place.table}:${place.column}:${place.rowId}`

/** key id length (1), key id, sealed */
function wrap(ring: KeyRing, key: Uint8Array, bound: string): Buffer {
  const id = Buffer.from(ring.primary)
  return Buffer.concat([Buffer.of(id.length), id, encrypt(ring.keys.get(ring.primary)!, key, bound)])
}

function unwrap(ring: KeyRing, wrapped: Buffer, bound: string): Buffer {
  const end = 1 + wrapped[0]!
  const id = wrapped.subarray(1, end).toString()
  const key = ring.keys.get(id)
  if (!key)
    throw new UsageError(
      `Encryption key "${id}" is needed and not in PAYYMO_ENCRYPTION_KEYS. Add it behind the primary key.`,
    )
  try {
    return decrypt(key, wrapped.subarray(end), bound)
  } catch (cause) {
    throw new UsageError(
      `Encryption key "${id}" in PAYYMO_ENCRYPTION_KEYS is not the one this database was made with. Set the right key: without it stored secrets cannot be read.`,
      { cause },
    )
  }
}
