import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/secret.ts'
import type { StripeAccess } from '../deps.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { createStripePace } from './pace.ts'

const NOW = new Date('2026-11-26T12:00:00Z')
const own = (key: string): StripeAccess => ({ kind: 'restricted_key', apiKey: new Secret(key) })
const connected = (secretKey: string, accountId: string): StripeAccess => ({
  kind: 'connect_oauth',
  secretKey: new Secret(secretKey),
  accountId,
})

/** A pace on a clock that waiting turns. */
function bench() {
  let at = 0
  const pace = createStripePace({ nowMs: () => at, wait: (ms) => Promise.resolve((at += ms)) })
  return {
    turn: (access: StripeAccess) => pace.turn(access, NOW),
    pass: (ms: number) => void (at += ms),
    now: () => at,
  }
}

describe('turns at calling Stripe', () => {
  it('a second of calls goes at once, the next ones evenly, and a pause fills up again', async () => {
    const { turn, pass, now } = bench()
    for (let call = 0; call < 20; call++) expect(await turn(own('rk_live_1'))).toBe(0)
    expect([await turn(own('rk_live_1')), await turn(own('rk_live_1'))]).toEqual([50, 50])
    expect(await turn(own('rk_live_2'))).toBe(0)
    pass(10_000)
    const from = now()
    for (let call = 0; call < 20; call++) expect(await turn(own('rk_live_1'))).toBe(0)
    expect(now()).toBe(from)
  })

  it.each([
    ['sk_test_p', 20],
    ['sk_live_p', 80],
  ])('accounts of one platform share its turns: %s %i a second', async (key, perSecond) => {
    const { turn } = bench()
    for (let call = 0; call < perSecond; call++) expect(await turn(connected(key, `acct_${call}`))).toBe(0)
    expect(await turn(connected(key, 'acct_other'))).toBeGreaterThan(0)
    expect(await turn(connected('sk_test_another', 'acct_other'))).toBe(0)
  })

  it('never has more calls in a second than twice the burst, whoever asks when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 150 }), async (pauses) => {
        const { turn, pass, now } = bench()
        const calls: number[] = []
        for (const pause of pauses) {
          pass(pause)
          await turn(own('rk_live_1'))
          calls.push(now())
        }
        for (const at of calls) {
          expect(calls.filter((each) => each >= at && each < at + 1_000).length).toBeLessThanOrEqual(40)
        }
        // Over a longer time it is 20 a second beyond the burst.
        const tookMs = (calls.at(-1) ?? 0) - (calls[0] ?? 0)
        expect(calls.length).toBeLessThanOrEqual(20 + Math.floor(tookMs / 50) + 1)
      }),
    )
  })

  it('of many keys those that rest are forgotten, never those that are busy', async () => {
    const { turn, pass } = bench()
    for (let key = 0; key < 10_001; key++) await turn(own(`rk_live_${key}`))
    pass(1_000)
    for (let call = 0; call < 20; call++) await turn(own('rk_live_busy'))
    expect(await turn(own('rk_live_busy'))).toBe(50)
  })

  it('a wait of more than five seconds is for the queue', async () => {
    // Nobody's waiting passes here: all ask in the same moment.
    const pace = createStripePace({ nowMs: () => 0, wait: () => Promise.resolve() })
    const waits: number[] = []
    for (let call = 0; call < 120; call++) waits.push(await pace.turn(own('rk_live_1'), NOW))
    expect(waits.at(-1)).toBe(5_000)
    const refused = await pace.turn(own('rk_live_1'), NOW).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(StripeFeedError)
    expect(refused).toMatchObject({ fault: 'later', reason: 'paced', notBefore: new Date(NOW.getTime() + 5_050) })
  })
})
