import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Pool } from 'pg'
import { type KeyRing, readKeyRing } from '../../src/base/envelope.ts'
import { newId, type TenantId } from '../../src/base/ids.ts'
import { checkKeys } from '../../src/database/check-keys.ts'
import { connectPool } from '../../src/database/open.ts'
import { ROTATION_POINTS } from '../../src/database/rotate-keys.ts'
import { withTenant } from '../../src/database/transaction.ts'
import { createVault } from '../../src/database/vault.ts'
import type { Check } from './check-invariants.ts'
import { endWithUs } from './children.ts'
import { startServer } from './server.ts'
import type { Tally } from './tally.ts'

/** Proves that a rotation of the encryption keys survives being killed (reliability 28): for each of its points a new key comes
 *  in, the rotation dies there with SIGKILL, everything sealed before still opens with both keys, a start is possible, the next
 *  run finishes, and then the new key alone opens everything. All the while another process seals and opens. */

const PROGRAM = fileURLToPath(new URL('../../src/cli/payymo.ts', import.meta.url))
const TENANTS = 5
const PLACE = { table: 'webhooks', column: 'sealed_secret', rowId: 'row' }

interface Sealed {
  tenantId: TenantId
  text: string
  bytes: Buffer
}

export async function proveRotation(tally: Tally): Promise<void> {
  const server = await startServer()
  try {
    const { connection, url } = await server.database('rotation')
    const { pool } = await connectPool(connection, 4)
    try {
      let keys = [freshKey('k0')]
      const sealed: Sealed[] = []
      const tenants = await makeTenants(pool)
      await sealAll(pool, readKeyRing(keys.join(',')), tenants, sealed, 'first')
      await createVault(pool, readKeyRing(keys.join(','))).installationSecret('api-key-pepper')
      await createVault(pool, readKeyRing(keys.join(','))).installationSecret('another')
      for (const [index, point] of ROTATION_POINTS.entries()) {
        // The second time where a point is passed often: something is done, and something is not.
        const often = [
          'secret_read',
          'secret_written',
          'secret_committed',
          'keys_read',
          'keys_committed',
          'key_verified',
        ]
        const crashPoint = often.includes(point) ? `${point}:2` : point
        keys = [freshKey(`k${index + 1}`), ...keys]
        tally.count([
          {
            name: `killed at ${point}`,
            faults: await killedAndFinished({ pool, url, keys, crashPoint, tenants, sealed }),
          },
        ])
        keys = [keys[0]!]
      }
    } finally {
      await pool.end()
    }
  } finally {
    await server.stop()
  }
}

async function killedAndFinished(given: {
  pool: Pool
  url: string
  keys: string[]
  crashPoint: string
  tenants: TenantId[]
  sealed: Sealed[]
}): Promise<Check['faults']> {
  const { pool, url, tenants, sealed } = given
  const faults: string[] = []
  const expect = async (what: string, holds: () => Promise<unknown>) => {
    try {
      if ((await holds()) === false) faults.push(what)
    } catch (error) {
      faults.push(`${what}: ${(error as Error).message}`)
    }
  }
  const settings = given.keys.join(',')
  const ring = readKeyRing(settings)
  const killed = await rotate(url, settings, given.crashPoint)
  if (killed.signal !== 'SIGKILL') faults.push(`the process was not killed there: ${killed.status} ${killed.output}`)
  await expect('a start is possible', () => checkKeys(pool, ring))
  await expect('everything opens in between', () => openAll(pool, ring, sealed))
  await expect('new secrets are sealed in between', () => sealAll(pool, ring, tenants, sealed, given.crashPoint))
  // Beside the run that finishes it, others work.
  const [finished] = await Promise.all([
    rotate(url, settings),
    expect('others work meanwhile', async () => {
      for (let round = 0; round < 20; round++) await openAll(pool, ring, sealed.slice(-TENANTS))
      await sealAll(pool, ring, tenants, sealed, `beside ${given.crashPoint}`)
    }),
  ])
  if (finished.status !== 0) faults.push(`the next run ended with ${finished.status}: ${finished.output}`)
  const removable = [...ring.keys.keys()].filter((id) => id !== ring.primary)
  await expect(
    `it says that ${removable.join(', ')} can go`,
    async () =>
      JSON.stringify((JSON.parse(finished.output) as { removable: string[] }).removable) === JSON.stringify(removable),
  )
  const alone = readKeyRing(given.keys[0]!)
  await expect('the new key alone is enough to start', () => checkKeys(pool, alone))
  await expect('the new key alone opens everything', () => openAll(pool, alone, sealed))
  const old = readKeyRing(given.keys.slice(1).join(','))
  await expect('without the new key nothing starts', () =>
    checkKeys(pool, old).then(
      () => false,
      () => true,
    ),
  )
  return faults
}

const freshKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`

async function makeTenants(pool: Pool): Promise<TenantId[]> {
  const ids = Array.from({ length: TENANTS }, () => newId('ten'))
  for (const [index, id] of ids.entries()) {
    await withTenant(pool, id, (tx) =>
      tx.run("insert into tenants (tenant_id, slug, name, kind) values ($1, $2, 'Rotating', 'customer')", [
        tx.tenantUuid,
        `rotating-${index}`,
      ]),
    )
  }
  return ids
}

async function sealAll(pool: Pool, ring: KeyRing, tenants: TenantId[], sealed: Sealed[], about: string): Promise<void> {
  const vault = createVault(pool, ring)
  for (const tenantId of tenants) {
    const text = `${about} of ${tenantId}`
    const bytes = await withTenant(pool, tenantId, (tx) => vault.seal(tx, PLACE, text))
    sealed.push({ tenantId, text, bytes })
  }
}

async function openAll(pool: Pool, ring: KeyRing, sealed: Sealed[]): Promise<void> {
  const vault = createVault(pool, ring)
  for (const { tenantId, text, bytes } of sealed) {
    const opened = await withTenant(pool, tenantId, (tx) => vault.open(tx, PLACE, bytes))
    if (opened.reveal() !== text) throw new Error('another text than was sealed')
  }
}

async function rotate(
  url: string,
  keys: string,
  crashPoint?: string,
): Promise<{ status: number | null; signal: string | null; output: string }> {
  const child = spawn(process.execPath, ['--disable-proto=delete', PROGRAM, 'encryption', 'rotate', '--json'], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      PAYYMO_ENCRYPTION_KEYS: keys,
      ...(crashPoint === undefined ? {} : { PAYYMO_CRASH_POINT: crashPoint }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal, output }))
  })
}
