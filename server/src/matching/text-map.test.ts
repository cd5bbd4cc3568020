import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyText } from '../../test/setup/any-text.ts'
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
