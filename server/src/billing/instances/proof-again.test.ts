import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWhmcs, type WhmcsSimulator } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeAccount } from '../../../test/setup/factories.ts'
import { type BillingBench, createBillingBench } from '../../../test/setup/factories-billing.ts'
import type { Id } from '../../base/ids.ts'
import { silentLog } from '../../base/log.ts'
import { type OutboundAnswer, OutboundError } from '../../outbound/index.ts'
import { settleMatch } from '../../reconciliation/index.ts'
import { applyPayment } from '../payments/apply-payment.ts'
import { createClaim, createUndoClaim } from '../payments/claim.ts'
import { takeBack } from '../payments/undo/take-back.ts'
import { paymentDeps } from '../module/payment-deps.ts'
import { checkProof, PROOF_JOB } from './proof-again.ts'

let app: TestApp
let whmcs: WhmcsSimulator
let bench: BillingBench
let tenant: TestTenant
let id: Id<'whm'>
let webhookSecret: string

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  whmcs = await createWhmcs({ basePath: '/billing' })
  bench = await createBillingBench(app, [whmcs])
  tenant = await app.tenant()
  ;({ id, webhookSecret } = await bench.connect(tenant, whmcs))
})
afterEach(() => bench.stop())

const verify = async (method: 'module' | 'file' | 'dns' = 'module') => {
  const { proofs } = await instance()
  if (method === 'module') whmcs.control.setProof({ webhookSecret })
  if (method === 'file') whmcs.control.setProof({ wellKnown: { [proofs.file.content]: proofs.file.content } })
  if (method === 'dns') bench.txt.set(proofs.dns.name, [[proofs.dns.value]])
  const answer = await bench.call(tenant, 'POST', `/whmcs-instances/${id}/verify`, { method })
  expect(answer.body).toMatchObject({ verified_by: method })
}
const takeAway = () => whmcs.control.setProof({ webhookSecret: null })
const instance = async () => (await bench.call(tenant, 'GET', `/whmcs-instances/${id}`)).body
const sql = (text: string) =>
  app.store.read(tenant.id, async (tx) => void (await tx.run(text.replaceAll(':tenant', `'${tx.tenantUuid}'`))))
const sweep = () => bench.slice.sweeps!.find(({ name }) => name === PROOF_JOB)!.run()

async function jobs(): Promise<number> {
  const { rows } = await app.database.pool.query<{ count: number }>(
    `select count(*)::int as count from pgboss.job where name = $1 and state = 'created' and data->>'instanceId' = $2`,
    [PROOF_JOB, id],
  )
  return rows[0]!.count
}

/** The next look becomes due, and is made as the queue would have it made. */
async function day(times = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    await sql(`update whmcs_instances set next_proof_at = now() - interval '1 second' where tenant_id = :tenant`)
    await sweep()
    expect(await jobs()).toBe(1)
    await app.database.pool.query('delete from pgboss.job where name = $1', [PROOF_JOB])
    await bench.slice.jobs!.find(({ queue }) => queue === PROOF_JOB)!.handle({ tenantId: tenant.id, instanceId: id })
  }
}

async function alerts(): Promise<string[]> {
  const { body } = await tenant.call('GET', '/alerts?open=true&per_page=100')
  return body.data.map((row: { code: string }) => row.code)
}

