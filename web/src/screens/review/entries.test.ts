import { describe, expect, it } from 'vitest'
import { type Decided, entriesOf, nextOf, vanished } from './entries.ts'

const items = (...keys: string[]) => keys.map((key) => ({ key, view: 'suggested' as const }))
const decided = (...all: [string, Decided][]) => new Map(all)
const keys = (entries: readonly { key: string }[]) => entries.map(({ key }) => key).join(' ')
const show = (given: Partial<Parameters<typeof entriesOf>[0]>) =>
  entriesOf({ items: items('a', 'b', 'c'), startedAtMs: 100, decided: decided(), placed: [], ...given })

describe('the queue that is shown', () => {
  it('lets go at once of what was decided here, and of its late traces', () => {
    expect(keys(show({ decided: decided(['b', { state: 'sending' }]) }))).toBe('a c')
    expect(keys(show({ decided: decided(['b', { state: 'sent', sentAtMs: 150 }]) }))).toBe('a c')
  })
  it('believes the server about what it said after the decision', () => {
    expect(keys(show({ decided: decided(['b', { state: 'sent', sentAtMs: 50 }]) }))).toBe('a b c')
  })
  it('brings a failed decision back to its place, with the reason', () => {
    const entries = show({ decided: decided(['b', { state: 'failed', fault: 'The invoice is paid.' }]) })
    expect(keys(entries)).toBe('a b c')
    expect(entries[1]!.fault).toBe('The invoice is paid.')
  })
  it('keeps what somebody else decided where it stood', () => {
    const before = show({})
    const gone = vanished(before, items('a', 'c'), decided(), true)
    const entries = show({ items: items('a', 'c'), placed: gone })
    expect(keys(entries)).toBe('a b c')
    expect(entries.map((entry) => entry.gone)).toEqual([false, true, false])
  })
  it('believes what is known to be gone before a list that was asked for earlier', () => {
    const entries = show({ placed: [{ item: items('b')[0]!, at: 1, gone: true }] })
    expect(keys(entries)).toBe('a b c')
    expect(entries[1]!.gone).toBe(true)
  })
  it('takes what moved to a later page for nothing', () => {
    expect(vanished(show({}), items('d', 'a'), decided(), false).map((one) => one.item.key)).toEqual(['b'])
    expect(vanished(show({}), items('a', 'c'), decided(['b', { state: 'sending' }]), true)).toEqual([])
  })
  it('shows nothing twice when the server lists again what was put back', () => {
    const back = [{ item: items('b')[0]!, at: 0, gone: false }]
    expect(keys(show({ placed: back }))).toBe('a b c')
    expect(keys(show({ items: items('a', 'c'), placed: back }))).toBe('b a c')
  })
})

describe('after a decision', () => {
  it.each([
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'b'],
  ])('from %s to %s', (from, to) => expect(nextOf(show({}), from)).toBe(to))
  it('nowhere from the last one', () => expect(nextOf(show({ items: items('a') }), 'a')).toBeUndefined())
})
