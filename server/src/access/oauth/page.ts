import { randomBytes } from 'node:crypto'
import type { Answer } from '../../http/route.ts'
import { styleOf } from './page-style.ts'
import { inOrder, type Language, permissionWords, type SignInFault, wordsOf } from './words.ts'

/** How a page looks and speaks. */
export interface Look {
  language: Language
  productName: string
  color: string | null
}

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
    status: form.fault ? statusOf(form.fault) : 200,
    body: `<h1>${words.signIn}</h1><p class="quiet">${words.toGoOn(escaped(form.application))}</p>${faultLine(look, form.fault)}
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
    status: form.fault ? statusOf(form.fault) : 200,
    body: `<h1>${words.confirm}</h1><p class="quiet">${words.confirmWhy}</p>${faultLine(look, form.fault)}
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

const statusOf = (fault: SignInFault): number => (fault === 'too_many' ? 429 : fault === 'unavailable' ? 503 : 401)

const faultLine = (look: Look, fault: SignInFault | undefined): string =>
  fault ? `<p class="bad" role="alert">${wordsOf(look.language).faults[fault]}</p>` : ''

const begin = (form: Form, action: string | undefined, csrf?: string): string =>
  `<form method="post" action="${escaped(form.action)}">${csrf === undefined ? '' : `<input type="hidden" name="csrf_token" value="${escaped(csrf)}">`}${
    action === undefined ? '' : `<input type="hidden" name="action" value="${action}">`
  }`

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

/** Nothing is loaded and nothing runs. Our own pages are told where a form came from (`same-origin`), others are not. */
function page(
  look: Look,
  title: string,
  { status, body, targets = '' }: { status: number; body: string; targets?: string },
): Answer {
  const nonce = randomBytes(16).toString('base64')
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': look.language,
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'${targets}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    },
    body: `<!doctype html>
<html lang="${look.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title} — ${escaped(look.productName)}</title><style nonce="${nonce}">${styleOf(look.color)}</style></head>
<body><p class="name"><bdi>${escaped(look.productName)}</bdi></p><main>${body}</main></body>
</html>
`,
  }
}

/** Text as HTML that shows the same text: nothing in it is markup. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
