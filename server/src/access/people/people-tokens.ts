import type { Clock } from '../../base/clock.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import type { Caller } from '../../http/route.ts'
import type { CallFacts, CredentialKind, RefusedAttempt } from '../credentials/authenticate.ts'
import { bearerTokens, type KnownToken } from '../credentials/bearer-tokens.ts'
import { permissionsOf } from '../roles.ts'
import { getTenant } from '../tenants/queries.ts'
import { isAccessToken, tokenDigest } from './chance.ts'
import { findTokenTenant, getAccessToken } from './session-queries.ts'
import { getUser } from './user-queries.ts'

interface Known extends KnownToken {
  userId: Id<'usr'>
  name: string
}

/** Access tokens of people (`POST /auth/token`): the caller is a user with the permissions of its role, and of the operator's
 *  tenant where that is the user's. */
export function peopleTokens(deps: {
  store: Store
  clock: Clock
  onRefused?(attempt: RefusedAttempt): void
}): CredentialKind {
  const { store } = deps
  return bearerTokens<Known>({
    ...deps,
    owns: isAccessToken,
    digestOf: tokenDigest,
    find: async (digest) => {
      const tenantId = await store.directory((tx) => findTokenTenant(tx, digest))
      return tenantId && find(store, tenantId, digest)
    },
    actorOf,
    credentialOf: (known) => known?.userId ?? 'access token',
  })
}

const actorOf = ({ userId, name }: Known, { ip, requestId }: CallFacts): Caller['actor'] => ({
  type: 'user',
  id: userId,
  name,
  ip,
  requestId,
})

/** A token is there as long as its session is: ending the session removes it. */
function find(store: Store, tenantId: TenantId, digest: Buffer): Promise<Known | undefined> {
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
