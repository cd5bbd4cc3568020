import type { OutboundAnswer } from '../../outbound/index.ts'
import { BillingError } from '../billing-system.ts'
import { plainText, type Row } from './normalise.ts'

/** What an HTTP answer turned out to be. `spoken`: WHMCS itself said no, in its own words, so that nothing was done; any other
 *  failure leaves open what happened. */
export type Judged = { ok: true; answer: Row } | { ok: false; spoken: boolean; error: BillingError }

export const IP_MENU = 'Configuration > System Settings > General Settings > Security > API IP Access Restriction'
export const CREDENTIALS_MENU = 'Configuration > System Settings > Manage API Credentials'

/** Sorts an answer of `includes/api.php`. `expects` names the field that proves success where `result` is missing; of a list
 *  without rows, which may lack even that, `totalresults` does. Source: reference, WHMCS 1.4 and 1.7. */
export function judge(answer: OutboundAnswer, url: string, expects: string): Judged {
  const { status } = answer
  if (status >= 300 && status < 400) return failed(redirected(answer, url))
  const body = readAnswer(textOf(answer), expects)
  if (!body) return failed(withoutJson(status))
  if (body.result === 'error' || body.status === 'error') {
    const said = plainText(body.message).trim().slice(0, 300)
    return { ok: false, spoken: status < 500 && status !== 429, error: refusal(said, status) }
  }
  if (status < 300 && (body.result === 'success' || (body.result === undefined && proves(body, expects)))) {
    return { ok: true, answer: body }
  }
  return failed(withoutJson(status))
}

const proves = (row: Row, expects: string): boolean => expects in row || (expects !== 'result' && 'totalresults' in row)

const failed = (error: BillingError): Judged => ({ ok: false, spoken: false, error })

/** The JSON object of an answer, its numbers kept as typed. Badly configured hosts put a BOM or PHP warnings before it: then
 *  the first object counts that says `result`. Undefined when there is none. */
function readAnswer(text: string, expects: string): Row | undefined {
  const body = text.replace(/^\uFEFF/, '').trim()
  if (body.startsWith('{')) return parse(body)
  // A warning may hold braces of its own; a few places are tried, not each of a two-megabyte page.
  const places = [...body.slice(0, 64 * 1024).matchAll(/\{\s*"/g)].slice(0, 8)
  for (const { index } of places) {
    const row = parse(body.slice(index))
    if (row && ('result' in row || proves(row, expects))) return row
  }
  return undefined
}

function parse(text: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(text, (_, each: unknown, context?: { source?: string }) =>
      typeof each === 'number' ? (context?.source ?? String(each)) : each,
    )
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined
  } catch {
    return undefined
  }
}

function textOf(answer: OutboundAnswer): string {
  const charset = /charset="?([\w-]+)/i.exec(answer.headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(answer.body)
  } catch {
    return answer.text()
  }
}

/** WHMCS behind a redirect never sees the form: the browser rule turns POST into GET. The target is named without its query. */
function redirected(answer: OutboundAnswer, url: string): BillingError {
  const target = URL.parse(answer.headers.location ?? '', url)
  const subject = target ? `${target.origin}${target.pathname}`.replace(/\/includes\/api\.php$/, '') : 'another address'
  return new BillingError(
    'redirected',
    `The address redirects to ${subject}. Enter that as the system URL of the WHMCS installation.`,
    { subject, temporary: false },
  )
}

function withoutJson(status: number): BillingError {
  if ([403, 406, 429, 503].includes(status)) {
    return new BillingError(
      'blocked_by_firewall',
      `A firewall, proxy or maintenance page in front of WHMCS answered ${status}. Let requests to includes/api.php pass.`,
      { subject: String(status), temporary: status === 429 || status === 503 },
    )
  }
  if (status >= 500) {
    return new BillingError('unreachable', `The server of WHMCS answered ${status}. Its error log says why.`, {
      subject: String(status),
      temporary: true,
    })
  }
  return new BillingError(
    'not_whmcs',
    status === 404
      ? 'There is no includes/api.php at this address. Check the system URL and its sub-path.'
      : `The address answered ${status} without an answer of the WHMCS API. Check the system URL, and open WHMCS once in a browser: a pending upgrade or a licence problem shows there.`,
    { subject: String(status), temporary: false },
  )
}

/** The words of WHMCS, sorted. Business errors keep them, for the person who reads. */
function refusal(said: string, status: number): BillingError {
  const address = /\b(?:Invalid|Forbidden) IP:? *([0-9a-f.:]{2,45})/i.exec(said)?.[1]
  if (/^Invalid IP\b/i.test(said)) {
    const seen = address === undefined ? 'our address' : address
    return new BillingError('ip_not_allowed', `WHMCS refuses calls from ${seen}. Add it under ${IP_MENU}.`, {
      ...(address === undefined ? {} : { subject: address }),
      temporary: false,
    })
  }
  if (/^Forbidden IP\b/i.test(said)) {
    return new BillingError(
      'ip_banned',
      `WHMCS has banned ${address ?? 'our address'}. Remove it under Configuration > System Settings > Banned IPs.`,
      { ...(address === undefined ? {} : { subject: address }), temporary: false },
    )
  }
  if (/^Invalid Permissions\b/i.test(said) || /^Access Denied\b/i.test(said)) {
    const action = /action ["']?(\w+)/i.exec(said)?.[1]
    return new BillingError(
      'permission_denied',
      action === undefined
        ? 'The administrator role of the API credential lacks the permission "API Access".'
        : `The API role does not allow the action ${action}. Tick it under ${CREDENTIALS_MENU} > API Roles.`,
      { ...(action === undefined ? {} : { subject: action }), temporary: false },
    )
  }
  if (/^(Invalid or missing credentials|Authentication Failed)\b/i.test(said)) {
    return new BillingError(
      'bad_credentials',
      `WHMCS does not accept the API identifier and secret. Make a new pair under ${CREDENTIALS_MENU}.`,
      { temporary: false },
    )
  }
  return new BillingError('business', said === '' ? 'WHMCS answered with an error and no text.' : said, {
    temporary: status === 429 || status >= 500,
  })
}
