import { z } from 'zod'
import { AppError } from '../../base/errors.ts'
import { type Answer, publicRoute, type Route, type RouteContext } from '../../http/route.ts'
import type { Call } from '../people/change-person.ts'
import { csrfToken, refuseForeignPage } from '../people/forgery.ts'
import { type OpenSession, refuseStale, sessionForWriting, sessionOf, withSession } from '../people/sessions.ts'
import { confirmSession, emailOf, signIn } from '../people/sign-in.ts'
import { brandingOf } from '../tenants/branding.ts'
import { approveRequest, choicesOf, grantable } from './approve-request.ts'
import {
  type AuthorizeRequest,
  FaultyRequest,
  readAuthorizeRequest,
  refusalLocation,
  UntrustedRequest,
} from './authorize-request.ts'
import type { OAuth } from './deps.ts'
import { readForm } from './form.ts'
import { OAuthError } from './oauth-error.ts'
import { confirmPage, consentPage, type Look, nothingPage, refusalPage, signInPage } from './page.ts'
import { countCall } from './refuse.ts'
import { languageOf, type SignInFault } from './words.ts'

const PATH = '/oauth/authorize'

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

type Query = Record<string, string>
type Form = ReadonlyMap<string, string>
/** The request at hand: what the browser sent, what the client asks, how the page looks. */
interface Visit {
  call: Call
  query: Query
  request: AuthorizeRequest
  look: Look
}

/** Where people decide about applications. Nothing is kept between the pages: each holds the client's request in its address,
 *  and it is checked anew every time. */
export function authorizeRoutes(oauth: OAuth): Route[] {
  const about = {
    path: PATH,
    tag: 'OAuth',
    query: querySchema,
    answers: {
      200: { description: 'A page to sign in, or to decide' },
      303: { description: 'Back to the client, with `code` or `error`, `state` and `iss`; or on to the next page' },
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
      handle: ({ query, ...call }) => visited(oauth, call, query as Query, (visit) => show(oauth, visit)),
    }),
    publicRoute({
      ...about,
      operationId: 'decideAuthorization',
      method: 'POST',
      summary: 'What the page of the same address sends',
      rawBody: true,
      bodyLimitBytes: 16 * 1024,
      handle: ({ query, ...call }) =>
        visited(oauth, call, query as Query, (visit) =>
          act(oauth, visit, readForm(call.header('content-type'), call.rawBody)),
        ),
    }),
  ]
}

