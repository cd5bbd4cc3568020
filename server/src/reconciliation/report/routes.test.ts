import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../../test/setup/factories-reconciliation.ts'
import { makeAccount } from '../../../test/setup/factories.ts'
import { testClock } from '../../base/clock.ts'
import { type Id, newId, uuidOf } from '../../base/ids.ts'
import { decimalsOf, formatAmount, parseAmount } from '../../base/money.ts'
import { dayIn, readRange } from './days.ts'
import { PARTS, type Part } from './queries.ts'
import { readReport } from './read-report.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())

const RANGE = 'from=2025-04-01&to=2025-04-10'
const report = async (who: TestTenant, more = '') =>
  (await who.call('GET', `/reports/reconciliation?${RANGE}&per_page=100${more}`)).body

describe('GET /reports/reconciliation', () => {
  describe('of a company that lives', () => {
    let bench: ReconciliationBench
    let number = 100
    beforeAll(async () => {
      bench = await createReconciliationBench(app, clock, {
        settings: { mode: 'auto', start_on: '2025-01-01' },
        seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
      })
    })
    afterAll(() => bench.stop())

    async function invoice(total: string): Promise<string> {
      const id = (number += 1)
      await bench.seed({
        invoices: [{ id, client: 1, number: `INV-2025-${id}`, date: '2025-04-01', due: '2025-04-15', total }],
      })
      return `INV-2025-${id}`
    }
    /** Money that names its invoice, and whatever matching makes of it. */
    async function paid(total: string, amount = total, date = TODAY): Promise<Id<'txn'>> {
      const name = await invoice(total)
      const line = await bench.line({ amount, text: `Invoice ${name}`, name: 'Marlow Hosting', date })
      await bench.run()
      await bench.pay()
      return line
    }

    it('200: each line is in the part that it is of, with the amounts of its currency', async () => {
      const automatic = await paid('50.00')
      expect(await bench.status(automatic)).toBe('applied')
      const byHand = await bench.line({ amount: 30, text: 'thanks' })
      const name = await invoice('20.00')
      expect((await bench.create(byHand, { [name]: 20 })).status).toBe(201)
      await bench.pay()
      await bench.line({ amount: 7.5, text: 'no idea', date: '2025-04-09' })
      const aside = await bench.line({ amount: 3, text: 'deposit' })
      await bench.tenant.call('PATCH', `/transactions/${aside}`, { status: 'ignored' })
      await bench.line({ amount: 99, direction: 'debit' })

      const { data, summary, pagination } = await report(bench.tenant)
      expect(pagination).toMatchObject({ total_items: 2, current_page: 1 })
      expect(data.map((row: { date: string; currency: string }) => `${row.date} ${row.currency}`)).toEqual([
        '2025-04-10 EUR',
        '2025-04-09 EUR',
      ])
      expect(data[0]).toMatchObject({
        money_in: { amount: 83, count: 3 },
        applied_automatically: { amount: 50, count: 1 },
        applied_by_hand: { amount: 20, count: 1 },
        unallocated: { amount: 10, count: 1 },
        ignored: { amount: 3, count: 1 },
        open: { amount: 0, count: 0 },
      })
      expect(data[1]).toMatchObject({ money_in: { amount: 7.5, count: 1 }, open: { amount: 7.5, count: 1 } })
      expect(summary).toMatchObject({
        from: '2025-04-01',
        to: '2025-04-10',
        timezone: 'UTC',
        precision_of_automatic_decisions: { decided: 1, reversed_or_rejected: 0, share: 1 },
        waiting: { suggested: 0, unmatched: 1, quarantined: 0 },
      })
      const raw = await bench.tenant.call('GET', `/reports/reconciliation?${RANGE}`, undefined, { accept: 'text/csv' })
      expect(raw.headers['content-type']).toContain('text/csv')
      const lines = String(raw.body).trim().split('\r\n')
      expect(lines[0]).toMatch(/^date,currency,money_in\.amount,money_in\.count,applied_automatically\.amount,/)
      expect(lines[1]).toMatch(/^2025-04-10,EUR,83\.00,3,50\.00,1,20\.00,1,/)
      expect(lines).toHaveLength(3)
    })

    it('200: what people take back of automatic decisions is said, though they decided last', async () => {
      const before = (await report(bench.tenant)).summary.precision_of_automatic_decisions
      const lines = [await paid('61.00'), await paid('62.00')]
      const [match] = await bench.matches(lines[0]!)
      expect(match.decided_by).toBe('system:auto')
      await bench.reverse(match.id)
      await bench.pay()
      const after = (await report(bench.tenant)).summary.precision_of_automatic_decisions
      expect(after.decided).toBe(before.decided + 2)
      expect(after.reversed_or_rejected).toBe(before.reversed_or_rejected + 1)
      expect(after.share).toBeCloseTo((after.decided - 1) / after.decided, 3)

      const alerts = async () =>
        (await bench.get('/alerts')).data.filter((alert: { code: string }) => alert.code === 'precision_below_budget')
      // One may be a change of mind, two are too many.
      expect(await alerts()).toEqual([])
      const [other] = await bench.matches(lines[1]!)
      await bench.reverse(other.id)
      await bench.pay()
      expect(await alerts()).toMatchObject([
        {
          severity: 'critical',
          subject: { type: 'tenant', id: bench.tenant.id },
          message: expect.stringMatching(/^2 of \d+ payments that Payymo booked by itself/),
          closed_at: null,
        },
      ])
    })
  })

  it('money in is the sum of its parts, for each day and currency, whatever became of the lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plantedLine, { minLength: 1, maxLength: 40 }), async (planted) => {
        const who = await app.tenant()
        const counted = await plant(who, planted)
        const { data } = await report(who)
        const wanted = new Map<string, bigint>()
        for (const { date, currency, amountMinor } of counted) {
          const key = `${date} ${currency}`
          wanted.set(key, (wanted.get(key) ?? 0n) + amountMinor)
        }
        expect(data.map((row: Row) => `${row.date} ${row.currency}`).toSorted()).toEqual([...wanted.keys()].toSorted())
        for (const row of data as Row[]) {
          const minor = ({ amount }: { amount: number }) =>
            parseAmount(amount.toFixed(decimalsOf(row.currency)), row.currency)
          const parts = PARTS.reduce((sum, part) => sum + minor(row[part]), 0n) + minor(row.unallocated)
          expect(minor(row.money_in)).toBe(parts)
          expect(minor(row.money_in)).toBe(wanted.get(`${row.date} ${row.currency}`))
          expect(PARTS.reduce((sum, part) => sum + row[part].count, 0)).toBe(row.money_in.count)
          for (const part of PARTS) {
            const ofPart = counted.filter(
              (line) => line.part === part && line.date === row.date && line.currency === row.currency,
            )
            expect(row[part].count, part).toBe(ofPart.length)
            expect(minor(row[part]), part).toBe(ofPart.reduce((sum, line) => sum + line.takenMinor, 0n))
          }
        }
      }),
      { numRuns: 12 },
    )
  })

  it('200: open money by age and currency, on the day it is for the tenant', async () => {
    const who = await app.tenant({ settings: { timezone: 'Pacific/Kiritimati' } })
    // There it is the 11th already at noon of the 10th.
    const days = ['2025-04-09', '2025-04-08', '2025-04-04', '2025-04-03', '2025-03-12', '2025-03-11', '2025-04-11']
    const open = days.map((date) => ({ date, currency: 'EUR', amount: 5, kind: 'open' as const, rest: 0 }))
    await plant(who, open)
    const { summary } = await app.store.read(who.id, (tx) => readReport(tx, {}, clock.now()))
    expect(summary.range).toEqual({ from: '2025-03-13', to: '2025-04-11' })
    expect(summary.ageing).toEqual([
      {
        currency: 'EUR',
        ages: {
          days_0_2: { amountMinor: 10n, count: 2 },
          days_3_7: { amountMinor: 10n, count: 2 },
          days_8_30: { amountMinor: 10n, count: 2 },
          days_over_30: { amountMinor: 5n, count: 1 },
        },
      },
    ])
    expect(summary.waiting).toEqual({ suggested: 0, unmatched: 7, quarantined: 0 })
  })

  it('200: pages, one currency, sorted, and what changed since', async () => {
    const who = await app.tenant()
    await plant(
      who,
      ['2025-04-02', '2025-04-03', '2025-04-04'].flatMap((date) =>
        ['EUR', 'JPY'].map((currency) => ({ date, currency, amount: 5, kind: 'open' as const, rest: 0 })),
      ),
    )
    const names = (data: Row[]) => data.map((row) => `${row.date.slice(-1)}${row.currency}`)
    expect(names((await report(who)).data)).toEqual(['4EUR', '4JPY', '3EUR', '3JPY', '2EUR', '2JPY'])
    expect(names((await report(who, '&currency=JPY&sort=date')).data)).toEqual(['2JPY', '3JPY', '4JPY'])
    const call = (more: string) => who.call('GET', `/reports/reconciliation?${RANGE}&per_page=4${more}`)
    const first = (await call('')).body
    const second = (await call(`&cursor=${first.pagination.next_cursor}`)).body
    expect(names([...first.data, ...second.data])).toHaveLength(6)
    expect((await report(who, '&updated_since=2100-01-01')).data).toEqual([])
  })

  it('400, 401, 403, 422', async () => {
    const who = await app.tenant()
    const bad = await who.call('GET', '/reports/reconciliation?from=2025-02-30&to=2025-04-10T00:00:00Z&colour=red')
    expect(bad.status).toBe(400)
    expect(bad.body.error.details.map((one: { field: string }) => one.field).toSorted()).toEqual([
      'colour',
      'from',
      'to',
    ])
    expect((await app.call(undefined, 'GET', '/reports/reconciliation')).status).toBe(401)
    const without = await app.tenant({ permissions: ['transactions:read', 'matches:read'] })
    expect((await without.call('GET', '/reports/reconciliation')).status).toBe(403)
    const turned = await who.call('GET', '/reports/reconciliation?from=2025-04-10&to=2025-04-09')
    expect(turned.status).toBe(422)
    expect(turned.body.error.details[0].field).toBe('to')
    expect((await who.call('GET', '/reports/reconciliation?from=2024-03-07&to=2025-04-10')).status).toBe(200)
    expect((await who.call('GET', '/reports/reconciliation?from=2024-03-06&to=2025-04-10')).status).toBe(422)
  })

  it('a range with an open end is the last thirty days', () => {
    expect(readRange({}, '2025-04-10')).toEqual({ from: '2025-03-12', to: '2025-04-10' })
    expect(readRange({ to: '2025-03-01' }, '2025-04-10')).toEqual({ from: '2025-01-31', to: '2025-03-01' })
    expect(readRange({ from: '2025-04-01' }, '2025-04-10')).toEqual({ from: '2025-04-01', to: '2025-04-10' })
    expect(readRange({ from: '2025-05-01' }, '2025-04-10')).toEqual({ from: '2025-05-01', to: '2025-05-01' })
    expect(dayIn('America/New_York', new Date('2025-04-10T03:59:59Z'))).toBe('2025-04-09')
  })
})

