import { describe, expect, it } from 'vitest'
import { createRetryBudget } from './retry-budget.ts'

describe('the retry budget', () => {
  it('lets a few retries through at once, then one for five calls, each key for itself', () => {
    const budget = createRetryBudget({ share: 0.25, reserve: 2 })
    expect([budget.mayRetry('a'), budget.mayRetry('a'), budget.mayRetry('a')]).toEqual([true, true, false])
    expect(budget.mayRetry('b')).toBe(true)
    for (let n = 0; n < 3; n++) budget.called('a')
    expect(budget.mayRetry('a')).toBe(false)
    budget.called('a')
    expect([budget.mayRetry('a'), budget.mayRetry('a')]).toEqual([true, false])
  })

  it('keeps retries to the share of calls in a long outage, whatever the tries per call', () => {
    const budget = createRetryBudget()
    let retries = 0
    for (let call = 0; call < 1_000; call++) {
      budget.called('down')
      for (let tries = 1; tries < 3 && budget.mayRetry('down'); tries++) retries += 1
    }
    expect(retries).toBeLessThanOrEqual(210)
    expect(retries).toBeGreaterThanOrEqual(195)
  })
})
