import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDoctorBench, type DoctorBench, keysText, one } from '../../../test/setup/factories-doctor.ts'
import { migrate } from '../../database/migrate.ts'
import { openDatabase } from '../../database/open.ts'
import { checkDataFolder } from './data-folder.ts'
import { checkKeySource } from './keys.ts'
import { readSettings } from './read-settings.ts'

let bench: DoctorBench
let data: string
beforeEach(() => {
  bench = createDoctorBench()
  chmodSync(bench.folder, 0o755)
  data = join(bench.folder, 'data')
})
afterEach(() => bench.close())
const settings = () => readSettings({ PAYYMO_DATA_DIR: data }, bench.folder)

describe('the data folder', () => {
  it('is writable, has room, and nothing is written into it', () => {
    mkdirSync(data)
    const findings = checkDataFolder(settings())
    expect(one(findings, 'data_folder.writable').state).toBe('ok')
    expect(one(findings, 'data_folder.room').facts.free_mb).toBeGreaterThan(0)
    expect(one(findings, 'data_folder.use').found).toContain('No running Payymo')
    expect(readdirSync(data)).toEqual([])
  })

  it('says who holds it, without taking the note of one that died', () => {
    mkdirSync(data)
    const note = join(data, 'payymo.pid')
    writeFileSync(note, String(process.pid))
    expect(one(checkDataFolder(settings()), 'data_folder.use').found).toContain(`process ${process.pid}`)
    writeFileSync(note, '2147483646')
    expect(one(checkDataFolder(settings()), 'data_folder.use').found).toContain('No running Payymo')
    expect(readFileSync(note, 'utf8')).toBe('2147483646')
  })

  it('below a file it cannot be', () => {
    writeFileSync(join(bench.folder, 'file'), '')
    const below = readSettings({ PAYYMO_DATA_DIR: join(bench.folder, 'file', 'data') }, bench.folder)
    expect(checkDataFolder(below)).toMatchObject([{ state: 'problem', facts: { code: 'ENOTDIR' } }])
  })

  it('the key in it is the owner’s alone, and can be read', () => {
    mkdirSync(data)
    const file = join(data, 'encryption-keys')
    writeFileSync(file, `${keysText('local')}\n`, { mode: 0o600 })
    expect(checkKeySource(settings())).toMatchObject({ state: 'ok', facts: { key_ids: ['local'] } })
    chmodSync(file, 0o644)
    expect(checkKeySource(settings())).toMatchObject({ state: 'problem', next: expect.stringContaining('chmod 600') })
    writeFileSync(file, 'nonsense')
    expect(checkKeySource(settings())).toMatchObject({ state: 'problem', found: expect.stringContaining('no key') })
  })
})

describe('the bundled database', () => {
  it('of a running Payymo is joined and left running; of a stopped one is started for the visit', {
    timeout: 60_000,
  }, async () => {
    const running = await openDatabase({ dataDir: data })
    try {
      await migrate(running.pool)
      writeFileSync(join(data, 'payymo.pid'), String(process.pid))
      const findings = await bench.visit()
      expect(one(findings, 'database')).toMatchObject({ state: 'ok', facts: { adopted: true, embedded: true } })
      expect(one(findings, 'database.safety').state).toBe('ok')
      expect((await running.pool.query('select 1 as here')).rows).toEqual([{ here: 1 }])
    } finally {
      await running.close()
    }
    const starting = await bench.visit()
    expect(one(starting, 'database')).toMatchObject({ state: 'warning', found: expect.stringContaining('not ready') })
    writeFileSync(join(data, 'payymo.pid'), '2147483646')
    const stopped = await bench.visit()
    expect(one(stopped, 'database')).toMatchObject({ state: 'ok', facts: { adopted: false } })
    expect(existsSync(join(data, 'database', 'postmaster.pid'))).toBe(false)
  })
})
