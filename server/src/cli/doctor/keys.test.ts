import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../test/setup/app.ts'
import { keysText } from '../../../test/setup/factories-doctor.ts'
import { readKeyRing } from '../../base/envelope.ts'
import type { Database } from '../../database/open.ts'
import { rotateKeys } from '../../database/rotate-keys.ts'
import { createVault } from '../../database/vault.ts'
import { checkStoredKeys } from './keys.ts'
import { readSettings } from './read-settings.ts'

let database: Database
const first = keysText('2026a')
const second = keysText('2027a')
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

const look = (keys: string) =>
  checkStoredKeys(
    database.pool,
    readSettings({ PAYYMO_ENCRYPTION_KEYS: keys, PAYYMO_DATA_DIR: '/nonexistent' }, '/nonexistent'),
  )

describe('the keys and what the database holds', () => {
  it('nothing sealed, right, missing, wrong, old, and no longer needed', async () => {
    expect(await look(first)).toMatchObject([{ state: 'ok', found: expect.stringContaining('no sealed secret') }])
    await createVault(database.pool, readKeyRing(first)).installationSecret('a')
    expect(await look(first)).toMatchObject([{ state: 'ok', facts: { key_ids: ['2026a'] } }])
    expect(await look(second)).toMatchObject([{ state: 'problem', facts: { code: 'key_missing', missing: ['2026a'] } }])
    const wrong = await look(keysText('2026a'))
    expect(wrong).toMatchObject([{ state: 'problem', found: expect.stringContaining('not the one') }])
    expect(await look('nonsense')).toMatchObject([
      { state: 'problem', found: expect.stringContaining('cannot be read') },
    ])
    expect(await look('')).toMatchObject([{ state: 'problem', found: expect.stringContaining('there is no key') }])
    const both = `${second},${first}`
    expect(await look(both)).toMatchObject([
      { state: 'ok' },
      { state: 'warning', next: expect.stringContaining('encryption rotate') },
    ])
    await rotateKeys(database.pool, readKeyRing(both))
    expect(await look(both)).toMatchObject([{ state: 'ok' }, { state: 'ok', facts: { unneeded: ['2026a'] } }])
    const said = JSON.stringify([wrong, await look(both)])
    for (const key of [first, second]) expect(said).not.toContain(key.split(':')[1])
  })
})
