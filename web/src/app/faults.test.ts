import { describe, expect, it } from 'vitest'
import { sortFaults } from './faults.ts'

describe('sortFaults', () => {
  it('puts faults at their fields, those of their parts too, the first of each', () => {
    const details = [
      { field: 'url', issue: 'Must be public' },
      { field: 'events.3', issue: 'Unknown' },
      { field: 'events.4', issue: 'Unknown as well' },
    ]
    expect(sortFaults(details, ['url', 'events'])).toEqual({
      faults: { url: 'Must be public', events: 'Unknown' },
      rest: [],
    })
  })
  it('says what stands at no field, and nothing that is meant for programs', () => {
    const details = [
      { field: 'url', issue: 'Must be public' },
      { field: 'urls', issue: 'Too many' },
      { field: 'reason', issue: 'a_word' },
    ]
    expect(sortFaults(details, ['url'])).toEqual({ faults: { url: 'Must be public' }, rest: ['urls: Too many'] })
  })
})
