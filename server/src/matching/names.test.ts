import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexNames } from './name-index.ts'
import { findNames } from './names.ts'

const client = (id: string, name: string, company = '') => ({ id, name, company, email: '' })
const index = indexNames([
  client('1', 'Anna Meyer'),
  client('2', 'Anna Meyer-Wolf'),
  client('3', 'Bert Stone', 'Praravix SAS'),
  client('4', 'Carl Redfern', 'Redfern Audio Ltd'),
])
const found = (text: string, isPayer: boolean): string =>
  findNames(index, text, isPayer)
    .map(({ clientId, fit }) => `${clientId} ${fit}`)
    .join(', ')

describe('findNames', () => {
  it('takes the longer of two names that are both clients', () => {
    expect(found('Anna Meyer-Wolf', true)).toBe('2 full')
    expect(found('Anna Meyer', true)).toContain('1 full')
    expect(found('Transfer from Anna Meyer-Wolf hosting', false)).toBe('2 full')
  })

  it('takes a double name for half of a single one', () => {
    expect(found('Anna Meyer-Stein', true)).toBe('1 single')
    expect(found('P2P Anna Meyer-Stein dinner', false)).toBe('1 single')
  })

  it('knows a company of one word in running text by its legal form', () => {
    expect(found('VIR INST hosting PRARAVIX SAS', false)).toContain('3 full')
    expect(found('VIR INST PRARAVIX hosting', false)).toContain('3 single')
  })

  // Words are remembered across books: a worker matches one tenant's lines after another's.
  it('finds the clients of one book, and no others, whatever other books are asked between', () => {
    const word = fc.constantFrom('Anna', 'Meyer', 'Wolf', 'Praravix', 'Redfern', 'Haugbergsen')
    const names = fc.uniqueArray(
      fc.uniqueArray(word, { minLength: 2, maxLength: 3 }).map((parts) => parts.join(' ')),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(fc.tuple(names, names), fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (books, asked) => {
        const indexes = books.map((book) => indexNames(book.map((name) => client(name, name))))
        asked.forEach((at, turn) => {
          const [book, asks] = [books[turn % 2]!, indexes[turn % 2]!]
          const name = book[at % book.length]!
          const ids = findNames(asks, name, true).map(({ clientId }) => clientId)
          expect(ids).toContain(name)
          expect(ids.filter((id) => !book.includes(id))).toEqual([])
        })
      }),
    )
  })
})
