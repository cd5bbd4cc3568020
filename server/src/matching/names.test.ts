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
})
