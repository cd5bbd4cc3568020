import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../test/setup/any-text.ts'
import { knownWord, knownWords } from './known-words.ts'
import { fold, words } from './text.ts'

const textsOf = (text: string): string[] => knownWords(text).map((word) => word.text)

describe('knownWords', () => {
  it('cuts any text as words are cut', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (text) => {
        expect(textsOf(fold(text))).toEqual([...words(fold(text))])
      }),
    )
  })

  it('tells words apart that share a place, and forgets none while it is read', () => {
    const many = Array.from({ length: 3_000 }, (_, at) =>
      at.toString(26).replaceAll(/\d/g, (digit) => `Z${'ABCDEFGHIJ'[+digit]}`),
    )
    const text = many.join(' ').toUpperCase()
    expect(textsOf(text)).toEqual(text.split(' '))
    expect(textsOf(`${text} `)).toEqual(text.split(' '))
  })

  it('says what a word is by itself', () => {
    expect(knownWord('SEPTEMBERRECHNUNG')).toMatchObject({ month: 0, compoundMonth: 9, hasDigit: false })
    expect(knownWord('OKTOBER')).toMatchObject({ month: 10, otherPurpose: false })
    expect(knownWord('REFUND2024')).toMatchObject({ hasDigit: true, otherPurpose: true })
    expect(knownWord('GMBH')).toMatchObject({ sound: '' })
    expect(knownWord('00420')).toMatchObject({ sound: '00420', hasDigit: true })
  })
})