type Row = Record<Part | 'money_in' | 'unallocated', { amount: number; count: number }> & {
  date: string
  currency: string
}

const KINDS = [...PARTS, 'failed', 'pending', 'void', 'debit'] as const
type Kind = (typeof KINDS)[number]

interface Planted {
  date: string
  currency: string
  /** In the smallest unit. */
  amount: number
  kind: Kind
  /** Of a hundred, what no invoice took. */
  rest: number
}

const plantedLine: fc.Arbitrary<Planted> = fc.record({
  date: fc.integer({ min: 1, max: 10 }).map((day) => `2025-04-${String(day).padStart(2, '0')}`),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  amount: fc.integer({ min: 1, max: 9_999_999 }),
  kind: fc.constantFrom(...KINDS),
  rest: fc.constantFrom(0, 0, 50, 100),
})

const STATES: Record<Kind, { match: string; decided?: { status: string; by: string; reason?: string } }> = {
  applied_automatically: { match: 'applied', decided: { status: 'applied', by: 'system:auto' } },
  applied_by_hand: { match: 'applied', decided: { status: 'applied', by: 'usr_x' } },
  already_booked: {
    match: 'matched',
    decided: { status: 'approved', by: 'system:already_booked', reason: 'already_booked' },
  },
  matched: { match: 'matched', decided: { status: 'approved', by: 'system:auto' } },
  failed: { match: 'matched', decided: { status: 'failed', by: 'usr_x' } },
  open: { match: 'unmatched' },
  transfers: { match: 'transfer' },
  ignored: { match: 'unmatched' },
  pending: { match: 'unmatched' },
  void: { match: 'unmatched' },
  debit: { match: 'unmatched' },
}

