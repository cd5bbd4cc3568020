import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/setup/app.ts'
import { type CommandLine, startCommandLine } from '../../test/setup/command-line.ts'
import type { Database } from '../database/open.ts'

let database: Database
let commands: CommandLine
beforeAll(async () => {
  database = await createTestDatabase()
  commands = startCommandLine(database)
})
afterAll(async () => {
  commands.stop()
  await database.close()
})

const payymo = (...args: string[]) => commands.run(...args)
const json = async (...args: string[]) => {
  const { status, out, err } = await payymo(...args, '--json')
  expect([status, err]).toEqual([0, ''])
  return JSON.parse(out)
}

describe('payymo tenants', () => {
  it('creates, lists, suspends, resumes, exports and deletes', { timeout: 60_000 }, async () => {
    const partner = await json('tenants', 'create', '--name', 'Partner', '--slug', 'partner', '--kind', 'partner')
    expect(partner).toMatchObject({ kind: 'partner', tier: 'standard', environment: 'live', parent_id: null })
    const child = await json('tenants', 'create', '--name', 'Box', '--slug', 'box', '--parent', 'partner')
    expect(child.parent_id).toBe(partner.id)
    expect((await json('tenants', 'suspend', 'box')).status).toBe('suspended')
    expect((await json('tenants', 'resume', child.id)).status).toBe('active')
    const file = join(commands.folder, 'box.jsonl')
    expect(await json('tenants', 'export', 'box', '--out', file)).toMatchObject({ id: child.id, file })
    expect(readFileSync(file, 'utf8')).toContain('"payymo-tenant-export"')
    const again = await payymo('tenants', 'export', 'box', '--out', file)
    expect([again.status, again.err]).toEqual([1, expect.stringContaining('exists already')])
    const early = await payymo('tenants', 'delete', 'partner')
    expect([early.status, early.err]).toEqual([1, expect.stringContaining('Delete them first')])
    expect((await json('tenants', 'delete', 'box')).status).toBe('deleted')
    const { out } = await payymo('tenants', 'list')
    expect(out).toMatch(/partner +Partner +partner +standard +live +active/)
    expect(out).toMatch(/box +Box +customer +standard +live +deleted/)
  })

  it('1 for what is not there or not right, 2 for wrong use', { timeout: 60_000 }, async () => {
    const unknown = await payymo('tenants', 'suspend', 'nobody')
    expect([unknown.status, unknown.err]).toEqual([1, expect.stringContaining('"nobody"')])
    expect((await payymo('tenants', 'create', '--name', 'X', '--slug', 'Nein!')).status).toBe(1)
    expect((await payymo('tenants', 'create', '--name', 'X', '--slug', 'x', '--tier', 'gold')).status).toBe(2)
    expect((await payymo('tenants', 'export', 'box')).status).toBe(2)
  })
})

describe('payymo encryption rotate', () => {
  it('says what it did, and what nothing needs any more', { timeout: 30_000 }, async () => {
    const rotated = await json('encryption', 'rotate')
    expect(rotated).toMatchObject({ primary: 'local', removable: [], still_needed: [] })
    const { out, status } = await payymo('encryption', 'rotate')
    expect([status, out]).toEqual([0, expect.stringContaining('stood under "local" already')])
  })
})
