import type { World } from '../world/world.ts'
import { type Asked, allow, deny, readAsked } from './authorize.ts'

export interface Page {
  status: number
  html: string
  location?: string
}

/** `/oauth/authorize` in a browser: choose an account, connect it or refuse. */
export function answerAuthorize(world: World, method: string, query: URLSearchParams, form: URLSearchParams): Page {
  const asked = readAsked(world, query)
  if (method !== 'POST') return { status: 200, html: choicePage(world, asked) }
  const account = form.get('account') ?? ''
  const location = form.get('decision') === 'connect' ? allow(world, asked, account) : deny(asked)
  return { status: 302, html: '', location }
}

function choicePage(world: World, { platform, mode, scope }: Asked): string {
  const merchants = [...world.merchants.values()].filter((merchant) => !world.platforms.has(merchant.id))
  const choices = merchants.map((merchant, n) => {
    const { businessName, country } = merchant.books[mode].terms
    const checked = n === 0 ? ' checked' : ''
    return `<label><input type="radio" name="account" value="${escape(merchant.id)}"${checked}> ${escape(businessName)}
      (${escape(country)}) <small>${escape(merchant.id)}</small></label>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Connect to ${escape(platform.name)}</title>
<meta name="viewport" content="width=device-width">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}
label{display:block;margin:.6rem 0}button{font:inherit;padding:.4rem 1.2rem;margin:1rem .6rem 0 0}
aside{background:#fff6d6;padding:.4rem .8rem}</style></head><body>
<aside>A simulated Stripe, ${mode} mode. No money moves here.</aside>
<h1>Connect your account</h1>
<p>${escape(platform.name)} asks for access (${escape(scope)}) to:</p>
<form method="post">${choices.join('\n')}
<button name="decision" value="connect">Connect</button> <button name="decision" value="deny">Deny</button></form>
</body></html>`
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
