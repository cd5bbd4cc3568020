import type { OutboundAnswer } from '../../outbound/index.ts'
import { BankFeedError } from '../bank-feed.ts'

const DAY_MS = 86_400_000

/** Turns any refusal of GoCardless into what it means for us. Its error bodies come in at least six shapes, so the decision
 *  is by status, then `type`, then the beginning of the summary. Source: Bank Account Data API, statuses and error codes. */
export function faultOf(answer: OutboundAnswer, now: Date): BankFeedError {
  const { status } = answer
  const { type, summary, detail, accountStatus } = wordsOf(answer)
  const said = `${summary} ${detail}`
  if (status === 401) {
    if (/(?:End User Agreement|\bEUA\b).*expired/is.test(said) || type === 'AccessExpiredError') {
      return new BankFeedError(
        'consent_expired',
        'consent_expired',
        'The consent at the bank has ended. Reconnect the bank.',
      )
    }
    if (type === 'AccountInactiveError')
      return new BankFeedError('gone', 'account_inactive', 'The bank says that this account is closed or inactive.')
    if (/authentication failed|no active account/i.test(said)) {
      return new BankFeedError('credentials', 'bad_credentials', 'GoCardless refuses the secret id and key.')
    }
    return new BankFeedError('unreachable', 'invalid_token', 'GoCardless refused the access token.')
  }
  if (status === 402)
    return new BankFeedError(
      'refused',
      'plan_limit',
      'The GoCardless plan allows no more new bank connections this month.',
    )
  if (status === 403) {
    if (/IP address/i.test(said)) {
      return new BankFeedError(
        'credentials',
        'ip_not_allowed',
        "GoCardless refuses this server's address: add it to the allow-list of the secret.",
      )
    }
    if (/No valid End User Agreement/i.test(said)) {
      return new BankFeedError(
        'consent_expired',
        'consent_missing',
        'The consent at the bank is no longer valid. Reconnect the bank.',
      )
    }
    return new BankFeedError('gone', 'access_forbidden', 'The bank does not allow this for the account.')
  }
  if (status === 404) return new BankFeedError('gone', 'not_found', 'GoCardless does not know this any more.')
  if (status === 409) {
    if (/suspended/i.test(said) || accountStatus === 'SUSPENDED') {
      return new BankFeedError(
        'consent_expired',
        'account_suspended',
        'GoCardless suspended the account after repeated errors. Reconnect the bank.',
      )
    }
    return new BankFeedError('later', 'account_processing', 'The bank is still preparing the account.', {
      notBefore: new Date(now.getTime() + 30_000),
    })
  }
  if (status === 429) {
    return new BankFeedError(
      'later',
      'rate_limited',
      'The bank allows no more reads for now. Payymo goes on by itself.',
      {
        notBefore: new Date(now.getTime() + waitMs(answer, said, type)),
      },
    )
  }
  if (status >= 500) {
    return new BankFeedError(
      'unreachable',
      type ? `bank_${type}` : `status_${status}`,
      'The bank or GoCardless has a problem. Payymo tries again by itself.',
    )
  }
  return new BankFeedError(
    'refused',
    'refused',
    `GoCardless refused the request: ${(summary || detail || `status ${status}`).slice(0, 200)}`,
  )
}

/** How long a 429 asks us to wait: `try again in S seconds`, a header, or half a day when the bank itself is tired. */
function waitMs(answer: OutboundAnswer, said: string, type: string): number {
  const seconds =
    /in (\d{1,6}) seconds/i.exec(said)?.[1] ??
    header(answer, 'http_x_ratelimit_account_success_reset') ??
    header(answer, 'x-ratelimit-account-success-reset')
  if (seconds !== undefined && /^\d{1,6}$/.test(seconds)) return Math.min(Number.parseInt(seconds, 10) * 1000, DAY_MS)
  return type === 'RateLimitError' ? DAY_MS / 2 : 60_000
}

function header(answer: OutboundAnswer, name: string): string | undefined {
  const value = (answer.headers as Record<string, string | string[] | undefined>)[name]
  return Array.isArray(value) ? value[0] : value
}

interface Words {
  type: string
  summary: string
  detail: string
  accountStatus: string
}

function wordsOf(answer: OutboundAnswer): Words {
  const words: Words = { type: '', summary: '', detail: '', accountStatus: '' }
  let body: unknown
  try {
    body = JSON.parse(answer.text().slice(0, 20_000))
  } catch {
    return words
  }
  const visit = (value: unknown, depth: number): void => {
    if (depth > 3 || typeof value !== 'object' || value === null) return
    for (const [key, part] of Object.entries(value)) {
      if ((key === 'summary' || key === 'detail') && textOf(part) !== '') words[key] ||= textOf(part)
      else if (key === 'type') words.type ||= textOf(part)
      else if (key === 'status' && typeof part === 'string') words.accountStatus ||= part
      else if (Array.isArray(part) && part.every((item) => typeof item === 'string'))
        words.summary ||= `${key}: ${part.join(' ')}`
      else visit(part, depth + 1)
    }
  }
  visit(body, 0)
  return words
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.filter((part) => typeof part === 'string').join(' ')
      : ''