describe('the daily look', () => {
  it('is made once when it is due, by however many processes, and not before', async () => {
    await sweep()
    await verify()
    await sweep()
    expect(await jobs()).toBe(0)
    await sql(`update whmcs_instances set next_proof_at = null where tenant_id = :tenant`)
    await Promise.all([sweep(), sweep(), sweep()])
    await sweep()
    expect(await jobs()).toBe(1)
  })

  it('is not made for a tenant at rest, nor for what is disconnected', async () => {
    await verify()
    await sql(`update whmcs_instances set next_proof_at = null where tenant_id = :tenant`)
    await sql(`update tenants set status = 'suspended' where tenant_id = :tenant`)
    await sweep()
    await sql(`update tenants set status = 'active' where tenant_id = :tenant`)
    await bench.call(tenant, 'DELETE', `/whmcs-instances/${id}`)
    await sweep()
    expect(await jobs()).toBe(0)
  })

  it.each(['module', 'file', 'dns'] as const)('looks the way it was proven: %s', async (method) => {
    await verify(method)
    await day(9)
    expect(await alerts()).toEqual([])
    if (method === 'dns') bench.txt.clear()
    else {
      // The file of the simulator cannot be taken away; another token names another file.
      takeAway()
      await sql(`update whmcs_instances set proof_token = repeat('0', 32) where tenant_id = :tenant`)
    }
    await day(3)
    expect(await alerts()).toEqual(['whmcs_proof_missing'])
    const { body } = await tenant.call('GET', '/alerts?code=whmcs_proof_missing')
    const { proofs } = await instance()
    const place = { module: proofs.module.url, file: proofs.file.url, dns: proofs.dns.name }[method]
    expect(body.data[0].message).toContain(place)
    expect(body.data[0].message).toContain('4 more days')
  })
})

