import { describe, expect, it } from 'vitest'
import { isSetUp, type Known, nextOf, standingsOf } from './progress.ts'

const AT = '2025-04-10T14:30:00Z'
const FRESH: Known = { banks: [], whmcs: [], hasOwnInvoices: false, webhooks: [], settings: {} }
const READY: Known = {
  banks: [{ status: 'active' }],
  whmcs: [{ verified_at: AT, mirrored_at: AT }],
  hasOwnInvoices: false,
  webhooks: [],
  settings: { matching: { mode: 'suggest' } },
}

describe('what is set up', () => {
  it('is nothing at first, and the bank comes first', () => {
    const standings = standingsOf(FRESH)
    expect(standings).toEqual({ bank: 'open', billing: 'open', policy: 'open', webhook: 'open' })
    expect(isSetUp(standings)).toBe(false)
    expect(nextOf(standings)).toBe('bank')
  })
  it('is whole without a webhook, which is still offered', () => {
    const standings = standingsOf(READY)
    expect(isSetUp(standings)).toBe(true)
    expect(nextOf(standings)).toBe('webhook')
    expect(nextOf(standingsOf({ ...READY, webhooks: [{ active: true }] }))).toBeUndefined()
  })
  it('waits for the consent and for the first reading', () => {
    const standings = standingsOf({
      ...READY,
      banks: [{ status: 'pending' }],
      whmcs: [{ verified_at: AT, mirrored_at: null }],
      webhooks: [{ active: true }],
    })
    expect([standings.bank, standings.billing]).toEqual(['waiting', 'waiting'])
    expect(isSetUp(standings)).toBe(false)
    expect(nextOf(standings)).toBe('bank')
  })
  it('does not take an unproven installation, an ended consent or a webhook that is off', () => {
    const standings = standingsOf({
      ...READY,
      banks: [{ status: 'expired' }],
      whmcs: [{ verified_at: null, mirrored_at: AT }],
      webhooks: [{ active: false }],
    })
    expect(standings).toEqual({ bank: 'open', billing: 'open', policy: 'done', webhook: 'open' })
  })
  it('takes invoices that come by the API', () => {
    expect(standingsOf({ ...READY, whmcs: [], hasOwnInvoices: true }).billing).toBe('done')
  })
})
