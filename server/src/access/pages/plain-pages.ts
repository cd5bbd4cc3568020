import type { Answer } from '../../http/route.ts'
import type { Role } from '../roles.ts'
import { type PageFault, pageFaultWords, statusOfPageFault } from './faults.ts'
import { beginForm, escaped, faultLine, type Look, page } from './frame.ts'
import { PAGES } from './link-pages.ts'
import { wordsOf } from './words.ts'

const link = (href: string, words: string): string => `<a href="${href}">${words}</a>`

/** To the dashboard, which asks who is not signed in to do so. */
const onwards = (words: string): string => `<div class="acts"><a class="button" href="/sign-in">${words}</a></div>`

/** A link that was used, replaced, is too old, or never was. */
export function deadLinkPage(look: Look, kind: 'invitation' | 'reset'): Answer {
  const words = wordsOf(look.language)
  return page(look, words.deadTitle, {
    status: 422,
    secretAddress: true,
    body: `<h1>${words.deadTitle}</h1><p>${kind === 'invitation' ? words.deadInvitation : words.deadReset}</p><p>${link(PAGES.forgot, kind === 'invitation' ? words.forgotten : words.askAgain)}</p>`,
  })
}

/** A link was asked for; the same for every address. */
export function askedPage(look: Look): Answer {
  const words = wordsOf(look.language)
  const body = `<h1>${words.asked}</h1><p>${words.askedWhy}</p><p>${link(PAGES.forgot, words.askAgain)}</p>`
  return page(look, words.asked, { status: 200, body })
}

export function changedPage(look: Look): Answer {
  const words = wordsOf(look.language)
  const body = `<h1>${words.changed}</h1><p>${words.changedWhy}</p>${onwards(words.signIn)}`
  return page(look, words.changed, { status: 200, body })
}

/** Somebody is signed in: who, for whom, and what can be done with it. */
export function welcomePage(
  look: Look,
  about: { email: string; csrf: string; tenants: { name: string; role: Role }[] },
): Answer {
  const words = wordsOf(look.language)
  const tenants = about.tenants
    .map(({ name, role }) => `<li><bdi>${escaped(name)}</bdi> <span class="quiet">(${words.roles[role]})</span></li>`)
    .join('')
  return page(look, words.welcome, {
    status: 200,
    body: `<h1>${words.welcome}</h1><p class="quiet">${words.signedInAs(escaped(about.email))}</p>
<h2>${words.worksFor}</h2><ul>${tenants}</ul>
<h2>${words.now}</h2><ul><li>${words.nowApplications}</li><li>${words.nowApi(link('/api/docs', words.apiDocs))}</li></ul>
${onwards(words.goOn)}
${beginForm(PAGES.form('sign-out'), { csrf_token: about.csrf })}<div class="acts"><button class="plain">${words.signOut}</button></div></form>`,
  })
}

export function signedOutPage(look: Look): Answer {
  const words = wordsOf(look.language)
  return page(look, words.signedOut, {
    status: 401,
    body: `<h1>${words.signedOut}</h1><p>${words.signedOutWhy}</p>${onwards(words.signIn)}<p>${link(PAGES.forgot, words.forgotten)}</p>`,
  })
}

/** A request that no page of ours sent. */
export function forgedPage(look: Look): Answer {
  const words = wordsOf(look.language)
  return page(look, words.cannot, { status: 403, body: `<h1>${words.cannot}</h1><p>${words.forged}</p>` })
}

/** Not now. */
export function busyPage(look: Look, fault: PageFault): Answer {
  const words = wordsOf(look.language)
  const body = `<h1>${words.cannot}</h1>${faultLine(pageFaultWords(look.language, fault))}`
  return page(look, words.cannot, { status: statusOfPageFault(fault), body })
}
