import type { Answer } from '../../http/route.ts'
import { asksForCode } from './sign-in-fault.ts'
import { type PageFault, pageFaultWords, statusOfPageFault } from './faults.ts'
import { beginForm, escaped, faultLine, type Look, page } from './frame.ts'
import { wordsOf } from './words.ts'

/** Addresses of people's pages. Forms post below /auth/pages, since POST on the pages' own addresses is the JSON API's. */
export const PAGES = {
  accept: '/auth/accept',
  forgot: '/auth/forgot',
  reset: '/auth/reset',
  welcome: '/auth/welcome',
  look: '/auth/pages/look',
  asked: '/auth/pages/asked',
  changed: '/auth/pages/changed',
  form: (name: 'accept' | 'forgot' | 'reset' | 'sign-out') => `/auth/pages/${name}`,
}

const statusOf = (fault: PageFault | undefined): number => (fault ? statusOfPageFault(fault) : 200)
const faultOf = (look: Look, fault: PageFault | undefined): string =>
  faultLine(fault && pageFaultWords(look.language, fault))

/** Asks who is invited for a password: a new one, or the one he has; `known` tells which. */
export function acceptPage(
  look: Look,
  about: {
    token: string
    tenant: string
    email: string
    name: string
    known: boolean
    fault?: PageFault | undefined
  },
): Answer {
  const { known, fault } = about
  const words = wordsOf(look.language)
  const name = `<label for="name">${words.name}</label><input id="name" name="name" autocomplete="name" maxlength="100" value="${escaped(about.name)}">`
  const code = asksForCode(fault)
    ? `<label for="code">${words.code}</label><input id="code" name="code" autocomplete="one-time-code" maxlength="40" required>`
    : ''
  return page(look, words.acceptTitle, {
    status: statusOf(fault),
    secretAddress: true,
    body: `<h1>${words.invited(escaped(about.tenant), escaped(look.productName))}</h1><p class="quiet">${known ? words.known : words.choose}</p>${faultOf(look, fault)}
${beginForm(PAGES.form('accept'), { token: about.token })}
${addressLine(look, about.email)}${name}${passwordField(look, known ? 'present' : 'new')}${code}
<div class="acts"><button>${words.accept}</button></div></form>${known ? `<p class="quiet"><a href="${PAGES.forgot}">${words.forgotten}</a></p>` : ''}`,
  })
}

/** Asks for the address a link is to go to. */
export function forgotPage(look: Look, about: { email: string; fault?: PageFault | undefined }): Answer {
  const words = wordsOf(look.language)
  return page(look, words.forgotTitle, {
    status: statusOf(about.fault),
    body: `<h1>${words.forgotTitle}</h1><p class="quiet">${words.forgotWhy}</p>${faultOf(look, about.fault)}
${beginForm(PAGES.form('forgot'))}
<label for="email">${words.email}</label><input id="email" name="email" type="email" autocomplete="username" maxlength="254" required autofocus value="${escaped(about.email)}">
<div class="acts"><button>${words.send}</button></div></form>`,
  })
}

/** Asks for the new password that a link is for. */
export function resetPage(look: Look, about: { token: string; email: string; fault?: PageFault | undefined }): Answer {
  const words = wordsOf(look.language)
  return page(look, words.resetTitle, {
    status: statusOf(about.fault),
    secretAddress: true,
    body: `<h1>${words.resetTitle}</h1><p class="quiet">${words.resetWhy}</p>${faultOf(look, about.fault)}
${beginForm(PAGES.form('reset'), { token: about.token })}
${addressLine(look, about.email)}${passwordField(look, 'new')}
<div class="acts"><button>${words.save}</button></div></form>`,
  })
}

/** Who one will be, in full however long; the field that nobody sees tells password managers. */
const addressLine = (look: Look, email: string): string =>
  `<p>${wordsOf(look.language).yourAddress(escaped(email))}</p><input class="unseen" name="email" autocomplete="username" value="${escaped(email)}" readonly tabindex="-1" aria-hidden="true">`

/** The rules stand beside a new password; the server judges, so that the page can say what is wrong. */
function passwordField(look: Look, kind: 'new' | 'present'): string {
  const words = wordsOf(look.language)
  return kind === 'new'
    ? `<label for="password">${words.newPassword}</label><input id="password" name="password" type="password" autocomplete="new-password" aria-describedby="rules" required autofocus><p class="quiet" id="rules">${words.rules}</p>`
    : `<label for="password">${words.password}</label><input id="password" name="password" type="password" autocomplete="current-password" required autofocus>`
}
