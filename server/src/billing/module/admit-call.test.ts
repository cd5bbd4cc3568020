import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { fakeModule } from '../../../test/setup/fake-module.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
})

const reasonOf = (answer: { body: { error: { details: { field: string; issue: string }[] } } }) =>
  Object.fromEntries(answer.body.error.details.map((each) => [each.field, each.issue]))

describe('a call of a module', () => {
  it('200: a newer module may say more than we know; the answer is signed for this request', async () => {
    const answer = await bench.module.call('work', { limit: 5, colour: 'green' })
    expect([answer.status, answer.body]).toEqual([200, { payments: [] }])
  })

  it.each([
    ['another secret', { secret: 'whsec_of_somebody_else' }],
    ['no signature', { signature: '' }],
    ['no digest', { signature: 't=1,v1=' }],
    ['something else', { signature: 'v1=abc,t=now' }],
    ['a body made for another call', { call: 'state' }],
  ])('400 bad_signature: %s', async (_, sending) => {
    const answer = await bench.module.call('work', { limit: 5 }, sending)
    expect([answer.status, reasonOf(answer)]).toEqual([400, { reason: 'bad_signature' }])
  })

  it('400 bad_signature: a changed byte, and the signature of another body', async () => {
    await bench.module.call('work', { limit: 5 })
    const { path, body, headers } = bench.module.last
    const answer = await bench.billing.post(path, body.replace('5', '6'), headers)
    expect([answer.status, reasonOf(answer)]).toEqual([400, { reason: 'bad_signature' }])
    // The signature is looked at before anything of the body: what is no JSON gets the same answer.
    expect(reasonOf(await bench.billing.post(path, '{', headers))).toEqual({ reason: 'bad_signature' })
  })

  it('400 clock_skew: on both sides, with our time; 300 s are still taken', async () => {
    for (const skewSeconds of [-302, 302, 86_400]) {
      const answer = await bench.module.call('work', {}, { skewSeconds })
      expect([answer.status, reasonOf(answer).reason]).toEqual([400, 'clock_skew'])
      expect(Math.abs(Number(reasonOf(answer).server_time) - Date.now() / 1000)).toBeLessThan(60)
    }
    for (const skewSeconds of [-290, 290])
      expect((await bench.module.call('work', {}, { skewSeconds })).status).toBe(200)
  })

  it('400 replayed: the same bytes once more, and the same request_id under a new signature; once in 10 at once', async () => {
    await bench.module.call('work', {})
    const { path, body, headers } = bench.module.last
    expect(reasonOf(await bench.billing.post(path, body, headers))).toEqual({ reason: 'replayed' })
    const requestId = 'ab'.repeat(16)
    const answers = await Promise.all(Array.from({ length: 10 }, () => bench.module.call('work', {}, { requestId })))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 400)).toHaveLength(9)
  })

  it('400: a body out of shape names its faults', async () => {
    const answer = await bench.module.call('work', { limit: 51 })
    expect([answer.status, answer.body.error.details[0].field]).toEqual([400, 'limit'])
    expect((await bench.module.call('push', { invoices: Array.from({ length: 201 }, () => ({})) })).status).toBe(400)
  })

  it('404: unknown, no id, disconnected', async () => {
    for (const id of ['whm_01jrfzq4v8m2k9d7t5x3w1c0ab', 'nothing']) {
      const module = fakeModule(bench.billing, bench.whmcs, id, bench.module.secret)
      expect((await module.call('work', {})).status).toBe(404)
    }
    await bench.billing.call(bench.tenant, 'DELETE', `/whmcs-instances/${bench.instanceId}`)
    expect((await bench.module.call('work', {})).status).toBe(404)
  })

  it("400: another tenant's secret opens nothing here", async () => {
    const other = await createModuleBench(app)
    const thief = fakeModule(bench.billing, bench.whmcs, bench.instanceId, other.module.secret)
    expect(reasonOf(await thief.call('work', {}))).toEqual({ reason: 'bad_signature' })
  })

  it('409: reached over the API; suspended; 404: deleted', async () => {
    await bench.sql("update tenants set status = 'suspended' where tenant_id = :tenant")
    for (const call of ['state', 'push', 'work']) {
      const answer = await bench.module.call(call, { system_url: bench.whmcs.systemUrl })
      expect([call, answer.status]).toEqual([call, 409])
    }
    await bench.sql("update tenants set status = 'deleted' where tenant_id = :tenant")
    expect((await bench.module.call('work', {})).status).toBe(404)
    await bench.sql("update tenants set status = 'active' where tenant_id = :tenant")
    await bench.sql("update whmcs_instances set mode = 'api' where tenant_id = :tenant")
    expect((await bench.module.call('work', {})).status).toBe(409)
  })

  it('413: more than 1 MiB', async () => {
    expect((await bench.module.call('push', { filler: 'x'.repeat(1024 * 1024) })).status).toBe(413)
  })

  it('429: signed calls count per installation, all calls per network', async () => {
    bench.billing.limited.push(`module:${bench.instanceId}`)
    const answer = await bench.module.call('work', {})
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7'])
    bench.billing.limited.splice(0, 1, 'module from:')
    expect((await bench.module.call('work', {}, { secret: 'wrong' })).status).toBe(429)
    // Whoever has no secret uses up nothing of the installation's own calls.
    bench.billing.limited.splice(0)
    const before = bench.billing.counted.get(`module:${bench.instanceId}`)
    await bench.module.call('work', {}, { secret: 'wrong' })
    expect(bench.billing.counted.get(`module:${bench.instanceId}`)).toBe(before)
  })

  it('a name with NUL or half a character holds up nothing: it is stored as U+FFFD', async () => {
    bench.whmcs.addInvoice({ id: '7', total: '5.00' })
    bench.whmcs.addClient({ id: '1', company: 'a\u0000b \ud800 c:\\u0000' })
    expect((await bench.module.push(['7'])).taken).toBe(1)
    expect((await bench.invoice('7')).client.company).toBe('a\ufffdb \ufffd c:\\u0000')
  })
})

