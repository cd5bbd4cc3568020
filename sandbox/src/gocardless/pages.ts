import type { Institution } from './institutions.ts'
import type { SeedAccount } from './seed.ts'

/** The pages a user meets between the link and the redirect back. Plain HTML, no script, plainly marked as a simulation. */

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

const STYLE = `
  :root { color-scheme: light }
  * { box-sizing: border-box }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2733; background: #eef1f5 }
  .mark { background: #ffd75e; color: #3d2f00; padding: .5rem 1rem; text-align: center; font-weight: 600 }
  main { max-width: 27rem; margin: 2.5rem auto; padding: 2rem; background: #fff; border-radius: 14px; box-shadow: 0 8px 30px #1d273318 }
  h1 { font-size: 1.35rem; margin: 0 0 .25rem }
  p { margin: .5rem 0 1rem; color: #51606f }
  ul { padding-left: 1.2rem; color: #51606f }
  label { display: flex; gap: .7rem; padding: .7rem .9rem; margin: .5rem 0; border: 1px solid #d5dce4; border-radius: 9px; cursor: pointer }
  label small { display: block; color: #6c7a89 }
  button { width: 100%; padding: .75rem; margin-top: .6rem; font: inherit; border: 1px solid #c5ced8; border-radius: 9px; background: #fff; color: inherit; cursor: pointer }
  button:hover, button:focus-visible { border-color: #235789; outline: 2px solid #23578933 }
  button.main { background: #235789; border-color: #235789; color: #fff; font-weight: 600 }
  .other { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid #e4e9ee }
  .other h2 { font-size: .85rem; margin: 0; color: #6c7a89; font-weight: 600 }
`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body>
<div class="mark">Simulation: no real bank, no real money. Any user name and password would do.</div>
<main>${body}</main>
</body>
</html>
`

const button = (visit: string, action: string, label: string, main = false): string =>
  `<form method="post" action="/ob/${visit}/${action}"><button${main ? ' class="main"' : ''} name="do" value="${action}">${escape(label)}</button></form>`

export interface ConsentTerms {
  historyDays: number
  accessDays: number
  scopes: string[]
}

/** The aggregator's own page: what is shared, and for how long. */
export const consentPage = (visit: string, bank: Institution, terms: ConsentTerms): string =>
  page(
    `Share data from ${bank.name}`,
    `<h1>Share data from ${escape(bank.name)}?</h1>
<p>You allow read-only access to:</p>
<ul>${terms.scopes.map((scope) => `<li>${escape(scope)}</li>`).join('')}</ul>
<p>History of ${terms.historyDays} days, access for ${terms.accessDays} days. Nothing can be paid with it.</p>
${button(visit, 'agree', 'Agree and continue', true)}${button(visit, 'cancel', 'Cancel')}`,
  )

/** The bank's page: what happens next is the visitor's choice. */
export const bankPage = (visit: string, bank: Institution): string =>
  page(
    `${bank.name}: log in`,
    `<h1>${escape(bank.name)}</h1>
<p>Log in and approve read access to your accounts.</p>
${button(visit, 'approve', 'Log in and approve', true)}${button(visit, 'cancel', 'Cancel')}
<div class="other"><h2>Or let something go wrong</h2>
${button(visit, 'reject', 'Wrong password: rejected')}${button(visit, 'technical_error', 'Technical error at the bank')}${button(visit, 'slow', 'Approve, but take five seconds')}</div>`,
  )

export const accountsPage = (visit: string, bank: Institution, accounts: SeedAccount[]): string =>
  page(
    `${bank.name}: choose accounts`,
    `<h1>Which accounts?</h1><p>Choose what ${escape(bank.name)} may share.</p>
<form method="post" action="/ob/${visit}/select">
${accounts
  .map(
    (one) =>
      `<label><input type="checkbox" name="account" value="${escape(one.key)}" checked><span>${escape(one.name ?? one.ownerName)}<small>${escape(one.iban ?? one.bban ?? one.scan ?? '')} ${escape(one.currency)}</small></span></label>`,
  )
  .join('\n')}
<button class="main">Share the chosen accounts</button></form>${button(visit, 'cancel', 'Cancel')}`,
  )

export const overPage = (): string =>
  page(
    'Nothing here',
    '<h1>This page has been used</h1><p>The visit is over. Go back to where you came from and begin again.</p>',
  )
