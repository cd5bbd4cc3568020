import type { Call } from '../people/change-person.ts'
import { applicationActor } from './client.ts'
import type { OAuth } from './deps.ts'
import type { Registered } from './find-application.ts'
import { insertGrant } from './grant-queries.ts'
import { type IssuedTokens, issueTokens } from './issue-tokens.ts'
import { OAuthError } from './oauth-error.ts'
import { covers, readScope } from './scope.ts'

/** A token with which the application acts as itself, in its own tenant. Without `scope` it may all that the application may.
 *  Throws `invalid_scope` for anything beyond that. */
export async function clientCredentials(
  oauth: OAuth,
  call: Call,
  client: Registered,
  form: ReadonlyMap<string, string>,
): Promise<IssuedTokens> {
  const { application, owner } = client
  const scope = form.get('scope')
  const permissions = scope === undefined ? application.permissions : readScope(scope)
  if (!permissions || !covers(application.permissions, permissions)) {
    throw new OAuthError('invalid_scope', 'scope is more than this client is allowed')
  }
  return oauth.store.change(owner.id, applicationActor(client, call), async (tx) => {
    const grantUuid = await insertGrant(tx, {
      ownerId: owner.id,
      applicationId: application.id,
      userId: null,
      permissions,
      redirectUri: null,
      codeChallenge: null,
    })
    return issueTokens(tx, grantUuid, { permissions, refreshable: false })
  })
}
