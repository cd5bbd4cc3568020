import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyText } from '../../test/setup/any-text.ts'
import { KeyTable } from './key-table.ts'
import { TextMap } from './text-map.ts'

it('answers as a Map does, whatever the texts', () => {
  const key = fc.oneof(fc.constantFrom('', '__proto__', 'constructor'), anyText({ maxLength: 3 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat())), key, (pairs, other) => {
      const map = new TextMap<number>()
      for (const [text, value] of pairs) map.set(text, value)
      const expected = new Map(pairs)
      for (const text of [other, ...expected.keys()]) {
        expect(map.get(text)).toBe(expected.get(text))
        expect(map.has(text)).toBe(expected.has(text))
      }
      expect(map.values()).toEqual([...expected.values()])
    }),
  )
})

it('shares its keys with others that hold something under each of them', () => {
  const keys = new KeyTable()
  const [one, other] = [new TextMap<string>(keys), new TextMap<number>(keys)]
  for (const key of ['b', 'a', 'b', '__proto__']) {
    const number = keys.add(key)
    one.setAt(number, `of ${key}`)
    other.setAt(number, (other.at(number) ?? 0) + 1)
  }
  expect([one.get('b'), one.get('__proto__'), one.get('c')]).toEqual(['of b', 'of __proto__', undefined])
  expect(other.values()).toEqual([2, 1, 1])
})
