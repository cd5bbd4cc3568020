import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultPolicy,
  type MatchInvoice,
  type MatchTransaction,
  matchAll,
  matchWith,
  openRun,
  prepare,
  settle,
  type Verdict,
} from './index.ts'

/** Small worlds in which names, numbers and amounts collide often. */
const clients = ['Ada Brook Ltd', 'Anna Schmidt', 'Anna Schmidt-Braun', 'Marlow Hosting Co', 'Becker & Söhne GmbH']
const amounts = [1_000n, 2_000n, 3_000n, 4_900n, 4_950n]
const days = ['2026-07-20', '2026-08-01', '2026-08-14', '2026-08-15', '2026-09-02']

const invoiceOf = fc.record({
  client: fc.nat(clients.length - 1),
  amount: fc.constantFrom(...amounts),
  currency: fc.constantFrom('EUR', 'EUR', 'USD'),
  date: fc.constantFrom(...days),
  status: fc.constantFrom(
    'unpaid' as const,
    'unpaid' as const,
    'unpaid' as const,
    'paid' as const,
    'collections' as const,
  ),
  item: fc.constantFrom(
    'Web hosting (01/08/2026 - 31/08/2026)',
    'Web hosting (01/09/2026 - 30/09/2026)',
    'Domain ada.example',
  ),
  collects: fc.constantFrom(false, false, false, true),
})
const transactionOf = fc.record({
  payer: fc.nat(clients.length),
  amount: fc.constantFrom(...amounts, 6_000n, 100n),
  currency: fc.constantFrom('EUR', 'EUR', 'USD'),
  direction: fc.constantFrom('credit' as const, 'credit' as const, 'credit' as const, 'debit' as const),
  date: fc.constantFrom(...days),
  names: fc.array(fc.nat(7), { maxLength: 3 }),
  words: fc.constantFrom('', 'INVOICE', 'hosting august 2026', 'refund'),
})

const world = fc
  .record({ invoices: fc.array(invoiceOf, { maxLength: 8 }), transactions: fc.array(transactionOf, { maxLength: 8 }) })
  .map(({ invoices, transactions }) => {
    const number = (at: number): string => `INV-${100 + at}`
    return {
      invoices: invoices.map(
        ({ client, amount, currency, date, status, item, collects }, at): MatchInvoice => ({
          id: String(500 + at),
          number: number(at),
          totalMinor: amount,
          balanceMinor: status === 'paid' ? 0n : amount,
          currency,
          date,
          dueDate: date,
          status,
          client: { id: `c${client}`, name: clients[client] ?? '', company: '', email: '' },
          items: [{ description: item }],
          payments: [],
          collects: collects && at > 1 ? ['500', '501'] : [],
        }),
      ),
      transactions: transactions.map(
        ({ payer, amount, currency, direction, date, names, words }, at): MatchTransaction => ({
          id: `t${at}`,
          amountMinor: amount,
          currency,
          direction,
          date,
          reference: '',
          description: `${words} ${names.map(number).join(', ')}`,
          counterparty: { name: clients[payer] ?? '', iban: null },
        }),
      ),
      history: [],
      policy: { ...defaultPolicy, acrossCurrencies: true },
    }
  })