describe('a proof that is gone', () => {
  it('has an alert on the third day in a row, once, which closes when it is back; then counting begins anew', async () => {
    await verify()
    takeAway()
    await day(2)
    expect(await alerts()).toEqual([])
    expect(await instance()).toMatchObject({ proof_fault: expect.stringContaining('404') })
    await day(2)
    expect(await alerts()).toEqual(['whmcs_proof_missing'])
    whmcs.control.setProof({ webhookSecret })
    await day()
    expect([await alerts(), (await instance()).proof_fault]).toEqual([[], null])
    takeAway()
    await day(2)
    expect(await alerts()).toEqual([])
    expect((await instance()).verified_at).not.toBeNull()
  })

  it('closes its alert when it is verified by hand, another way', async () => {
    await verify()
    takeAway()
    await day(6)
    await verify('dns')
    expect(await alerts()).toEqual([])
    await day(7)
    expect((await instance()).verified_by).toBe('dns')
  })

  it('takes the right to pay away after seven days: payments wait, say why, and go on once it is proven again', async () => {
    whmcs.control.seed({
      clients: [{ id: 1 }],
      invoices: ['5.00', '6.00', '7.00', '8.00'].map((total) => ({ client: 1, total })),
    })
    await verify()
    await bench.mirror(tenant, id)
    const [one, two, three] = [await pay('5.00'), await pay('6.00'), await pay('7.00')]
    await work(1)
    expect((await payment(one)).state).toBe('applied')
    takeAway()
    await day(7)
    expect(await alerts()).toEqual(['whmcs_proof_lost'])
    expect(await instance()).toMatchObject({ verified_at: null, verified_by: null, status: 'active' })
    const calls = whmcs.control.journal().length
    for (const paymentId of [two, three]) {
      expect(await payment(paymentId)).toMatchObject({
        state: 'pending',
        reason: expect.stringContaining(`${id}/verify`),
      })
    }
    await work()
    expect((await payment(two)).state).toBe('pending')
    expect(whmcs.control.journal()).toHaveLength(calls)
    // It is read, and asked to be paid into by nobody.
    await bench.mirror(tenant, id)
    const refused = await tenant.call('POST', '/invoice-matches', await matchOf('8.00', '8.00'))
    expect([refused.status, refused.body.error.message]).toEqual([422, expect.stringContaining('not proven')])

    await verify()
    expect([await alerts(), (await payment(two)).reason]).toEqual([[], null])
    await work()
    expect([(await payment(two)).state, (await payment(three)).state]).toEqual(['applied', 'applied'])
    expect(whmcs.control.journal().filter(({ kind }) => kind === 'payment')).toHaveLength(3)
  })

  it('what may have been booked is still looked up, and nothing is sent anew', async () => {
    whmcs.control.seed({
      clients: [{ id: 1 }],
      invoices: ['5.00', '6.00'].map((total) => ({ client: 1, total })),
    })
    await verify()
    await bench.mirror(tenant, id)
    const [booked, lost] = [await pay('5.00'), await pay('6.00')]
    await work(1)
    // As a worker that died in the send leaves them; the first had been booked.
    await sql(`update payments set state = 'unknown', attempts = 1, unknown_since = now(), next_attempt_at = now(), lease_until = null,
      settled_at = now() - interval '1 hour' where tenant_id = :tenant`)
    takeAway()
    await day(7)
    await work()
    expect(await payment(booked)).toMatchObject({ state: 'applied' })
    expect(await payment(lost)).toMatchObject({ state: 'unknown', reason: expect.stringContaining('not proven') })
    expect(whmcs.control.journal().filter(({ kind }) => kind === 'payment')).toHaveLength(1)
    await verify()
    await work()
    expect(await payment(lost)).toMatchObject({ state: 'applied' })
  })

  it('a payment that is to be taken back waits as well', async () => {
    whmcs.control.seed({ clients: [{ id: 1 }], invoices: [{ client: 1, total: '5.00' }] })
    await verify()
    await bench.mirror(tenant, id)
    const paymentId = await pay('5.00')
    await work()
    const { match_id } = await payment(paymentId)
    expect((await tenant.call('PATCH', `/invoice-matches/${match_id}`, { status: 'reversed' })).status).toBe(202)
    takeAway()
    await day(7)
    const rows = whmcs.control.books().transactions.length
    await work()
    expect((await payment(paymentId)).undo).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('not proven'),
    })
    expect(whmcs.control.books().transactions).toHaveLength(rows)
    await verify()
    for (let n = 0; n < 4; n++) await work()
    expect((await payment(paymentId)).state).toBe('reversed')
  })

  it('is another matter at another address: the alert closes, payments wait for the new proof', async () => {
    whmcs.control.seed({ clients: [{ id: 1 }], invoices: [{ client: 1, total: '5.00' }] })
    await verify()
    await bench.mirror(tenant, id)
    const paymentId = await pay('5.00')
    takeAway()
    await day(3)
    await sql(`update whmcs_instances set installation = '127.0.0.1:1' where tenant_id = :tenant`)
    await sql(`update whmcs_instances set installation = '${new URL(whmcs.url).host}/billing', system_url = 'http://old.example/billing'
      where tenant_id = :tenant`)
    const moved = await bench.call(tenant, 'PATCH', `/whmcs-instances/${id}`, { system_url: whmcs.url })
    expect(moved.body).toMatchObject({ verified_at: null, proof_checked_at: null, proof_fault: null })
    expect(await alerts()).toEqual([])
    await work()
    expect(await payment(paymentId)).toMatchObject({ state: 'pending', reason: expect.stringContaining('not proven') })
    await verify()
    await work()
    expect((await payment(paymentId)).state).toBe('applied')
  })
})

