import { describe, expect, it } from 'vitest'
import { countOf, knownPermissions, RESOURCES, setColumn, setOne } from './permissions.ts'

describe('permissions as a grid', () => {
  it('a column is ticked and taken away as a whole, and the other stays', () => {
    const reads = setColumn(['invoices:write'], 'read', true)
    expect(countOf(reads, 'read')).toBe(RESOURCES.length)
    expect(countOf(reads, 'write')).toBe(1)
    expect(setColumn(reads, 'read', false)).toEqual(['invoices:write'])
  })
  it('one is ticked once', () => {
    const held = setOne(setOne([], 'users:read', true), 'users:read', true)
    expect(held).toEqual(['users:read'])
    expect(setOne(held, 'users:read', false)).toEqual([])
  })
  it('keeps what it knows of an answer', () => {
    expect(knownPermissions(['audit:read', 'moon:read', '*'])).toEqual(['*', 'audit:read'])
  })
})
