import type { TenantHealth } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { ailsOf } from './ails.ts'

const WELL: TenantHealth = {
  connections: [
    { kind: 'bank', active: 1, failing: 0 },
    { kind: 'stripe', active: 0, failing: 0 },
    { kind: 'whmcs', active: 1, failing: 0 },
  ],
  last_fetch_at: null,
  waiting: 7,
  payments_failed: 0,
  alerts: 0,
  calls: 3,
  calls_capped: false,
  last_call_at: null,
}

describe('what ails a company', () => {
  it('is nothing where connections work; what waits for its people is their daily work', () => {
    expect(ailsOf(WELL)).toEqual([])
  })
  it('is told the gravest first', () => {
    const connections = WELL.connections.map((one) => ({ ...one, failing: 1 }))
    const kinds = ailsOf({ ...WELL, connections, payments_failed: 2, alerts: 4 }).map(({ kind, count }) => [
      kind,
      count,
    ])
    expect(kinds).toEqual([
      ['payments', 2],
      ['connections', 3],
      ['alerts', 4],
    ])
  })
  it('is also that nothing was ever connected', () => {
    const connections = WELL.connections.map((one) => ({ ...one, active: 0 }))
    expect(ailsOf({ ...WELL, connections }).map(({ kind }) => kind)).toEqual(['unconnected'])
  })
})
