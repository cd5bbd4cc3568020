import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AppError } from './errors.ts'
import { canonicalJson, readJson } from './json.ts'

const fieldOf = (text: string): string | undefined => {
  try {
    readJson(text)
    return undefined
  } catch (error) {
    return (error as AppError).details[0]?.field
  }
}
const levels = (count: number) => '['.repeat(count) + ']'.repeat(count)
const list = (items: number) => `[${Array.from({ length: items }, () => 1).join()}]`
const object = (fields: number) => `{${Array.from({ length: fields }, (_, n) => `"k${n}":1`).join()}}`

describe('readJson', () => {
  it('reads whatever JSON there is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(!/__proto__|constructor|prototype|"(amount|total|balance|fee|net)"|\\u/.test(JSON.stringify(value)))
        fc.pre(!JSON.stringify(value).includes('-0'))
        expect(readJson(JSON.stringify(value))).toEqual(value)
      }),
    )
  })

  it('keeps amounts digit for digit', () => {
    expect(readJson('{"amount":9007199254740993.10,"fee":1E+2,"count":3}')).toEqual({
      amount: '9007199254740993.10',
      fee: '1E+2',
      count: 3,
    })
  })

  it.each([
    ['no JSON', '{"half":', 'body'],
    ['nothing', '', 'body'],
    ['33 levels', levels(33), 'body'],
    ['1,001 items', list(1_001), 'body'],
    ['1,001 fields', object(1_001), 'body'],
    ['more than 50,000 values', `[${Array.from({ length: 60 }, () => list(1_000)).join()}]`, 'body'],
    ['a key twice', '{"a":{"b":1,"b":2}}', 'b'],
    ['a key twice, once in escapes', '{"a":1,"\\u0061":2}', 'a'],
    ['__proto__', '{"x":[{"__proto__":1}]}', '__proto__'],
    ['__proto__ in escapes', '{"\\u005f_proto__":1}', '__proto__'],
    ['constructor', '{"constructor":1}', 'constructor'],
    ['prototype', '{"prototype":1}', 'prototype'],
    ['NUL', '{"note":"a\\u0000"}', 'note'],
    ['half a pair', '{"note":"\\ud83d"}', 'note'],
    ['half a pair in a key', '{"\\ud83d":1}', 'body'],
    ['a number beyond a double', '{"n":1e999}', 'n'],
  ])('refuses %s', (_, text, field) => {
    expect(fieldOf(text)).toBe(field)
  })

  it.each([
    ['32 levels', levels(32)],
    ['1,000 items', list(1_000)],
    ['1,000 fields', object(1_000)],
    ['brackets and commas in texts', `{"a":"${'[{,'.repeat(2_000)}","b":"\\\\","c":"\\""}`],
    ['the same key in two objects', '[{"a":1},{"a":1}]'],
    ['a whole pair', '{"note":"\\ud83d\\ude00"}'],
  ])('takes %s', (_, text) => {
    expect(fieldOf(text)).toBeUndefined()
  })
})

describe('canonicalJson', () => {
  it('is the same for the same content in any order', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 }), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(JSON.stringify(turned, null, 2))).toBe(canonicalJson(JSON.stringify(value)))
      }),
    )
  })

  it('differs by every digit, also where a double does not', () => {
    expect(canonicalJson('{"n":9007199254740993}')).not.toBe(canonicalJson('{"n":9007199254740992}'))
    expect(canonicalJson('[1,2]')).not.toBe(canonicalJson('[2,1]'))
  })
})
