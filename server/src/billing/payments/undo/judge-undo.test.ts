import { array, assert, bigInt, boolean, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BilledLedger, LedgerRow } from '../../billing-system.ts'
import { beforeOf, judgeUndo, type UndoFacts, type UndoIntent } from './judge-undo.ts'

const INTENT: UndoIntent = {
  transid: 'PYM-OUT',
  undoes: 'PYM-IN',
  declared: false,
  invoiceExternalId: '1050',
  invoiceNumber: 'INV-1050',
  amountMinor: 10_000n,
  currency: 'EUR',
  step: null,
  sends: 0,
  settled: true,
  answered: null,
  refusals: {},
  surplusMinor: null,
  totalMinor: null,
  owedMinor: null,
  overruledIds: [],
}

const row = (id: number, transid: string, amountMinor: bigint): LedgerRow => ({
  externalId: String(id),
  invoiceExternalId: '1050',
  transid,
  amountMinor,
  paidOn: '2025-04-10',
  gateway: 'banktransfer',
  refunds: null,
})

const ledgerOf = (totalMinor: bigint, rows: LedgerRow[]): BilledLedger => {
  const balanceMinor = rows.reduce((open, one) => open - one.amountMinor, totalMinor)
  return {
    invoice: {
      externalId: '1050',
      number: 'INV-1050',
      status: balanceMinor > 0n ? 'unpaid' : 'paid',
      totalMinor,
      balanceMinor,
      issuedOn: null,
      dueOn: null,
      items: [],
      collects: [],
      payments: rows,
    },
    clientExternalId: '7',
    rows,
    addsFunds: false,
  }
}

const factsOf = (ledger: BilledLedger): UndoFacts => ({
  paid: [],
  out: [],
  ledger,
  known: new Set(),
  credit: undefined,
})

const amounts = bigInt({ min: 1n, max: 30_000n })
/** Payments of others before ours, between ours and the money out, and after that. */
const books = tuple(
  amounts,
  amounts,
  array(amounts, { maxLength: 3 }),
  array(amounts, { maxLength: 3 }),
  array(amounts, { maxLength: 3 }),
)

describe('what had become credit', () => {
  it('is the same before and after the money went out, whatever others pay meanwhile, and never more than the payment', () => {
    assert(
      property(books, ([totalMinor, amountMinor, first, then, later]) => {
        const others = (prefix: string, from: number, sums: bigint[]) =>
          sums.map((sum, n) => row(from + n, `${prefix}-${n}`, sum))
        const before = [...others('a', 1, first), row(10, 'PYM-IN', amountMinor), ...others('b', 20, then)]
        const out = row(30, 'PYM-OUT', -amountMinor)
        const intent = { amountMinor, surplusMinor: null }
        const { surplusMinor } = beforeOf(ledgerOf(totalMinor, before), intent)
        const after = ledgerOf(totalMinor, [...before, out, ...others('c', 40, later)])
        expect(beforeOf(after, intent, out).surplusMinor).toBe(surplusMinor)
        expect(surplusMinor >= 0n && surplusMinor <= amountMinor).toBe(true)
        // Without our payment the invoice would have been overpaid by so much less.
        const over = (rows: LedgerRow[]): bigint => {
          const { balanceMinor } = ledgerOf(totalMinor, rows).invoice
          return balanceMinor < 0n ? -balanceMinor : 0n
        }
        expect(surplusMinor).toBe(over(before) - over(before.filter((one) => one.transid !== 'PYM-IN')))
      }),
    )
  })
})

describe('the verdict', () => {
  it('money never goes out twice, nor while a send may still commit', () => {
    assert(
      property(tuple(boolean(), boolean()), ([settled, there]) => {
        const rows = [row(1, 'PYM-IN', 10_000n), ...(there ? [row(2, 'PYM-OUT', -10_000n)] : [])]
        const verdict = judgeUndo({ ...INTENT, step: 'money', sends: 1, settled }, factsOf(ledgerOf(10_000n, rows)))
        const sends = verdict.do === 'write' && verdict.step === 'money'
        expect(sends).toBe(settled && !there)
      }),
    )
  })

  it('what was given back before our payment came is none of its business', () => {
    const rows = [row(1, 'card', 500n), row(2, 'refund', -500n), row(3, 'PYM-IN', 10_000n)]
    expect(judgeUndo(INTENT, factsOf(ledgerOf(10_000n, rows)))).toMatchObject({ do: 'write', step: 'money' })
    const later = [row(1, 'card', 500n), row(3, 'PYM-IN', 10_000n), row(4, 'refund', -500n)]
    expect(judgeUndo(INTENT, factsOf(ledgerOf(10_000n, later)))).toMatchObject({
      code: 'returned_already',
      foreign: ['4'],
    })
    const known = { ...factsOf(ledgerOf(10_000n, later)), known: new Set(['refund']) }
    expect(judgeUndo(INTENT, known)).toMatchObject({ do: 'write' })
  })

  it('the payment vanished after the money went out, and a balance that does not return, are told', () => {
    const gone = ledgerOf(10_000n, [row(2, 'PYM-OUT', -10_000n)])
    expect(judgeUndo(INTENT, factsOf(gone))).toMatchObject({ do: 'person', code: 'incomplete', taken: true })
    const both = ledgerOf(10_000n, [row(1, 'PYM-IN', 10_000n), row(2, 'PYM-OUT', -10_000n)])
    const seen = { surplusMinor: 0n, totalMinor: 10_000n }
    expect(judgeUndo({ ...INTENT, ...seen, owedMinor: 10_000n }, factsOf(both))).toMatchObject({ do: 'done' })
    expect(judgeUndo({ ...INTENT, ...seen, owedMinor: 9_000n }, factsOf(both))).toMatchObject({
      do: 'person',
      remaining: [expect.stringMatching(/balance of invoice INV-1050/)],
    })
    // The total was changed meanwhile: that says nothing about the payment.
    expect(judgeUndo({ ...INTENT, ...seen, totalMinor: 9_000n, owedMinor: 9_000n }, factsOf(both))).toMatchObject({
      do: 'done',
    })
  })
})
