import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import { type Id, idOf, uuidOf } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import { type Recorded, type RecordedLine, recordLines } from './record-lines.ts'

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

/** A booked credit of 10.00 EUR without any id, with what the test changes. */
const line = (change: Partial<RecordedLine> = {}): RecordedLine => ({
  status: 'booked',
  amountMinor: 1_000n,
  currency: 'EUR',
  direction: 'credit',
  bookedOn: '2026-03-10',
  valueOn: null,
  reference: 'INV 100',
  description: 'INV 100',
  counterpartyName: 'Tidewater Optics',
  counterpartyIban: null,
  aliases: [],
  externalId: null,
  ...change,
})

const ids = (internal: string, own: string): RecordedLine['aliases'] => [
  { kind: 'internal', value: internal },
  { kind: 'transaction_id', value: own },
]

type Batch = Parameters<typeof recordLines>[2]

const record = (accountId: Id<'acc'>, lines: RecordedLine[], more: Partial<Batch> = {}): Promise<Recorded> =>
  app.store.change(tenant.id, systemActor('test'), (tx) =>
    recordLines(tx, accountId, { source: 'bank', lines, covers: null, ...more }),
  )

interface Stored {
  id: string
  identity_key: string
  status: string
  booked_on: string
  amount_minor: string
  description: string
  counterparty_name: string
  possible_duplicate_of: string | null
  missing_at_bank: boolean
}

const stored = (accountId: Id<'acc'>): Promise<Stored[]> =>
  app.store.read(tenant.id, (tx) =>
    tx.many<Stored>(
      `select id, identity_key, status, booked_on::text as booked_on, amount_minor::text as amount_minor, description, counterparty_name,
              possible_duplicate_of, missing_at_bank
         from transactions where tenant_id = $1 and account_id = $2 order by id`,
      [tx.tenantUuid, uuidOf(accountId)],
    ),
  )

const eventsOf = async (id: string): Promise<string[]> => {
  const rows = await app.store.read(tenant.id, (tx) =>
    tx.many<{ type: string }>('select type from events where tenant_id = $1 and resource_id = $2 order by id', [
      tx.tenantUuid,
      idOf('txn', id),
    ]),
  )
  return rows.map((row) => row.type)
}

