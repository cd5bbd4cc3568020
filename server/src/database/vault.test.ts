import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { decrypt, encrypt, readKeyRing } from '../base/envelope.ts'
import { checkKeys, createVault } from './vault.ts'

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

describe('envelope', () => {
  it('refuses another key, another context, and every single flipped bit', () => {
    const key = randomBytes(32)
    const sealed = encrypt(key, Buffer.from('whsec_secret'), 'here')
    expect(decrypt(key, sealed, 'here').toString()).toBe('whsec_secret')
    expect(() => decrypt(randomBytes(32), sealed, 'here')).toThrow()
    expect(() => decrypt(key, sealed, 'there')).toThrow()
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const damaged = Buffer.from(sealed)
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => decrypt(key, damaged, 'here')).toThrow()
    }
  })
})

describe('vault', () => {
  it('opens a secret only where it was sealed', async () => {
    const place = { table: 'webhooks', column: 'sealed_secret', rowId: 'hook_1' }
    const other = await app.tenant()
    const sealed = await app.store.read(tenant.id, (tx) => app.vault.seal(tx, place, 'hello'))
    const open = (id: TestTenant['id'], at: typeof place) => app.store.read(id, (tx) => app.vault.open(tx, at, sealed))
    expect((await open(tenant.id, place)).reveal()).toBe('hello')
    await expect(open(tenant.id, { ...place, rowId: 'hook_2' })).rejects.toThrow()
    await expect(open(tenant.id, { ...place, column: 'url' })).rejects.toThrow()
    await expect(open(other.id, place)).rejects.toThrow()
  })

  it('refuses to start without the key a secret needs, or with a wrong one, and says which', async () => {
    await app.store.read(tenant.id, (tx) => app.vault.seal(tx, { table: 't', column: 'c', rowId: 'r' }, 'x'))
    const { pool } = app.database
    await expect(checkKeys(pool, readKeyRing(`other:${randomBytes(32).toString('base64')}`))).rejects.toThrow(
      'encryption key "test"',
    )
    await expect(checkKeys(pool, readKeyRing(`test:${randomBytes(32).toString('base64')}`))).rejects.toThrow(
      'not the one this database was made with',
    )
  })

  it('gives every process the same installation secret', async () => {
    const other = createVault(app.database.pool, app.config.keyRing)
    expect((await other.installationSecret('api-key-pepper')).reveal()).toBe(app.pepper.reveal())
  })
})
