import { isoSeconds } from '../../base/clock.ts'
import { ok, publicRoute, type Route } from '../../http/route.ts'
import {
  accessTokenExample,
  accessTokenSchema,
  confirmSchema,
  loginSchema,
  sessionExample,
  sessionSchema,
  tokenSchema,
} from './auth-shapes.ts'
import { ownPerson } from './change-password.ts'
import { readCookie } from './cookie.ts'
import type { People } from './deps.ts'
import { csrfToken, refuseForeignPage, refuseForgery } from './forgery.ts'
import { tried } from './limits.ts'
import { issueToken } from './issue-token.ts'
import {
  ABSOLUTE_MS,
  endPresentSession,
  type OpenSession,
  sessionForWriting,
  sessionOf,
  withoutSession,
  withSession,
} from './sessions.ts'
import { confirmSession, signIn } from './sign-in.ts'
import { isActive } from './user-queries.ts'

/** What the routes of signing in have in common. */
export const SIGN_IN = { tag: 'Sign-in', bodyLimitBytes: 16 * 1024 }

/** Sessions of browsers (docs/sign-in.md). API keys mean nothing here, and the cookie nothing under /api. */
export function sessionRoutes(people: People): Route[] {
  const { publicUrl } = people
  return [
    publicRoute({
      ...SIGN_IN,
      operationId: 'signIn',
      method: 'POST',
      path: '/auth/login',
      summary: 'Sign in',
      description:
        'Every refusal is the same 401. Only behind the right password it says that a code is needed: `details` then hold the reason `second_factor_required`, or `second_factor_invalid`.',
      body: loginSchema,
      bodyExample: { email: 'ada@example.com', password: 'quiet harbour lights' },
      answers: { 204: { description: 'Signed in: the session cookie, and X-CSRF-Token for what it is used for' } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        return withSession(people, await tried(people, call.ip, () => signIn(people, call, body)))
      },
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'signOut',
      method: 'POST',
      path: '/auth/logout',
      summary: 'Sign out',
      answers: { 204: { description: 'The session has ended, and every access token of it' } },
      handle: async (call) => {
        const cookie = readCookie(call.header('cookie'), publicUrl())
        if (cookie !== undefined) refuseForgery(call, publicUrl(), cookie)
        await endPresentSession(people, call)
        return withoutSession(people)
      },
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'readSession',
      method: 'GET',
      path: '/auth/me',
      summary: 'Read who is signed in, and for which tenants',
      answers: { 200: { description: 'The person', schema: sessionSchema, example: sessionExample } },
      handle: async (call) => presentSession(people, await sessionOf(people, call)),
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'issueAccessToken',
      method: 'POST',
      path: '/auth/token',
      summary: 'Get a short bearer token for the API',
      description: 'For the tenant named, else for the first that lets the person in. It acts as the user there.',
      body: tokenSchema,
      bodyExample: { tenant_id: 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab' },
      answers: { 200: { description: 'The token', schema: accessTokenSchema, example: accessTokenExample } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call, { programs: true })
        const { accessToken, expiresInSeconds } = await issueToken(people, call, session, body.tenant_id)
        return ok({ access_token: accessToken, expires_in: expiresInSeconds })
      },
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'confirmSession',
      method: 'POST',
      path: '/auth/confirm',
      summary: 'Prove the password again',
      description:
        'Makes the sign-in fresh, for what needs one of the last ten minutes. Get a new access token afterwards.',
      body: confirmSchema,
      bodyExample: { password: 'quiet harbour lights', code: '123456' },
      answers: { 204: { description: 'Confirmed, under a new session cookie and X-CSRF-Token' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call)
        return withSession(people, await tried(people, call.ip, () => confirmSession(people, call, session, body)))
      },
    }),
  ]
}

async function presentSession(people: People, session: OpenSession) {
  const person = await ownPerson(people, session)
  const token = csrfToken(session.cookie)
  const body = {
    email: person.email,
    second_factor: person.totpSecret !== null,
    signed_in_at: isoSeconds(session.signedInAt),
    expires_at: isoSeconds(new Date(session.startedAt.getTime() + ABSOLUTE_MS)),
    csrf_token: token,
    tenants: session.memberships.filter(isActive).map((membership) => ({
      id: membership.tenantId,
      name: membership.tenantName,
      status: membership.tenantStatus,
      user_id: membership.userId,
      role: membership.role,
    })),
  }
  return { ...ok(body), headers: { 'x-csrf-token': token } }
}
