import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultPolicy, type MatchInvoice, matchAll, type MatchTransaction } from './index.ts'
import { assignPairs } from './sparse-assignment.ts'

/** Two copies of each payment: the memo as sent stands on the invoice, as received on the line. */
const invoice = (id: string, memo: string, amountMinor: bigint, date: string): MatchInvoice => ({
  id,
  number: '',
  totalMinor: amountMinor,
  balanceMinor: amountMinor,
  currency: 'GBP',
  date,
  dueDate: date,
  status: 'unpaid',
  client: { id: `c${id}`, name: memo, company: '', email: '' },
  items: [{ description: memo }],
  payments: [],
  collects: [],
})
const line = (id: string, memo: string, amountMinor: bigint, date: string): MatchTransaction => ({
  id,
  amountMinor,
  currency: 'GBP',
  direction: 'credit',
  date,
  reference: '',
  description: memo,
  counterparty: { name: memo, iban: null },
})
const names = ['J WATT', 'C HUMANN', 'PEDRO C G', 'ANNE H', 'P CARTERET', 'L CAGNOLA', 'MARIE S', 'T N S']

describe('books of memos', () => {
  const invoices = names.map((name, n) =>
    invoice(`${9000 + n}`, `${name} donation BG`, BigInt(10_000 + 731 * n), '2026-03-01'),
  )

  it('pairs what begins alike, is near in amount and came a few days later', () => {
    const lines = names.map((name, n) => line(`t${n}`, `${name} BGC`, BigInt(10_050 + 731 * n), '2026-03-03'))
    const verdicts = matchAll({ transactions: lines, invoices, history: [], policy: defaultPolicy })
    expect(verdicts.map(({ best }) => best?.allocations[0]?.invoiceId)).toEqual(invoices.map(({ id }) => id))
    // Another amount is for a person, and never more is given than is owed.
    expect(verdicts.map(({ decision }) => decision)).toEqual(names.map(() => 'review'))
    expect(verdicts[0]?.best?.allocations[0]?.amountMinor).toBe(10_000n)
    expect(verdicts[0]?.withheld.map(({ code }) => code)).toEqual(['veto_amount_differs'])
  })

  it('applies the very amount, once, and explains it by weights that add up', () => {
    const first = line('t1', 'PEDRO C G', 11_462n, '2026-03-02')
    const verdicts = matchAll({
      transactions: [first, line('t2', 'PEDRO C G', 11_462n, '2026-03-04')],
      invoices,
      history: [],
      policy: { ...defaultPolicy, autoThreshold: 0.5 },
    })
    expect(verdicts.filter(({ decision }) => decision === 'auto').length).toBeLessThanOrEqual(1)
    for (const { best } of verdicts) {
      if (best === null) continue
      const sum = best.reasons.reduce((total, { weight }) => total + weight, 0)
      expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(best.confidence, 3)
    }
  })
})

describe('assignment', () => {
  const edges = fc.uniqueArray(
    fc.record({ line: fc.nat(5), invoice: fc.nat(5), worth: fc.integer({ min: 1, max: 20 }) }),
    { selector: ({ line: one, invoice: other }) => `${one} ${other}`, maxLength: 14 },
  )

  it('gives each line and each invoice once, and no other way is worth more', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const { chosen } = assignPairs(6, 6, list)
        const taken = chosen.flatMap((edge) => edge ?? [])
        expect(new Set(taken.map((edge) => edge.invoice)).size).toBe(taken.length)
        const worth = taken.reduce((sum, edge) => sum + edge.worth, 0)
        // Every way there is, one line after the other.
        const best = (at: number, used: number): number =>
          at === 6
            ? 0
            : Math.max(
                best(at + 1, used),
                ...list
                  .filter((edge) => edge.line === at && (used & (1 << edge.invoice)) === 0)
                  .map((edge) => edge.worth + best(at + 1, used | (1 << edge.invoice))),
              )
        expect(worth).toBeGreaterThan(best(0, 0) - 0.5)
      }),
    )
  })
})
