import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../base/errors.ts'
import type { Secret } from '../../base/secret.ts'
import { SIGNATURE_SECONDS } from './deps.ts'

/** Header of both directions: `t=<unix seconds>,v1=<hex>`. */
export const SIGNATURE_HEADER = 'x-payymo-signature'
const SIGNATURES_MAX = 4

const hmac = (secret: Secret, text: string | Uint8Array, prefix: string): Buffer =>
  createHmac('sha256', secret.reveal()).update(prefix).update(text).digest()

/** Looks at the raw bytes before anybody reads them. Throws `invalid_request` with the reason `bad_signature`, or `clock_skew`
 *  with our own time for a signature that is right and more than 300 s away from it, on either side. */
export function checkSignature(header: string | undefined, body: Uint8Array, secret: Secret, now: Date): void {
  const parts = (header ?? '').slice(0, 1_000).split(',')
  const time = parts.map((part) => /^\s*t=(\d{1,12})\s*$/.exec(part)?.[1]).find((each) => each !== undefined)
  const given = parts.flatMap((part) => /^\s*v1=([0-9a-fA-F]{64})\s*$/.exec(part)?.[1] ?? []).slice(0, SIGNATURES_MAX)
  if (time === undefined || given.length === 0) throw badSignature()
  const expected = hmac(secret, body, `${time}.`)
  // All of them are compared, so that the time taken says nothing about which was right.
  const right = given.filter((each) => timingSafeEqual(expected, Buffer.from(each, 'hex')))
  if (right.length === 0) throw badSignature()
  const nowSeconds = unixSeconds(now)
  if (Math.abs(nowSeconds - Number.parseInt(time, 10)) <= SIGNATURE_SECONDS) return
  throw new AppError('invalid_request', 'The clock of this server is more than five minutes away from ours. Set it.', {
    details: [
      { field: 'reason', issue: 'clock_skew' },
      { field: 'server_time', issue: String(nowSeconds) },
    ],
  })
}

/** The header of an answer: it holds for this one request. */
export function signAnswer(secret: Secret, requestId: string, body: string, now: Date): string {
  const t = unixSeconds(now)
  return `t=${t},v1=${hmac(secret, body, `${t}.${requestId}.`).toString('hex')}`
}

/** What shows a module, or us, that the other side holds the secret. */
export const proofOf = (secret: Secret, nonce: string): string => hmac(secret, nonce, '').toString('hex')

export const unixSeconds = (at: Date): number => Math.floor(at.getTime() / 1000)

export const badSignature = (): AppError =>
  new AppError('invalid_request', 'The signature is not the one of this installation. Pair the module anew.', {
    details: [{ field: 'reason', issue: 'bad_signature' }],
  })

export const replayed = (): AppError =>
  new AppError('invalid_request', 'This request was taken already. Make a new one with a request_id of its own.', {
    details: [{ field: 'reason', issue: 'replayed' }],
  })
