import type { Tenant } from '@payymo/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeOf, defaultTolerance, givenOf, modeOf, toPercent, toShare, tryOf, wrongOf } from './policy.ts'

const tenant = (settings: object) => ({ settings }) as Tenant

describe('shares as per cent', () => {
  it('moves the point', () => {
    expect(toPercent(0.99)).toBe('99')
    expect(toPercent(0.995)).toBe('99.5')
    expect(toPercent(0.07)).toBe('7')
    expect(toPercent(1)).toBe('100')
    expect(toShare('99.5')).toBe(0.995)
    expect(toShare('99,95 %')).toBe(0.9995)
    expect(toShare('7')).toBe(0.07)
    expect(toShare('100')).toBe(1)
  })
  it('refuses what is no share', () => {
    for (const text of ['', '101', '-1', 'much', '1e2', '100.01']) expect(toShare(text)).toBeUndefined()
  })
  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millionths) => {
        expect(toShare(toPercent(millionths / 1_000_000))).toBe(millionths / 1_000_000)
      }),
    )
  })
})

describe('the policy as it is typed', () => {
  const before = givenOf(tenant({ matching: { mode: 'auto', auto_threshold: 0.995, max_auto_amount: '500.00' } }))

  it('shows what is kept, and leaves defaults empty', () => {
    expect(before).toEqual({
      threshold: '99.5',
      cap: '500.00',
      tolerance: '',
      window: '',
      startOn: '',
      scorer: 'calibrated',
    })
    expect(modeOf(tenant({}))).toBe('suggest')
    expect(modeOf(tenant({ matching: { mode: 'auto' } }))).toBe('auto')
  })
  it('sends only what was changed, and takes defaults back with null', () => {
    expect(changeOf(before, before, 'EUR')).toEqual({ settings: { matching: {} } })
    expect(changeOf(before, { ...before, threshold: '', cap: '1.750,50', window: '90' }, 'EUR')).toEqual({
      settings: { matching: { auto_threshold: null, max_auto_amount: '1750.50', date_window_days: 90 } },
    })
  })
  it('leaves to the API what it cannot read', () => {
    expect(changeOf(before, { ...before, tolerance: '0', cap: 'much' }, 'EUR')).toEqual({
      settings: { matching: { max_auto_amount: 'much', fee_tolerance: '0' } },
    })
  })
  it('knows the default in the decimals of the currency', () => {
    expect(['EUR', 'JPY', 'BHD'].map(defaultTolerance)).toEqual(['5.00', '500', '0.500'])
  })
  it('says what is no number', () => {
    expect(wrongOf(before)).toEqual({})
    expect(wrongOf({ ...before, threshold: 'much', window: '-3' })).toEqual({ threshold: true, window: true })
  })
  it('tries what is typed', () => {
    expect(tryOf({ ...before, startOn: '2025-04-01' }, 'EUR')).toEqual({
      auto_threshold: 0.995,
      max_auto_amount: '500.00',
      start_on: '2025-04-01',
    })
  })
})
