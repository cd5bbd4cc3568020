import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../../test/setup/factories-reconciliation.ts'
import { testClock } from '../../base/clock.ts'

const IBAN = 'DE89370400440532013000'
const PAYER = { name: 'HOLDING WEST', iban: IBAN }
const ONCE = 'A person said once before that this payer pays for the client.'
const OTHER_IBAN = 'DE02120300000000202051'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let client: string
let other: string

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())
beforeEach(async () => {
  clock.set(`${TODAY}T12:00:00Z`)
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: {
      clients: [
        { id: 1, name: 'Ada Quill', companyname: 'Northbyte', currency: 'EUR' },
        { id: 2, name: 'Bert Quiet', currency: 'EUR' },
      ],
      invoices: [1, 2].flatMap((owner) =>
        [1, 2, 3].map((n) => ({
          id: 10 * owner + n,
          client: owner,
          number: `A-${owner}${n}`,
          date: '2025-03-01',
          due: '2025-03-15',
          total: `${50 * owner + n}.00`,
        })),
      ),
    },
  })
  client = (await bench.get('/clients?external_id=1')).data[0].id
  other = (await bench.get('/clients?external_id=2')).data[0].id
  return () => bench.stop()
})

const payers = async (id = client) => (await bench.get(`/clients/${id}`)).payers
const teach = (body: object, id = client) => bench.tenant.call('POST', `/clients/${id}/payers`, body)
const correct = (n: number | string, body: object, id = client) =>
  bench.tenant.call('PATCH', `/clients/${id}/payers/${n}`, body)
const forget = (n: number) => bench.tenant.call('DELETE', `/clients/${client}/payers/${n}`)

/** What is proposed for money that names nothing. */
async function proposal(amount: number, from: { name?: string; iban?: string } = PAYER) {
  const line = await bench.line({ amount, text: 'Thank you', ...from })
  await bench.run()
  const [match] = (await bench.matches(line)).filter((one: { status: string }) => one.status === 'suggested')
  // It stands in nobody's way any more.
  await bench.tenant.call('PATCH', `/transactions/${line}`, { status: 'ignored' })
  return {
    confidence: match?.confidence ?? 0,
    codes: (match?.reasons ?? []).map(({ code }: { code: string }) => code),
    texts: (match?.reasons ?? []).map(({ text }: { text: string }) => text),
  }
}

/** Money of the payer, given to the invoice by a person. */
async function given(amount: number, invoice: string, from: { name: string; iban: string } = PAYER): Promise<void> {
  const line = await bench.line({ amount, text: `Invoice ${invoice}`, ...from })
  await bench.run()
  const [match] = await bench.matches(line)
  await bench.approve(match.id)
  await bench.pay()
  await bench.mirror()
  // Decisions of one moment have no order.
  clock.advance(60_000)
}

