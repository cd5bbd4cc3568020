import { PayymoError, type StripeConnection } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { en } from '../../../words/en/index.ts'
import { inWords, isFailed, stripeFault } from './state.tsx'

const connection = (change: Partial<StripeConnection>) =>
  ({ account_id: 'acct_1', error: null, ...change }) as StripeConnection

describe('what went wrong at Stripe', () => {
  it('is said in words for people, where the API speaks to programs', () => {
    const error = new PayymoError('validation_failed', 'Start again with POST /stripe-connections/initialize.', {
      details: [{ field: 'reason', issue: 'access_denied' }],
    })
    expect(inWords(error, en)).toMatchObject({ message: en.stripe.faults.access_denied, details: [] })
    const other = new PayymoError('validation_failed', 'Something else', {
      details: [{ field: 'reason', issue: 'new_one' }],
    })
    expect(inWords(other, en)).toBe(other)
    expect(inWords('odd', en)).toBe('odd')
  })
  it('is not said of what ended', () => {
    const error = { code: 'key_refused', message: 'Stripe refuses the key.' }
    expect(stripeFault(connection({ status: 'error', error }), en)).toBe('Stripe refuses the key.')
    expect(stripeFault(connection({ status: 'disconnected', error }), en)).toBeUndefined()
  })
  it('is a failed try only where there is no account', () => {
    expect(isFailed(connection({ status: 'error', account_id: null }))).toBe(true)
    expect(isFailed(connection({ status: 'error' }))).toBe(false)
    expect(isFailed(connection({ status: 'pending', account_id: null }))).toBe(false)
  })
})
