import type { Clock } from '../../base/clock.ts'
import type { TenantId } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import type { CallFacts, CredentialKind, RefusedAttempt } from '../credentials/authenticate.ts'
import { bearerTokens, type KnownToken } from '../credentials/bearer-tokens.ts'
import { tokenDigest } from '../people/chance.ts'
import { isOAuthAccessToken } from './chance.ts'
import { isUsable, registered, type Registered } from './find-application.ts'
import { findTokenTenant, getToken, type GrantRow, type TokenRow } from './grant-queries.ts'
import { standingOf } from './standing.ts'

interface Known extends KnownToken {
  actor: Pick<Actor, 'type' | 'id' | 'name'>
  /** Named when the token is refused. */
  applicationId: string
}

/** OAuth access tokens. From a consent: the caller is that user, with what was granted as far as the application and the role
 *  allow it at this moment. From client credentials: the application itself. Either way `signedInAt` is null, as for keys: these
 *  are machines' calls, and count against the tenant. */
export function oauthTokens(deps: {
  store: Store
  clock: Clock
  onRefused?(attempt: RefusedAttempt): void
}): CredentialKind {
  const { store } = deps
  return bearerTokens<Known>({
    ...deps,
    owns: isOAuthAccessToken,
    digestOf: tokenDigest,
    find: async (digest) => {
      const tenantId = await store.directory((tx) => findTokenTenant(tx, digest))
      return tenantId && find(store, tenantId, digest)
    },
    actorOf,
    credentialOf: (known) => known?.applicationId ?? 'oauth token',
  })
}

const actorOf = ({ actor }: Known, { ip, requestId }: CallFacts): Actor => ({ ...actor, ip, requestId })

async function find(store: Store, tenantId: TenantId, digest: Buffer): Promise<Known | undefined> {
  const held = await store.read(tenantId, async (tx) => {
    const found = await getToken(tx, digest)
    if (found?.token.kind !== 'access') return undefined
    const { token, grant } = found
    const own = grant.ownerId === tenantId ? await registered(tx, grant.applicationId) : undefined
    return { token, grant, ...(own ? await judged(tx, own, found) : {}) }
  })
  if (!held || held.grant.ownerId === tenantId) return held && knownOf(tenantId, held)
  // A partner's application in one of its tenants: what it may do stands in the partner's rows.
  const client = await store.read(held.grant.ownerId, (tx) => registered(tx, held.grant.applicationId))
  return knownOf(tenantId, {
    ...held,
    ...(client ? await store.read(tenantId, (tx) => judged(tx, client, held)) : {}),
  })
}

interface Held {
  token: TokenRow
  grant: GrantRow
  client?: Registered
  standing?: Awaited<ReturnType<typeof standingOf>>
}

const judged = async (tx: TenantTx, client: Registered, { token, grant }: Held) => ({
  client,
  standing: await standingOf(tx, grant, client.application, token.permissions ?? []),
})

function knownOf(tenantId: TenantId, { token, grant, client, standing }: Held): Known {
  const now = typeof standing === 'object' ? standing : undefined
  return {
    applicationId: grant.applicationId,
    expiresAt: token.expiresAt,
    refusal: refusalOf(client, typeof standing === 'string' ? standing : undefined),
    actor: client && now?.user ? userActor(client, now.user) : applicationActor(client, grant.applicationId),
    caller: {
      kind: 'tenant',
      tenantId,
      permissions: new Set(now?.permissions),
      tier: now?.tenant.tier ?? 'standard',
      partner: now?.tenant.kind === 'partner',
      signedInAt: null,
    },
  }
}

function refusalOf(
  client: Registered | undefined,
  standing: 'revoked' | 'tenant_not_active' | undefined,
): RefusedAttempt['reason'] | undefined {
  if (!client) return 'revoked'
  if (isUsable(client)) return standing
  return client.application.status === 'active' ? 'tenant_not_active' : 'revoked'
}

/** The audit trail shows both: whose right it was, and which program used it. */
const userActor = (client: Registered, user: { id: string; name: string; email: string }): Known['actor'] => ({
  type: 'user',
  id: user.id,
  name: `${user.name || user.email} (${client.application.name})`,
})

const applicationActor = (client: Registered | undefined, id: string): Known['actor'] => ({
  type: 'application',
  id,
  name: client?.application.name ?? '',
})
