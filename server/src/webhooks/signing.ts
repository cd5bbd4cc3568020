import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

/** A new secret: `whsec_` and base64 of 32 random bytes. */
export const newSecret = (): string => PREFIX + randomBytes(32).toString('base64')

export interface Signed {
  /** Of the event: the same at every attempt, so that receivers recognise a repetition. */
  eventId: string
  body: string
  /** Unix time of this attempt, whole seconds. */
  timestampSeconds: number
  /** One, or two while a rotation lasts, the new one first. */
  secrets: readonly string[]
}

/** The signature headers of one attempt, in both forms (contract 6): ours over `t.body`, keyed with the secret text as it
 *  is shown; the Standard Webhooks form over `id.t.body`, keyed with the 32 bytes behind its prefix.
 *  Source: standardwebhooks.com, specification 1.0. */
export function signatureHeaders({ eventId, body, timestampSeconds, secrets }: Signed): Record<string, string> {
  const t = String(timestampSeconds)
  const own = secrets.map((secret) => `v1=${hmac(secret, `${t}.${body}`).toString('hex')}`)
  const standard = secrets.map(
    (secret) => `v1,${hmac(standardKey(secret), `${eventId}.${t}.${body}`).toString('base64')}`,
  )
  return {
    'x-payymo-signature': [`t=${t}`, ...own].join(','),
    'webhook-id': eventId,
    'webhook-timestamp': t,
    'webhook-signature': standard.join(' '),
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const standardKey = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64')
