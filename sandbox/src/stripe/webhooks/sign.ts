import { createHmac } from 'node:crypto'

/** How deliveries are signed.
 *  `good`; `two_v1`: a signature under a secret that nobody knows comes first; `v0_only`: the dummy scheme alone; `wrong_secret`;
 *  `stale`: ten minutes old; `future`: dated tomorrow; `none`: no header; `garbled`: a header that is no header. */
export type SignatureMode = 'good' | 'two_v1' | 'v0_only' | 'wrong_secret' | 'stale' | 'future' | 'none' | 'garbled'

export const SIGNATURE_MODES: SignatureMode[] = [
  'good',
  'two_v1',
  'v0_only',
  'wrong_secret',
  'stale',
  'future',
  'none',
  'garbled',
]

/** Lower-case hex HMAC-SHA256 of `t.body`; the key is the whole text of the secret, `whsec_` and all. */
export const signatureOf = (secret: string, at: number, body: string): string =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')

/** The value of `Stripe-Signature`, one `v1` per active secret; null when there is to be none. `now` in Unix seconds. */
export function signatureHeader(
  mode: SignatureMode,
  secrets: readonly string[],
  body: string,
  now: number,
): string | null {
  const at = mode === 'stale' ? now - 600 : mode === 'future' ? now + 86_400 : now
  const strange = signatureOf('whsec_of_somebody_else', at, body)
  const good = secrets.map((secret) => `v1=${signatureOf(secret, at, body)}`)
  switch (mode) {
    case 'none':
      return null
    case 'garbled':
      return `t=${at};v1`
    case 'v0_only':
      return `t=${at},${good.map((one) => one.replace('v1=', 'v0=')).join(',')}`
    case 'wrong_secret':
      return `t=${at},v1=${strange}`
    case 'two_v1':
      return [`t=${at}`, `v1=${strange}`, ...good].join(',')
    default:
      return [`t=${at}`, ...good].join(',')
  }
}