describe('recordLines', () => {
  it('records a batch once: the same again creates and changes nothing, and says nothing', async () => {
    const account = await makeAccount(app, tenant)
    const lines = [line(), line({ amountMinor: 2_000n }), line({ direction: 'debit' })]
    expect(await record(account, lines)).toEqual({ created: 3, updated: 0, known: 0 })
    const before = await stored(account)
    expect(await record(account, lines)).toEqual({ created: 0, updated: 0, known: 3 })
    expect(await stored(account)).toEqual(before)
    expect(await eventsOf(before[0]!.id)).toEqual(['transaction.created'])
  })

  it('says of a new line exactly what the API shows of it', async () => {
    const account = await makeAccount(app, tenant)
    await record(account, [
      line({ valueOn: '2026-03-11', counterpartyIban: 'DE02120300000000202051', externalId: 'E-1' }),
      line({ status: 'pending', direction: 'debit', amountMinor: 5n, reference: 'A\0B', counterpartyName: '' }),
    ])
    for (const { id } of await stored(account)) {
      const { body } = await app.store.read(tenant.id, (tx) =>
        tx.one<{ body: string }>('select body from events where tenant_id = $1 and resource_id = $2', [
          tx.tenantUuid,
          idOf('txn', id),
        ]),
      )
      const shown = await tenant.call('GET', `/transactions/${idOf('txn', id)}`)
      expect((JSON.parse(body) as { data: unknown }).data).toEqual(shown.body)
    }
  })

  it('keeps two real payments alike in everything apart, however often they are read', async () => {
    const account = await makeAccount(app, tenant)
    const twins = [
      line({ aliases: ids('aa'.repeat(16), 'T-000001') }),
      line({ aliases: ids('bb'.repeat(16), 'T-000002') }),
    ]
    expect((await record(account, twins)).created).toBe(2)
    expect((await record(account, twins.toReversed())).created).toBe(0)
    const bare = await makeAccount(app, tenant)
    expect((await record(bare, [line(), line()])).created).toBe(2)
    expect((await record(bare, [line(), line(), line()])).created).toBe(1)
    const keys = (await stored(bare)).map((row) => row.identity_key)
    expect(new Set(keys).size).toBe(3)
  })

  it('books a pending line under the id and key it has, with what the bank changed', async () => {
    const account = await makeAccount(app, tenant)
    await record(account, [
      line({
        status: 'pending',
        description: 'CARD 12 INV 100',
        aliases: [{ kind: 'transaction_id', value: '00CREDIT1' }],
      }),
    ])
    const [pending] = await stored(account)
    expect(pending!.status).toBe('pending')
    const booked = line({ bookedOn: '2026-03-12', aliases: ids('cc'.repeat(16), 'B-000003') })
    expect(await record(account, [booked])).toEqual({ created: 0, updated: 1, known: 1 })
    expect(await stored(account)).toEqual([
      { ...pending, status: 'processed', booked_on: '2026-03-12', description: 'INV 100' },
    ])
    expect(await eventsOf(pending!.id)).toEqual(['transaction.created', 'transaction.updated'])
    expect((await record(account, [booked])).updated).toBe(0)
  })

  it('never makes a booked line pending again', async () => {
    const account = await makeAccount(app, tenant)
    await record(account, [line({ aliases: ids('dd'.repeat(16), 'B-000004') })])
    await record(account, [line({ status: 'pending', aliases: [{ kind: 'transaction_id', value: 'B-000004' }] })])
    expect((await stored(account)).map((row) => row.status)).toContain('processed')
    expect((await stored(account)).filter((row) => row.status === 'processed')).toHaveLength(1)
  })

  it('knows its lines again when the bank issues every id anew', async () => {
    const account = await makeAccount(app, tenant)
    const days = ['2026-03-01', '2026-03-01', '2026-03-02', '2026-03-05']
    const read = (round: string) => days.map((bookedOn, n) => line({ bookedOn, aliases: numbered(round, n) }))
    expect((await record(account, read('a'))).created).toBe(4)
    const before = await stored(account)
    expect(await record(account, read('b'))).toMatchObject({ created: 0, known: 4 })
    expect((await stored(account)).map((row) => row.identity_key)).toEqual(before.map((row) => row.identity_key))
    expect(await record(account, read('b').toReversed())).toMatchObject({ created: 0, known: 4 })
  })

  it('takes a late line with an old day as new', async () => {
    const account = await makeAccount(app, tenant)
    await record(account, [line({ bookedOn: '2026-03-03' })])
    const late = line({ bookedOn: '2026-03-01', amountMinor: 3_500n, reference: 'INV 7', description: 'INV 7' })
    expect(await record(account, [late, line({ bookedOn: '2026-03-03' })])).toMatchObject({ created: 1, known: 1 })
  })

  it('opens one alert for a line that the bank no longer shows, keeps the line, and takes it back when it returns', async () => {
    const account = await makeAccount(app, tenant)
    const covers = { from: '2026-03-01', to: '2026-03-31' }
    const gone = line({ amountMinor: 7_700n, reference: 'INV 8', description: 'INV 8' })
    await record(account, [line(), gone], { covers })
    await record(account, [line()], { covers })
    await record(account, [line()], { covers })
    const missing = (await stored(account)).find((row) => row.amount_minor === '7700')!
    expect(missing.missing_at_bank).toBe(true)
    const alerts = () =>
      app.store.read(tenant.id, (tx) =>
        tx.many<{ code: string; closed: boolean }>(
          'select code, closed_at is not null as closed from alerts where tenant_id = $1 and subject_id = $2',
          [tx.tenantUuid, idOf('txn', missing.id)],
        ),
      )
    expect(await alerts()).toEqual([{ code: 'missing_at_bank', closed: false }])
    expect(await record(account, [line(), gone], { covers })).toMatchObject({ created: 0 })
    expect((await stored(account)).find((row) => row.id === missing.id)!.missing_at_bank).toBe(false)
    expect(await alerts()).toEqual([{ code: 'missing_at_bank', closed: true }])
  })

  it('says nothing is missing outside the days that a batch holds in full', async () => {
    const account = await makeAccount(app, tenant)
    await record(account, [line()])
    await record(account, [], { covers: { from: '2026-03-11', to: '2026-03-20' } })
    await record(account, [line({ bookedOn: '2026-03-11' })])
    expect((await stored(account)).some((row) => row.missing_at_bank)).toBe(false)
  })

  it('creates each line once when two reads come at the same moment', async () => {
    const account = await makeAccount(app, tenant)
    const lines = Array.from({ length: 20 }, (_, n) =>
      line({ amountMinor: BigInt(100 * (n % 3) + 100), bookedOn: `2026-03-${10 + (n % 5)}` }),
    )
    const results = await Promise.all([1, 2, 3, 4].map(() => record(account, lines)))
    expect(results.reduce((sum, result) => sum + result.created, 0)).toBe(20)
    expect(await stored(account)).toHaveLength(20)
  })

  it('keeps a collective entry and its details as one amount of money, whichever came first', async () => {
    const entry = line({
      amountMinor: 30_000n,
      description: 'Collective credit',
      aliases: [{ kind: 'acct_svcr_ref', value: 'S1' }],
    })
    const details = [10_000n, 12_000n, 8_000n].map((amountMinor, n) =>
      line({ amountMinor, description: `INV ${n}`, collective: { refs: ['S1'], amountMinor: 30_000n } }),
    )
    const one = await makeAccount(app, tenant)
    await record(one, [entry], { source: 'file' })
    expect(await record(one, details, { source: 'file', notice: true })).toMatchObject({ created: 0, known: 3 })
    const other = await makeAccount(app, tenant)
    await record(other, details, { source: 'file', notice: true })
    expect(await record(other, [entry], { source: 'file' })).toMatchObject({ created: 0, known: 1 })
  })

  it('stores what PostgreSQL cannot hold as a mark, and the other lines with it', async () => {
    const account = await makeAccount(app, tenant)
    const odd = line({ description: 'INV\u0000 5 \ud800', aliases: [{ kind: 'transaction_id', value: 'odd\u0000-1' }] })
    expect((await record(account, [odd, line()])).created).toBe(2)
    expect((await record(account, [odd, line()])).created).toBe(0)
  })

  it('keeps accounts apart: the same ids in another one are other money', async () => {
    const [one, other] = [await makeAccount(app, tenant), await makeAccount(app, tenant)]
    const same = [line({ aliases: ids('ee'.repeat(16), 'P-000001') })]
    expect((await record(one, same)).created).toBe(1)
    expect((await record(other, same)).created).toBe(1)
  })

  it('refuses an account of another tenant', async () => {
    const stranger = await app.tenant()
    const account = await makeAccount(app, stranger)
    await expect(record(account, [line()])).rejects.toThrow('lines are recorded on an account of the tenant')
  })
})

