import { tokenDigest } from '../people/chance.ts'
import type { Call } from '../people/change-person.ts'
import { applicationActor } from './client.ts'
import type { OAuth } from './deps.ts'
import type { Registered } from './find-application.ts'
import { findTokenTenant, lockToken, removeToken, revokeGrant } from './grant-queries.ts'
import { OAuthError } from './oauth-error.ts'

/** Ends a token of the client (RFC 7009): a refresh token with everything that came of its grant, an access token alone. A token
 *  that is not there, or no more, is ended already. Throws `invalid_grant` for one of another client: who holds 256 bits of
 *  chance learns nothing from that. */
export async function revokeToken(oauth: OAuth, call: Call, client: Registered, text: string): Promise<void> {
  const digest = tokenDigest(text)
  const tenantId = await oauth.store.directory((tx) => findTokenTenant(tx, digest))
  if (tenantId === undefined) return
  const others = await oauth.store.change(tenantId, applicationActor(client, call), async (tx) => {
    const found = await lockToken(tx, digest)
    if (!found || found.token.kind === 'code' || found.grant.revokedAt) return false
    const { token, grant } = found
    if (grant.applicationId !== client.application.id) return true
    if (token.kind === 'refresh') await revokeGrant(tx, grant.uuid, tx.now)
    else await removeToken(tx, digest)
    tx.audit({
      action: token.kind === 'refresh' ? 'oauth_grant.revoke' : 'oauth_token.revoke',
      resource: { type: 'application', id: grant.applicationId },
      changes: { reason: 'revoked_by_client', user_id: grant.userId },
    })
    return false
  })
  if (others) throw new OAuthError('invalid_grant', 'The token was issued to another client')
}
