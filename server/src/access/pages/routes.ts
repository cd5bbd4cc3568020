import { z } from 'zod'
import { AppError } from '../../base/errors.ts'
import { type Answer, publicRoute, type Route } from '../../http/route.ts'
import type { Call } from '../people/change-person.ts'
import type { People } from '../people/deps.ts'
import { csrfToken, refuseForgery } from '../people/forgery.ts'
import { readCookie } from '../people/cookie.ts'
import { endPresentSession, sessionOf, withoutSession } from '../people/sessions.ts'
import { emailOf } from '../people/sign-in.ts'
import { homeOf, isActive } from '../people/user-queries.ts'
import { answerForgot, answerInvitation, answerReset, showInvitation, showReset } from './answer-links.ts'
import { readForm } from './form.ts'
import { seeOther } from './frame.ts'
import { forgotPage, PAGES } from './link-pages.ts'
import { askedPage, changedPage, signedOutPage, welcomePage } from './plain-pages.ts'
import { lookOf, showLook, visited } from './visit.ts'

type Form = ReadonlyMap<string, string>

/** What else stands in the address is ignored: mail programs like to add something. */
const ANY_QUERY = z.looseObject({})
const TOKEN_QUERY = z.looseObject({ token: z.string().max(100).optional().catch(undefined) })

/** Pages where people answer the links of mails, without a script. What their forms do is what the JSON routes of
 *  people/password-routes.ts do. */
export function pageRoutes(people: People): Route[] {
  const shown = (path: string, operationId: string, summary: string, show: (call: Call) => Promise<Answer>): Route =>
    publicRoute({
      ...PAGE,
      operationId,
      method: 'GET',
      path,
      summary,
      query: ANY_QUERY,
      handle: (call) => visited(people, call, () => show(call)),
    })
  const ofLink = (
    path: string,
    operationId: string,
    summary: string,
    show: (people: People, call: Call, token: string) => Promise<Answer>,
  ): Route =>
    publicRoute({
      ...PAGE,
      operationId,
      method: 'GET',
      path,
      summary,
      query: TOKEN_QUERY,
      handle: ({ query, ...call }) => visited(people, call, () => show(people, call, query.token ?? '')),
    })
  const form = (
    name: Parameters<typeof PAGES.form>[0],
    operationId: string,
    summary: string,
    answer: (people: People, call: Call, form: Form) => Promise<Answer>,
  ): Route =>
    publicRoute({
      ...PAGE,
      operationId,
      method: 'POST',
      path: PAGES.form(name),
      summary,
      query: ANY_QUERY,
      rawBody: true,
      bodyLimitBytes: 16 * 1024,
      handle: (call) =>
        visited(people, call, () => answer(people, call, readForm(call.header('content-type'), call.rawBody))),
    })
  // Whoever loads the answer of a form anew from its address comes back to the page it was on.
  const back = (name: 'accept' | 'forgot' | 'reset' | 'sign-out', to: string): Route =>
    shown(PAGES.form(name), `leave_${name}`, 'Back to the page of the form', async () => seeOther(to))
  return [
    ofLink(PAGES.accept, 'acceptPage', 'Where the link of an invitation leads', showInvitation),
    ofLink(PAGES.reset, 'resetPage', 'Where the link for a new password leads', showReset),
    shown(PAGES.forgot, 'forgotPage', 'Ask for a link', async (call) =>
      forgotPage(await lookOf(people, call), { email: '' }),
    ),
    shown(PAGES.asked, 'askedPage', 'A link was asked for', async (call) => askedPage(await lookOf(people, call))),
    shown(PAGES.changed, 'changedPage', 'A password was changed', async (call) =>
      changedPage(await lookOf(people, call)),
    ),
    shown(PAGES.welcome, 'welcomePage', 'Who is signed in, and what can be done', (call) => showWelcome(people, call)),
    shown(PAGES.look, 'readLook', 'Name, logo and colour by host name, as JSON', (call) => showLook(people, call)),
    form('accept', 'acceptForm', 'Accept an invitation', answerInvitation),
    form('reset', 'resetForm', 'Choose a new password', answerReset),
    form('forgot', 'forgotForm', 'Send a link', answerForgot),
    form('sign-out', 'signOutForm', 'Sign out', signOut),
    back('accept', PAGES.accept),
    back('reset', PAGES.reset),
    back('forgot', PAGES.forgot),
    back('sign-out', PAGES.welcome),
  ]
}

const PAGE = {
  tag: 'Pages',
  page: true,
  answers: {
    200: { description: 'A page' },
    303: { description: 'On to the next page' },
    401: { description: 'The page again: password or code is not right; or nobody is signed in' },
    403: { description: 'A page: the form came from elsewhere' },
    409: { description: 'The page again: it changed meanwhile' },
    422: { description: 'The page again: the password is too easy to guess; or the link does not hold' },
    429: { description: 'Too many calls or tries within a minute; Retry-After' },
  },
}

async function showWelcome(people: People, call: Call): Promise<Answer> {
  try {
    const session = await sessionOf(people, call)
    const look = await lookOf(people, call, homeOf(session.memberships)?.tenantId)
    return welcomePage(look, {
      email: await emailOf(people, session.personUuid),
      csrf: csrfToken(session.cookie),
      tenants: session.memberships.filter(isActive).map(({ tenantName, role }) => ({ name: tenantName, role })),
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'authentication_required') throw error
    return signedOutPage(await lookOf(people, call))
  }
}

async function signOut(people: People, call: Call, form: Form): Promise<Answer> {
  const cookie = readCookie(call.header('cookie'), people.publicUrl())
  // A form cannot send headers: the token comes as a field.
  const header = (name: string) => (name === 'x-csrf-token' ? form.get('csrf_token') : call.header(name))
  if (cookie !== undefined) refuseForgery({ header }, people.publicUrl(), cookie)
  await endPresentSession(people, call)
  return seeOther(PAGES.welcome, withoutSession(people))
}
