import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import '../../test/setup/properties.ts'
import { type Id, idOf } from '../base/ids.ts'
import type { RecordedPayment } from '../billing/index.ts'
import type { TransactionRow } from '../transactions/index.ts'
import { planRecorded } from './plan-recorded.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const txn = (n: number): Id<'txn'> => idOf('txn', uuid(n))
const inv = (n: number): Id<'inv'> => idOf('inv', uuid(n))

const lineOf = (n: number, amountMinor: bigint): TransactionRow =>
  ({ id: txn(n), amountMinor, currency: 'EUR', source: 'stripe' }) as TransactionRow

const recordedOf = (of: {
  line: number
  invoice: number
  row: number
  amountMinor: bigint
  currency: string
  kind: string
}): RecordedPayment => ({
  transactionId: txn(of.line),
  knownAs: `${of.kind}${of.line}`,
  invoiceId: inv(of.invoice),
  invoiceNumber: `INV-${of.invoice}`,
  invoiceExternalId: String(of.invoice),
  externalId: String(of.row),
  transid: `${of.kind}${of.line}`,
  amountMinor: of.amountMinor,
  currency: of.currency,
  paidOn: '2025-04-10',
  gateway: 'stripe',
})

const LINES = 4

describe('what the billing system holds under ids of lines', () => {
  const money = fc.bigInt(1n, 500n)
  const world = fc.record({
    lines: fc.array(money, { minLength: LINES, maxLength: LINES }),
    rows: fc.uniqueArray(
      fc.record({
        line: fc.nat(LINES - 1),
        invoice: fc.nat(3),
        row: fc.nat(5),
        amountMinor: money,
        currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
        kind: fc.constantFrom('ch_', 'pi_', 'txn_', 'cs_'),
      }),
      { maxLength: 14, selector: ({ line, invoice, row, kind }) => `${line} ${invoice} ${row} ${kind}` },
    ),
    refused: fc.array(fc.record({ line: fc.nat(LINES - 1), invoice: fc.nat(3), booked: fc.boolean() }), {
      maxLength: 3,
    }),
  })

  it('is each one line at most, never more of it than came, once on each invoice, and not what people let go of', () => {
    fc.assert(
      fc.property(world, ({ lines, rows, refused }) => {
        // A row of the billing system is one row, whoever asks about it.
        const same = new Map(rows.map((row) => [`${row.invoice} ${row.row}`, row]))
        const recorded = rows.map((row) => {
          const { amountMinor, currency } = same.get(`${row.invoice} ${row.row}`)!
          return recordedOf({ ...row, amountMinor, currency })
        })
        const all = lines.map((amountMinor, n) => lineOf(n, amountMinor))
        const refusals = new Map(
          Array.from({ length: LINES }, (_, n) => [
            txn(n),
            refused
              .filter((one) => one.line === n)
              .map((one) => ({ invoices: new Set([inv(one.invoice)]), booked: one.booked })),
          ]),
        )
        const plans = planRecorded(all, recorded, refusals)
        const parts = [...plans.values()].flatMap((plan) => plan.parts)
        const keys = parts.map((part) => `${part.invoiceId} ${part.paymentId}`)
        expect(new Set(keys).size).toBe(keys.length)
        for (const [id, plan] of plans) {
          const line = all.find((one) => one.id === id)!
          expect(plan.parts.length).toBeGreaterThan(0)
          expect(new Set(plan.parts.map((part) => part.invoiceId)).size).toBe(plan.parts.length)
          const own = plan.parts.filter((part) => part.currency === 'EUR')
          expect(own.reduce((sum, part) => sum + part.amountMinor, 0n) <= line.amountMinor).toBe(true)
          expect(plan.parts.every((part) => part.amountMinor > 0n && part.amountMinor <= part.paidMinor)).toBe(true)
          const letGo = refusals.get(id)!.filter((one) => one.booked)
          expect(plan.parts.some((part) => letGo.some((one) => one.invoices.has(part.invoiceId)))).toBe(false)
        }
        // Whoever asks first: the same.
        expect(planRecorded(all.toReversed(), recorded.toReversed(), refusals)).toEqual(
          new Map([...plans].toSorted(([one], [other]) => (one < other ? -1 : 1))),
        )
      }),
    )
  })
})
