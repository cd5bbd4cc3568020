import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { decrypt, encrypt, type KeyRing } from '../base/envelope.ts'
import { assert } from '../base/errors.ts'
import { newId, type TenantId, uuidOf } from '../base/ids.ts'
import { Secret } from '../base/secret.ts'
import { type TenantTx, withOwner } from './transaction.ts'
import { dataKeyContext, secretContext, unwrap, wrap } from './wrapped-key.ts'

export { checkKeys } from './check-keys.ts'

/** Where a sealed value lives. It opens only there: moved to another row or column it is refused (reliability 27). */
export interface Place {
  table: string
  column: string
  rowId: string
}

/** Field encryption: AES-256-GCM under a data key of the tenant, itself wrapped by a key from outside the database. New values
 *  take the tenant's newest data key, which is renewed every year and long before its nonces could meet; old values keep
 *  theirs and stay readable. */
export interface Vault {
  seal(tx: TenantTx, place: Place, text: string): Promise<Buffer>
  open(tx: TenantTx, place: Place, sealed: Uint8Array): Promise<Secret>
  /** A secret of the whole installation, made of chance the first time it is asked for, the same in every process. */
  installationSecret(name: string): Promise<Secret>
}

/** Limits of reliability 28. Random nonces are safe to 2^32 uses of a key (NIST SP 800-38D, 8.3). */
const KEY_DAYS_MAX = 365
const KEY_USES_MAX = 2 ** 30
/** How long a process seals with the key it knows before it looks for a newer one. */
const NEWEST_BELIEVED_MS = 5_000
/** Uses are written down in lots: one that is lost to a crash or a rollback is nothing against the factor of four above. */
const USES_LOT = 4_096

interface Newest {
  id: string
  untilMs: number
  /** Uses by this process that no row counts yet. */
  uncounted: number
}

export interface VaultOptions {
  /** For tests: the clock that ends the belief in the newest key, and the limit of uses. */
  nowMs?(): number
  usesMax?: number
}

export function createVault(pool: pg.Pool, ring: KeyRing, options: VaultOptions = {}): Vault {
  const nowMs = options.nowMs ?? (() => performance.now())
  const usesMax = options.usesMax ?? KEY_USES_MAX
  /** Unwrapped data keys, by tenant and id: unwrapping costs a query, opening a field must not. A key never changes, only its
   *  wrapping does, so nothing here grows old. */
  const dataKeys = new Map<string, Buffer>()
  const newest = new Map<TenantId, Newest>()

  return {
    seal: async (tx, place, text) => {
      const id = await keyToSeal(tx)
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
        const fresh = wrap(ring, randomBytes(32), secretContext(name))
        await tx.run('insert into installation_secrets (name, sealed) values ($1, $2) on conflict do nothing', [
          name,
          fresh,
        ])
        const row = await tx.one<{ sealed: Buffer }>('select sealed from installation_secrets where name = $1', [name])
        return new Secret(unwrap(ring, row.sealed, secretContext(name)).toString('base64'))
      }),
  }

  async function keyToSeal(tx: TenantTx): Promise<string> {
    const known = newest.get(tx.tenantId)
    const full = known !== undefined && known.uncounted + 1 >= Math.min(USES_LOT, usesMax)
    if (known && known.untilMs >= nowMs() && !full) {
      known.uncounted += 1
      return known.id
    }
    if (known && known.uncounted > 0) await countUses(tx, known)
    return newestKey(tx)
  }

  async function countUses(tx: TenantTx, known: Newest): Promise<void> {
    const { uncounted } = known
    known.uncounted = 0
    await tx.run('update data_keys set uses = uses + $3 where tenant_id = $1 and id = $2', [
      tx.tenantUuid,
      known.id,
      uncounted,
    ])
  }

  async function newestKey(tx: TenantTx): Promise<string> {
    const found = await tx.first<{ id: string; good: boolean; lasting: boolean }>(
      `select id, created_at > now() - $2 * interval '1 day' and uses < $3 as good, created_at < now() as lasting
         from data_keys where tenant_id = $1 order by created_at desc, id desc limit 1`,
      [tx.tenantUuid, KEY_DAYS_MAX, usesMax],
    )
    if (found?.good) {
      // One that this very transaction made (at its own now) may still roll back: what is sealed later must not name it.
      if (found.lasting) newest.set(tx.tenantId, { id: found.id, untilMs: nowMs() + NEWEST_BELIEVED_MS, uncounted: 1 })
      return found.id
    }
    // Two processes may each make one at the same time: both are good.
    newest.delete(tx.tenantId)
    const id = uuidOf(newId('key'))
    await tx.run('insert into data_keys (tenant_id, id, kek_id, wrapped, uses) values ($1, $2, $3, $4, 1)', [
      tx.tenantUuid,
      id,
      ring.primary,
      wrap(ring, randomBytes(32), dataKeyContext(tx.tenantId, id)),
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
    const key = unwrap(ring, row.wrapped, dataKeyContext(tx.tenantId, id))
    dataKeys.set(`${tx.tenantId}:${id}`, key)
    return key
  }
}

const context = (tenantId: TenantId, place: Place): string =>
  `${tenantId}:${place.table}:${place.column}:${place.rowId}`
