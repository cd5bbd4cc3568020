import { parseJson } from './amounts.ts'
import type { PayymoEvent } from './generated/types.ts'

export type WebhookFault = 'missing_signature' | 'wrong_signature' | 'too_old' | 'unreadable'

/** A delivery that must not be believed. Answer it with 400. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
  readonly reason: WebhookFault

  constructor(reason: WebhookFault, message: string) {
    super(message)
    this.reason = reason
  }
}

/** The headers of a request: `Headers`, or the object of Node. */
export type WebhookHeaders = Headers | Record<string, string | readonly string[] | undefined>

const TOLERANCE_SECONDS = 300

/** The event in a delivery, once its signature is known to be Payymo's. `body`: the bytes as they came, never parsed and
 *  written again. `secret`: `whsec_…` as it was shown; several while you change from one to the next. Reads
 *  `X-Payymo-Signature`, and without it the headers of Standard Webhooks. Compares in constant time. A signature older or newer
 *  than `toleranceSeconds` (300) is refused, so that a recorded delivery cannot be sent again for ever.
 *  Throws WebhookVerificationError; TypeError when there is no secret. */
export async function verifyWebhook(
  body: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, now = () => Date.now() }: { toleranceSeconds?: number; now?(): number } = {},
): Promise<PayymoEvent> {
  const bytes = typeof body === 'string' ? utf8(body) : new Uint8Array(body)
  const signed = ownForm(headers) ?? standardForm(headers)
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (!signed) throw new WebhookVerificationError('missing_signature', 'The delivery carries no signature')
  const ageSeconds = Math.abs(now() / 1000 - signed.timestampSeconds)
  const message = concat(utf8(signed.prefix), bytes)
  let genuine = false
  for (const one of secrets) {
    const key = await hmacKey(signed.keyOf(one))
    // Every signature is looked at, whichever fits: the time tells nothing.
    for (const signature of signed.signatures) {
      const fits = await crypto.subtle.verify('HMAC', key, signature, message)
      genuine = genuine || fits
    }
  }
  if (!genuine) throw new WebhookVerificationError('wrong_signature', 'No signature of the delivery fits the secret')
  if (!(ageSeconds <= toleranceSeconds)) {
    throw new WebhookVerificationError(
      'too_old',
      `The delivery was signed more than ${toleranceSeconds} s away from now`,
    )
  }
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as PayymoEvent
  } catch {
    throw new WebhookVerificationError('unreadable', 'The body of the delivery is not JSON')
  }
}

interface Signed {
  timestampSeconds: number
  /** What is signed before the body. */
  prefix: string
  signatures: Bytes[]
  keyOf(secret: string): Bytes
}
type Bytes = Uint8Array<ArrayBuffer>

/** `X-Payymo-Signature: t=<unix>,v1=<hex>`, over `<t>.<body>`, keyed with the text of the secret. */
function ownForm(headers: WebhookHeaders): Signed | undefined {
  const header = headerOf(headers, 'x-payymo-signature')
  if (header === undefined) return undefined
  const parts = header.split(',').map((part) => part.trim().split('='))
  const time = parts.find(([name]) => name === 't')?.[1] ?? ''
  return {
    timestampSeconds: secondsOf(time),
    prefix: `${time}.`,
    signatures: parts.filter(([name]) => name === 'v1').map(([, hex = '']) => fromHex(hex)),
    keyOf: (secret) => (secret.startsWith('whsec_') ? utf8(secret) : new Uint8Array(0)),
  }
}

/** Standard Webhooks: `webhook-signature: v1,<base64> …`, over `<id>.<timestamp>.<body>`, keyed with the bytes behind `whsec_`.
 *  Source: standardwebhooks.com, specification 1.0. */
function standardForm(headers: WebhookHeaders): Signed | undefined {
  const [id, time, header] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  )
  if (id === undefined || time === undefined || header === undefined) return undefined
  return {
    timestampSeconds: secondsOf(time),
    prefix: `${id}.${time}.`,
    signatures: header
      .split(' ')
      .filter((part) => part.startsWith('v1,'))
      .map((part) => fromBase64(part.slice(3))),
    keyOf: (secret) => (secret.startsWith('whsec_') ? fromBase64(secret.slice(6)) : new Uint8Array(0)),
  }
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const value = Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1]
  return typeof value === 'string' ? value : value?.[0]
}

const secondsOf = (text: string): number => (/^\d{1,12}$/.test(text) ? Number(text) : Number.NaN)

function hmacKey(bytes: Bytes) {
  // An empty key is one that everybody knows.
  if (bytes.length === 0) throw new TypeError('The secret of the webhook is empty, or is none: it begins with whsec_')
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

function concat(one: Bytes, other: Uint8Array): Bytes {
  const all = new Uint8Array(one.length + other.length)
  all.set(one)
  all.set(other, one.length)
  return all
}

/** Nothing where the text is no hex: it then fits nothing. */
const fromHex = (hex: string): Bytes =>
  /^([0-9a-f]{2})+$/i.test(hex)
    ? Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16))
    : new Uint8Array(0)

function fromBase64(text: string): Bytes {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  } catch {
    return new Uint8Array(0)
  }
}
