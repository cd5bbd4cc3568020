import type { Answer } from '../../http/route.ts'
import { csrfToken } from '../people/forgery.ts'
import { sessionOf } from '../people/sessions.ts'
import { emailOf } from '../people/sign-in.ts'
import { choicesOf, grantable } from './approve-request.ts'
import { refusalLocation } from './authorize-request.ts'
import type { OAuth } from './deps.ts'
import { OAuthError } from './oauth-error.ts'
import { confirmPage, consentPage, nothingPage, signInPage } from './page.ts'
import { addressOf, isFresh, orSignedOut, type Visit } from './visit.ts'

/** The page that is next: sign in, give the password again, decide. */
export async function showPage(oauth: OAuth, visit: Visit): Promise<Answer> {
  const { request, look, query } = visit
  const session = request.signInAnew ? undefined : await orSignedOut(sessionOf(oauth, visit.call))
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
