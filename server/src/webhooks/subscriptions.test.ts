import { describe, expect, it } from 'vitest'
import { EVENT_TYPES } from '../events/catalogue.ts'
import { isPattern, wants } from './subscriptions.ts'

describe('isPattern', () => {
  it.each(['*', 'match.*', 'bank_connection.*', 'webhook.test', ...EVENT_TYPES])('takes %s', (pattern) => {
    expect(isPattern(pattern)).toBe(true)
  })
  it.each(['', '*.*', 'match', 'match.', 'match.exploded', 'invoice.paid ', '*.paid', 'constructor', 'ma*'])(
    'refuses "%s"',
    (pattern) => {
      expect(isPattern(pattern)).toBe(false)
    },
  )
})

describe('wants', () => {
  it.each([
    [['*'], 'match.applied', true],
    [['match.*'], 'match.applied', true],
    [['match.*'], 'invoice.paid', false],
    [['bank_connection.*'], 'bank_connection.synced', true],
    [['invoice.paid'], 'invoice.paid', true],
    [['invoice.paid'], 'invoice.updated', false],
    [['invoice.paid', 'match.*'], 'match.failed', true],
  ])('%j and %s: %s', (patterns, type, wanted) => {
    expect(wants(patterns, type)).toBe(wanted)
  })
})