const plain = (verdicts: Verdict[]): string =>
  JSON.stringify(verdicts, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
const proposals = (verdict: Verdict) => [...(verdict.best ? [verdict.best] : []), ...verdict.alternatives]

describe('matchAll', () => {
  it('gives the same bytes for the same facts', () => {
    fc.assert(
      fc.property(world, (input) => plain(matchAll(input)) === plain(matchAll(input))),
      { numRuns: 60 },
    )
  })

  it('does not depend on the order of lines and invoices', () => {
    const shuffled = world.chain((input) =>
      fc.record({
        input: fc.constant(input),
        transactions: fc.shuffledSubarray(input.transactions, { minLength: input.transactions.length }),
        invoices: fc.shuffledSubarray(input.invoices, { minLength: input.invoices.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ input, transactions, invoices }) => {
        const byId = (verdicts: Verdict[]): Verdict[] =>
          [...verdicts].sort((a, b) => (a.transactionId < b.transactionId ? -1 : 1))
        expect(plain(byId(matchAll({ ...input, transactions, invoices })))).toBe(plain(byId(matchAll(input))))
      }),
      { numRuns: 80 },
    )
  })

  it('never gives away more than a line brought or an invoice owes, and nothing on debits', () => {
    fc.assert(
      fc.property(world, (input) => {
        const taken = new Map<string, bigint>()
        matchAll(input).forEach((verdict, at) => {
          const transaction = input.transactions[at]
          expect(verdict.transactionId).toBe(transaction?.id)
          if (transaction?.direction === 'debit')
            expect([verdict.decision, proposals(verdict).length]).toEqual(['none', 0])
          for (const proposal of proposals(verdict)) {
            const sameCurrency = proposal.allocations.filter((one) => one.currency === transaction?.currency)
            const sum = sameCurrency.reduce((total, one) => total + one.amountMinor, 0n)
            expect(sum <= (transaction?.amountMinor ?? 0n)).toBe(true)
            for (const { invoiceId, amountMinor } of proposal.allocations) {
              const balance = input.invoices.find((invoice) => invoice.id === invoiceId)?.balanceMinor ?? 0n
              expect(amountMinor > 0n && amountMinor <= balance).toBe(true)
            }
          }
          if (verdict.decision !== 'auto') return
          for (const { invoiceId, amountMinor } of verdict.best?.allocations ?? [])
            taken.set(invoiceId, (taken.get(invoiceId) ?? 0n) + amountMinor)
        })
        for (const invoice of input.invoices) expect((taken.get(invoice.id) ?? 0n) <= invoice.balanceMinor).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('explains every confidence by the sum of its reasons', () => {
    fc.assert(
      fc.property(world, (input) => {
        for (const proposal of matchAll(input).flatMap(proposals)) {
          const logOdds = proposal.reasons.reduce((sum, reason) => sum + reason.weight, 0)
          const expected = Math.min(0.9999, Math.max(0.0001, 1 / (1 + Math.exp(-logOdds))))
          expect(Math.abs(expected - proposal.confidence)).toBeLessThan(0.0002)
          expect(proposal.confidence).toBe(Number(proposal.confidence.toFixed(4)))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('applies only what is above the threshold and not withheld', () => {
    fc.assert(
      fc.property(world, (input) => {
        for (const verdict of matchAll(input)) {
          if (verdict.decision !== 'auto') continue
          expect(verdict.withheld).toEqual([])
          expect(verdict.best?.confidence).toBeGreaterThanOrEqual(input.policy.autoThreshold)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('decides what it leaves as it was just as it would decide it anew', () => {
    fc.assert(
      fc.property(world, ({ invoices, transactions, policy }) => {
        const decided = (again: boolean): string[] => {
          const run = openRun(prepare(invoices, []), transactions, policy)
          const ledger = again ? { ...run.ledger, hasChanged: () => true } : run.ledger
          const kept = settle({ ...run, ledger }, (transaction, { decision, best }) => {
            const paid = decision === 'auto' ? (best?.allocations ?? []) : []
            return [transaction.id, decision, ...paid.map((one) => `${one.invoiceId} ${one.amountMinor}`)].join(' ')
          })
          return [...kept.values()].sort()
        }
        expect(decided(false)).toEqual(decided(true))
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads many lines against one prepared book', () => {
    fc.assert(
      fc.property(world, (input) => {
        const book = prepare(input.invoices, input.history)
        matchWith(book, input.transactions, input.policy)
        expect(plain(matchWith(book, input.transactions, input.policy))).toBe(plain(matchAll(input)))
      }),
      { numRuns: 30 },
    )
  })
})
