import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { insertInvoice, insertLine, seedInstance } from '../../../test/setup/factories-payments.ts'
import { newId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import { requestPayment } from './request-payment.ts'

let app: TestApp
let tenant: TestTenant
let id: string
let lines = 0

beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  id = await makePayment()
})
afterAll(() => app.stop())

let seeded: Awaited<ReturnType<typeof seedInstance>> | undefined

async function makePayment(): Promise<string> {
  const kept = (seeded ??= await seedInstance(app.store, tenant.id, `${tenant.id}.example.net`))
  const invoiceId = newId('inv')
  const identityKey = `api:${(lines += 1)}`
  const line = await app.store.read(tenant.id, async (tx) => {
    await insertInvoice(tx, { ...kept, id: invoiceId, externalId: String(1000 + lines), balanceMinor: 12_050n })
    return insertLine(tx, { ...kept, amountMinor: 12_050n, identityKey })
  })
  const rows = await app.store.change(tenant.id, systemActor('test'), (tx) =>
    requestPayment(tx, { ...line, parts: [{ invoiceId, amountMinor: 12_050n }] }),
  )
  return rows[0]!.id
}

async function quarantine(payment: string): Promise<void> {
  const { transaction_reference } = (await tenant.call('GET', `/payments/${payment}`)).body
  await app.database.pool.query(`update payments set state = 'quarantined', reason = 'Look.' where transid = $1`, [
    transaction_reference,
  ])
}

describe('GET /payments', () => {
  it('200: lists, newest first, and filters by state', async () => {
    const all = await tenant.call('GET', '/payments')
    expect(all.status).toBe(200)
    expect(all.body.data[0]).toMatchObject({ id, state: 'pending' })
    expect((await tenant.call('GET', '/payments?state=applied')).body.data).toEqual([])
  })

  it('400: a state that does not exist', async () => {
    expect((await tenant.call('GET', '/payments?state=leased')).status).toBe(400)
  })

  it('403: without the permission', async () => {
    const other = await app.tenant({ permissions: ['invoices:read'] })
    expect((await other.call('GET', '/payments')).status).toBe(403)
  })
})

describe('GET /payments/{id}', () => {
  it('200: as the contract says, a lease does not show', async () => {
    await app.database.pool.query(`update payments set lease_until = now() + interval '1 minute'`)
    const { status, body } = await tenant.call('GET', `/payments/${id}`)
    await app.database.pool.query('update payments set lease_until = null')
    expect(status).toBe(200)
    expect(body).toEqual({
      id,
      match_id: expect.stringMatching(/^match_/),
      invoice_id: expect.stringMatching(/^inv_/),
      amount: 120.5,
      surplus: 0,
      fees: null,
      currency: 'EUR',
      transaction_reference: expect.stringMatching(/^PYM-[A-Z2-7]{26}$/),
      state: 'pending',
      attempts: 0,
      applied_at: null,
      reason: null,
      undo: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
  })

  it("404: another tenant's, one that never was, no id at all: the same answer", async () => {
    const other = await app.tenant()
    const answers = await Promise.all(
      [id, newId('pay'), 'nonsense'].map((wanted) => other.call('GET', `/payments/${wanted}`)),
    )
    for (const { status, body } of answers) {
      expect(status).toBe(404)
      expect(body.error).toMatchObject({ code: 'resource_not_found', message: answers[0]!.body.error.message })
    }
  })
})

describe('POST /payments/{id}/resolve', () => {
  it('200: drop', async () => {
    const payment = await makePayment()
    await quarantine(payment)
    const { status, body } = await tenant.call('POST', `/payments/${payment}/resolve`, { resolution: 'drop' })
    expect([status, body.state, body.reason]).toEqual([200, 'refused', 'Dropped by a person.'])
  })

  it('400: another word', async () => {
    expect((await tenant.call('POST', `/payments/${id}/resolve`, { resolution: 'maybe' })).status).toBe(400)
  })

  it("404: another tenant's, before the body is looked at", async () => {
    const other = await app.tenant()
    expect((await other.call('POST', `/payments/${id}/resolve`, { resolution: 'maybe' })).status).toBe(404)
  })

  it('409: not quarantined', async () => {
    const { status, body } = await tenant.call('POST', `/payments/${id}/resolve`, { resolution: 'applied' })
    expect([status, body.error.code]).toEqual([409, 'resource_conflict'])
  })
})
