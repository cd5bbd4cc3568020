import fc from 'fast-check'
import { Stripe } from 'stripe'
import { describe, expect, it } from 'vitest'
import { signed } from '../../../test/setup/factories-stripe-events.ts'
import { Secret } from '../../base/secret.ts'
import { verify } from './signature.ts'

const NOW = new Date('2026-11-26T12:00:00Z')
const NOW_SECONDS = NOW.getTime() / 1000
const BODY = Buffer.from('{\n  "id": "evt_1"\n}')
const SECRET = 'whsec_test'
const { webhooks } = Stripe
const own = (...texts: string[]) => texts.map((text) => ({ secret: new Secret(text), text }))
const judge = (header: string | undefined, secrets = own(SECRET), body: Buffer = BODY, now = NOW) => {
  const verdict = verify(header, body, secrets, now)
  return typeof verdict === 'object' ? verdict.by.map((each) => each.text) : verdict
}
const at = (seconds: number) => new Date((NOW_SECONDS + seconds) * 1000)

describe("Stripe's signature", () => {
  it('is the one the official library makes, and says who made it', () => {
    const header = webhooks.generateTestHeaderString({
      payload: BODY.toString(),
      secret: SECRET,
      timestamp: NOW_SECONDS,
    })
    expect(judge(header)).toEqual([SECRET])
    expect(header).toBe(signed(BODY, SECRET, NOW))
    expect(judge(header, own('whsec_other', SECRET, 'whsec_third'))).toEqual([SECRET])
  })

  it.each([
    [-301, 'clock_skew'],
    [-300, [SECRET]],
    [299, [SECRET]],
    [300, [SECRET]],
    [301, 'clock_skew'],
    [86_400, 'clock_skew'],
    [-400 * 86_400, 'clock_skew'],
  ])('made %i seconds from now: %s', (seconds, verdict) => {
    expect(judge(signed(BODY, SECRET, at(seconds)))).toEqual(verdict)
  })

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['another secret', signed(BODY, 'whsec_wrong', NOW)],
    ['the secret without its prefix', signed(BODY, 'test', NOW)],
    ['another body', signed('{"id": "evt_1"}', SECRET, NOW)],
    ['the test scheme only', signed(BODY, SECRET, NOW, 'v0')],
    ['an unknown scheme', signed(BODY, SECRET, NOW, 'v2')],
    ['no time', signed(BODY, SECRET, NOW).replace(/t=\d+,/, '')],
    ['another time', signed(BODY, SECRET, NOW).replace(/t=\d+/, `t=${NOW_SECONDS + 1}`)],
    ['a time that is none', signed(BODY, SECRET, NOW).replace(/t=\d+/, 't=now')],
    ['a shorter one', signed(BODY, SECRET, NOW).slice(0, -2)],
    ['no signature', `t=${NOW_SECONDS},v1=`],
  ])('is refused with %s', (_, header) => {
    expect(judge(header)).toBe('bad_signature')
  })

  it('counts when one of several is right, as while a secret is rolled', () => {
    const [old] = signed(BODY, 'whsec_old', NOW).split(',').slice(1)
    const header = `${signed(BODY, SECRET, NOW)},${old},v0=${'0'.repeat(64)}`
    expect(judge(header)).toEqual([SECRET])
    expect(judge(header, own('whsec_old'))).toEqual(['whsec_old'])
    expect(judge(header, own('whsec_old', SECRET))).toEqual(['whsec_old', SECRET])
    expect(judge(header, own('whsec_other'))).toBe('bad_signature')
    expect(judge(header, [])).toBe('bad_signature')
  })

  it('agrees with the official library on headers in their form, but for the future, which that one lets through', () => {
    const part = fc.oneof(
      fc.constantFrom(SECRET, 'whsec_other').map((secret) => signed(BODY, secret, NOW).split(',')[1]!),
      fc.constantFrom(-1_000, -300, 0, 300).map((seconds) => `t=${NOW_SECONDS + seconds}`),
      fc.constantFrom('v0=00', '', 'x=y'),
      fc.constantFrom(-1_000, -300, 0, 300).map((seconds) => signed(BODY, SECRET, at(seconds)).split(',')[1]!),
    )
    const theirs = (header: string): boolean => {
      try {
        webhooks.constructEvent(BODY, header, SECRET, 300, undefined, NOW.getTime())
        return true
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(fc.constantFrom(-1_000, -300, 0, 300), fc.array(part, { maxLength: 5 }), (seconds, parts) => {
        // Which of two times would count is nobody's promise: the header begins with the only one.
        const header = [`t=${NOW_SECONDS + seconds}`, ...parts.filter((each) => !each.startsWith('t='))].join(',')
        expect(Array.isArray(judge(header))).toBe(theirs(header))
      }),
    )
  })

  it('of any body holds for that body only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (one, other) => {
        const [body, another] = [Buffer.from(one), Buffer.from(other)]
        const header = signed(body, SECRET, NOW)
        expect(judge(header, own(SECRET), body)).toEqual([SECRET])
        expect(Array.isArray(judge(header, own(SECRET), another))).toBe(body.equals(another))
      }),
    )
  })
})
