import { describe, expect, it } from 'vitest'
import { creditorPayload, payloadsOf } from './check-digits.ts'

describe('payloadsOf', () => {
  it.each([
    ['Luhn, as in the KID and the CRN', '2345676', '234567'],
    ['modulus 11 of the KID', '12345678903', '1234567890'],
    ['7-3-1 of the Finnish viite', '12344', '1234'],
    ['the Swiss QR reference, padded', '210000000003139471430009017', '21000000000313947143000901'],
    ['the Swedish OCR with its length', '1234567806', '12345678'],
    ['the Belgian communication', '202608143344', '2026081433'],
    ['padding', '000000001371012', '137101'],
  ])('%s', (_story, digits, payload) => {
    expect(payloadsOf(digits)).toContain(payload)
  })

  it('finds nothing where no check digit agrees', () => {
    expect(payloadsOf('1234562')).toEqual([])
  })
})

describe('creditorPayload', () => {
  it('takes the number out of a creditor reference', () => {
    expect(creditorPayload('RF18539007547034')).toBe('539007547034')
    expect(creditorPayload('RF19539007547034')).toBeNull()
  })
})
