import { accepted, ok, publicRoute, type Route } from '../../http/route.ts'
import { acceptInvitation } from './accept-invitation.ts'
import {
  acceptSchema,
  asked,
  askedSchema,
  endSecondFactorSchema,
  forgotSchema,
  passwordSchema,
  resetSchema,
  secondFactorAnswerSchema,
  secondFactorExample,
  secondFactorSchema,
} from './auth-shapes.ts'
import { changePassword } from './change-password.ts'
import type { People } from './deps.ts'
import { refuseForeignPage } from './forgery.ts'
import { askForReset, resetPassword } from './forgot-password.ts'
import { confirmSecondFactor, endSecondFactor, startSecondFactor } from './second-factor.ts'
import { tried } from './limits.ts'
import { SIGN_IN } from './session-routes.ts'
import { sessionForWriting, withoutSession, withSession } from './sessions.ts'

const LINK_TOKEN = 'bGluayB0b2tlbiBvZiB0aGUgbWFpbCwgNDMgY2hhcnM'

/** How people come to a password, and change how they sign in (docs/sign-in.md). */
export function passwordRoutes(people: People): Route[] {
  const { publicUrl } = people
  return [
    publicRoute({
      ...SIGN_IN,
      operationId: 'acceptInvitation',
      method: 'POST',
      path: '/auth/accept',
      summary: 'Accept an invitation',
      description:
        'A new person chooses a password of 12 to 256 characters here. Who has one already gives that one, and a code where he has a second factor (401 otherwise).',
      body: acceptSchema,
      bodyExample: { token: LINK_TOKEN, password: 'quiet harbour lights', name: 'Ada Lovelace' },
      answers: { 204: { description: 'Accepted and signed in: the session cookie and X-CSRF-Token' } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        return withSession(people, await tried(people, call.ip, () => acceptInvitation(people, call, body)))
      },
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'askForReset',
      method: 'POST',
      path: '/auth/forgot',
      summary: 'Ask for a link to choose a new password',
      body: forgotSchema,
      bodyExample: { email: 'ada@example.com' },
      answers: { 202: { description: 'The same answer for every address', schema: askedSchema, example: asked } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        await tried(people, call.ip, () => askForReset(people, call, body.email))
        return accepted(asked)
      },
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'resetPassword',
      method: 'POST',
      path: '/auth/reset',
      summary: 'Choose a new password by a link',
      body: resetSchema,
      bodyExample: { token: LINK_TOKEN, password: 'another quiet harbour' },
      answers: { 204: { description: 'Changed; every session of the person has ended' } },
      handle: async ({ body, ...call }) => {
        refuseForeignPage(call, publicUrl())
        await tried(people, call.ip, () => resetPassword(people, call, body))
        return withoutSession(people)
      },
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'changePassword',
      method: 'POST',
      path: '/auth/password',
      summary: 'Change the password',
      body: passwordSchema,
      bodyExample: { current: 'quiet harbour lights', next: 'another quiet harbour' },
      answers: { 204: { description: 'Changed; every other session has ended, this one has a new cookie' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call)
        return withSession(people, await tried(people, call.ip, () => changePassword(people, call, session, body)))
      },
    }),
    publicRoute({
      ...SIGN_IN,
      operationId: 'setUpSecondFactor',
      method: 'POST',
      path: '/auth/second-factor',
      summary: 'Set up a second factor',
      description:
        'Without `code`: a secret for an authenticator app; signing in stays as it is. With a code of the app: switched on, and ten recovery codes are shown, once. Needs a fresh sign-in.',
      body: secondFactorSchema,
      bodyExample: {},
      answers: {
        200: {
          description: 'The secret, or with a code the recovery codes',
          schema: secondFactorAnswerSchema,
          example: secondFactorExample,
        },
      },
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
      ...SIGN_IN,
      operationId: 'endSecondFactor',
      method: 'DELETE',
      path: '/auth/second-factor',
      summary: 'Switch the second factor off',
      description: 'Needs a fresh sign-in, and the password once more.',
      body: endSecondFactorSchema,
      bodyExample: { password: 'quiet harbour lights' },
      answers: { 204: { description: 'Off; every other session has ended, this one has a new cookie' } },
      handle: async ({ body, ...call }) => {
        const session = await sessionForWriting(people, call)
        return withSession(
          people,
          await tried(people, call.ip, () => endSecondFactor(people, call, session, body.password)),
        )
      },
    }),
  ]
}
