import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { createKeysApp, type KeysApp } from '../../../test/setup/factories-keys.ts'
import { uuidOf } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'

// All of this is done as the owner of the database, whom no grant and no row-level security stops.
let bench: KeysApp
let tenant: TestTenant
beforeAll(async () => {
  bench = await createKeysApp()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  tenant = await bench.tenant()
  await write(10)
})

const write = async (count: number) => {
  for (let n = 0; n < count; n++) {
    await bench.app.store.change(tenant.id, systemActor('test'), async (tx) =>
      tx.audit({ action: 'test.do', resource: { type: 'test', id: String(n) } }),
    )
  }
}
const owner = (sql: string) => bench.app.database.pool.query(sql, [uuidOf(tenant.id)])
const verdict = async () => (await tenant.call('GET', '/audit-events/verify')).body
const broken = (at: number) => ({ valid: false, checked: expect.any(Number), first_broken: at })
const rowsNow = 12
/** The chain's end gone, and the head moved back to where the rows now end: inside the database all fits together. */
const cut = async (last: number) => {
  await owner(`delete from audit_events where tenant_id = $1 and sequence > ${last}`)
  await owner(
    `update audit_heads h set sequence = e.sequence, hash = e.hash from audit_events e
      where h.tenant_id = $1 and e.tenant_id = $1 and e.sequence = ${last}`,
  )
}
const file = () =>
  join(bench.app.config.dataDir, 'audit-heads', `${bench.clock.now().toISOString().slice(0, 10)}.jsonl`)
const nextDay = () => bench.clock.advance(86_400_000)

describe('inside the database', () => {
  it('a whole chain holds', async () => {
    expect(await verdict()).toEqual({ valid: true, checked: rowsNow, first_broken: null })
  })

  it.each([
    [
      'an edited text',
      `update audit_events set entry = replace(entry::text, '"5"', '"6"')::json where tenant_id = $1 and sequence = 8`,
      8,
    ],
    ['a text that is no entry at all', "update audit_events set entry = '5' where tenant_id = $1 and sequence = 3", 3],
    [
      'an edited column that lists filter by',
      "update audit_events set action = 'x' where tenant_id = $1 and sequence = 4",
      4,
    ],
    ['an edited time', "update audit_events set at = at - interval '1 day' where tenant_id = $1 and sequence = 6", 6],
    ['an edited hash', "update audit_events set hash = decode('00', 'hex') where tenant_id = $1 and sequence = 7", 7],
    ['a row deleted in the middle', 'delete from audit_events where tenant_id = $1 and sequence = 5', 5],
    ['the first row deleted', 'delete from audit_events where tenant_id = $1 and sequence = 1', 1],
    ['the last row deleted', 'delete from audit_events where tenant_id = $1 and sequence = 12', 12],
    ['the head deleted', 'delete from audit_heads where tenant_id = $1', 1],
    ['the head moved back', 'update audit_heads set sequence = 11 where tenant_id = $1', 11],
    [
      'a row put behind the head',
      `insert into audit_events (tenant_id, sequence, id, entry, at, action, resource_id, hash)
       select tenant_id, 13, gen_random_uuid(), entry, at, action, resource_id, hash
         from audit_events where tenant_id = $1 and sequence = 12`,
      13,
    ],
  ])('%s shows', async (_what, sql, at) => {
    expect((await owner(sql)).rowCount).toBe(1)
    expect(await verdict()).toEqual(broken(at))
  })

  it('two rows that changed places show', async () => {
    await owner('update audit_events set sequence = -sequence where tenant_id = $1 and sequence in (5, 6)')
    await owner('update audit_events set sequence = 11 + sequence where tenant_id = $1 and sequence < 0')
    expect(await verdict()).toEqual(broken(5))
  })
})

describe('against the head outside the database', () => {
  it('a chain cut at its end together with its head shows, and stays visible when it grows on and days pass', async () => {
    await bench.heads.keep()
    await write(3)
    expect(await verdict()).toEqual({ valid: true, checked: 15, first_broken: null })
    await cut(8)
    expect(await verdict()).toEqual(broken(9))
    await write(9)
    expect(await verdict()).toEqual(broken(12))
    for (let day = 0; day < 2; day++) {
      nextDay()
      await bench.heads.keep()
      expect(await verdict()).toEqual(broken(12))
    }
    const alerts = await bench.app.store.read(tenant.id, (tx) =>
      tx.many<object>('select code, severity from alerts where tenant_id = $1 and closed_at is null', [tx.tenantUuid]),
    )
    expect(alerts).toEqual([{ code: 'audit_chain_broken', severity: 'critical' }])
    expect(bench.errors.some((line) => line.includes(tenant.id))).toBe(true)
  })

  it('a chain removed whole, with its head, shows', async () => {
    await bench.heads.keep()
    await owner('delete from audit_events where tenant_id = $1')
    await owner('delete from audit_heads where tenant_id = $1')
    expect(await verdict()).toEqual(broken(1))
    nextDay()
    await bench.heads.keep()
    expect(await verdict()).toEqual(broken(1))
  })

  it('without a file the rows of the database are all there is to go by', async () => {
    await cut(8)
    expect(await verdict()).toEqual({ valid: true, checked: 8, first_broken: null })
  })

  it('one line a day and chain, however often and by however many processes it is asked for', async () => {
    nextDay()
    await Promise.all([bench.heads.keep(), bench.heads.keep(), bench.heads.keep()])
    await bench.heads.keep()
    const lines = () =>
      readFileSync(file(), 'utf8')
        .split('\n')
        .filter((line) => line.includes(tenant.id))
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      {
        tenant_id: tenant.id,
        sequence: rowsNow,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        at: bench.clock.now().toISOString(),
      },
    ])
    nextDay()
    await write(1)
    await bench.heads.keep()
    expect(lines().map((line) => JSON.parse(line).sequence)).toEqual([rowsNow + 1])
  })

  it('a line that a crash cut short spoils no other', async () => {
    nextDay()
    await bench.heads.keep()
    writeFileSync(file(), readFileSync(file(), 'utf8').trimEnd().slice(0, -20))
    const late = tenant
    tenant = await bench.tenant()
    await bench.heads.keep()
    await cut(1)
    expect(await verdict()).toEqual(broken(2))
    tenant = late
    expect((await verdict()).valid).toBe(true)
  })
})
