import type pg from 'pg'
import type { KeyRing } from '../base/envelope.ts'
import { assert } from '../base/errors.ts'
import { idOf, type TenantId } from '../base/ids.ts'
import { neededKeys } from './check-keys.ts'
import { withDirectory, withOwner, withTenant } from './transaction.ts'
import { dataKeyContext, keyIdOf, secretContext, unwrap, wrap } from './wrapped-key.ts'

/** Where a rotation may be made to die, in the order of its steps (reliability 28). */
export const ROTATION_POINTS = [
  'rotation_begun',
  'secret_read',
  'secret_written',
  'secret_committed',
  'secrets_done',
  'keys_read',
  'key_written',
  'keys_written',
  'keys_committed',
  'keys_done',
  'secret_verified',
  'key_verified',
] as const
export type RotationPoint = (typeof ROTATION_POINTS)[number]

type At = (point: RotationPoint) => void | Promise<void>

export interface Rotation {
  /** Rewrapped by this run; what stood under the primary key already is not counted. */
  secrets: number
  dataKeys: number
  /** Opened under the primary key alone, afterwards. */
  verified: number
  /** Ids in PAYYMO_ENCRYPTION_KEYS that nothing in the database needs any more. */
  unneeded: string[]
  /** Ids that came into use again while it ran: another process still has another primary key. */
  stillNeeded: string[]
}

/** Tenants whose data keys are rewrapped in one look at the directory. */
const TENANTS_AT_ONCE = 200

/** Wraps everything anew under the primary key-encryption key, while the installation works: the keys inside stay the same, so
 *  nothing sealed is touched and every process goes on, as long as its settings hold the new key and the old ones.
 *
 *  Each installation secret is a transaction, and so is each tenant: killed at any point, what is done is done and the next
 *  run does the rest; with nothing left to do it only verifies. A key is opened from its new wrapping and compared before the
 *  old one is let go. `progress` hears of keys done and to do. `at` is for the suite that kills it. */
export async function rotateKeys(
  pool: pg.Pool,
  ring: KeyRing,
  options: { progress?(done: number, total: number): void; at?(point: RotationPoint): void | Promise<void> } = {},
): Promise<Rotation> {
  const at: At = options.at ?? (() => {})
  const total = await countOld(pool, ring)
  let done = 0
  const progress = (count: number) => options.progress?.((done += count), Math.max(total, done))
  await at('rotation_begun')
  const secrets = await rotateSecrets(pool, ring, at, progress)
  await at('secrets_done')
  const dataKeys = await rotateDataKeys(pool, ring, at, progress)
  await at('keys_done')
  const verified = await verify(pool, ring, at)
  const needed = await neededKeys(pool)
  const inUse = new Set([...needed.secrets.keys(), ...needed.dataKeys.keys()])
  const others = [...ring.keys.keys()].filter((id) => id !== ring.primary)
  return {
    secrets,
    dataKeys,
    verified,
    unneeded: others.filter((id) => !inUse.has(id)),
    stillNeeded: [...inUse].filter((id) => id !== ring.primary),
  }
}

async function countOld(pool: pg.Pool, ring: KeyRing): Promise<number> {
  const { secrets } = await neededKeys(pool)
  const row = await withDirectory(pool, (tx) =>
    tx.one<{ count: number }>('select count(*)::int as count from data_keys where kek_id <> $1', [ring.primary]),
  )
  const old = [...secrets].filter(([id]) => id !== ring.primary).flatMap(([, rows]) => rows)
  return row.count + old.length
}