const numbered = (series: string, n: number): RecordedLine['aliases'] =>
  ids(`${series}-internal-${n}`, `${series}-own-${n}`)

/** One payment of a history: few amounts and texts, so that twins and near twins are common. */
const payment = fc.record({
  day: fc.integer({ min: 1, max: 9 }),
  amountMinor: fc.constantFrom(1_000n, 2_500n),
  text: fc.constantFrom('INV 100', 'INV 101', 'Order', ''),
  name: fc.constantFrom('Tidewater Optics', 'Casa Verano', ''),
})

/** Reads at growing moments, each going back some days at least to the day of the read before. */
const reads = fc.array(fc.record({ seen: fc.nat(), back: fc.integer({ min: 0, max: 4 }) }), {
  minLength: 1,
  maxLength: 4,
})

describe('a history read in overlapping windows', () => {
  it.each(['none', 'steady', 'fresh'] as const)('gives its payments once each (ids: %s)', async (idHabit) => {
    await fc.assert(
      fc.asyncProperty(fc.array(payment, { minLength: 1, maxLength: 12 }), reads, async (unsorted, plan) => {
        const account = await makeAccount(app, tenant)
        const history = unsorted.toSorted((a, b) => a.day - b.day)
        const moments = [...plan.map(({ seen }) => 1 + (seen % history.length)), history.length].sort((a, b) => a - b)
        let readUntil = 1
        for (const [round, moment] of moments.entries()) {
          const today = history[moment - 1]!.day
          const from = round === 0 ? 1 : Math.max(1, readUntil - (plan[round - 1]?.back ?? 0))
          const lines = history
            .slice(0, moment)
            .map((one, n) => ({ one, n }))
            .filter(({ one }) => one.day >= from)
            .map(({ one, n }) =>
              line({
                bookedOn: `2026-03-0${one.day}`,
                amountMinor: one.amountMinor,
                reference: one.text,
                description: one.text,
                counterpartyName: one.name,
                aliases: idHabit === 'none' ? [] : numbered(idHabit === 'fresh' ? `r${round}` : 'id', n),
              }),
            )
          await record(account, lines, {
            covers: from < today ? { from: `2026-03-0${from}`, to: `2026-03-0${today - 1}` } : null,
          })
          readUntil = today
        }
        const kept = (await stored(account)).map(
          (row) => `${row.booked_on} ${row.amount_minor} ${row.description} ${row.counterparty_name}`,
        )
        const real = history.map((one) => `2026-03-0${one.day} ${one.amountMinor} ${one.text} ${one.name}`)
        expect(kept.sort()).toEqual(real.sort())
      }),
      { numRuns: 30 },
    )
  })
})

describe('what the bank sent', () => {
  it('is shown where it is asked for, and only there; null for a line that no bank sent', async () => {
    const account = await makeAccount(app, tenant)
    const raw = { transactionId: 'n-1', transactionAmount: { amount: '10.00', currency: 'EUR' }, unknown: [1, 'two'] }
    await record(account, [line({ providerData: raw })])
    const sent = { id: idOf('txn', (await stored(account))[0]!.id) }
    const plain = await tenant.call('GET', `/transactions/${sent.id}`)
    expect(plain.body).not.toHaveProperty('provider_data')
    const whole = await tenant.call('GET', `/transactions/${sent.id}?expand=provider_data`)
    expect(whole.body).toEqual({ ...plain.body, provider_data: raw })
    const posted = await tenant.call('POST', '/transactions', {
      account_id: account,
      amount: 49,
      currency: 'EUR',
      transaction_date: '2025-04-10',
    })
    const without = await tenant.call('GET', `/transactions/${posted.body.id}?expand=provider_data`)
    expect([without.status, without.body.provider_data]).toEqual([200, null])
    expect((await tenant.call('GET', `/transactions/${sent.id}?expand=everything`)).status).toBe(400)
  })
})
