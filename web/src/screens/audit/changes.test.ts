import { describe, expect, it } from 'vitest'
import { readChanges } from './changes.ts'

const say = { yes: 'yes', no: 'no', nothing: '–' }

describe('readChanges', () => {
  it('shows what differs, part by part', () => {
    const changes = {
      before: { name: 'Old', settings: { matching: { mode: 'suggest', scorer: 'rules' } } },
      after: { name: 'New', settings: { matching: { mode: 'auto', scorer: 'rules' } } },
    }
    expect(readChanges(changes, say)).toEqual([
      { path: 'name', before: 'Old', after: 'New' },
      { path: 'settings.matching.mode', before: 'suggest', after: 'auto' },
    ])
  })
  it('shows what came and what went', () => {
    expect(readChanges({ before: { url: 'a' }, after: { active: true, events: ['x', 'y'], end: null } }, say)).toEqual([
      { path: 'url', before: 'a' },
      { path: 'active', after: 'yes' },
      { path: 'events', after: 'x, y' },
      { path: 'end', after: '–' },
    ])
  })
  it('shows facts of rows that have no before and after, and those beside them', () => {
    expect(readChanges({ reason: 'code_used_twice', invoices: [{ id: 1 }] }, say)).toEqual([
      { path: 'reason', after: 'code_used_twice' },
      { path: 'invoices', after: '[{"id":1}]' },
    ])
    expect(readChanges({ after: { a: 1 }, note: 'why' }, say)).toEqual([
      { path: 'a', after: '1' },
      { path: 'note', after: 'why' },
    ])
  })
  it('has nothing to show of nothing', () => {
    expect(readChanges(null, say)).toEqual([])
    expect(readChanges({ before: null, after: {} }, say)).toEqual([])
  })
})
