import { type Clock, systemClock } from '../../base/clock.ts'
import { type Id, newId, type TenantId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Store } from '../../events/store.ts'
import { type Caller, OPERATOR_TENANT } from '../../http/route.ts'
import type { CallFacts, CredentialKind, RefusedAttempt } from './authenticate.ts'
import { keyDigest, readKey, sameDigest } from './key-format.ts'
import { findKeyOwner, getKey, touchKey } from '../keys/queries.ts'
import { getTenant } from '../tenants/queries.ts'

/** How long a looked-up key is believed without asking again: a revocation holds everywhere within 5 s (reliability 29). */
const BELIEVED_MS = 2_000
/** Last use is written at most this often per key and process: a hint for people; the log of calls is the account. */
const TOUCH_MS = 60_000
const BELIEVED_MAX = 10_000

/** A key as the database has it, or that there is none. */
interface Looked {
  key: Known | undefined
  untilMs: number
}

interface Known {
  caller: Omit<Caller, 'actor'>
  id: Id<'key'>
  name: string
  digest: Buffer
  expiresAt: Date | null
  /** Why it is refused although it exists. */
  refusal: 'revoked' | 'tenant_not_active' | undefined
}

/** API keys, and how this process hears that some of a tenant changed: what it believed of them is asked anew. */
export interface KeyCredentials extends CredentialKind {
  forget(tenantId: TenantId): void
}

/** API keys of tenants. `onRefused` hears of every attempt with a well-formed key that does not hold. An unknown key takes
 *  the same steps as a wrong secret: the same reads, the same comparison, the same time in memory. */
export function apiKeys(options: {
  store: Store
  pepper: Secret
  clock?: Clock
  onRefused?(attempt: RefusedAttempt): void
}): KeyCredentials {
  const { store, clock = systemClock } = options
  const pepper = options.pepper.reveal()
  const dummy = keyDigest(pepper, 'no such key')
  // Apart, so that made-up keys never push out real ones.
  const believed = { real: new Map<string, Looked>(), madeUp: new Map<string, Looked>() }
  const looking = new Map<string, Promise<Looked>>()
  const touched = new Map<string, number>()
  let forgotten = 0

  return {
    owns: (token) => readKey(token) !== undefined,
    callerOf: async (token, call, { fresh } = { fresh: false }) => {
      const digest = keyDigest(pepper, token)
      const { keyId } = readKey(token)!
      const { key } = await (fresh ? lookUp(keyId) : look(keyId))
      const right = sameDigest(digest, key?.digest ?? dummy)
      const refusal = refusalOf(key, right)
      if (!key || refusal) {
        options.onRefused?.({
          tenantId: key?.caller.tenantId ?? null,
          credential: key?.id ?? 'api key',
          reason: refusal ?? 'unknown',
          ...call,
        })
        return undefined
      }
      touch(key.id, key.caller.tenantId)
      return { ...key.caller, actor: actorOf(key, call) }
    },
    remembers: (token) => {
      const known = believed.real.get(readKey(token)!.keyId)?.key
      return known !== undefined && sameDigest(keyDigest(pepper, token), known.digest)
    },
    forget: (tenantId) => {
      for (const [keyId, { key }] of believed.real) {
        if (key?.caller.tenantId === tenantId) believed.real.delete(keyId)
      }
      // What is being looked up may have been read before the change: it still answers who waits, and is not kept.
      looking.clear()
      forgotten += 1
    },
  }

  function refusalOf(key: Known | undefined, right: boolean): RefusedAttempt['reason'] | undefined {
    if (!key) return 'unknown'
    if (!right) return 'wrong_secret'
    const expired = key.expiresAt !== null && key.expiresAt <= clock.now()
    return key.refusal ?? (expired ? 'expired' : undefined)
  }

  /** Believed for two seconds, also that there is none: ids are of chance, so none is asked for before it exists. */
  async function look(keyId: string): Promise<Looked> {
    const remembered = believed.real.get(keyId) ?? believed.madeUp.get(keyId)
    if (remembered && remembered.untilMs >= performance.now()) return remembered
    // Calls that come while a key is looked up wait for that answer.
    const running = looking.get(keyId)
    if (running) return running
    const begun = lookUp(keyId).finally(() => {
      if (looking.get(keyId) === begun) looking.delete(keyId)
    })
    looking.set(keyId, begun)
    return begun
  }

  async function lookUp(keyId: string): Promise<Looked> {
    // Counted from the question, not from the answer: what a slow database says may be old already.
    const untilMs = performance.now() + BELIEVED_MS
    const before = forgotten
    const looked = { key: await find(store, keyId), untilMs }
    if (forgotten !== before) return looked
    const [into, other] = looked.key ? [believed.real, believed.madeUp] : [believed.madeUp, believed.real]
    other.delete(keyId)
    if (into.size >= BELIEVED_MAX) into.clear()
    into.set(keyId, looked)
    return looked
  }

  function touch(id: Id<'key'>, tenantId: TenantId): void {
    const nowMs = performance.now()
    if ((touched.get(id) ?? Number.NEGATIVE_INFINITY) + TOUCH_MS >= nowMs) return
    if (touched.size >= BELIEVED_MAX) touched.clear()
    touched.set(id, nowMs)
    // A hint only: a failure to write it must not refuse the call.
    void store.read(tenantId, (tx) => touchKey(tx, id)).catch(() => touched.delete(id))
  }
}

const actorOf = ({ id, name }: Known, { ip, requestId }: CallFacts): Caller['actor'] => ({
  type: 'api_key',
  id,
  name,
  ip,
  requestId,
})

async function find(store: Store, keyId: string): Promise<Known | undefined> {
  const owner = await store.directory((tx) => findKeyOwner(tx, keyId))
  // Nobody's key is looked for all the same, where it cannot be: how long an answer takes says nothing about a key's id.
  const { tenantId, id } = owner ?? { tenantId: OPERATOR_TENANT, id: newId('key') }
  return store.read(tenantId, async (tx) => {
    const [key, tenant] = [await getKey(tx, id), await getTenant(tx)]
    if (!owner || !key || !tenant) return undefined
    return {
      id,
      name: key.name,
      digest: key.digest,
      expiresAt: key.expiresAt,
      refusal: key.revokedAt ? 'revoked' : tenant.status !== 'active' ? 'tenant_not_active' : undefined,
      caller: {
        kind: 'tenant',
        tenantId,
        permissions: new Set(key.permissions),
        tier: tenant.tier,
        partner: tenant.kind === 'partner',
        signedInAt: null,
      },
    }
  })
}
