import { describe, expect, it } from 'vitest'
import {
  defaultPolicy,
  type MatchInvoice,
  type MatchTransaction,
  matchAll,
  type PastDecision,
  prepare,
} from './index.ts'
import { weights as shipped } from './weights.ts'

/** Payers of this tenant write the plain number among other words and are never called as the client is. */
const invoiceOf = (at: number, status: MatchInvoice['status']): MatchInvoice => ({
  id: String(50_000 + at),
  number: '',
  totalMinor: BigInt(1_000 + at * 7),
  balanceMinor: status === 'paid' ? 0n : BigInt(1_000 + at * 7),
  currency: 'EUR',
  date: '2026-05-01',
  dueDate: '2026-05-15',
  status,
  client: { id: `c${at}`, name: `Firma ${String.fromCodePoint(65 + (at % 26))}${at}x`, company: '', email: '' },
  items: [{ description: 'Hosting' }],
  payments: [],
  collects: [],
})
const lineOf = (at: number): MatchTransaction => ({
  id: `t${at}`,
  amountMinor: BigInt(1_000 + at * 7),
  currency: 'EUR',
  direction: 'credit',
  date: '2026-05-12',
  reference: `bitte danke ${50_000 + at} gruss`,
  description: '',
  counterparty: { name: `Zahler Meinrad ${at}`, iban: null },
})
const decisionsOf = (count: number): PastDecision[] =>
  Array.from({ length: count }, (_, at) => ({
    transaction: lineOf(at),
    invoiceIds: [String(50_000 + at)],
    accepted: true,
  }))
const open = invoiceOf(900, 'unpaid')
const bookOf = (count: number): MatchInvoice[] => [
  open,
  ...Array.from({ length: count }, (_, at) => invoiceOf(at, 'paid')),
]

describe('weights of a tenant', () => {
  it('are those of all where too little was decided', () => {
    expect(prepare(bookOf(99), decisionsOf(99)).weights).toBe(shipped)
  })

  it('learn how the payers of a tenant write, and make the next line surer', () => {
    const { weights } = prepare(bookOf(300), decisionsOf(300))
    expect(weights['number.digits.nothing']).toBeGreaterThan(shipped['number.digits.nothing'] + 0.05)
    expect(weights.prior).toBe(shipped.prior)
    const confidenceAfter = (count: number): number =>
      matchAll({
        transactions: [lineOf(900)],
        invoices: bookOf(300),
        history: decisionsOf(count),
        policy: defaultPolicy,
      })[0]!.best!.confidence
    expect(confidenceAfter(300)).toBeGreaterThan(confidenceAfter(0))
  })

  it('do not depend on the order of the decisions', () => {
    const decisions = decisionsOf(150)
    expect(prepare(bookOf(150), decisions.toReversed()).weights).toEqual(prepare(bookOf(150), decisions).weights)
  })
})
