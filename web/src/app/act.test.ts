import { PayymoError } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { sortFaults } from './act.ts'

const words = { offline: 'offline', other: 'other' }
const refused = (details: { field: string; issue: string }[]) =>
  new PayymoError('validation_failed', 'The request does not hold.', { status: 422, details })

describe('sortFaults', () => {
  it('puts faults at their fields, those of their parts too', () => {
    const error = refused([
      { field: 'url', issue: 'Must be public' },
      { field: 'events.3', issue: 'Unknown' },
    ])
    expect(sortFaults(error, ['url', 'events'], words)).toEqual({
      faults: { url: 'Must be public', events: 'Unknown' },
    })
  })
  it('says what stands at no field, and nothing that is meant for programs', () => {
    const error = refused([
      { field: 'url', issue: 'Must be public' },
      { field: 'name', issue: 'Too long' },
      { field: 'reason', issue: 'a_word' },
    ])
    expect(sortFaults(error, ['url'], words)).toEqual({
      fault: 'The request does not hold. name: Too long',
      faults: { url: 'Must be public' },
    })
  })
  it('has a sentence for everything', () => {
    expect(sortFaults(new PayymoError('connection_failed', 'x'), [], words).fault).toBe('offline')
    expect(sortFaults(new Error('x'), [], words).fault).toBe('other')
  })
})
