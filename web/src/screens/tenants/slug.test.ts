import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slugOf } from './slug.ts'

describe('slugOf', () => {
  it('keeps what can be read', () => {
    expect(slugOf('Fjordlicht Hosting GmbH')).toBe('fjordlicht-hosting-gmbh')
    expect(slugOf('  Straße & Søhne, Łódź ')).toBe('strasse-sohne-lodz')
  })
  it('is what the API takes, or nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point)) }),
        (name) => {
          expect(slugOf(name)).toMatch(/^$|^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
        },
      ),
    )
  })
})
