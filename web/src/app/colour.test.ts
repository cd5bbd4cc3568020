import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contrastOf, readableOn } from './colour.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('contrastOf', () => {
  it('is 21 between black and white and 1 between equals', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrastOf('#1f6f5c', '#1f6f5c')).toBe(1)
  })
  it('is the same either way, and nothing for what is no colour', () => {
    fc.assert(
      fc.property(colour, colour, (one, other) => {
        expect(contrastOf(one, other)).toBe(contrastOf(other, one))
      }),
    )
    expect(contrastOf('green', '#ffffff')).toBeUndefined()
  })
})

describe('readableOn', () => {
  it('is readable on every colour', () => {
    fc.assert(
      fc.property(colour, (ground) => {
        expect(contrastOf(ground, readableOn(ground))).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })
})