describe('what a look says', () => {
  const answers = (status: number, text: string) => async (): Promise<OutboundAnswer> => ({
    status,
    headers: {},
    body: Buffer.from(text),
    text: () => text,
    durationMs: 1,
  })
  const fails = (stage: OutboundError['stage']) => () => Promise.reject(new OutboundError(stage, true, 'it failed'))

  const look = (request: () => Promise<OutboundAnswer>, resolveTxt: () => Promise<string[][]> = async () => []) =>
    checkProof(
      {
        store: app.store,
        vault: app.vault,
        outbound: { request },
        resolveTxt,
        scaled: (plannedMs) => plannedMs,
        log: silentLog,
      },
      tenant.id,
      id,
    )

  it.each([
    ['a firewall', answers(403, 'no')],
    ['too many calls', answers(429, '')],
    ['a server in trouble', answers(503, 'back soon')],
    ['no name server', fails('resolve')],
    ['no way there', fails('connect')],
    ['a certificate that ran out', fails('tls')],
    ['no answer in time', fails('timeout')],
    ['an address that became private', fails('blocked')],
  ])('nothing about whose it is: %s', async (_, request) => {
    await verify('file')
    for (let n = 0; n < 2; n++) await look(answers(404, ''))
    for (let n = 0; n < 10; n++) await look(request)
    expect([await alerts(), (await instance()).proof_fault]).toEqual([[], expect.stringContaining('404')])
    expect((await instance()).verified_by).toBe('file')
    // And it is looked at again within the hour.
    const soon = await app.store.read(tenant.id, (tx) =>
      tx.one("select next_proof_at < now() + interval '61 minutes' as soon from whmcs_instances where tenant_id = $1", [
        tx.tenantUuid,
      ]),
    )
    expect(soon).toEqual({ soon: true })
    await look(answers(404, ''))
    expect(await alerts()).toEqual(['whmcs_proof_missing'])
  })

  it.each([
    ['nothing there', answers(404, '')],
    ['another text', answers(200, 'This domain is for sale')],
    ['a redirect', answers(301, '')],
    ['a page without end', fails('too_large')],
  ])('that the proof is gone: %s', async (_, request) => {
    await verify('file')
    for (let n = 0; n < 7; n++) await look(request)
    expect((await instance()).verified_by).toBeNull()
    // Once lost, nobody looks any more.
    await look(() => Promise.reject(new Error('nobody is asked')))
  })

  it('name servers that are away are not an answer of theirs', async () => {
    await verify('dns')
    const code = (word: string) => () => Promise.reject(Object.assign(new Error(word), { code: word }))
    for (const word of ['ESERVFAIL', 'ETIMEOUT', 'ECONNREFUSED', 'EREFUSED']) {
      for (let n = 0; n < 3; n++) await look(answers(200, ''), code(word))
    }
    expect(await alerts()).toEqual([])
    for (const word of ['ENODATA', 'ENOTFOUND', 'ENODATA']) await look(answers(200, ''), code(word))
    expect(await alerts()).toEqual(['whmcs_proof_missing'])
  })

  it('counts for nothing when the installation was verified anew meanwhile', async () => {
    await verify()
    takeAway()
    await day(6)
    await look(async () => {
      await verify('dns')
      return answers(404, '')()
    })
    expect(await instance()).toMatchObject({ verified_by: 'dns', proof_fault: null })
  })
})

/** Money in and the match of it, decided by a person. Returns the payment. */
async function pay(amount: string): Promise<string> {
  const match = await tenant.call('POST', '/invoice-matches', await matchOf(amount, amount))
  expect(match.status).toBe(201)
  return match.body.payments[0].id ?? match.body.payments[0]
}

async function matchOf(amount: string, total: string): Promise<object> {
  const account = await makeAccount(app, tenant, { currency: 'USD' })
  const line = { account_id: account, amount, currency: 'USD', transaction_date: '2025-04-10' }
  const transaction = await tenant.call('POST', '/transactions', line)
  const invoices = (await bench.call(tenant, 'GET', '/invoices?per_page=100')).body.data
  const invoice = invoices.find((row: { total: number }) => row.total === Number.parseFloat(total))
  return { transaction_id: transaction.body.id, invoice_id: invoice.id, amount }
}

const payment = async (paymentId: string) => (await tenant.call('GET', `/payments/${paymentId}`)).body

/** What the workers of the API do with what is due, at most so many payments. */
async function work(most = 100): Promise<void> {
  const deps = paymentDeps({
    store: app.store,
    connections: bench.connections,
    scaled: (plannedMs) => plannedMs,
    log: silentLog,
    onSettled: settleMatch,
  })
  await sql(`update undos set settled_at = now() - interval '1 second', next_attempt_at = least(next_attempt_at, now())
    where tenant_id = :tenant and reason_code is distinct from 'not_proven'`)
  for (const undo of await createUndoClaim(deps)(most)) await takeBack(deps, undo)
  for (const leased of await createClaim(deps)(most)) await applyPayment(deps, leased)
}
