import type { Answer } from '../../http/route.ts'
import { beginForm, escaped, faultLine, type Look, page } from '../pages/frame.ts'
import { type SignInFault, signInFaultWords, statusOfSignInFault } from '../pages/sign-in-fault.ts'
import { inOrder, permissionWords, wordsOf } from './words.ts'

/** Where a page's form goes: to where it came from, with the request of the client in the query. */
interface Form {
  action: string
}

/** Asks for address and password. `withCode`: the right password was given, and a code is missing. */
export function signInPage(
  look: Look,
  form: Form & { application: string; email: string; fault?: SignInFault; withCode: boolean },
): Answer {
  const words = wordsOf(look.language)
  return page(look, words.signIn, {
    status: form.fault ? statusOfSignInFault(form.fault) : 200,
    body: `<h1>${words.signIn}</h1><p class="quiet">${words.toGoOn(escaped(form.application))}</p>${faultOf(look, form.fault)}
${begin(form, 'sign_in')}
<label for="email">${words.email}</label><input id="email" name="email" type="email" autocomplete="username" maxlength="254" required value="${escaped(form.email)}"${form.email ? '' : ' autofocus'}>
${passwordField(look, form)}${codeField(look, form)}
<div class="acts"><button>${words.signIn}</button></div></form>`,
  })
}

/** Asks somebody who is signed in for the password again. */
export function confirmPage(
  look: Look,
  form: Form & { email: string; csrf: string; fault?: SignInFault; withCode: boolean; otherAccount: string },
): Answer {
  const words = wordsOf(look.language)
  return page(look, words.confirm, {
    status: form.fault ? statusOfSignInFault(form.fault) : 200,
    body: `<h1>${words.confirm}</h1><p class="quiet">${words.confirmWhy}</p>${faultOf(look, form.fault)}
${begin(form, 'confirm', form.csrf)}
<input type="email" name="email" autocomplete="username" value="${escaped(form.email)}" aria-label="${words.email}" readonly>
${passwordField(look, { email: form.email })}${codeField(look, form)}
<div class="acts"><button>${words.goOn}</button></div></form>
${account(look, form.otherAccount)}`,
  })
}

/** Names the application, the company and what is asked for, and lets the person decide. */
export function consentPage(
  look: Look,
  form: Form & {
    csrf: string
    email: string
    application: string
    owner: string
    host: string
    permissions: string[]
    choices: { id: string; name: string }[]
    otherAccount: string
    secureTarget: boolean
  },
): Answer {
  const words = wordsOf(look.language)
  const [only, ...more] = form.choices
  const items = inOrder(form.permissions)
    .map((permission) => `<li>${escaped(permissionWords(permission, look.language))}</li>`)
    .join('')
  const tenants =
    more.length === 0
      ? `<input type="hidden" name="tenant_id" value="${escaped(only!.id)}"><p>${words.forTenant} <strong><bdi>${escaped(only!.name)}</bdi></strong></p>`
      : `<fieldset><legend>${words.which}</legend>${form.choices.map(choice).join('')}</fieldset>`
  return page(look, words.allow, {
    status: 200,
    // The answer to this form leads away, and where the client leads on is its own business: browsers hold a form's whole way
    // against this list. The page has no password in it.
    targets: form.secureTarget ? ' https:' : ' https: http:',
    body: `<h1>${words.asks(escaped(form.application))}</h1><p class="quiet">${words.registeredBy(escaped(form.owner))}</p>
${begin(form, undefined, form.csrf)}
<p>${words.may}</p><ul>${items}</ul>
${tenants}
<p class="quiet">${words.neverMore} ${words.whereTo(escaped(form.host))}</p>
<div class="acts"><button name="action" value="approve">${words.allow}</button><button class="plain" name="action" value="deny">${words.deny}</button></div></form>
<p class="quiet">${words.signedInAs(escaped(form.email))}</p>${account(look, form.otherAccount)}`,
  })
}

/** The person can allow nothing of it. */
export function nothingPage(look: Look, about: { application: string; back: string; otherAccount: string }): Answer {
  const words = wordsOf(look.language)
  return page(look, words.nothing, {
    status: 403,
    body: `<h1>${words.nothing}</h1><p>${words.nothingWhy(escaped(about.application))}</p><p><a href="${escaped(about.back)}">${words.back}</a></p>${account(look, about.otherAccount)}`,
  })
}

/** A request that leads nowhere. */
export function refusalPage(look: Look, refusal: { kind: 'untrusted' | 'forged' }): Answer {
  const words = wordsOf(look.language)
  return page(look, words.cannot, {
    status: refusal.kind === 'forged' ? 403 : 400,
    body: `<h1>${words.cannot}</h1><p>${words[refusal.kind]}</p>`,
  })
}

const faultOf = (look: Look, fault: SignInFault | undefined): string =>
  faultLine(fault && signInFaultWords(look.language, fault))

const begin = (form: Form, action: string | undefined, csrf?: string): string =>
  beginForm(form.action, { csrf_token: csrf, action })

const passwordField = (look: Look, { email }: { email: string }): string =>
  `<label for="password">${wordsOf(look.language).password}</label><input id="password" name="password" type="password" autocomplete="current-password" required${email ? ' autofocus' : ''}>`

const codeField = (look: Look, { withCode }: { withCode: boolean }): string =>
  withCode
    ? `<label for="code">${wordsOf(look.language).code}</label><input id="code" name="code" autocomplete="one-time-code" maxlength="40" required>`
    : ''

const account = (look: Look, href: string): string =>
  `<p class="quiet"><a href="${escaped(href)}">${wordsOf(look.language).other}</a></p>`

const choice = ({ id, name }: { id: string; name: string }, index: number): string =>
  `<label><input type="radio" name="tenant_id" value="${escaped(id)}" required${index === 0 ? ' checked' : ''}><bdi>${escaped(name)}</bdi></label>`
