import { z } from 'zod'
import { AppError } from '../../base/errors.ts'
import { type Answer, publicRoute, type Route } from '../../http/route.ts'
import { type Look, seeOther } from '../pages/frame.ts'
import { languageOf } from '../pages/language.ts'
import type { Call } from '../people/change-person.ts'
import { brandingOf } from '../tenants/branding.ts'
import { answerForm } from './answer-form.ts'
import { FaultyRequest, readAuthorizeRequest, UntrustedRequest } from './authorize-request.ts'
import type { OAuth } from './deps.ts'
import { readForm } from './form.ts'
import { OAuthError } from './oauth-error.ts'
import { refusalPage } from './page.ts'
import { countCall } from './refuse.ts'
import { showPage } from './show-page.ts'
import { PATH, type Query, type Visit } from './visit.ts'

/** RFC 6749, 3.1: what is not known is ignored. Each name once is http's own rule. */
const querySchema = z.looseObject({
  client_id: z.string().optional(),
  redirect_uri: z.string().optional(),
  response_type: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.string().optional(),
  scope: z.string().optional(),
  state: z.string().optional(),
  prompt: z.string().optional(),
})

/** Where people decide about applications. Nothing is kept between the pages: each holds the client's request in its address,
 *  and it is checked anew every time. */
export function authorizeRoutes(oauth: OAuth): Route[] {
  const about = {
    path: PATH,
    tag: 'OAuth',
    page: true,
    query: querySchema,
    answers: {
      200: { description: 'A page to sign in, or to decide' },
      303: { description: 'Back to the client, with `code` or `error`, `state` and `iss`; or on to the next page' },
      400: { description: 'A page: client or address is not known, and nobody is sent anywhere' },
      403: { description: 'A page: nothing to allow, or the form came from elsewhere' },
      429: { description: 'Too many calls or tries within a minute; Retry-After' },
    },
  }
  return [
    publicRoute({
      ...about,
      operationId: 'authorize',
      method: 'GET',
      summary: 'Ask a person to let an application in (RFC 6749, 7636)',
      description:
        'For browsers. `response_type=code`, `client_id`, `redirect_uri` exactly as registered, `code_challenge` with `code_challenge_method=S256`, and as you like `scope` (permissions separated by blanks) and `state`.',
      handle: ({ query, ...call }) => visited(oauth, call, query as Query, (visit) => showPage(oauth, visit)),
    }),
    publicRoute({
      ...about,
      operationId: 'decideAuthorization',
      method: 'POST',
      summary: 'What the page of the same address sends',
      answers: { ...about.answers, 401: { description: 'The page again: address, password or code is not right' } },
      rawBody: true,
      bodyLimitBytes: 16 * 1024,
      handle: ({ query, ...call }) =>
        visited(oauth, call, query as Query, (visit) =>
          answerForm(oauth, visit, readForm(call.header('content-type'), call.rawBody)),
        ),
    }),
  ]
}

async function visited(
  oauth: OAuth,
  call: Call,
  query: Query,
  work: (visit: Visit) => Promise<Answer>,
): Promise<Answer> {
  const language = languageOf(call.header('accept-language'))
  const plain: Look = { language, productName: 'Payymo', color: null }
  try {
    await countCall(oauth, call)
    const request = await readAuthorizeRequest(oauth, query)
    const branding = await brandingOf(oauth.store, request.client.owner.id)
    const look = { language, productName: branding.product_name ?? 'Payymo', color: branding.primary_color }
    return await work({ call, query, request, look })
  } catch (error) {
    if (error instanceof FaultyRequest) return seeOther(error.location)
    const forged = error instanceof AppError && error.code === 'permission_denied'
    if (forged || error instanceof OAuthError) return refusalPage(plain, { kind: 'forged' })
    if (error instanceof UntrustedRequest) return refusalPage(plain, { kind: 'untrusted' })
    throw error
  }
}
