import { AppError } from '../base/errors.ts'
import type { Id } from '../base/ids.ts'
import type { Secret } from '../base/secret.ts'
import type { Store } from '../events/store.ts'
import type { Authenticate } from '../http/server.ts'
import type { Caller } from '../http/route.ts'
import { keyDigest, looksLikeStripeKey, readKey, sameDigest } from './key-format.ts'
import { findKeyOwner, getKey, getTenant, touchKey } from './queries.ts'

/** How long a checked key is believed without asking again: a revocation holds everywhere within 5 s (reliability 29). */
const BELIEVED_MS = 2_000
/** Last use is written at most this often per key: it is a hint for people, not an account of calls. */
const TOUCH_MS = 60_000
const BELIEVED_MAX = 10_000

interface Believed {
  caller: Omit<Extract<Caller, { kind: 'tenant' }>, 'actor'> & { id: Id<'key'>; name: string }
  digest: Buffer
  until: number
}

/** Tells who calls from the Authorization header: the operator's key or a tenant's. One answer for every fault, in the same
 *  words and about the same time, so that nothing can be learned from it. */
export function createAuthenticate(options: {
  store: Store
  pepper: Secret
  operatorKey: Secret | undefined
}): Authenticate {
  const { store } = options
  const pepper = options.pepper.reveal()
  const operatorDigest = options.operatorKey && keyDigest(pepper, options.operatorKey.reveal())
  const dummy = keyDigest(pepper, 'no such key')
  const believed = new Map<string, Believed>()
  const touched = new Map<string, number>()

  return async (authorization, about) => {
    const token = /^bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1]
    if (authorization === undefined || !/^bearer(\s|$)/i.test(authorization.trim())) {
      throw new AppError('authentication_required', 'API key is required')
    }
    if (token === undefined) throw invalid()
    const digest = keyDigest(pepper, token)
    if (operatorDigest && sameDigest(digest, operatorDigest)) {
      const actor = {
        type: 'operator',
        id: 'operator',
        name: 'Operator',
        ip: about.ip,
        requestId: about.requestId,
      } as const
      return { kind: 'operator', actor, permissions: new Set(['*']) }
    }
    const parts = readKey(token)
    if (!parts) {
      if (looksLikeStripeKey(token)) {
        throw new AppError(
          'authentication_required',
          'This looks like a Stripe key. Payymo needs a Payymo API key, which begins with pk_live_ or pk_test_ and holds a second underscore.',
        )
      }
      throw invalid()
    }
    const now = performance.now()
    let known = believed.get(parts.keyId)
    if (!known || known.until < now) {
      known = await look(store, parts.keyId)
      if (known) {
        if (believed.size >= BELIEVED_MAX) believed.clear()
        known.until = now + BELIEVED_MS
        believed.set(parts.keyId, known)
      } else believed.delete(parts.keyId)
    }
    if (!sameDigest(digest, known?.digest ?? dummy) || !known) throw invalid()
    const { id, name, ...caller } = known.caller
    if ((touched.get(id) ?? Number.NEGATIVE_INFINITY) + TOUCH_MS < now) {
      touched.set(id, now)
      // A hint only: a failure to write it must not refuse the call.
      void store.read(caller.tenantId, (tx) => touchKey(tx, id)).catch(() => touched.delete(id))
    }
    return { ...caller, actor: { type: 'api_key', id, name, ip: about.ip, requestId: about.requestId } }
  }
}

const invalid = (): AppError => new AppError('authentication_required', 'Invalid or expired API key')

async function look(store: Store, keyId: string): Promise<Believed | undefined> {
  const owner = await store.directory((tx) => findKeyOwner(tx, keyId))
  if (!owner) return undefined
  return store.read(owner.tenantId, async (tx) => {
    const [key, tenant] = [await getKey(tx, owner.id), await getTenant(tx)]
    if (!key || key.revokedAt || (key.expiresAt && key.expiresAt <= new Date())) return undefined
    if (!tenant || tenant.status !== 'active') return undefined
    return {
      caller: {
        kind: 'tenant',
        tenantId: owner.tenantId,
        permissions: new Set(key.permissions),
        id: key.id,
        name: key.name,
      },
      digest: key.digest,
      until: 0,
    }
  })
}
