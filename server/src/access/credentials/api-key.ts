import type { Id, TenantId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Store } from '../../events/store.ts'
import type { Caller } from '../../http/route.ts'
import type { CallFacts, CredentialKind, RefusedAttempt } from './authenticate.ts'
import { keyDigest, readKey, sameDigest } from './key-format.ts'
import { findKeyOwner, getKey, touchKey } from '../keys/queries.ts'
import { getTenant } from '../tenants/queries.ts'

/** How long a checked key is believed without asking again: a revocation holds everywhere within 5 s (reliability 29). */
const BELIEVED_MS = 2_000
/** Last use is written at most this often per key: it is a hint for people, not an account of calls. */
const TOUCH_MS = 60_000
const BELIEVED_MAX = 10_000

interface Believed {
  caller: Omit<Caller, 'actor'>
  id: Id<'key'>
  name: string
  digest: Buffer
  /** Why it is refused although it exists. */
  refusal: RefusedAttempt['reason'] | undefined
  untilMs: number
}

/** API keys of tenants. `onRefused` hears of every attempt with a well-formed key that does not hold. */
export function apiKeys(options: {
  store: Store
  pepper: Secret
  onRefused?(attempt: RefusedAttempt): void
}): CredentialKind {
  const { store } = options
  const pepper = options.pepper.reveal()
  const dummy = keyDigest(pepper, 'no such key')
  const believed = new Map<string, Believed>()
  const touched = new Map<string, number>()

  return {
    owns: (token) => readKey(token) !== undefined,
    callerOf: async (token, call) => {
      const digest = keyDigest(pepper, token)
      const { keyId } = readKey(token)!
      const now = performance.now()
      const known = await look(keyId, now)
      const right = sameDigest(digest, known?.digest ?? dummy)
      const refusal = !known ? 'unknown' : !right ? 'wrong_secret' : known.refusal
      if (!known || refusal) {
        options.onRefused?.({
          tenantId: known?.caller.tenantId ?? null,
          credential: known?.id ?? 'api key',
          reason: refusal!,
          ...call,
        })
        return undefined
      }
      touch(known.id, known.caller.tenantId, now)
      return { ...known.caller, actor: actorOf(known, call) }
    },
  }

  async function look(keyId: string, now: number): Promise<Believed | undefined> {
    const remembered = believed.get(keyId)
    if (remembered && remembered.untilMs >= now) return remembered
    const found = await find(store, keyId)
    if (!found) {
      believed.delete(keyId)
      return undefined
    }
    if (believed.size >= BELIEVED_MAX) believed.clear()
    const fresh = { ...found, untilMs: now + BELIEVED_MS }
    believed.set(keyId, fresh)
    return fresh
  }

  function touch(id: Id<'key'>, tenantId: TenantId, now: number): void {
    if ((touched.get(id) ?? Number.NEGATIVE_INFINITY) + TOUCH_MS >= now) return
    if (touched.size >= BELIEVED_MAX) touched.clear()
    touched.set(id, now)
    // A hint only: a failure to write it must not refuse the call.
    void store.read(tenantId, (tx) => touchKey(tx, id)).catch(() => touched.delete(id))
  }
}

const actorOf = ({ id, name }: Believed, { ip, requestId }: CallFacts): Caller['actor'] => ({
  type: 'api_key',
  id,
  name,
  ip,
  requestId,
})

async function find(store: Store, keyId: string): Promise<Omit<Believed, 'untilMs'> | undefined> {
  const owner = await store.directory((tx) => findKeyOwner(tx, keyId))
  if (!owner) return undefined
  return store.read(owner.tenantId, async (tx) => {
    const [key, tenant] = [await getKey(tx, owner.id), await getTenant(tx)]
    if (!key || !tenant) return undefined
    const expired = key.expiresAt !== null && key.expiresAt <= new Date()
    return {
      id: key.id,
      name: key.name,
      digest: key.digest,
      refusal: key.revokedAt
        ? 'revoked'
        : expired
          ? 'expired'
          : tenant.status !== 'active'
            ? 'tenant_not_active'
            : undefined,
      caller: {
        kind: 'tenant',
        tenantId: owner.tenantId,
        permissions: new Set(key.permissions),
        tier: tenant.tier,
        partner: tenant.kind === 'partner',
        signedInAt: null,
      },
    }
  })
}