/** Writes the lines as they would stand after a life, and says which part each must be counted in. */
async function plant(who: TestTenant, planted: readonly Planted[]) {
  const accounts = new Map<string, string>()
  for (const currency of new Set(planted.map((line) => line.currency)))
    accounts.set(currency, await makeAccount(app, who, { currency }))
  const transactions = planted.map((line, n) => ({
    account_id: accounts.get(line.currency),
    amount: formatAmount(BigInt(line.amount), line.currency),
    currency: line.currency,
    // With a time and another zone: the day stays the one that is written.
    transaction_date: n % 2 === 0 ? line.date : `${line.date}T23:30:00-09:00`,
    direction: line.kind === 'debit' ? 'debit' : 'credit',
  }))
  const { results } = (await who.call('POST', '/transactions/batch', { transactions })).body
  const counted: { date: string; currency: string; amountMinor: bigint; takenMinor: bigint; part: Part }[] = []
  await app.store.read(who.id, async (tx) => {
    for (const [n, line] of planted.entries()) {
      const id = uuidOf(results[n].id)
      const { match, decided } = STATES[line.kind]
      const amountMinor = BigInt(line.amount)
      const partly = line.kind.startsWith('applied') || line.kind === 'already_booked'
      const restMinor = partly ? (amountMinor * BigInt(line.rest)) / 100n : 0n
      await tx.run(
        `update transactions set match_status = $3, allocated_minor = $4, status = $5, void = $6 where tenant_id = $1 and id = $2`,
        [
          tx.tenantUuid,
          id,
          match,
          String(decided ? amountMinor - restMinor : 0n),
          line.kind === 'ignored' || line.kind === 'pending' ? line.kind : 'processed',
          line.kind === 'void',
        ],
      )
      // What was refused before counts for nothing.
      for (const state of [{ status: 'rejected', by: 'usr_x' }, ...(decided ? [decided] : [])])
        await tx.run(
          `insert into matches (tenant_id, id, transaction_id, status, confidence, score, match_reason, reasons, decided_by, decided_at)
           values ($1, $2, $3, $4, 0.9, 0.9, $5, '[]', $6, now())`,
          [
            tx.tenantUuid,
            uuidOf(newId('match')),
            id,
            state.status,
            ('reason' in state && state.reason) || 'amount_exact_match',
            state.by,
          ],
        )
      if (line.kind === 'pending' || line.kind === 'void' || line.kind === 'debit') continue
      const part = line.kind === 'failed' ? 'matched' : line.kind
      counted.push({ ...line, amountMinor, takenMinor: amountMinor - restMinor, part })
    }
  })
  return counted
}
