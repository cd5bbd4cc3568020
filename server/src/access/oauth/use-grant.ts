import { createHash } from 'node:crypto'
import type { Change } from '../../events/store.ts'
import type { RefusedAttempt } from '../credentials/authenticate.ts'
import { sameDigest } from '../credentials/key-format.ts'
import { tokenDigest } from '../people/chance.ts'
import type { Call } from '../people/change-person.ts'
import { applicationActor } from './client.ts'
import type { OAuth } from './deps.ts'
import type { Registered } from './find-application.ts'
import { needed } from './form.ts'
import { findTokenTenant, type GrantRow, lockToken, markUsed, revokeGrant, type TokenRow } from './grant-queries.ts'
import { type IssuedTokens, issueTokens } from './issue-tokens.ts'
import { OAuthError } from './oauth-error.ts'
import { refused } from './refuse.ts'
import { covers, readScope } from './scope.ts'
import { standingOf } from './standing.ts'

type Form = ReadonlyMap<string, string>
/** What a use came to. Refusals are a result and no exception: the end of a family commits with them. */
type Outcome = IssuedTokens | { reason: RefusedAttempt['reason']; error: OAuthError }

/** Tokens for an authorization code, once. A code that comes a second time was stolen the first or the second time: every token
 *  of its grant ends (RFC 6749, 4.1.2). Wrong in any other way it is left as it is: without the verifier nobody can use it, and
 *  whoever has it by right still can. Throws `invalid_request`, `invalid_grant`. */
export async function exchangeCode(oauth: OAuth, call: Call, client: Registered, form: Form): Promise<IssuedTokens> {
  const [code, redirectUri, verifier] = [
    needed(form, 'code'),
    needed(form, 'redirect_uri'),
    needed(form, 'code_verifier'),
  ]
  return useOnce(oauth, call, client, code, 'code', async (tx, grant) => {
    if (grant.redirectUri !== redirectUri) return fault('wrong_secret', 'redirect_uri is another than the code was for')
    if (!matches(verifier, grant.codeChallenge!)) return fault('wrong_secret', 'code_verifier does not match')
    return issueFor(tx, grant, client, grant.permissions)
  })
}

/** Tokens for a refresh token, once: the one in the answer takes its place. One that comes a second time ends the whole grant,
 *  since nobody can tell which of the two was the thief (RFC 9700, 4.14). `scope` may ask for less, never for more. Throws
 *  `invalid_request`, `invalid_grant`, `invalid_scope`. */
export async function refreshTokens(oauth: OAuth, call: Call, client: Registered, form: Form): Promise<IssuedTokens> {
  const scope = form.get('scope')
  return useOnce(oauth, call, client, needed(form, 'refresh_token'), 'refresh', async (tx, grant) => {
    const wanted = scope === undefined ? grant.permissions : readScope(scope)
    if (!wanted || !covers(grant.permissions, wanted)) {
      return { reason: 'wrong_secret', error: new OAuthError('invalid_scope', 'scope is more than was granted') }
    }
    return issueFor(tx, grant, client, wanted)
  })
}

/** Everything codes and refresh tokens have in common: whose they are, that they count once, and what a second use does. */
async function useOnce(
  oauth: OAuth,
  call: Call,
  client: Registered,
  text: string,
  kind: TokenRow['kind'],
  use: (tx: Change, grant: GrantRow) => Promise<Outcome>,
): Promise<IssuedTokens> {
  const digest = tokenDigest(text)
  const tenantId = await oauth.store.directory((tx) => findTokenTenant(tx, digest))
  const outcome =
    tenantId === undefined
      ? fault('unknown', UNKNOWN)
      : await oauth.store.change(tenantId, applicationActor(client, call), async (tx): Promise<Outcome> => {
          const found = await lockToken(tx, digest)
          if (!found || found.token.kind !== kind) return fault('unknown', UNKNOWN)
          const { token, grant } = found
          // Nothing is learned of another's code, and nothing done to it.
          if (grant.applicationId !== client.application.id) return fault('unknown', UNKNOWN)
          if (grant.revokedAt) return fault('revoked', UNKNOWN)
          if (token.usedAt) return endFamily(tx, grant, kind)
          if (token.expiresAt <= tx.now) return fault('expired', UNKNOWN)
          const used = await use(tx, grant)
          if (!('error' in used)) await markUsed(tx, digest, tx.now)
          return used
        })
  if (!('error' in outcome)) return outcome
  const attempt = { tenantId: client.owner.id, credential: client.application.id, reason: outcome.reason }
  throw await refused(oauth, call, attempt, outcome.error)
}

const UNKNOWN = 'The code or token is unknown, used up, run out, or was issued to another client'

async function endFamily(tx: Change, grant: GrantRow, kind: TokenRow['kind']): Promise<Outcome> {
  await revokeGrant(tx, grant.uuid, tx.now)
  tx.audit({
    action: 'oauth_grant.revoke',
    resource: { type: 'application', id: grant.applicationId },
    changes: { reason: `${kind}_used_twice`, user_id: grant.userId },
  })
  return fault('revoked', UNKNOWN)
}

async function issueFor(tx: Change, grant: GrantRow, client: Registered, wanted: string[]): Promise<Outcome> {
  const standing = await standingOf(tx, grant, client.application, wanted)
  if (typeof standing === 'string') return fault(standing, 'The grant does not hold any more')
  if (standing.permissions.length === 0) return fault('revoked', 'Nothing of what was granted is allowed any more')
  return issueTokens(tx, grant.uuid, {
    permissions: standing.permissions,
    refreshable: client.application.grantTypes.includes('refresh_token'),
  })
}

const fault = (reason: RefusedAttempt['reason'], message: string): Outcome => ({
  reason,
  error: new OAuthError('invalid_grant', message),
})

/** RFC 7636, 4.6, S256. */
function matches(verifier: string, challenge: string): boolean {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  const made = createHash('sha256').update(verifier).digest('base64url')
  return sameDigest(Buffer.from(made), Buffer.from(challenge))
}
