import { describe, expect, it } from 'vitest'
import { indexReferences } from './reference-index.ts'
import { findMentions, standsAlone } from './references.ts'
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

const others = indexReferences(
  [
    'FV 736/07/2026',
    '26-0123',
    '20251202220',
    '2026081433',
    '5068-04',
    '1371-01',
    '02828-A',
    'NF E26/1042',
    'W45B2',
  ].map((number) => ({
    id: `id of ${number}`,
    number,
  })),
)

/** What stands on its own as a number. */
function plainlyNamed(text: string): string[] {
  const { mentions } = findMentions(others, fold(text), [], 0)
  return mentions.filter((one) => standsAlone(one, false)).map((one) => one.invoiceId.slice(6))
}

describe('numbers that look like something else', () => {
  it.each([
    ['a month in it', 'FV 736/07/2026', ['FV 736/07/2026']],
    ['a month is still a month', 'hosting 07/2026', []],
    ['as long as a number of the bank', 'faktura 20251202220', ['20251202220']],
    ['a number of the bank', 'kenmerk 20251202221', []],
    ['with its marks it is whole, whatever stands before it', 'sask 26-0123', ['26-0123']],
    ['without its marks it is not', 'sask 260123', []],
    ['a word that is said of accounts elsewhere', 'xx nr 5068-04', ['5068-04']],
    ['glued to a word of any language', 'HESHBON2026081433', ['2026081433']],
    ['the Belgian communication', '+++202/6081/43344+++', ['2026081433']],
    ['its check digits are wrong', '+++202/6081/43345+++', []],
    ['the Danish inpayment form, glued to a name', '+71<000000001371012ADA BROOK', ['1371-01']],
    ['letters behind it, without their mark', '02828A, 4711', ['02828-A']],
    ['behind a code of the bank', 'SCT IN TXN 72084872 20251202220', ['20251202220']],
    ['few digits with letters among them', 'fattura 452', []],
    ['its letters in one', 'NFE261042', ['NF E26/1042']],
    ['an account before it', 'LT972559851490136209 5068-04', ['5068-04']],
    ['the creditor reference', 'RF772026081433', ['2026081433']],
  ])('%s', (_story, text, expected) => {
    expect(plainlyNamed(text)).toEqual(expected)
  })

  it('reads a padded reference with a check digit for what it may hold', () => {
    expect(findMentions(others, '00010421', [], 0).loose[0]?.payloads).toContain('1042')
  })
})

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
