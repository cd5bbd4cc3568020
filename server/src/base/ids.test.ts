import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idOf, isId, newId, uuidOf } from './ids.ts'

describe('ids', () => {
  it('have the shape of the contract and rise strictly, also within a millisecond', () => {
    const ids = Array.from({ length: 2000 }, () => newId('txn'))
    expect(ids[0]).toMatch(/^txn_[0-9a-hjkmnp-tv-z]{26}$/)
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(2000)
  })

  it('become uuids and back, in the same order', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        expect(uuidOf(idOf('inv', one))).toBe(one)
        expect(idOf('inv', one) < idOf('inv', other)).toBe(one < other)
      }),
    )
  })

  it('are told from ids of another kind and from nonsense', () => {
    expect(isId('txn', newId('txn'))).toBe(true)
    for (const text of [newId('inv'), 'txn_', 'txn_ILOU', '', null, 5]) expect(isId('txn', text)).toBe(false)
    expect(() => uuidOf('nonsense')).toThrow(TypeError)
  })
})
