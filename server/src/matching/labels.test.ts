import { describe, expect, it } from 'vitest'
import { codesOf, type KindOfCode, learnLabels } from './labels.ts'
import type { MatchTransaction } from './types.ts'

const line = (description: string, reference = ''): MatchTransaction => ({
  id: description,
  amountMinor: 100n,
  currency: 'EUR',
  direction: 'credit',
  date: '2026-08-14',
  reference,
  description,
  counterparty: { name: '', iban: null },
})

/** Numbers of 7000 and more are paid invoices of ours, those below 2000 our clients. */
const kindOf: KindOfCode = (_line, codes, at) => {
  const number = Number(codes[at])
  return number >= 7000 && number < 8000 ? 'invoice' : number > 1000 && number < 2000 ? 'customer' : null
}

const many = (count: number, text: (at: number) => string, reference?: (at: number) => string): MatchTransaction[] =>
  Array.from({ length: count }, (_, at) => line(text(at), reference?.(at)))

describe('learnLabels', () => {
  it('learns behind which words the bank prints its own codes', () => {
    const labels = learnLabels(
      many(12, (at) => `Viesti kiitos Arkistointitunnus ${26_030_000 + at * 7919}`),
      kindOf,
    )
    expect(labels.bank.has('ARKISTOINTITUNNUS')).toBe(true)
    expect(codesOf(line('Viesti 4711 Arkistointitunnus 99887766'), labels)).toEqual(['99887766'])
  })

  it('learns which words payers announce our numbers with', () => {
    const labels = learnLabels(
      [...many(6, (at) => `nummerli ${7000 + at}`), ...many(6, (at) => `kundi nr ${1001 + at}`)],
      kindOf,
    )
    expect([...labels.invoice]).toEqual(['NUMMERLI'])
    expect([...labels.customer]).toEqual(['KUNDI'])
  })

  it('does not take for the bank’s what often is a number of ours', () => {
    const labels = learnLabels(
      many(40, (at) => `zahlung ${at % 8 === 0 ? 7000 + at : 100_000 + at * 313}`),
      kindOf,
    )
    expect(labels.bank.has('ZAHLUNG')).toBe(false)
  })

  it('knows the bank’s numbers in the reference by their shape', () => {
    const labels = learnLabels(
      many(
        12,
        () => 'thanks',
        (at) => `WX${20_738_022 + at * 991}`,
      ),
      kindOf,
    )
    expect(codesOf(line('thanks', 'AB12345678'), labels)).toEqual(['AB12345678'])
    expect(codesOf(line('thanks', '12345678'), labels)).toEqual([])
  })

  it('learns a word that an order or a telephone has for nothing of ours', () => {
    expect([
      ...learnLabels(
        many(9, (at) => `order ${7000 + at}`),
        kindOf,
      ).invoice,
    ]).toEqual([])
  })
})
