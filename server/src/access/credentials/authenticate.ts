import { AppError } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Caller } from '../../http/route.ts'
import type { Authenticate } from '../../http/server.ts'
import { createGate } from '../people/gate.ts'
import { looksLikeStripeKey, looksLikeWebhookSecret } from './key-format.ts'

/** Where a call comes from, as audit rows and logs name it. */
export interface CallFacts {
  ip: string
  requestId: string
}

/** One way to prove who calls: an API key, the operator's key, an access token of a person. */
export interface CredentialKind {
  /** Whether the token has this kind's form. Nothing is looked up. */
  owns(token: string): boolean
  /** The caller, or undefined for every fault: nothing is learned from how it failed. `fresh`: as it stands at this moment, not as
   *  this process remembers it. */
  callerOf(token: string, call: CallFacts, look?: { fresh: boolean }): Promise<Caller | undefined>
  /** Whether this very token held when this process last asked. Nothing is looked up. */
  remembers(token: string): boolean
}

/** Tokens that nobody here knows yet: so many are looked up at once, and so many wait. Whoever makes tokens up, faster than any
 *  address may, holds a part of the database's connections and never those of callers we know. */
const STRANGERS_AT_ONCE = 4
const STRANGERS_WAITING = 200

/** An attempt that was refused, for the audit trail. `tenantId` where the credential names a tenant of ours. */
export interface RefusedAttempt extends CallFacts {
  tenantId: TenantId | null
  /** What was tried, never the secret: `key_…` or the form of the credential. */
  credential: string
  reason: 'unknown' | 'wrong_secret' | 'expired' | 'revoked' | 'tenant_not_active'
}

/** Tells who calls from the Authorization header. One answer for every fault, in the same words and about the same time.
 *  `onRefused` hears of what no kind of credential recognises; of the rest the kinds tell themselves. */
export function createAuthenticate(
  kinds: CredentialKind[],
  { onRefused }: { onRefused?(attempt: RefusedAttempt): void } = {},
): Authenticate {
  const strangers = createGate(
    STRANGERS_AT_ONCE,
    STRANGERS_WAITING,
    'Too many keys that are not known here are tried at this moment. Try again shortly.',
  )
  return async (authorization, { fresh = false, ...call }) => {
    const refuse = (credential: string, message: string): AppError => {
      onRefused?.({ tenantId: null, credential, reason: 'unknown', ...call })
      return new AppError('authentication_required', message)
    }
    if (authorization === undefined || !/^bearer(\s|$)/i.test(authorization.trim())) {
      throw refuse('none', 'API key is required')
    }
    const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1]
    if (token === undefined) throw refuse('unreadable', INVALID)
    const kind = kinds.find((candidate) => candidate.owns(token))
    if (!kind && looksLikeStripeKey(token)) throw refuse('stripe key', `This looks like a Stripe key. ${PAYYMO_KEY}`)
    if (!kind && looksLikeWebhookSecret(token)) {
      throw refuse('webhook secret', `This looks like the signing secret of a webhook. ${PAYYMO_KEY}`)
    }
    if (!kind) throw refuse('unreadable', INVALID)
    const ask = () => kind.callerOf(token, call, { fresh })
    const caller = await (kind.remembers(token) ? ask() : strangers(ask))
    if (!caller) throw new AppError('authentication_required', INVALID)
    return caller
  }
}

const INVALID = 'Invalid or expired API key'
const PAYYMO_KEY =
  'Payymo needs a Payymo API key, which begins with pk_live_ or pk_test_ and holds a second underscore.'
