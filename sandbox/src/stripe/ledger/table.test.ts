import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PageRequest, type Stored, Table } from './table.ts'

interface Row extends Stored {
  colour: string
}

/** Many rows share a second, as Stripe's do. */
const rowsOf = (steps: { wait: number; colour: string }[]): Row[] => {
  let created = 1000
  return steps.map(({ wait, colour }, n) => ({ id: `row_${n}`, created: (created += wait), colour }))
}

const tableOf = (rows: Row[]): Table<Row> => {
  const table = new Table<Row>({ colour: (row) => row.colour })
  for (const row of rows) table.add(row)
  return table
}

const steps = fc.array(fc.record({ wait: fc.nat(2), colour: fc.constantFrom('red', 'blue') }), { maxLength: 60 })
const limits = fc.integer({ min: 1, max: 7 })

/** All ids that a walk in one direction sees. */
function walk(table: Table<Row>, direction: 'after' | 'before', request: PageRequest<Row>, start?: string): string[] {
  const seen: string[] = []
  let cursor = start
  for (;;) {
    const page = table.page({ ...request, ...(cursor === undefined ? {} : { [direction]: cursor }) })!
    seen.push(...page.rows.map((row) => row.id))
    if (!page.hasMore) return seen
    cursor = direction === 'after' ? page.rows.at(-1)!.id : page.rows[0]!.id
  }
}

describe('a table', () => {
  it('shows each row once to any walk down, newest first', () => {
    fc.assert(
      fc.property(steps, limits, fc.constantFrom('red', undefined), (made, limit, colour) => {
        const rows = rowsOf(made)
        const under = colour === undefined ? undefined : { index: 'colour', value: colour }
        const wanted = rows.filter((row) => colour === undefined || row.colour === colour).toReversed()
        expect(walk(tableOf(rows), 'after', { limit, under })).toEqual(wanted.map((row) => row.id))
      }),
    )
  })

  it('shows each newer row once to any walk up from any row, page by page next to the cursor', () => {
    fc.assert(
      fc.property(steps, limits, fc.nat(), fc.constantFrom('red', undefined), (made, limit, at, colour) => {
        fc.pre(made.length > 0)
        const rows = rowsOf(made)
        const start = at % rows.length
        const under = colour === undefined ? undefined : { index: 'colour', value: colour }
        const seen = walk(tableOf(rows), 'before', { limit, under }, rows[start]!.id)
        const wanted = rows.slice(start + 1).filter((row) => colour === undefined || row.colour === colour)
        expect(seen.toSorted()).toEqual(wanted.map((row) => row.id).toSorted())
        const first = tableOf(rows).page({ limit, under, before: rows[start]!.id })!
        expect(first.rows.map((row) => row.id)).toEqual(
          wanted
            .slice(0, limit)
            .toReversed()
            .map((row) => row.id),
        )
        expect(first.hasMore).toBe(wanted.length > limit)
      }),
    )
  })

  it('keeps to bounds of time and to tests, like a plain filter of everything', () => {
    fc.assert(
      fc.property(steps, limits, fc.integer({ min: 990, max: 1130 }), fc.nat(60), (made, limit, from, span) => {
        const rows = rowsOf(made)
        const request = { limit, from, to: from + span, fits: (row: Row) => row.colour === 'blue' }
        const wanted = rows.filter((row) => row.created >= from && row.created <= from + span && row.colour === 'blue')
        expect(walk(tableOf(rows), 'after', request)).toEqual(wanted.toReversed().map((row) => row.id))
      }),
    )
  })

  it('is not disturbed by rows that arrive during a walk', () => {
    const rows = rowsOf(Array.from({ length: 10 }, () => ({ wait: 1, colour: 'red' })))
    const table = tableOf(rows)
    const first = table.page({ limit: 4 })!
    table.add({ id: 'late', created: 2000, colour: 'red' })
    const rest = walk(table, 'after', { limit: 4 }, first.rows.at(-1)!.id)
    expect([...first.rows.map((row) => row.id), ...rest]).toEqual(rows.toReversed().map((row) => row.id))
  })

  it('has nothing for a cursor that it does not know', () => {
    expect(tableOf([]).page({ limit: 1, after: 'row_9' })).toBeNull()
  })

  it('refuses what is older than its last row', () => {
    const table = tableOf([{ id: 'a', created: 2000, colour: 'red' }])
    expect(() => table.add({ id: 'b', created: 1999, colour: 'red' })).toThrow('older')
  })
})
