import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { qrOf } from './matrix.ts'

/** Read back by another decoder (jsQR) when it was written, as were texts of all lengths up to 660 bytes. */
const PAYYMO = [
  '#######.....#.#######',
  '#.....#.##.##.#.....#',
  '#.###.#...##..#.###.#',
  '#.###.#....#..#.###.#',
  '#.###.#.##.##.#.###.#',
  '#.....#....#..#.....#',
  '#######.#.#.#.#######',
  '.........##..........',
  '#.#.#.#..#..#...#..#.',
  '##.##..#.###.#.#.#.#.',
  '.#######.#.#.###.####',
  '.....#.###.###.##..#.',
  '####..###.##.###.##.#',
  '........#.#...##.##..',
  '#######..##.#...#####',
  '#.....#...#...#.#..##',
  '#.###.#.##..#.##.####',
  '#.###.#....#.#.#.###.',
  '#.###.#.#.##.######.#',
  '#.....#..#.###.....#.',
  '#######.##.#.###..###',
]

describe('qrOf', () => {
  it('draws a known code', () => {
    expect(qrOf('PAYYMO')?.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))).toEqual(PAYYMO)
  })
  it('is a square of a size of the standard, with its three corners, whatever the text', () => {
    const corner = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 120 }), (text) => {
        const rows = qrOf(text)!
        const size = rows.length
        expect((size - 17) % 4).toBe(0)
        expect(rows.every((row) => row.length === size)).toBe(true)
        for (const [x, y] of [
          [0, 0],
          [size - 7, 0],
          [0, size - 7],
        ] as const) {
          const seen = rows.slice(y, y + 7).map((row) =>
            row
              .slice(x, x + 7)
              .map((dark) => (dark ? '#' : '.'))
              .join(''),
          )
          expect(seen).toEqual(corner)
        }
      }),
      { numRuns: 20 },
    )
  })
  it('grows with the text, up to an end', () => {
    expect(qrOf('x'.repeat(14))).toHaveLength(21)
    expect(qrOf('x'.repeat(15))).toHaveLength(25)
    expect(qrOf('x'.repeat(666))).toHaveLength(97)
    expect(qrOf('x'.repeat(667))).toBeUndefined()
  })
})
