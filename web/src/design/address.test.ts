import { describe, expect, it } from 'vitest'
import { compact, readAmount, readDay, readId, readOneOf, readText } from './address.ts'

describe('what an address holds', () => {
  it('takes what it is asked for', () => {
    expect(readText('north')).toBe('north')
    expect(readText(4711)).toBe('4711')
    expect(readDay('2025-04-10')).toBe('2025-04-10')
    expect(readAmount('1250.00')).toBe('1250.00')
    expect(readAmount(100)).toBe('100')
    expect(readId('acc_01jrfzq4v8m2k9d7t5x3w1c0ab', 'acc', 'strc')).toBe('acc_01jrfzq4v8m2k9d7t5x3w1c0ab')
    expect(readOneOf('credit', ['credit', 'debit'])).toBe('credit')
  })
  it('leaves out everything else', () => {
    expect(readText('')).toBeUndefined()
    expect(readText({ a: 1 })).toBeUndefined()
    expect(readDay('2025-13-40')).toBeUndefined()
    expect(readDay('10.4.2025')).toBeUndefined()
    expect(readAmount('-5')).toBeUndefined()
    expect(readAmount('1e9')).toBeUndefined()
    expect(readId('inv_01jrfzq4v8m2k9d7t5x3w1c0ab', 'acc')).toBeUndefined()
    expect(readId('acc_../../x', 'acc')).toBeUndefined()
    expect(readOneOf('sideways', ['credit', 'debit'])).toBeUndefined()
  })
  it('keeps only what was chosen', () => {
    expect(compact({ q: '', state: undefined, source: 'bank' })).toEqual({ source: 'bank' })
  })
})
