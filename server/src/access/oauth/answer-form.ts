import { AppError } from '../../base/errors.ts'
import type { Answer } from '../../http/route.ts'
import { seeOther } from '../pages/frame.ts'
import { asksForCode, type SignInFault, signInFaultOf, withRetryAfter } from '../pages/sign-in-fault.ts'
import type { Call } from '../people/change-person.ts'
import { csrfToken, refuseForeignPage } from '../people/forgery.ts'
import { tried } from '../people/limits.ts'
import { type OpenSession, sessionForWriting, withSession } from '../people/sessions.ts'
import { confirmSession, emailOf, signIn } from '../people/sign-in.ts'
import { approveRequest, choicesOf } from './approve-request.ts'
import { refusalLocation } from './authorize-request.ts'
import type { OAuth } from './deps.ts'
import { OAuthError } from './oauth-error.ts'
import { confirmPage, signInPage } from './page.ts'
import { addressOf, isFresh, orSignedOut, type Visit } from './visit.ts'

type Form = ReadonlyMap<string, string>

/** Does what the form of the page says: signs in, proves the password again, allows or denies. Throws `permission_denied` for a
 *  form that is not from this page. */
export async function answerForm(oauth: OAuth, visit: Visit, form: Form): Promise<Answer> {
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
    () => tried(oauth, call.ip, () => signIn(oauth, call, { email, password: password.slice(0, PASSWORD_MAX), code })),
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
    () => tried(oauth, call.ip, () => confirmSession(oauth, call, session, given)),
    (fault) => confirmPage(look, { ...page, fault, otherAccount, withCode: asksForCode(fault) }),
  )
}

/** As much as /auth/login takes. */
const PASSWORD_MAX = 1024

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
    const fault = error instanceof AppError ? signInFaultOf(error) : undefined
    if (!fault) throw error
    return withRetryAfter(again(fault), error as AppError)
  }
}
