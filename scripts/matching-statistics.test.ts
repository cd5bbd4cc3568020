import { describe, expect, it } from 'vitest'
import { splitBooks } from './matching-split.ts'
import { calibrationError, lowerBound } from './matching-statistics.ts'

describe('figures', () => {
  it('gives the one-sided bound of Clopper and Pearson', () => {
    // No failure in n trials: the bound is 0.05 to the power 1/n.
    expect(lowerBound(100, 100)).toBeCloseTo(0.05 ** (1 / 100), 6)
    expect(lowerBound(0, 0)).toBe(0)
    // 95 of 100, from published tables: 0.8977.
    expect(lowerBound(95, 100)).toBeCloseTo(0.8977, 3)
  })

  it('measures how far confidences are from what happened', () => {
    const sure = Array.from({ length: 100 }, (_, n) => ({ confidence: 0.9, right: n < 90 }))
    expect(calibrationError(sure, 1)).toBeCloseTo(0, 9)
    expect(
      calibrationError(
        sure.map((one) => ({ ...one, right: true })),
        1,
      ),
    ).toBeCloseTo(0.1, 9)
  })
})

describe('the split of the books', () => {
  const books = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name: `set/${name}`, size: name < 'e' ? 'solo' : 'large' }))

  it('gives both parts every size, and the lines of a single book in turn', () => {
    const partOf = splitBooks(books)
    const parts = books.slice(0, 4).map(({ name }) => partOf(name, 'x'))
    expect(parts.filter((part) => part === 'development')).toHaveLength(2)
    const lines = Array.from({ length: 200 }, (_, n) => partOf('set/e', `line-${n}`))
    expect(new Set(lines).size).toBe(2)
    // The order in which the books come does not matter.
    expect(books.map(({ name }) => splitBooks(books.toReversed())(name, 'x'))).toEqual(
      books.map(({ name }) => partOf(name, 'x')),
    )
  })
})
