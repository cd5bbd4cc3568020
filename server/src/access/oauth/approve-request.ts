import type { TenantId } from '../../base/ids.ts'
import { uuidOf, idOrNull } from '../../base/ids.ts'
import type { Call } from '../people/change-person.ts'
import { tokenDigest } from '../people/chance.ts'
import type { OpenSession } from '../people/sessions.ts'
import { getUser, isActive, type Membership } from '../people/user-queries.ts'
import { permissionsOf } from '../roles.ts'
import { type AuthorizeRequest, locationOf } from './authorize-request.ts'
import { newCode } from './chance.ts'
import type { OAuth } from './deps.ts'
import { mayActIn } from './find-application.ts'
import { insertGrant, insertToken } from './grant-queries.ts'
import { CODE_KEPT_MS, CODE_MS } from './issue-tokens.ts'
import { OAuthError } from './oauth-error.ts'
import { intersect } from './scope.ts'

/** What of the request the person could grant in this tenant. */
export const grantable = (request: AuthorizeRequest, { role }: Pick<Membership, 'role'>): string[] =>
  intersect(request.permissions, permissionsOf(role))

/** The tenants for which the person may allow this application something: its own, or a partner's tenants, as far as the person
 *  works there. */
export async function choicesOf(oauth: OAuth, request: AuthorizeRequest, session: OpenSession): Promise<Membership[]> {
  const open = session.memberships.filter((one) => isActive(one) && one.tenantStatus === 'active')
  const parents = await oauth.store.directory((tx) =>
    tx.many<{ tenant_id: string; parent_id: string | null }>(
      'select tenant_id, parent_id from tenants where tenant_id = any($1)',
      [open.map((one) => uuidOf(one.tenantId))],
    ),
  )
  const parentOf = (id: TenantId) =>
    idOrNull('ten', parents.find((row) => row.tenant_id === uuidOf(id))?.parent_id ?? null)
  return open.filter(
    (one) =>
      mayActIn(request.client.owner.id, { id: one.tenantId, parentId: parentOf(one.tenantId) }) &&
      grantable(request, one).length > 0,
  )
}

/** Grants what was asked, as far as the person's role reaches today, and gives the client a code for it. Returns where to send
 *  the browser. Throws `access_denied` when the person was shut out meanwhile. */
export async function approveRequest(
  oauth: OAuth,
  call: Call,
  request: AuthorizeRequest,
  membership: Membership,
): Promise<string> {
  const { tenantId, userId } = membership
  const code = newCode()
  const user = await oauth.store.read(tenantId, (tx) => getUser(tx, userId))
  const name = user?.name || user?.email || ''
  const actor = { type: 'user' as const, id: userId, name, ip: call.ip, requestId: call.requestId }
  await oauth.store.change(tenantId, actor, async (tx) => {
    const now = await getUser(tx, userId)
    const permissions = now?.status === 'active' ? grantable(request, now) : []
    if (permissions.length === 0) throw new OAuthError('access_denied', 'The person may not allow this')
    const { application, owner } = request.client
    const grantUuid = await insertGrant(tx, {
      ownerId: owner.id,
      applicationId: application.id,
      userId,
      permissions,
      redirectUri: request.redirectUri,
      codeChallenge: request.challenge,
    })
    await insertToken(tx, {
      grantUuid,
      digest: tokenDigest(code),
      kind: 'code',
      expiresAt: new Date(tx.now.getTime() + CODE_MS),
      keptUntil: new Date(tx.now.getTime() + CODE_KEPT_MS),
    })
    tx.audit({
      action: 'oauth_grant.create',
      resource: { type: 'application', id: application.id },
      changes: { after: { application: application.name, user_id: userId, permissions } },
    })
  })
  return locationOf(oauth, request, { code })
}
