import type { InvoiceMatch, MatchCandidates } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { proposalsOf, signOf } from './proposals.ts'

const allocations = (...ids: string[]) =>
  ids.map((id) => ({ invoice_id: id, invoice_number: id, client: null, amount: '10.00', currency: 'EUR' }))
const reading = (confidence: number, ...ids: string[]): MatchCandidates['candidates'][number] => ({
  allocations: allocations(...ids),
  confidence,
  score: 0.6,
  reasons: [{ code: 'prior', weight: -8, text: '' }],
})
const candidates = (...all: MatchCandidates['candidates']): MatchCandidates => ({
  transaction_id: 'txn_1',
  decision: 'review',
  candidates: all,
  withheld: [],
  ruled_out: [],
})
const match = (code: string, ...ids: string[]) =>
  ({
    id: 'match_1',
    confidence: 0.9,
    score: 0.9,
    reasons: [{ code, weight: 9, text: '' }],
    allocations: allocations(...ids).map(({ client: _client, ...one }) => one),
  }) as InvoiceMatch
const shown = (all: ReturnType<typeof proposalsOf>) =>
  all.map((one) => `${one.match ? 'match ' : ''}${one.allocations.map(({ invoice_id }) => invoice_id).join('+')}`)

describe('what can be chosen', () => {
  it('is the match that stands, then what else the engine reads, each once', () => {
    const all = proposalsOf(
      match('prior', 'b', 'a'),
      candidates(reading(0.9, 'a', 'b'), reading(0.4, 'a'), reading(0.1, 'c')),
    )
    expect(shown(all)).toEqual(['match b+a', 'a', 'c'])
  })
  it('is what the engine reads where no match stands, and nothing where it reads nothing', () => {
    expect(shown(proposalsOf(undefined, candidates(reading(0.4, 'a'), reading(0.2))))).toEqual(['a'])
    expect(proposalsOf(undefined, undefined)).toEqual([])
  })
  it('ends at nine, as the digits do', () => {
    const many = Array.from({ length: 12 }, (_, n) => reading(0.1, `i${n}`))
    expect(proposalsOf(match('prior', 'x'), candidates(...many))).toHaveLength(9)
  })
  it('of a match that a person put together is weighed as the engine weighs the same invoices', () => {
    const [first] = proposalsOf(match('decided_by_person', 'a'), candidates(reading(0.4, 'a')))
    expect(first).toMatchObject({ origin: 'person', confidence: 0.4, reasons: [{ code: 'prior' }] })
    const [alone] = proposalsOf(match('decided_by_person', 'a'), candidates())
    expect(alone).toMatchObject({ origin: 'person', confidence: 0.9, reasons: [{ code: 'decided_by_person' }] })
  })
})

describe('the sign of a proposal', () => {
  it('changes with the match, the invoices and the amounts, and with nothing else', () => {
    const [one] = proposalsOf(undefined, candidates(reading(0.4, 'a')))
    const [surer] = proposalsOf(undefined, candidates(reading(0.5, 'a')))
    const [other] = proposalsOf(undefined, candidates(reading(0.4, 'b')))
    expect(signOf(one!)).toBe(signOf(surer!))
    const more = { ...one!, allocations: one!.allocations.map((part) => ({ ...part, amount: '11.00' })) }
    const standing = proposalsOf(match('prior', 'a'), undefined)[0]!
    expect(new Set([one!, other!, more, standing].map(signOf)).size).toBe(4)
  })
})
