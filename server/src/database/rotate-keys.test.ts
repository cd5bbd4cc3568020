import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { type KeyRing, readKeyRing } from '../base/envelope.ts'
import type { TenantId } from '../base/ids.ts'
import { checkKeys } from './check-keys.ts'
import { rotateKeys } from './rotate-keys.ts'
import { createVault, type Vault } from './vault.ts'

const PLACE = { table: 'webhooks', column: 'sealed_secret', rowId: 'hook_1' }
const seal = (app: TestApp, vault: Vault, id: TenantId, text: string) =>
  app.store.read(id, (tx) => vault.seal(tx, PLACE, text))
const open = (app: TestApp, vault: Vault, id: TenantId, sealed: Buffer) =>
  app.store.read(id, async (tx) => (await vault.open(tx, PLACE, sealed)).reveal())
const keysOf = (app: TestApp, id: TenantId) =>
  app.store.read(id, (tx) =>
    tx.many<{ id: string; kek_id: string; uses: string }>(
      'select id, kek_id, uses from data_keys where tenant_id = $1 order by created_at, id',
      [tx.tenantUuid],
    ),
  )
const keyOf = (sealed: Buffer) => sealed.subarray(0, 16).toString('hex')

describe('rotation', () => {
  let app: TestApp
  let tenants: TestTenant[]
  /** The last ring has the newest key first. */
  let rings: KeyRing[]
  /** Secrets of the installation; slices ask for them by name. */
  let secrets: number
  beforeAll(async () => {
    app = await createTestApp()
    tenants = [await app.tenant(), await app.tenant(), await app.tenant()]
    const { rows } = await app.database.pool.query('select count(*)::int as count from installation_secrets')
    secrets = (rows[0] as { count: number }).count
    const keys = [...app.config.keyRing.keys].map(([id, key]) => `${id}:${key.toString('base64')}`)
    rings = ['second', 'third'].map((id) => {
      keys.unshift(`${id}:${randomBytes(32).toString('base64')}`)
      return readKeyRing(keys.join(','))
    })
  })
  afterAll(() => app.stop())
  const only = (ring: KeyRing, id: string): KeyRing => ({ primary: id, keys: new Map([[id, ring.keys.get(id)!]]) })

  it('wraps every key anew, touches nothing sealed, and says what is needed no more', async () => {
    const { pool } = app.database
    const [ring] = rings as [KeyRing]
    const sealed = await Promise.all(tenants.map(({ id }) => seal(app, app.vault, id, `secret of ${id}`)))
    const heard: [number, number][] = []
    const rotation = await rotateKeys(pool, ring, { progress: (done, total) => heard.push([done, total]) })
    expect(rotation).toMatchObject({ dataKeys: 3, secrets, unneeded: ['test'], stillNeeded: [] })
    expect(rotation.verified).toBe(3 + secrets)
    expect(heard.at(-1)).toEqual([3 + secrets, 3 + secrets])
    await checkKeys(pool, only(ring, 'second'))
    await expect(checkKeys(pool, app.config.keyRing)).rejects.toThrow('encryption key "second"')
    const fresh = createVault(pool, only(ring, 'second'))
    for (const [index, { id }] of tenants.entries())
      expect(await open(app, fresh, id, sealed[index]!)).toBe(`secret of ${id}`)
    expect((await fresh.installationSecret('api-key-pepper')).reveal()).toBe(app.pepper.reveal())
    // A process that knew the keys before goes on.
    expect(await open(app, app.vault, tenants[0]!.id, sealed[0]!)).toBe(`secret of ${tenants[0]!.id}`)
  })

  it('does nothing the second time, and the next rotation goes on from there', async () => {
    const [second, third] = rings as [KeyRing, KeyRing]
    expect(await rotateKeys(app.database.pool, second)).toMatchObject({
      dataKeys: 0,
      secrets: 0,
      verified: 3 + secrets,
    })
    expect(await rotateKeys(app.database.pool, third)).toMatchObject({
      dataKeys: 3,
      secrets,
      unneeded: ['second', 'test'],
    })
  })

  it('says when a process with another primary key brought an old one back', async () => {
    const [second, third] = rings as [KeyRing, KeyRing]
    const late = await app.tenant()
    const behind = createVault(app.database.pool, second)
    let sealed: Buffer = Buffer.alloc(0)
    const rotation = await rotateKeys(app.database.pool, third, {
      at: async (point) => {
        if (point === 'keys_done') sealed = await seal(app, behind, late.id, 'late')
      },
    })
    expect([rotation.stillNeeded, rotation.unneeded]).toEqual([['second'], ['test']])
    expect(await rotateKeys(app.database.pool, third)).toMatchObject({ dataKeys: 1, unneeded: ['second', 'test'] })
    expect(await open(app, createVault(app.database.pool, only(third, 'third')), late.id, sealed)).toBe('late')
  })

  it('refuses a key moved to another row, also after rewrapping', async () => {
    const [one, other] = tenants as [TestTenant, TestTenant]
    const ring = rings[1]!
    const sealed = await seal(app, createVault(app.database.pool, ring), one.id, 'mine')
    const { wrapped } = await app.store.read(one.id, (tx) =>
      tx.one<{ wrapped: Buffer }>('select wrapped from data_keys where tenant_id = $1', [tx.tenantUuid]),
    )
    await app.store.read(other.id, (tx) =>
      tx.run('update data_keys set wrapped = $2 where tenant_id = $1', [tx.tenantUuid, wrapped]),
    )
    await expect(seal(app, createVault(app.database.pool, ring), other.id, 'x')).rejects.toThrow('is not the one')
    await expect(open(app, createVault(app.database.pool, ring), other.id, sealed)).rejects.toThrow()
    // Verifying finds it as well.
    await expect(rotateKeys(app.database.pool, ring)).rejects.toThrow('is not the one')
  })
})

