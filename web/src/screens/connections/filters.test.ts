import { describe, expect, it } from 'vitest'
import { readList, readOne } from './filters.ts'

const BANK = 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab'
const STRIPE = 'strc_01jrfzq4v8m2k9d7t5x3w1c0ab'

describe('the address of the connections', () => {
  it('takes what banks and Stripe send back with', () => {
    expect(readList({ bank_connection_id: BANK, status: 'failed', error: 'UserCancelledSession' })).toEqual({
      bank_connection_id: BANK,
      status: 'failed',
      error: 'UserCancelledSession',
    })
    expect(readList({ connection_id: STRIPE, status: 'active' })).toEqual({ connection_id: STRIPE, status: 'active' })
    // The router reads digits as a number.
    expect(readList({ code: 12345, state: 'a-b_c', scope: 'read_write' })).toEqual({ code: '12345', state: 'a-b_c' })
  })
  it('leaves out what is none of it', () => {
    expect(
      readList({
        add: 'money',
        bank_connection_id: STRIPE,
        connection_id: 'strc_../x',
        status: 'great',
        code: 'x'.repeat(501),
        state: { a: 1 },
        error: '',
      }),
    ).toEqual({})
    expect(readOne({ came: 'there', error: 5 })).toEqual({ error: '5' })
  })
  it('says which window is open', () => {
    expect(readList({ add: 'whmcs' })).toEqual({ add: 'whmcs' })
  })
})
