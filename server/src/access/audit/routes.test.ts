import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR_KEY, type TestAnswer, type TestTenant } from '../../../test/setup/app.ts'
import { createKeysApp, type KeysApp } from '../../../test/setup/factories-keys.ts'
import { uuidOf } from '../../base/ids.ts'
import { type AuditEntry, systemActor } from '../../events/audit.ts'

let bench: KeysApp
let tenant: TestTenant
let key: TestAnswer['body']
beforeAll(async () => {
  bench = await createKeysApp()
  tenant = await bench.tenant()
  key = (await tenant.call('POST', '/api-keys', { name: 'export', permissions: ['transactions:read'] })).body
  for (let n = 0; n < 12; n++) {
    bench.clock.advance(60_000)
    await note({
      action: n % 3 === 0 ? 'match.approve' : 'match.reject',
      resource: { type: 'match', id: `match_${n}` },
    })
  }
})
afterAll(() => bench.stop())

const note = (entry: AuditEntry, of = tenant) =>
  bench.app.store.change(of.id, systemActor('test'), async (tx) => tx.audit(entry))
const list = async (query = '') => (await tenant.call('GET', `/audit-events${query}`)).body
const total = async (query: string) => (await list(query)).pagination.total_items

describe('GET /audit-events', () => {
  it('200: who did what, when and from where, newest first, chained by hashes', async () => {
    const { data } = await list('?per_page=100')
    expect(data).toHaveLength(15)
    expect(data.map((row: { sequence: number }) => row.sequence)).toEqual(Array.from({ length: 15 }, (_, n) => 15 - n))
    expect(data.find((row: { resource: { id: string } }) => row.resource.id === key.id)).toEqual({
      id: expect.stringMatching(/^aud_/),
      sequence: 3,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      actor: { type: 'api_key', id: expect.stringMatching(/^key_/), name: 'test' },
      action: 'api_key.create',
      resource: { type: 'api_key', id: key.id },
      changes: { after: { name: 'export', permissions: ['transactions:read'], expires_at: null } },
      ip: '127.0.0.1',
      request_id: expect.stringMatching(/^req_/),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(JSON.stringify(data)).not.toContain(key.key)
  })

  it('200: filters, sorts, and walks by cursor', async () => {
    const { data } = await list('?per_page=100')
    expect(await total('?action=match.approve')).toBe(4)
    expect(await total('?actor_type=api_key')).toBe(1)
    expect(await total(`?actor_id=${data[12].actor.id}`)).toBe(1)
    expect(await total('?resource_type=match')).toBe(12)
    expect(await total('?q=approve')).toBe(4)
    expect(await total('?q=payymo+test+create')).toBe(2)
    expect(await total('?resource_id=match_7')).toBe(1)
    expect(await total(`?at_from=${data[4].at}&at_to=${data[2].at}`)).toBe(3)
    expect(await total(`?updated_since=${data[4].at}`)).toBe(5)
    expect((await list('?sort=sequence&per_page=100')).data).toEqual([...data].reverse())
    for (const sort of ['', '&sort=sequence', '&sort=-at']) {
      const walked: unknown[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: TestAnswer['body'] = await list(`?per_page=4${sort}${cursor && `&cursor=${cursor}`}`)
        walked.push(...page.data)
        cursor = page.pagination.next_cursor
      }
      expect(walked).toEqual(sort === '&sort=sequence' ? [...data].reverse() : data)
    }
  })

  it('400: nonsense; 401: nobody; 403: without audit:read, and the operator, who belongs to no tenant', async () => {
    for (const query of ['?actor_type=ghost', '?at_from=x', '?who=me', '?sort=hash']) {
      expect((await tenant.call('GET', `/audit-events${query}`)).status).toBe(400)
    }
    const small = await bench.tenant({ permissions: ['api_keys:read'] })
    for (const path of ['/audit-events', '/audit-events/verify', '/audit-events/aud_01jrfzq4v8m2k9d7t5x3w1c0ab']) {
      expect((await bench.call(undefined, 'GET', path)).status).toBe(401)
      expect((await small.call('GET', path)).status).toBe(403)
      expect((await bench.call(OPERATOR_KEY, 'GET', path)).status).toBe(403)
    }
  })
})

describe('GET /audit-events/{id}', () => {
  it("200: the row as the list shows it; 404: another tenant's, one that never was, no id at all", async () => {
    const [row] = (await list()).data
    expect((await tenant.call('GET', `/audit-events/${row.id}`)).body).toEqual(row)
    const other = await bench.tenant()
    const answers = await Promise.all(
      [row.id, 'aud_01jrfzq4v8m2k9d7t5x3w1c0ab', 'x'].map((id) => other.call('GET', `/audit-events/${id}`)),
    )
    for (const answer of answers) {
      expect(answer.status).toBe(404)
      expect({ ...answer.body.error, request_id: '' }).toEqual({ ...answers[0]!.body.error, request_id: '' })
    }
  })
})

describe('GET /audit-events/verify', () => {
  it('200: a whole chain, also while others write and ask', async () => {
    const busy = await bench.tenant()
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        if (n % 3 === 0) return busy.call('GET', '/audit-events/verify')
        await note({ action: 'test.race', resource: { type: 'test', id: String(n) } }, busy)
        return undefined
      }),
    )
    for (const answer of answers) if (answer) expect(answer.body).toMatchObject({ valid: true, first_broken: null })
    expect((await busy.call('GET', '/audit-events/verify')).body).toEqual({
      valid: true,
      checked: 22,
      first_broken: null,
    })
  })
  it('200: the verdict of a minute ago while no row joined, then the chain is walked again', async () => {
    const calm = await bench.tenant()
    const verify = async () => (await calm.call('GET', '/audit-events/verify')).body
    const tamper = (action: string) =>
      bench.app.database.pool.query('update audit_events set action = $2 where tenant_id = $1 and sequence = 1', [
        uuidOf(calm.id),
        action,
      ])
    const whole = await verify()
    expect(whole.valid).toBe(true)
    await tamper('test.tampered')
    expect(await verify()).toEqual(whole)
    bench.clock.advance(60_000)
    expect(await verify()).toEqual({ valid: false, checked: 0, first_broken: 1 })
    await note({ action: 'test.more', resource: { type: 'test', id: '1' } }, calm)
    await tamper('tenant.create')
    expect((await verify()).valid).toBe(true)
  })
})
