import { describe, expect, it } from 'vitest'
import { groupTypes, setGroup, setType, wants } from './events.ts'

const MATCH = ['match.created', 'match.approved', 'match.rejected']

describe('what a webhook subscribes to', () => {
  it('is shown in groups, without the test event', () => {
    const types = [...MATCH, 'invoice.paid', 'webhook.test'].map((event_type) => ({ event_type }))
    expect(groupTypes(types).map(([group, { length }]) => [group, length])).toEqual([
      ['match', 3],
      ['invoice', 1],
    ])
  })
  it('a whole group takes the place of its types, and goes as a whole', () => {
    const whole = setGroup(['match.created', 'invoice.paid'], 'match', true)
    expect(whole).toEqual(['invoice.paid', 'match.*'])
    expect(MATCH.every((type) => wants(whole, type))).toBe(true)
    expect(setGroup(whole, 'match', false)).toEqual(['invoice.paid'])
  })
  it('one type less of a whole group leaves the others by name', () => {
    const some = setType(['match.*', 'invoice.paid'], 'match.approved', false, MATCH)
    expect(some).toEqual(['invoice.paid', 'match.created', 'match.rejected'])
    expect(setType(some, 'match.approved', true, MATCH)).toContain('match.approved')
    expect(setType(some, 'match.created', true, MATCH)).toEqual(some)
  })
  it('groups that begin alike are told apart', () => {
    expect(wants(['match.*'], 'matching.done')).toBe(false)
    expect(setGroup(['bank_connection.error', 'bank.x'], 'bank', false)).toEqual(['bank_connection.error'])
  })
})
