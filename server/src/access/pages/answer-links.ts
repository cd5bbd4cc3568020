import { AppError } from '../../base/errors.ts'
import type { Answer } from '../../http/route.ts'
import { textSchema } from '../../http/validate.ts'
import { acceptInvitation, openInvitation } from '../people/accept-invitation.ts'
import { type Call, standingOf } from '../people/change-person.ts'
import type { People } from '../people/deps.ts'
import { refuseForeignPage } from '../people/forgery.ts'
import { askForReset, openReset, resetPassword } from '../people/forgot-password.ts'
import { tried } from '../people/limits.ts'
import { PASSWORD_MAX } from '../people/password-rules.ts'
import { withoutSession, withSession } from '../people/sessions.ts'
import { homeOf } from '../people/user-queries.ts'
import { isDeadLink, type PageFault, pageFaultOf } from './faults.ts'
import { seeOther } from './frame.ts'
import { acceptPage, forgotPage, PAGES, resetPage } from './link-pages.ts'
import { deadLinkPage } from './plain-pages.ts'
import { withRetryAfter } from './sign-in-fault.ts'
import { lookOf } from './visit.ts'

type Form = ReadonlyMap<string, string>

/** As much as the JSON routes take of each. */
const taken = (form: Form, name: string, max: number): string => (form.get(name) ?? '').slice(0, max)
const tokenIn = (form: Form): string => taken(form, 'token', 100)
const passwordIn = (form: Form): string => taken(form, 'password', PASSWORD_MAX * 4)

/** The page of an invitation; looking at it uses nothing up, since programs that check mails look at every link. */
export async function showInvitation(
  people: People,
  call: Call,
  token: string,
  again: { name?: string | undefined; fault?: PageFault } = {},
): Promise<Answer> {
  const open = await openInvitation(people, token)
  if (!open) return deadLinkPage(await lookOf(people, call), 'invitation')
  const { tenantId, tenant, user, personUuid } = open
  return acceptPage(await lookOf(people, call, tenantId), {
    token,
    tenant: tenant.name,
    email: user.email,
    known: personUuid !== undefined,
    name: again.name ?? user.name,
    fault: again.fault,
  })
}

/** Accepts, and goes on signed in: to the dashboard. */
export async function answerInvitation(people: People, call: Call, form: Form): Promise<Answer> {
  refuseForeignPage(call, people.publicUrl())
  const token = tokenIn(form)
  const name = form.get('name')?.trim() || undefined
  const again = (fault: PageFault) => showInvitation(people, call, token, { name: name?.slice(0, 100), fault })
  if (!textSchema(100).optional().safeParse(name).success) return again('name')
  const given = { token, password: passwordIn(form), name, code: form.get('code')?.slice(0, 40) }
  return orAgain(
    async () => {
      const cookie = await tried(people, call.ip, () => acceptInvitation(people, call, given))
      return seeOther('/', withSession(people, cookie))
    },
    again,
    async () => deadLinkPage(await lookOf(people, call), 'invitation'),
  )
}

/** The page of a link for a new password. */
export async function showReset(people: People, call: Call, token: string, fault?: PageFault): Promise<Answer> {
  const person = await openReset(people, token)
  if (!person) return deadLinkPage(await lookOf(people, call), 'reset')
  const home = homeOf((await standingOf(people, person)).memberships)
  return resetPage(await lookOf(people, call, home?.tenantId), { token, email: person.email, fault })
}

/** Changes the password. Nobody is signed in by it. */
export async function answerReset(people: People, call: Call, form: Form): Promise<Answer> {
  refuseForeignPage(call, people.publicUrl())
  const given = { token: tokenIn(form), password: passwordIn(form) }
  return orAgain(
    async () => {
      await tried(people, call.ip, () => resetPassword(people, call, given))
      return seeOther(PAGES.changed, withoutSession(people))
    },
    (fault) => showReset(people, call, given.token, fault),
    async () => deadLinkPage(await lookOf(people, call), 'reset'),
  )
}

/** Asks for a link; the next page is the same for every address. */
export async function answerForgot(people: People, call: Call, form: Form): Promise<Answer> {
  refuseForeignPage(call, people.publicUrl())
  const email = taken(form, 'email', 254).trim()
  const again = async (fault: PageFault) => forgotPage(await lookOf(people, call), { email, fault })
  return orAgain(
    async () => {
      await tried(people, call.ip, () => askForReset(people, call, email))
      return seeOther(PAGES.asked)
    },
    again,
    async () => seeOther(PAGES.forgot),
  )
}

/** Does it, or shows the page again with what was wrong, or that the link does not hold. */
async function orAgain(
  work: () => Promise<Answer>,
  again: (fault: PageFault) => Promise<Answer>,
  dead: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (isDeadLink(error)) return dead()
    const fault = pageFaultOf(error)
    if (!fault) throw error
    return withRetryAfter(await again(fault), error)
  }
}