describe('POST /clients/{id}/payers', () => {
  it('201: money from that account is proposed for the client, as after a decision, until it is forgotten', async () => {
    const before = await proposal(51)
    const answer = await teach({ name: PAYER.name, iban: 'DE89 3704 0044 0532 0130 00' })
    expect(answer.status).toBe(201)
    const known = { n: 1, name: PAYER.name, iban_last4: '3000', payments: 0, last_paid_on: null, taught: 'pays' }
    expect(answer.body).toEqual(known)
    expect(answer.headers.location).toBe(`/api/v1/clients/${client}`)
    expect(await payers()).toEqual([known])
    const after = await proposal(51)
    expect(after.confidence).toBeGreaterThan(before.confidence)
    expect(after.codes).toContain('payer_known')
    expect((await bench.get('/audit-events?action=client.teach_payer')).data).toMatchObject([
      { resource: { type: 'client', id: client } },
    ])

    expect((await forget(1)).status).toBe(204)
    expect(await payers()).toEqual([])
    expect((await proposal(51)).confidence).toBe(before.confidence)
  })

  it('201: a dry run counts it too, and suggestions that wait are judged anew', async () => {
    const line = await bench.line({ amount: 51, text: 'Thank you', ...PAYER })
    await bench.run()
    const dry = async () => {
      const { body } = await bench.tenant.call('POST', '/invoice-matches/run', { dry_run: true })
      return body.results.find((one: { transaction_id: string }) => one.transaction_id === line)
    }
    const [before, seen] = [(await bench.matches(line))[0]?.confidence ?? 0, (await dry()).confidence ?? 0]
    await teach(PAYER)
    expect((await dry()).confidence).toBeGreaterThan(Number(seen))
    await bench.run()
    expect((await bench.matches(line)).at(-1)?.confidence).toBeGreaterThan(before)
  })

  it('201: an account alone, and a name alone; told again it keeps its number', async () => {
    expect((await teach({ iban: IBAN })).body).toMatchObject({ n: 1, name: '', iban_last4: '3000' })
    expect((await teach({ name: 'M MARLOW SR' })).body).toMatchObject({ n: 2, iban_last4: null })
    expect((await teach({ name: 'm marlow sr', iban: null })).body).toMatchObject({ n: 2 })
    expect((await teach({ iban: IBAN })).body).toMatchObject({ n: 1 })
    // Another name on the account is the account's all the same.
    expect((await proposal(51, { name: 'SOMEBODY', iban: IBAN })).codes).toContain('payer_known')
    expect((await proposal(52, { name: 'M. MARLOW SR.' })).codes).toContain('payer_known')
    expect((await proposal(53, { name: 'SOMEBODY' })).codes).not.toContain('payer_known')
  })

  it('201: an account of two clients is shared', async () => {
    await teach(PAYER)
    expect((await proposal(51)).texts).toContain(ONCE)
    await teach(PAYER, other)
    const { texts } = await proposal(51)
    expect(texts).toContain('This payer pays for the client, and for others.')
    expect(texts).not.toContain(ONCE)
  })

  it('201: it fades like a decision', async () => {
    await teach(PAYER)
    await given(51, 'A-11')
    await correct(1, { pays: false })
    // A refusal of long ago and an acceptance of today: the newer one counts more.
    expect((await proposal(52)).codes).not.toContain('payer_known')
    clock.advance(4 * 365 * 86_400_000)
    await given(53, 'A-13')
    expect((await payers())[0]).toMatchObject({ n: 1, payments: 1, taught: 'never' })
  })

  it('400 without a name and an account, with what is not known; 422 for a mistyped IBAN', async () => {
    for (const body of [
      {},
      { name: '' },
      { name: '  ' },
      { name: '*** ---' },
      { iban: null },
      { name: 'X', bic: 'Y' },
      { name: 7 },
    ])
      expect((await teach(body)).status, JSON.stringify(body)).toBe(400)
    for (const iban of ['DE89370400440532013001', 'x', ''])
      expect((await teach({ name: 'X', iban })).body.error, iban).toMatchObject({ code: 'validation_failed' })
    expect(await payers()).toEqual([])
  })

  it('404 for a client of another tenant, and for no client; 403 without the permission', async () => {
    const stranger = await app.tenant()
    const blind = await app.tenant({ permissions: ['invoices:read', 'matches:read'] })
    expect((await stranger.call('POST', `/clients/${client}/payers`, PAYER)).status).toBe(404)
    expect((await blind.call('POST', `/clients/${client}/payers`, PAYER)).status).toBe(403)
    expect((await teach(PAYER, 'cli_x')).status).toBe(404)
  })

  it('answers a repeated key with the same payer, and writes it once', async () => {
    const call = () => bench.tenant.call('POST', `/clients/${client}/payers`, PAYER, { 'idempotency-key': 'once' })
    const [first, second] = [await call(), await call()]
    expect(second.body).toEqual(first.body)
    expect((await bench.get('/audit-events?action=client.teach_payer')).data).toHaveLength(1)
  })

  it('409 above 200 named payers of one client', async () => {
    for (let n = 0; n < 200; n += 1) await teach({ name: `PAYER ${n}` })
    expect((await teach({ name: 'ONE MORE' })).body.error).toMatchObject({ code: 'resource_conflict' })
    expect((await teach({ name: 'PAYER 7' })).status).toBe(201)
    expect((await forget(1)).status).toBe(204)
    expect((await teach({ name: 'ONE MORE' })).body).toMatchObject({ n: 201 })
  })
})