async function rotateSecrets(pool: pg.Pool, ring: KeyRing, at: At, progress: (count: number) => void): Promise<number> {
  const { secrets } = await neededKeys(pool)
  const names = [...secrets].filter(([id]) => id !== ring.primary).flatMap(([, rows]) => rows.map(({ name }) => name))
  for (const name of names) {
    await withOwner(pool, async (tx) => {
      const row = await tx.one<{ sealed: Buffer }>(
        'select sealed from installation_secrets where name = $1 for update',
        [name],
      )
      await at('secret_read')
      if (keyIdOf(row.sealed) === ring.primary) return
      const sealed = rewrap(ring, row.sealed, secretContext(name))
      await tx.run('update installation_secrets set sealed = $2 where name = $1', [name, sealed])
      await at('secret_written')
    })
    await at('secret_committed')
    progress(1)
  }
  return names.length
}

async function rotateDataKeys(
  pool: pg.Pool,
  ring: KeyRing,
  at: At,
  progress: (count: number) => void,
): Promise<number> {
  let rewrapped = 0
  // Tenants in the order of their ids, once each: a process with an older primary key cannot keep this going for ever.
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const tenants = await withDirectory(pool, (tx) =>
      tx.many<{ tenant_id: string }>(
        `select distinct tenant_id from data_keys where kek_id <> $1 and tenant_id > $2 order by tenant_id limit ${TENANTS_AT_ONCE}`,
        [ring.primary, after],
      ),
    )
    if (tenants.length === 0) return rewrapped
    for (const { tenant_id } of tenants) {
      const count = await rotateTenant(pool, ring, idOf('ten', tenant_id), at)
      rewrapped += count
      progress(count)
      await at('keys_committed')
      after = tenant_id
    }
  }
}

function rotateTenant(pool: pg.Pool, ring: KeyRing, tenantId: TenantId, at: At): Promise<number> {
  return withTenant(pool, tenantId, async (tx) => {
    const rows = await tx.many<{ id: string; wrapped: Buffer }>(
      'select id, wrapped from data_keys where tenant_id = $1 and kek_id <> $2 order by id for update',
      [tx.tenantUuid, ring.primary],
    )
    await at('keys_read')
    for (const { id, wrapped } of rows) {
      await tx.run('update data_keys set kek_id = $3, wrapped = $4 where tenant_id = $1 and id = $2', [
        tx.tenantUuid,
        id,
        ring.primary,
        rewrap(ring, wrapped, dataKeyContext(tenantId, id)),
      ])
      await at('key_written')
    }
    await at('keys_written')
    return rows.length
  })
}

function rewrap(ring: KeyRing, wrapped: Buffer, bound: string): Buffer {
  const key = unwrap(ring, wrapped, bound)
  const again = wrap(ring, key, bound)
  assert(unwrap(ring, again, bound).equals(key), 'a rewrapped key is the same key')
  return again
}

/** Opens every key that stands under the primary key, with nothing but the primary key. */
async function verify(pool: pg.Pool, ring: KeyRing, at: At): Promise<number> {
  const alone: KeyRing = { primary: ring.primary, keys: new Map([[ring.primary, ring.keys.get(ring.primary)!]]) }
  let verified = 0
  const { secrets } = await neededKeys(pool)
  for (const { name, sealed } of secrets.get(ring.primary) ?? []) {
    unwrap(alone, sealed, secretContext(name))
    verified += 1
    await at('secret_verified')
  }
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const tenants = await withDirectory(pool, (tx) =>
      tx.many<{ tenant_id: string }>(
        `select distinct tenant_id from data_keys where kek_id = $1 and tenant_id > $2 order by tenant_id limit ${TENANTS_AT_ONCE}`,
        [ring.primary, after],
      ),
    )
    if (tenants.length === 0) return verified
    for (const { tenant_id } of tenants) {
      const tenantId = idOf('ten', tenant_id)
      const rows = await withTenant(pool, tenantId, (tx) =>
        tx.many<{ id: string; wrapped: Buffer }>(
          'select id, wrapped from data_keys where tenant_id = $1 and kek_id = $2 order by id',
          [tx.tenantUuid, ring.primary],
        ),
      )
      for (const { id, wrapped } of rows) unwrap(alone, wrapped, dataKeyContext(tenantId, id))
      verified += rows.length
      await at('key_verified')
      after = tenant_id
    }
  }
}
