import { isoSeconds } from '../../base/clock.ts'
import { ok, publicRoute, type Route } from '../../http/route.ts'
import { acceptInvitation } from './accept-invitation.ts'
import {
  acceptSchema,
  confirmSchema,
  endSecondFactorSchema,
  forgotSchema,
  loginSchema,
  passwordSchema,
  resetSchema,
  secondFactorSchema,
  tokenSchema,
} from './auth-shapes.ts'
import { changePassword, ownPerson } from './change-password.ts'
import type { People } from './deps.ts'
import { csrfToken, refuseForeignPage, refuseForgery } from './forgery.ts'
import { askForReset, resetPassword } from './forgot-password.ts'
import { issueToken } from './issue-token.ts'
import { confirmSecondFactor, endSecondFactor, startSecondFactor } from './second-factor.ts'
import {
  ABSOLUTE_MS,
  endPresentSession,
  isActive,
  type OpenSession,
  sessionForWriting,
  sessionOf,
  withoutSession,
  withSession,
} from './sessions.ts'
import { readCookie } from './cookie.ts'
import { confirmSession, signIn } from './sign-in.ts'

type Described = Parameters<typeof publicRoute>[0]

/** What the routes of signing in have in common: outside /api, with a cookie instead of a key. */
const about = (operationId: string, method: Described['method'], path: string, summary: string) => ({
  operationId,
  method,
  path,
  tag: 'Sign-in',
  summary,
  bodyLimitBytes: 16 * 1024,
})

/** How people sign in and stay signed in (docs/sign-in.md). API keys mean nothing here, and the cookie nothing under /api. */
export function authRoutes(people: People): Route[] {
  const { publicUrl } = people
  return [
    publicRoute({
      ...about('signIn', 'POST', '/auth/login', 'Sign in'),
      body: loginSchema,
      answers: { 204: { description: 'Signed in: the cookie, and X-CSRF-Token' } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        return withSession(people, await signIn(people, call, body))
      },
    }),
    publicRoute({
      ...about('signOut', 'POST', '/auth/logout', 'Sign out'),
      answers: { 204: { description: 'Signed out' } },
      handle: async (call) => {
        const cookie = readCookie(call.header('cookie'), publicUrl())
        if (cookie !== undefined) refuseForgery(call, publicUrl(), cookie)
        await endPresentSession(people, call)
        return withoutSession(people)
      },
    }),
    publicRoute({
      ...about('readSession', 'GET', '/auth/me', 'Who is signed in, and for which tenants'),
      answers: { 200: { description: 'The person' } },
      handle: async (call) => presentSession(people, await sessionOf(people, call)),
    }),
    publicRoute({
      ...about('issueToken', 'POST', '/auth/token', 'Get a bearer token for the API'),
      body: tokenSchema,
      answers: { 200: { description: 'A token for ten minutes' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call, { programs: true })
        const { accessToken, expiresInSeconds } = await issueToken(people, call, session, body.tenant_id)
        return ok({ access_token: accessToken, expires_in: expiresInSeconds })
      },
    }),
    publicRoute({
      ...about('confirmSession', 'POST', '/auth/confirm', 'Prove the password again'),
      body: confirmSchema,
      answers: { 204: { description: 'A fresh sign-in, under a new session id' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call)
        return withSession(people, await confirmSession(people, call, session, body))
      },
    }),
    publicRoute({
      ...about('acceptInvitation', 'POST', '/auth/accept', 'Accept an invitation'),
      body: acceptSchema,
      answers: { 204: { description: 'Accepted and signed in' } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        return withSession(people, await acceptInvitation(people, call, body))
      },
    }),
    publicRoute({
      ...about('askForReset', 'POST', '/auth/forgot', 'Ask for a link to choose a new password'),
      body: forgotSchema,
      answers: { 202: { description: 'The same for every address' } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        await askForReset(people, call, body.email)
        return { status: 202 }
      },
    }),
    publicRoute({
      ...about('resetPassword', 'POST', '/auth/reset', 'Choose a new password by a link'),
      body: resetSchema,
      answers: { 204: { description: 'Changed; every session of the person has ended' } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        await resetPassword(people, call, body)
        return withoutSession(people)
      },
    }),
    publicRoute({
      ...about('changePassword', 'POST', '/auth/password', 'Change the password'),
      body: passwordSchema,
      answers: { 204: { description: 'Changed; every other session has ended' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call)
        return withSession(people, await changePassword(people, call, session, body))
      },
    }),
    publicRoute({
      ...about('setUpSecondFactor', 'POST', '/auth/second-factor', 'Set up a second factor, or confirm it by a code'),
      body: secondFactorSchema,
      answers: { 200: { description: 'The secret for the app; with a code: the recovery codes' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call)
        if (body.code === undefined) {
          const { secret, uri } = await startSecondFactor(people, call, session)
          return ok({ secret, otpauth_uri: uri })
        }
        const { cookie, recoveryCodes } = await confirmSecondFactor(people, call, session, body.code)
        return withSession(people, cookie, ok({ recovery_codes: recoveryCodes }))
      },
    }),
    publicRoute({
      ...about('endSecondFactor', 'DELETE', '/auth/second-factor', 'Switch the second factor off'),
      body: endSecondFactorSchema,
      answers: { 204: { description: 'Off' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call)
        return withSession(people, await endSecondFactor(people, call, session, body.password))
      },
    }),
  ]
}

async function presentSession(people: People, session: OpenSession) {
  const person = await ownPerson(people, session)
  return {
    ...ok({
      email: person.email,
      second_factor: person.totpSecret !== null,
      signed_in_at: isoSeconds(session.signedInAt),
      expires_at: isoSeconds(new Date(session.startedAt.getTime() + ABSOLUTE_MS)),
      csrf_token: csrfToken(session.cookie),
      tenants: session.memberships.filter(isActive).map((membership) => ({
        id: membership.tenantId,
        name: membership.tenantName,
        status: membership.tenantStatus,
        user_id: membership.userId,
        role: membership.role,
      })),
    }),
    headers: { 'x-csrf-token': csrfToken(session.cookie) },
  }
}
