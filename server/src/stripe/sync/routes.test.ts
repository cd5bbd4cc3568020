import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { uuidOf } from '../../base/ids.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import { SYNC_JOB } from '../job-names.ts'

let bench: LedgerBench
let own: Connected
beforeAll(async () => {
  bench = await createLedgerBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  own = await bench.connect()
})

const ask = (id: string = own.ref.id, tenant = own.tenant) => tenant.call('POST', `/stripe-connections/${id}/sync`)
const jobs = () =>
  bench.rows<{ data: object }>("select data from pgboss.job where name = $1 and data->>'connectionId' = $2", [
    SYNC_JOB,
    own.ref.id,
  ])

describe('202', () => {
  it('a reading is queued, once for however many ask, and the connection is shown', async () => {
    expect(await ask()).toMatchObject({
      status: 202,
      body: { id: own.ref.id, status: 'active', account_name: 'Northbyte' },
    })
    expect(await ask()).toMatchObject({ status: 202 })
    expect(await jobs()).toMatchObject([{ data: { connectionId: own.ref.id, by: 'asked' } }])
    const audit = (await own.tenant.call('GET', '/audit-events')).body.data
    expect(audit[0]).toMatchObject({ action: 'stripe_connection.sync', resource: { id: own.ref.id } })
  })
})

describe('403', () => {
  it('without the permission to change connections', async () => {
    const reader = await bench.app.tenant({ permissions: ['stripe_connections:read'] })
    const { ref } = await bench.connect({ tenant: reader })
    expect(await ask(ref.id, reader)).toMatchObject({ status: 403 })
  })
})

describe('404', () => {
  it('for a connection of another tenant as for none', async () => {
    const other = await bench.app.tenant()
    const foreign = await ask(own.ref.id, other)
    const none = await ask('strc_01jrfzq4v8m2k9d7t5x3w1c0ab', other)
    expect(foreign.status).toBe(404)
    expect({ ...foreign.body.error, request_id: '' }).toEqual({ ...none.body.error, request_id: '' })
    expect(await ask('bank_01jrfzq4v8m2k9d7t5x3w1c0ab')).toMatchObject({ status: 404 })
  })
})

describe('409', () => {
  it.each([
    ["status = 'disconnected'", 'disconnected'],
    ["status = 'pending', account_id = null, account = null", 'No account is connected yet'],
  ])('where %s', async (assignment, words) => {
    await bench.rows(`update stripe_connections set ${assignment} where id = $1`, [uuidOf(own.ref.id)])
    const answer = await ask()
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'resource_conflict' } } })
    expect(answer.body.error.message).toContain(words)
    expect(await jobs()).toEqual([])
  })
})
