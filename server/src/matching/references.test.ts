import { describe, expect, it } from 'vitest'
import { indexReferences } from './reference-index.ts'
import { findMentions } from './references.ts'
import { fold } from './text.ts'

const index = indexReferences(
  ['INV-1001', 'INV-100', '2025-0153', 'RE2025/17', '260300040', '4711', 'F2024/0056'].map((number) => ({
    id: `id of ${number}`,
    number,
  })),
)

function named(text: string): string[] {
  const { mentions } = findMentions(index, fold(text), [], 0)
  return mentions.filter((mention) => mention.coverage !== 'tail').map((mention) => mention.invoiceId.slice(6))
}

describe('findMentions', () => {
  it.each([
    ['INV-1001 MARLOW', ['INV-1001']],
    ['inv 1001', ['INV-1001']],
    ['INV1001', ['INV-1001']],
    ['RECHNUNGSNR.INV-1001', ['INV-1001']],
    ['INV-10010', []],
    ['INV-100', ['INV-100']],
    ['INV-1001, INV-100', ['INV-1001', 'INV-100']],
    ['0260300040', ['260300040']],
    ['2603000400', []],
    ['Rg. 2025-0153 vom 01.08.2025', ['2025-0153']],
    ['20250153', ['2025-0153']],
    ['2025/153', ['2025-0153']],
    ['2025 0153', ['2025-0153']],
    ['202 5-01 53', ['2025-0153']],
    ['RE 2025/17', ['RE2025/17']],
    ['F2024/0056', ['F2024/0056']],
    ['Rechnung Nr. 4711', ['4711']],
    ['Kundennr. 4711', []],
    ['Bestellung 4711', []],
    ['TEL 0171 4711', []],
    ['DE12 4711 4711 4711 4711 00', []],
    ['4711.00 EUR', []],
    ['147110', []],
    ['A4711B', []],
    ['INV-1OO1', ['INV-1001']],
    ['F2O24/OO56', ['F2024/0056']],
    ['2025-Ol53', ['2025-0153']],
    ['OIL 10L', []],
    ['471l0', []],
    ['4711EUR', []],
    ['47,11-EUR', []],
    ['47,11EURCADEAU', []],
    ['2.603.000,40 for you', []],
    ['18.09.4711NETTSIDE', []],
  ])('%s', (text, expected) => {
    expect(named(text)).toEqual(expected)
  })

  it('tells a number that is announced from one that merely stands there', () => {
    const announced = (text: string): string | undefined =>
      findMentions(index, fold(text), [], 0).mentions[0]?.announced
    expect(announced('FACTUUR 4711')).toBe('invoice')
    expect(announced('4711')).toBe('alone')
    expect(announced('HAUS AM SEE 4711')).toBe('nothing')
  })
})
