import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prettyJson } from './code.tsx'

describe('prettyJson', () => {
  it('indents as JSON does, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 3), (text, spaces) => {
        const value: unknown = JSON.parse(text)
        expect(prettyJson(JSON.stringify(value, null, spaces))).toBe(JSON.stringify(value, null, 2))
      }),
    )
  })
  it('keeps every digit', () => {
    expect(prettyJson('{"amount":12345678901234567890.10}')).toBe('{\n  "amount": 12345678901234567890.10\n}')
  })
  it('leaves what is no JSON', () => {
    expect(prettyJson('<html>{')).toBe('<html>{')
  })
})
