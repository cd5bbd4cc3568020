import type { Clock } from '../../base/clock.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import type { Caller } from '../../http/route.ts'
import type { CallFacts, CredentialKind, RefusedAttempt } from '../credentials/authenticate.ts'
import { permissionsOf } from '../roles.ts'
import { getTenant } from '../tenants/queries.ts'
import { isAccessToken, tokenDigest } from './chance.ts'
import { findTokenTenant, getAccessToken } from './session-queries.ts'
import { getUser } from './user-queries.ts'

/** How long a checked token is believed without asking again: who is disabled is out everywhere within this. */
const BELIEVED_MS = 2_000
const BELIEVED_MAX = 10_000

interface Believed {
  caller: Omit<Caller, 'actor'>
  userId: Id<'usr'>
  name: string
  expiresAt: Date
  refusal: RefusedAttempt['reason'] | undefined
  untilMs: number
}

/** Access tokens of people (`POST /auth/token`): the caller is a user with the permissions of its role, and of the operator's
 *  tenant where that is the user's. */
export function peopleTokens(deps: {
  store: Store
  clock: Clock
  onRefused?(attempt: RefusedAttempt): void
}): CredentialKind {
  const { store, clock } = deps
  const believed = new Map<string, Believed>()

  return {
    owns: isAccessToken,
    remembers: (token) => believed.has(nameOf(tokenDigest(token))),
    callerOf: async (token, call, { fresh } = { fresh: false }) => {
      const known = await look(token, fresh)
      const refusal = !known ? 'unknown' : known.expiresAt <= clock.now() ? 'expired' : known.refusal
      if (!known || refusal) {
        deps.onRefused?.({
          tenantId: known?.caller.tenantId ?? null,
          credential: known?.userId ?? 'access token',
          reason: refusal!,
          ...call,
        })
        return undefined
      }
      return { ...known.caller, actor: actorOf(known, call) }
    },
  }

  async function look(token: string, fresh: boolean): Promise<Believed | undefined> {
    const digest = tokenDigest(token)
    const name = nameOf(digest)
    const now = performance.now()
    const remembered = believed.get(name)
    if (!fresh && remembered && remembered.untilMs >= now) return remembered
    const tenantId = await store.directory((tx) => findTokenTenant(tx, digest))
    const found = tenantId && (await find(store, tenantId, digest))
    if (!found) {
      believed.delete(name)
      return undefined
    }
    if (believed.size >= BELIEVED_MAX) believed.clear()
    const looked = { ...found, untilMs: now + BELIEVED_MS }
    believed.set(name, looked)
    return looked
  }
}

const nameOf = (digest: Buffer): string => digest.toString('base64url')

const actorOf = ({ userId, name }: Believed, { ip, requestId }: CallFacts): Caller['actor'] => ({
  type: 'user',
  id: userId,
  name,
  ip,
  requestId,
})

/** A token is there as long as its session is: ending the session removes it. */
function find(store: Store, tenantId: TenantId, digest: Buffer): Promise<Omit<Believed, 'untilMs'> | undefined> {
  return store.read(tenantId, async (tx) => {
    const token = await getAccessToken(tx, digest)
    const [user, tenant] = token ? [await getUser(tx, token.userId), await getTenant(tx)] : []
    if (!token || !user || !tenant) return undefined
    return {
      userId: user.id,
      name: user.name || user.email,
      expiresAt: token.expiresAt,
      refusal:
        user.status !== 'active' ? 'revoked' : tenant.status !== 'active' ? ('tenant_not_active' as const) : undefined,
      caller: {
        kind: tenant.kind === 'operator' ? ('operator' as const) : ('tenant' as const),
        tenantId,
        permissions: permissionsOf(user.role),
        tier: tenant.tier,
        partner: tenant.kind === 'partner',
        signedInAt: token.signedInAt,
      },
    }
  })
}
