import { z } from 'zod'
import { ok, publicRoute, type Route, type RouteContext } from '../../http/route.ts'
import { GRANT_TYPES, type GrantType } from './application-queries.ts'
import { authenticateClient, usesBasic } from './client.ts'
import { clientCredentials } from './client-credentials.ts'
import type { OAuth } from './deps.ts'
import { needed, readForm } from './form.ts'
import { answering, NOT_KEPT, OAuthError } from './oauth-error.ts'
import { countCall } from './refuse.ts'
import { revokeToken } from './revoke-token.ts'
import { SCOPES } from './scope.ts'
import { exchangeCode, refreshTokens } from './use-grant.ts'

const TAG = 'OAuth'
const BODY_LIMIT_BYTES = 16 * 1024
/** Parameters belong into the form; what else stands in the address is ignored (RFC 6749, 3.2). */
const ANY_QUERY = z.looseObject({})
const GRANTS: Record<GrantType, typeof exchangeCode> = {
  authorization_code: exchangeCode,
  refresh_token: refreshTokens,
  client_credentials: clientCredentials,
}

const tokenSchema = z
  .object({
    access_token: z.string().describe('`po_` and 43 characters. Send it as `Authorization: Bearer`.'),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds.'),
    scope: z.string().describe('The permissions, separated by blanks.'),
    refresh_token: z.string().optional().describe('Works once; the answer to it holds the next one.'),
  })
  .meta({ id: 'OAuthTokens' })

const tokenExample = {
  access_token: 'po_<43 characters>',
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'transactions:read invoices:read',
  refresh_token: 'pr_<43 characters>',
}

const refusalSchema = z
  .object({ error: z.string(), error_description: z.string() })
  .meta({ id: 'OAuthRefusal', description: 'RFC 6749, 5.2; not the envelope of the API.' })

const refusal = (description: string, error: string, words: string) => ({
  description,
  schema: refusalSchema,
  example: { error, error_description: words },
})

const REFUSALS = {
  400: refusal('RFC 6749, 5.2', 'invalid_grant', 'code_verifier does not match'),
  401: refusal(
    'The client is not who it says, or is switched off',
    'invalid_client',
    'The client is unknown, its secret is wrong, or it is switched off',
  ),
  429: refusal(
    'Too many calls, or too many failures; Retry-After',
    'temporarily_unavailable',
    'Too many tries within a minute. Wait a little and try again.',
  ),
}

/** What machines call: the token endpoint, its end, and the document that says where everything is. Refusals here are those of
 *  RFC 6749 and not the envelope of the API. */
export function tokenRoutes(oauth: OAuth): Route[] {
  const called = async (call: RouteContext<null, unknown, unknown, unknown>) => {
    await countCall(oauth, call)
    const form = readForm(call.header('content-type'), call.rawBody)
    return { form, client: await authenticateClient(oauth, call, form) }
  }
  return [
    publicRoute({
      operationId: 'readOAuthServer',
      method: 'GET',
      path: '/.well-known/oauth-authorization-server',
      tag: TAG,
      summary: 'Where the OAuth endpoints are and what they can do (RFC 8414)',
      answers: {
        200: {
          description: 'The document',
          schema: z.looseObject({ issuer: z.string() }),
          example: serverDocument('https://payymo.example.com'),
        },
      },
      handle: async () => ok(serverDocument(oauth.publicUrl())),
    }),
    publicRoute({
      operationId: 'issueOAuthToken',
      method: 'POST',
      path: '/oauth/token',
      tag: TAG,
      summary: 'Get tokens (RFC 6749)',
      description:
        'A form: `grant_type` is `authorization_code` with `code`, `redirect_uri` and `code_verifier`; `refresh_token` with `refresh_token` and perhaps a narrower `scope`; or `client_credentials` with perhaps `scope`. The client proves itself by Basic, by `client_id` and `client_secret` in the form, or, where it has no secret, by `client_id` alone.',
      query: ANY_QUERY,
      rawBody: true,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      answers: { 200: { description: 'Tokens', schema: tokenSchema, example: tokenExample }, ...REFUSALS },
      handle: async (call) =>
        answering(usesBasic(call), async () => {
          const { form, client } = await called(call)
          const grantType = needed(form, 'grant_type')
          if (!isGrantType(grantType)) throw new OAuthError('unsupported_grant_type', 'grant_type is not known here')
          if (!client.application.grantTypes.includes(grantType))
            throw new OAuthError('unauthorized_client', 'This client may not use this grant_type')
          return { ...ok(await GRANTS[grantType](oauth, call, client, form)), headers: NOT_KEPT }
        }),
    }),
    publicRoute({
      operationId: 'revokeOAuthToken',
      method: 'POST',
      path: '/oauth/revoke',
      tag: TAG,
      summary: 'End a token (RFC 7009)',
      description:
        'A form with `token`. A refresh token ends with everything that came of the same grant, an access token alone. A token that is not known is ended already: 200.',
      query: ANY_QUERY,
      rawBody: true,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      answers: { 200: { description: 'Ended' }, ...REFUSALS },
      handle: async (call) =>
        answering(usesBasic(call), async () => {
          const { form, client } = await called(call)
          await revokeToken(oauth, call, client, needed(form, 'token'))
          return { status: 200, headers: NOT_KEPT }
        }),
    }),
  ]
}

const isGrantType = (text: string): text is GrantType => (GRANT_TYPES as readonly string[]).includes(text)

/** RFC 8414; `authorization_response_iss_parameter_supported` from RFC 9207. */
function serverDocument(issuer: string) {
  const methods = ['client_secret_basic', 'client_secret_post', 'none']
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    scopes_supported: SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: GRANT_TYPES,
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: ['en', 'de'],
    service_documentation: `${issuer}/api/docs`,
  }
}
