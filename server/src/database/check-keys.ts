import type pg from 'pg'
import type { KeyRing } from '../base/envelope.ts'
import { UsageError } from '../base/errors.ts'
import { idOf } from '../base/ids.ts'
import { withDirectory, withTenant } from './transaction.ts'
import { dataKeyContext, keyIdOf, secretContext, unwrap } from './wrapped-key.ts'

/** Which key-encryption keys the database needs, from the wrapped keys themselves: a record of each to try it on. */
export interface NeededKeys {
  /** By id, an installation secret under it. */
  secrets: Map<string, { name: string; sealed: Buffer }[]>
  /** By id, tenants that have data keys under it. */
  dataKeys: Map<string, string>
}

export async function neededKeys(pool: pg.Pool): Promise<NeededKeys> {
  return withDirectory(pool, async (tx) => {
    const secrets: NeededKeys['secrets'] = new Map()
    for (const row of await tx.many<{ name: string; sealed: Buffer }>(
      'select name, sealed from installation_secrets order by name',
    )) {
      const id = keyIdOf(row.sealed)
      secrets.set(id, [...(secrets.get(id) ?? []), row])
    }
    const used = await tx.many<{ kek_id: string; tenant_id: string }>(
      'select distinct on (kek_id) kek_id, tenant_id from data_keys order by kek_id, tenant_id',
    )
    return { secrets, dataKeys: new Map(used.map((row) => [row.kek_id, row.tenant_id])) }
  })
}

/** Refuses to go on when a stored key names a key-encryption key we were not given, or one that does not open it: said at
 *  start, not at the first payment. Opens every installation secret, and a data key under each id (the sentinels of
 *  reliability 28). Throws UsageError that names every missing id. */
export async function checkKeys(pool: pg.Pool, ring: KeyRing): Promise<void> {
  const { secrets, dataKeys } = await neededKeys(pool)
  const missing = [...new Set([...secrets.keys(), ...dataKeys.keys()])].filter((id) => !ring.keys.has(id)).sort()
  if (missing.length > 0) {
    throw new UsageError(
      `The database holds secrets under encryption key ${missing.map((id) => `"${id}"`).join(', ')}, which is not in PAYYMO_ENCRYPTION_KEYS. Add it behind the primary key.`,
    )
  }
  for (const { name, sealed } of [...secrets.values()].flat()) unwrap(ring, sealed, secretContext(name))
  for (const [kekId, tenant] of dataKeys) {
    const tenantId = idOf('ten', tenant)
    const row = await withTenant(pool, tenantId, (tx) =>
      tx.first<{ id: string; wrapped: Buffer }>(
        'select id, wrapped from data_keys where tenant_id = $1 and kek_id = $2 order by id limit 1',
        [tx.tenantUuid, kekId],
      ),
    )
    // Rewrapped a moment ago by a rotation that runs beside us: then its new key was looked at as well, or will be needed next.
    if (row) unwrap(ring, row.wrapped, dataKeyContext(tenantId, row.id))
  }
}