describe('PATCH /clients/{id}/payers/{n}', () => {
  it('200: never this client’s is a refusal, and what was decided before counts no longer', async () => {
    await given(51, 'A-11')
    const known = await proposal(52)
    expect(known.codes).toContain('payer_known')
    const answer = await correct(1, { pays: false })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      n: 1,
      name: PAYER.name,
      iban_last4: '3000',
      payments: 0,
      last_paid_on: null,
      taught: 'never',
    })
    expect((await proposal(52)).confidence).toBeLessThan(known.confidence)
    expect((await correct(1, { pays: true })).body).toMatchObject({ n: 1, taught: 'pays' })
    expect((await proposal(52)).codes).toContain('payer_known')
  })

  it('200: another account; the former one says nothing any more, and the others keep their numbers', async () => {
    await given(51, 'A-11')
    await given(52, 'A-12', { name: 'SECOND', iban: 'DE02500105170137075030' })
    expect((await correct(1, { iban: OTHER_IBAN })).body).toMatchObject({ n: 1, iban_last4: '2051', taught: 'pays' })
    expect((await payers()).map((one: { n: number; name: string }) => [one.n, one.name])).toEqual([
      [1, PAYER.name],
      [2, 'SECOND'],
    ])
    expect((await proposal(53, { ...PAYER, iban: OTHER_IBAN })).codes).toContain('payer_known')
    expect((await proposal(53, { name: 'X', iban: IBAN })).codes).not.toContain('payer_known')
    // It pays again: a payer of its own, with a number of its own.
    clock.advance(60_000)
    await given(53, 'A-13')
    expect((await payers()).map((one: { n: number; iban_last4: string }) => [one.n, one.iban_last4])).toEqual([
      [3, '3000'],
      [1, '2051'],
      [2, '5030'],
    ])
    // Back to what it was: that number is free for the account that was named.
    expect((await forget(3)).status).toBe(204)
    expect((await correct(1, { iban: IBAN })).body).toMatchObject({ n: 1, iban_last4: '3000' })
  })

  it('200: other capitals are no other payer, and nothing new is written for nothing new', async () => {
    await given(51, 'A-11')
    expect((await correct(1, { name: 'Holding West' })).body).toMatchObject({ n: 1, name: 'Holding West', payments: 1 })
    expect((await correct(1, { name: 'Holding West', pays: true })).status).toBe(200)
    expect((await bench.get('/audit-events?action=client.teach_payer')).data).toHaveLength(1)
  })

  it('409 for the name and account of another payer of the client', async () => {
    await teach({ name: 'FIRST', iban: IBAN })
    await teach({ name: 'SECOND', iban: IBAN })
    expect((await correct(2, { name: 'first' })).body.error).toMatchObject({ code: 'resource_conflict' })
    expect((await payers()).map((one: { name: string }) => one.name).toSorted()).toEqual(['FIRST', 'SECOND'])
  })

  it('400 for nothing to do and for nobody left; 404 for an unknown number; 403 without the permission', async () => {
    await teach({ iban: IBAN })
    expect((await correct(1, {})).status).toBe(400)
    expect((await correct(1, { iban: null })).status).toBe(400)
    expect((await correct(1, { iban: 'DE00' })).body.error).toMatchObject({ code: 'validation_failed' })
    for (const n of [0, 2, '1.5', 'x']) expect((await correct(n, { pays: true })).status).toBe(404)
    expect((await correct(1, { pays: true }, other)).status).toBe(404)
    const blind = await app.tenant({ permissions: ['invoices:read'] })
    expect((await blind.call('PATCH', `/clients/${client}/payers/1`, { pays: true })).status).toBe(403)
  })
})
