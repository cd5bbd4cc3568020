import { isId } from '../../base/ids.ts'
import type { OAuth } from './deps.ts'
import { findApplication, isUsable, type Registered } from './find-application.ts'
import { OAuthError } from './oauth-error.ts'
import { covers, readScope } from './scope.ts'

/** What a client asks of a person, checked. */
export interface AuthorizeRequest {
  client: Registered
  redirectUri: string
  permissions: string[]
  state: string | undefined
  challenge: string
  /** The person wants to sign in as somebody else. */
  signInAnew: boolean
}

/** A request that must not send the browser anywhere: nobody knows whose address that would be (RFC 6749, 4.1.2.1). */
export class UntrustedRequest extends Error {
  override readonly name = 'UntrustedRequest'
}

/** A request whose client and address are right, and which is wrong in another way: the browser is sent back with the reason. */
export class FaultyRequest extends Error {
  override readonly name = 'FaultyRequest'
  readonly location: string

  constructor(location: string) {
    super('faulty authorization request')
    this.location = location
  }
}

type Query = Readonly<Record<string, string>>

/** Reads the query of /oauth/authorize. Parameters that nobody knows are ignored (RFC 6749, 3.1). Throws `UntrustedRequest` or
 *  `FaultyRequest`. */
export async function readAuthorizeRequest(oauth: OAuth, query: Query): Promise<AuthorizeRequest> {
  const id = query.client_id
  const client = await findApplication(oauth.store, isId('app', id) ? id : undefined)
  if (!client || !isUsable(client)) throw new UntrustedRequest('unknown client')
  const { application } = client
  const redirectUri = query.redirect_uri
  if (redirectUri === undefined || !application.redirectUris.includes(redirectUri)) {
    throw new UntrustedRequest('unknown address')
  }
  const state = query.state
  try {
    return {
      client,
      redirectUri,
      state,
      signInAnew: query.prompt === 'login',
      ...checkRest(query, application),
    }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    throw new FaultyRequest(refusalLocation(oauth, { redirectUri, state }, error))
  }
}

function checkRest(query: Query, application: Registered['application']): { permissions: string[]; challenge: string } {
  if (query.response_type === undefined) throw new OAuthError('invalid_request', 'response_type is required')
  if (query.response_type !== 'code') throw new OAuthError('unsupported_response_type', 'response_type must be code')
  if (query.response_mode !== undefined && query.response_mode !== 'query')
    throw new OAuthError('invalid_request', 'response_mode must be query')
  if (query.request !== undefined || query.request_uri !== undefined)
    throw new OAuthError('invalid_request', 'request and request_uri are not taken')
  if (!application.grantTypes.includes('authorization_code'))
    throw new OAuthError('unauthorized_client', 'This client may not use authorization_code')
  const challenge = query.code_challenge
  // Without a method it would be plain (RFC 7636, 4.3), which proves nothing to whoever read the request.
  if (challenge === undefined || query.code_challenge_method !== 'S256')
    throw new OAuthError('invalid_request', 'code_challenge is required, with code_challenge_method S256')
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    throw new OAuthError('invalid_request', 'code_challenge must be the base64url of a SHA-256')
  const permissions = query.scope ? readScope(query.scope) : application.permissions
  if (!permissions || !covers(application.permissions, permissions))
    throw new OAuthError('invalid_scope', 'scope is more than this client is allowed')
  return { permissions, challenge }
}

/** Where the browser is sent with a refusal. */
export const refusalLocation = (
  oauth: OAuth,
  request: Pick<AuthorizeRequest, 'redirectUri' | 'state'>,
  error: OAuthError,
): string => locationOf(oauth, request, { error: error.code, error_description: error.message })

/** The client's address with our parameters behind its own, and who is answering (RFC 9207). */
export function locationOf(
  oauth: OAuth,
  { redirectUri, state }: Pick<AuthorizeRequest, 'redirectUri' | 'state'>,
  parameters: Record<string, string>,
): string {
  const added = new URLSearchParams({
    ...parameters,
    ...(state === undefined ? {} : { state }),
    iss: oauth.publicUrl(),
  })
  // Put behind it as text: parsed and written again, the client's own query might come back spelled otherwise.
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${added.toString()}`
}
