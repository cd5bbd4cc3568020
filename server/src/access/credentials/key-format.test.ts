import { describe, expect, it } from 'vitest'
import { looksLikeStripeKey, makeKey, readKey } from './key-format.ts'

describe('the form of a key', () => {
  it('has the public part, 256 bits and a checksum, so that a mistyped one is known without the database', () => {
    const { text, keyId, prefix } = makeKey('live')
    expect(text).toMatch(/^pk_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/)
    expect(text.startsWith(prefix)).toBe(true)
    expect(readKey(text)).toEqual({ keyId })
    const mistyped = text.slice(0, 30) + (text[30] === 'a' ? 'b' : 'a') + text.slice(31)
    expect(readKey(mistyped)).toBeUndefined()
    expect(makeKey('sandbox').text).toMatch(/^pk_test_/)
    expect(looksLikeStripeKey(text)).toBe(false)
    expect(
      ['sk_live_51HabcdefghijklmnopQ', 'rk_test_51HabcdefghijklmnopQ', 'pk_live_51HabcdefghijklmnopQ'].every(
        looksLikeStripeKey,
      ),
    ).toBe(true)
  })
})