describe('data keys', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
  })
  afterAll(() => app.stop())
  const fresh = () => app.tenant()

  it('are renewed after a year; what was sealed before stays readable', async () => {
    const { id } = await fresh()
    const before = await seal(app, app.vault, id, 'before')
    await app.store.read(id, (tx) =>
      tx.run("update data_keys set created_at = now() - interval '366 days' where tenant_id = $1", [tx.tenantUuid]),
    )
    const elsewhere = createVault(app.database.pool, app.config.keyRing)
    const after = await seal(app, elsewhere, id, 'after')
    expect(keyOf(after)).not.toBe(keyOf(before))
    expect(await open(app, elsewhere, id, before)).toBe('before')
    expect(await keysOf(app, id)).toHaveLength(2)
  })

  it('are renewed after so many uses, counted over all processes', async () => {
    const { id } = await fresh()
    const vaults = [1, 2].map(() => createVault(app.database.pool, app.config.keyRing, { usesMax: 10 }))
    const used = new Map<string, number>()
    for (let round = 0; round < 30; round++) {
      const sealed = await seal(app, vaults[round % 2]!, id, 'x')
      used.set(keyOf(sealed), (used.get(keyOf(sealed)) ?? 0) + 1)
    }
    expect(used.size).toBeGreaterThan(1)
    // Each process writes its uses down in lots: by so many the limit may be passed.
    for (const count of used.values()) expect(count).toBeLessThanOrEqual(30)
    expect(Math.max(...used.values())).toBeLessThanOrEqual(20)
  })

  it('of another process are noticed within five seconds', async () => {
    const { id } = await fresh()
    let nowMs = 0
    const slow = createVault(app.database.pool, app.config.keyRing, { nowMs: () => nowMs })
    await seal(app, slow, id, 'one')
    const first = await seal(app, slow, id, 'two')
    await app.store.read(id, (tx) =>
      tx.run("update data_keys set created_at = now() - interval '366 days' where tenant_id = $1", [tx.tenantUuid]),
    )
    const renewed = await seal(app, createVault(app.database.pool, app.config.keyRing), id, 'three')
    expect(keyOf(await seal(app, slow, id, 'four'))).toBe(keyOf(first))
    expect(await open(app, slow, id, renewed)).toBe('three')
    nowMs += 5_001
    expect(keyOf(await seal(app, slow, id, 'five'))).toBe(keyOf(renewed))
  })

  it('made in a change that was undone are named by nothing sealed later', async () => {
    const { id } = await fresh()
    await expect(
      app.store.read(id, async (tx) => {
        await app.vault.seal(tx, PLACE, 'one')
        await app.vault.seal(tx, PLACE, 'two')
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    const sealed = await seal(app, app.vault, id, 'kept')
    expect(await open(app, createVault(app.database.pool, app.config.keyRing), id, sealed)).toBe('kept')
  })
})

describe('start-up', () => {
  it('is refused without a key that only an installation secret needs', async () => {
    const app = await createTestApp()
    const other = readKeyRing(`other:${randomBytes(32).toString('base64')}`)
    await expect(checkKeys(app.database.pool, other)).rejects.toThrow('encryption key "test"')
    await app.stop()
  })
})
