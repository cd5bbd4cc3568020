import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/setup/app.ts'
import { type CommandLine, startCommandLine } from '../../test/setup/command-line.ts'
import { newId } from '../base/ids.ts'
import type { Database } from '../database/open.ts'
import { withTenant } from '../database/transaction.ts'
import { runProgram } from './payymo.ts'

let database: Database
let commands: CommandLine
beforeAll(async () => {
  database = await createTestDatabase()
  commands = startCommandLine(database)
  await withTenant(database.pool, newId('ten'), (tx) =>
    tx.run("insert into tenants (tenant_id, slug, name, kind) values ($1, 'acme', 'Acme', 'customer')", [
      tx.tenantUuid,
    ]),
  )
})
afterAll(async () => {
  commands.stop()
  await database.close()
})

const keys = (...args: string[]) => commands.run('keys', ...args)
const json = async (...args: string[]) => {
  const { status, out, err } = await keys(...args, '--tenant', 'acme', '--json')
  expect([status, err]).toEqual([0, ''])
  return JSON.parse(out)
}

describe('payymo keys', () => {
  it('creates with an expiry, lists, rotates and revokes', async () => {
    const made = await json('create', '--name', 'export', '--permissions', 'invoices:read', '--expires', '2099-12-31')
    expect(made).toEqual({ id: expect.stringMatching(/^key_/), key: expect.stringMatching(/^pk_live_/) })
    const next = await json('rotate', made.id, '--overlap', '0')
    expect(next.key).not.toBe(made.key)
    const list = await json('list')
    expect(list).toMatchObject([
      { id: made.id, name: 'export', permissions: ['invoices:read'], last_used_at: null },
      { id: next.id, name: 'export', permissions: ['invoices:read'], expires_at: '2099-12-31T00:00:00.000Z' },
    ])
    expect(Date.parse(list[0].expires_at)).toBeLessThan(Date.parse('2099-12-31'))
    expect(await json('revoke', made.id)).toEqual({ id: made.id, revoked: true })
    const table = await keys('list', '--tenant', 'acme')
    expect(table.out).toContain(next.id)
    expect(table.out).not.toContain(made.id)
  }, 120_000)

  it('1 and a sentence for what is not there; 2 for what is misspelt', async () => {
    const missing = await keys('list', '--tenant', 'nobody')
    expect([missing.status, missing.err]).toEqual([1, expect.stringContaining('nobody')])
    const misspelt = [
      ['create', '--tenant', 'acme', '--name', 'x', '--permissions', 'everything'],
      ['create', '--tenant', 'acme', '--name', 'x', '--expires', 'soon'],
      ['rotate', 'key_01jrfzq4v8m2k9d7t5x3w1c0ab', '--tenant', 'acme', '--overlap', '604801'],
      ['rotate', 'key_1', '--tenant', 'acme'],
      ['list'],
    ]
    for (const args of misspelt) expect(await runProgram(['keys', ...args])).toBe(2)
  }, 120_000)
})