describe('POST /webhooks/whmcs/{whm_}', () => {
  const hint = (event: object, sending = {}) =>
    bench.module.hint(
      { event_id: 'e1', event: 'invoice.changed', sent_at: '2025-04-10T10:00:00Z', data: { invoice_id: 7 }, ...event },
      sending,
    )
  const jobs = async () =>
    (
      await app.database.pool.query<{ data: { eventId: string } }>(
        "select data from pgboss.job where name = 'follow-module-hint' and data->>'instanceId' = $1",
        [bench.instanceId],
      )
    ).rows.map((row) => row.data.eventId)

  it('204: each event once, with its job; the module is asked for the invoice, until it has come', async () => {
    bench.whmcs.addInvoice({ id: '7', total: '5.00' })
    for (let n = 0; n < 3; n++) expect((await hint({})).status).toBe(204)
    await Promise.all(Array.from({ length: 10 }, () => hint({ event_id: 'e2' })))
    expect((await jobs()).sort()).toEqual(['e1', 'e2'])
    await bench.job('follow-module-hint', { instanceId: bench.instanceId, eventId: 'e1' })
    expect((await bench.module.state()).wanted.invoices).toEqual(['7'])
    await bench.module.push(['7'])
    expect((await bench.module.state()).wanted.invoices).toEqual([])
  })

  it('news of a client asks for what the client owes; kinds that nobody knows lead to nothing', async () => {
    bench.whmcs.addInvoice({ id: '7', total: '5.00', client_id: '3' })
    bench.whmcs.addInvoice({ id: '8', total: '5.00', client_id: '4' })
    await bench.module.push(['7', '8'])
    const events = [
      { event_id: 'c', event: 'client.changed', data: { client_id: '3' } },
      { event_id: 'p', event: 'module.ping', data: null },
      { event_id: 'q', event: 'module.ping', data: [] },
      { event_id: 'x', event: 'ticket.opened', data: { invoice_id: '8' } },
    ]
    for (const event of events) {
      expect((await hint(event)).status).toBe(204)
      await bench.job('follow-module-hint', { instanceId: bench.instanceId, eventId: event.event_id })
    }
    expect((await bench.module.state()).wanted.invoices).toEqual(['7'])
  })

  it('400: bad signature, too old, too new, no event; 404: unknown', async () => {
    expect(reasonOf(await hint({}, { secret: 'wrong' }))).toEqual({ reason: 'bad_signature' })
    for (const skewSeconds of [-400 * 86_400, -3_600, 400]) expect((await hint({}, { skewSeconds })).status).toBe(400)
    expect((await hint({ event_id: '' })).status).toBe(400)
    const other = fakeModule(bench.billing, bench.whmcs, 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab', 'x')
    expect((await other.hint({})).status).toBe(404)
    expect(await jobs()).toEqual([])
  })

  it('429: more than a thousand a minute', async () => {
    bench.billing.limited.push(`module hints:${bench.instanceId}`)
    expect((await hint({})).status).toBe(429)
  })

  it('an installation over the API is read instead', async () => {
    await bench.sql("update whmcs_instances set mode = 'api' where tenant_id = :tenant")
    expect((await hint({})).status).toBe(204)
    await bench.job('follow-module-hint', { instanceId: bench.instanceId, eventId: 'e1' })
    const { rows } = await app.database.pool.query(
      "select 1 from pgboss.job where name = 'mirror-invoices' and data->>'instanceId' = $1",
      [bench.instanceId],
    )
    expect(rows).toHaveLength(1)
  })
})