async function visited(
  oauth: OAuth,
  call: RouteContext<null, unknown, unknown, unknown> | (Call & { rawBody: Buffer }),
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

/** The page that is next: sign in, give the password again, decide. */
async function show(oauth: OAuth, visit: Visit): Promise<Answer> {
  const { request, look, query } = visit
  const session = request.signInAnew ? undefined : await presentSession(oauth, visit.call)
  const application = request.client.application.name
  if (!session) return signInPage(look, { action: addressOf(query), application, email: '', withCode: false })
  const choices = await choicesOf(oauth, request, session)
  const otherAccount = addressOf({ ...query, prompt: 'login' })
  if (choices.length === 0) {
    const denied = new OAuthError('access_denied', 'The person may allow none of it')
    return nothingPage(look, { application, back: refusalLocation(oauth, request, denied), otherAccount })
  }
  const about = {
    action: addressOf(query),
    csrf: csrfToken(session.cookie),
    email: await emailOf(oauth, session.personUuid),
    otherAccount,
  }
  if (!isFresh(oauth, session)) return confirmPage(look, { ...about, withCode: false })
  const asked = choices.map((one) => grantable(request, one))
  return consentPage(look, {
    ...about,
    application,
    owner: request.client.owner.name,
    host: new URL(request.redirectUri).host,
    // In one company it is exactly this; where there is a choice, at most this.
    permissions: [...new Set(asked.flat())],
    choices: choices.map((one) => ({ id: one.tenantId, name: one.tenantName })),
    secureTarget: request.redirectUri.startsWith('https:'),
  })
}

async function act(oauth: OAuth, visit: Visit, form: Form): Promise<Answer> {
  const { call, query, request } = visit
  const action = form.get('action')
  if (action === 'sign_in') return signedIn(oauth, visit, form)
  const guarded: Call = {
    ip: call.ip,
    requestId: call.requestId,
    // A form cannot send headers: the token comes as a field.
    header: (name) => (name === 'x-csrf-token' ? form.get('csrf_token') : call.header(name)),
  }
  const session = await orSignedOut(sessionForWriting(oauth, guarded))
  if (!session) return seeOther(addressOf(query))
  if (action === 'confirm') return confirmed(oauth, visit, session, form)
  const denied = new OAuthError('access_denied', 'The person did not allow it')
  if (action === 'deny') return seeOther(refusalLocation(oauth, request, denied))
  if (action !== 'approve') throw new OAuthError('invalid_request', 'action is not known')
  if (!isFresh(oauth, session)) return seeOther(addressOf(query))
  const choices = await choicesOf(oauth, request, session)
  const chosen = choices.find((one) => one.tenantId === form.get('tenant_id'))
  if (!chosen) return seeOther(addressOf(query))
  try {
    return seeOther(await approveRequest(oauth, call, request, chosen))
  } catch (error) {
    if (error instanceof OAuthError) return seeOther(refusalLocation(oauth, request, error))
    throw error
  }
}

async function signedIn(oauth: OAuth, visit: Visit, form: Form): Promise<Answer> {
  const { call, request, look, query } = visit
  refuseForeignPage(call, oauth.publicUrl())
  const [email, password, code] = [form.get('email') ?? '', form.get('password') ?? '', form.get('code')]
  const page = { action: addressOf(query), application: request.client.application.name, email }
  return proved(
    oauth,
    visit,
    () => signIn(oauth, call, { email, password: password.slice(0, PASSWORD_MAX), code }),
    (fault) => signInPage(look, { ...page, fault, withCode: asksForCode(fault) }),
  )
}

async function confirmed(oauth: OAuth, visit: Visit, session: OpenSession, form: Form): Promise<Answer> {
  const { call, look, query } = visit
  const email = await emailOf(oauth, session.personUuid)
  const given = { password: (form.get('password') ?? '').slice(0, PASSWORD_MAX), code: form.get('code') }
  const page = { action: addressOf(query), csrf: csrfToken(session.cookie), email }
  const otherAccount = addressOf({ ...query, prompt: 'login' })
  return proved(
    oauth,
    visit,
    () => confirmSession(oauth, call, session, given),
    (fault) => confirmPage(look, { ...page, fault, otherAccount, withCode: asksForCode(fault) }),
  )
}

/** As much as /auth/login takes. */
const PASSWORD_MAX = 1024

const asksForCode = (fault: SignInFault): boolean => fault.startsWith('second_factor')

/** Goes on with the new cookie, or shows the same page with what was wrong. */
async function proved(
  oauth: OAuth,
  { query }: Visit,
  prove: () => Promise<string>,
  again: (fault: SignInFault) => Answer,
): Promise<Answer> {
  try {
    const { headers } = withSession(oauth, await prove())
    const { prompt: _prompt, ...rest } = query
    return { status: 303, headers: { ...headers, location: addressOf(rest) } }
  } catch (error) {
    const fault = error instanceof AppError ? faultOf(error) : undefined
    if (!fault) throw error
    const answer = again(fault)
    const seconds = (error as AppError).retryAfterSeconds
    return seconds === undefined
      ? answer
      : { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } }
  }
}

function faultOf(error: AppError): SignInFault | undefined {
  if (error.code === 'rate_limit_exceeded') return 'too_many'
  if (error.code === 'service_unavailable') return 'unavailable'
  if (error.code !== 'authentication_required') return undefined
  const reason = error.details.find(({ field }) => field === 'reason')?.issue
  return reason === 'second_factor_required' || reason === 'second_factor_invalid' ? reason : 'wrong_password'
}

const presentSession = (oauth: OAuth, call: Call): Promise<OpenSession | undefined> =>
  orSignedOut(sessionOf(oauth, call))

async function orSignedOut(session: Promise<OpenSession>): Promise<OpenSession | undefined> {
  try {
    return await session
  } catch (error) {
    if (error instanceof AppError && error.code === 'authentication_required') return undefined
    throw error
  }
}

/** Letting an application in is like making a key: the password must have been typed within ten minutes (reliability 39). */
function isFresh(oauth: OAuth, session: OpenSession): boolean {
  try {
    refuseStale(oauth, session)
    return true
  } catch {
    return false
  }
}

const addressOf = (query: Query): string => `${PATH}?${new URLSearchParams(query).toString()}`

const seeOther = (location: string): Answer => ({ status: 303, headers: { location } })
