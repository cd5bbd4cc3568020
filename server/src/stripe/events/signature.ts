import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../base/secret.ts'

/** How far the time of a signature may be from ours, on either side. Stripe's library looks at the past only. */
const WINDOW_SECONDS = 300
const HEADER_MAX = 4_000
const SIGNATURES_MAX = 16

/** Which of the secrets signed these bytes, if any. `clock_skew`: the time is out of the window, whoever signed. */
export type Verdict<S> = { by: S[] } | 'bad_signature' | 'clock_skew'

/** Judges `Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…][,v0=…]` over the raw body. Only `v1` counts: other schemes are
 *  test values or weaker. While a secret is rolled Stripe signs with both, so one hit of any secret on any signature is enough; all
 *  are compared, so that the time taken says nothing. The key is the whole text of the secret. Source: Stripe, webhook signatures. */
export function verify<S extends { secret: Secret }>(
  header: string | undefined,
  body: Uint8Array,
  secrets: readonly S[],
  now: Date,
): Verdict<S> {
  const parts = (header ?? '').slice(0, HEADER_MAX).split(',')
  const valuesOf = (scheme: string): string[] =>
    parts.flatMap((part) => (part.trim().startsWith(`${scheme}=`) ? [part.trim().slice(scheme.length + 1)] : []))
  const [time] = valuesOf('t')
  const given = valuesOf('v1')
    .filter((hex) => /^[0-9a-f]{64}$/i.test(hex))
    .slice(0, SIGNATURES_MAX)
    .map((hex) => Buffer.from(hex, 'hex'))
  if (time === undefined || !/^\d{1,12}$/.test(time) || given.length === 0) return 'bad_signature'
  // First what costs nothing: whoever plays old messages back makes us compute nothing.
  if (Math.abs(Math.floor(now.getTime() / 1_000) - Number.parseInt(time, 10)) > WINDOW_SECONDS) return 'clock_skew'
  const by = secrets.filter(({ secret }) => {
    const expected = createHmac('sha256', secret.reveal()).update(`${time}.`).update(body).digest()
    return given.filter((each) => timingSafeEqual(each, expected)).length > 0
  })
  return by.length > 0 ? { by } : 'bad_signature'
}
