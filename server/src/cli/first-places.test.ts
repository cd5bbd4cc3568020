import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyText } from '../../test/setup/any-text.ts'
import { FirstPlaces } from './first-places.ts'

/** What the place of each text was when it came. */
const told = (texts: readonly string[]): number[] => {
  const places = new FirstPlaces()
  return texts.map((text) => places.knownPlace(text))
}

it('knows texts that came before, in any order', () => {
  const ids = fc.oneof(fc.nat(30).map(String), anyText({ maxLength: 2 }))
  fc.assert(
    fc.property(fc.array(ids, { maxLength: 60 }), fc.constantFrom('as they come', 'up', 'down'), (drawn, order) => {
      const texts = order === 'as they come' ? drawn : drawn.toSorted((one, other) => Number(one) - Number(other))
      if (order === 'down') texts.reverse()
      const different: string[] = []
      const expected = texts.map((text) => {
        const place = different.indexOf(text)
        if (place === -1) different.push(text)
        return place
      })
      expect(told(texts)).toEqual(expected)
    }),
  )
})

it.each([
  [
    ['8', '9', '10', '10', '9', '11'],
    [-1, -1, -1, 2, 1, -1],
  ],
  [
    ['3', '2', '1', '2', '0'],
    [-1, -1, -1, 1, -1],
  ],
  [
    ['__proto__', 'constructor', '__proto__', ''],
    [-1, -1, 0, -1],
  ],
])('of %j finds %j', (texts, places) => {
  expect(told(texts)).toEqual(places)
})
