import anyAscii from 'any-ascii'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from '../../test/setup/any-text.ts'
import { fold, soundKey } from './text.ts'

/** The rule of sound keys, step by step, whatever the word holds. */
const bySteps = (folded: string): string =>
  folded
    .replace(/[AOU]E/g, (pair) => pair.charAt(0))
    .replace(/([A-Z])\1/g, '$1')
    .replace(/TSCH|TCH|TSH|CZ/g, 'CH')
    .replace(/SCH|SZ/g, 'SH')
    .replace(/KH/g, 'H')
    .replace(/[YJ]/g, 'I')
    .replace(/W/g, 'V')
    .replace(/PH/g, 'F')
    .replace(/II/g, 'I')

test('steps that a word needs not are left out without a difference', () => {
  const word = fc.string({ unit: fc.constantFrom(...'AEOUTSCHZKYJWPFIB12'), maxLength: 12 })
  fc.assert(
    fc.property(word, (text) => {
      expect(soundKey(text)).toBe(bySteps(text))
    }),
    { numRuns: 5_000 },
  )
})

test('one key for the ways a name is written', () => {
  expect([...new Set(['MULLER', 'MUELLER', 'MULER'].map(soundKey))]).toEqual(['MULER'])
  expect(soundKey('SCHMITT')).toBe('SHMIT')
})

test('every text is folded to plain capitals', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(fold(text)).toBe(anyAscii(text).toUpperCase())
    }),
  )
  expect(fold('Müller & Söhne Łódź')).toBe('MULLER & SOHNE LODZ')
})
