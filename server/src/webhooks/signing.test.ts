import { createHmac, timingSafeEqual } from 'node:crypto'
import { assert, json, property } from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { newSecret, signatureHeaders } from './signing.ts'

/** As a receiver would write it from the documentation alone. */
function verifies(header: string, body: string, secret: string): boolean {
  const parts = header.split(',').map((part) => part.split('='))
  const t = parts.find(([name]) => name === 't')?.[1]
  const expected = createHmac('sha256', Buffer.from(secret, 'utf8')).update(`${t}.`).update(body, 'utf8').digest()
  return parts.some(([name, hex]) => name === 'v1' && timingSafeEqual(Buffer.from(hex!, 'hex'), expected))
}

describe('signatureHeaders', () => {
  it('is verified by the independent Standard Webhooks library and by hand, for any body', () => {
    assert(
      property(json(), (body) => {
        const secret = newSecret()
        const timestampSeconds = Math.floor(Date.now() / 1000)
        const headers = signatureHeaders({ eventId: 'evt_1', body, timestampSeconds, secrets: [secret] })
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
        expect(verifies(headers['x-payymo-signature']!, body, secret)).toBe(true)
        expect(verifies(headers['x-payymo-signature']!, `${body} `, secret)).toBe(false)
        expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature')
      }),
      { numRuns: 50 },
    )
  })

  it('gives the known answer for a known secret', () => {
    // Computed with `openssl dgst -sha256 -hmac`.
    const headers = signatureHeaders({
      eventId: 'evt_1',
      body: '{"a":1}',
      timestampSeconds: 1700000000,
      secrets: ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    })
    expect(headers['x-payymo-signature']).toBe(
      't=1700000000,v1=8fed4c6bb1c0720a09f8129b8c5dd82b718dc1b39e90ce15252b3b5b5aa01fa2',
    )
    expect(headers['webhook-signature']).toBe('v1,R5K/RFGzAoe8pea03R5QB3/Wn06HVeTm9DTrXTZANbQ=')
  })

  it('carries two signatures during a rotation, the new one first', () => {
    const [fresh, former] = [newSecret(), newSecret()]
    const timestampSeconds = Math.floor(Date.now() / 1000)
    const one = (secret: string) =>
      signatureHeaders({ eventId: 'evt_1', body: '{}', timestampSeconds, secrets: [secret] })
    const both = signatureHeaders({ eventId: 'evt_1', body: '{}', timestampSeconds, secrets: [fresh, former] })
    const v1 = (headers: Record<string, string>) => headers['x-payymo-signature']!.split(',').slice(1)
    expect(v1(both)).toEqual([...v1(one(fresh)), ...v1(one(former))])
    expect(new Webhook(fresh).verify('{}', both)).toEqual({})
    expect(new Webhook(former).verify('{}', both)).toEqual({})
  })

  it('makes secrets of 32 random bytes in base64', () => {
    const secret = newSecret()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(newSecret()).not.toBe(secret)
  })
})
