import { describe, expect, it } from 'vitest'
import { refusalOf, ROWS, type RowName, type Shape } from '../../../../sandbox/src/gocardless/refusals.ts'
import type { OutboundAnswer } from '../../outbound/index.ts'
import type { FeedFault } from '../bank-feed.ts'
import { faultOf } from './errors.ts'

const NOW = new Date('2026-03-01T12:00:00Z')

function answer(status: number, body: unknown, headers: Record<string, string> = {}): OutboundAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers, body: Buffer.from(text), text: () => text } as unknown as OutboundAnswer
}

/** Every row of the table of refusals, and what it means for us. */
const MEANING: Record<RowName, [FeedFault, string]> = {
  invalid_id: ['refused', 'refused'],
  invalid_account_id: ['refused', 'refused'],
  invalid_agreement_id: ['refused', 'refused'],
  incorrect_date_range: ['refused', 'refused'],
  unknown_fields: ['refused', 'refused'],
  incorrect_history_days: ['refused', 'refused'],
  incorrect_access_days: ['refused', 'refused'],
  unknown_institution: ['refused', 'refused'],
  reference_not_unique: ['refused', 'refused'],
  agreement_in_use: ['refused', 'refused'],
  scope_dependencies: ['refused', 'refused'],
  reconfirmation_not_supported: ['refused', 'refused'],
  authentication_failed: ['credentials', 'bad_credentials'],
  invalid_token: ['unreachable', 'invalid_token'],
  agreement_expired: ['consent_expired', 'consent_expired'],
  access_expired: ['consent_expired', 'consent_expired'],
  account_inactive: ['gone', 'account_inactive'],
  payment_required: ['refused', 'plan_limit'],
  ip_denied: ['credentials', 'ip_not_allowed'],
  no_agreement: ['consent_expired', 'consent_missing'],
  scope_error: ['gone', 'access_forbidden'],
  access_forbidden: ['gone', 'access_forbidden'],
  resource_unavailable: ['gone', 'access_forbidden'],
  no_permission: ['gone', 'access_forbidden'],
  insufficient_permissions: ['gone', 'access_forbidden'],
  not_found: ['gone', 'not_found'],
  account_not_found: ['gone', 'not_found'],
  accepted_before: ['refused', 'refused'],
  account_suspended: ['consent_expired', 'account_suspended'],
  account_processing: ['later', 'account_processing'],
  rate_limited: ['later', 'rate_limited'],
  bank_rate_limited: ['later', 'rate_limited'],
  unknown_request: ['unreachable', 'bank_UnknownRequestError'],
  service_error: ['unreachable', 'bank_ServiceError'],
  connection_error: ['unreachable', 'bank_ConnectionError'],
  institution_down: ['unreachable', 'status_503'],
}

describe('faultOf', () => {
  const rows = Object.entries(MEANING) as [RowName, [FeedFault, string]][]
  const shapes: Shape[] = [1, 2, 3, 4, 5]
  const table = rows.flatMap(([row, meaning]) => shapes.map((shape) => ({ row, shape, meaning })))

  it.each(table)('$row in shape $shape', ({ row, shape, meaning }) => {
    const { status, body } = refusalOf(ROWS[row], shape, 'transactions', { id: 'a', institutionId: 'B' })
    const fault = faultOf(answer(status, body), NOW)
    expect([fault.fault, fault.reason]).toEqual(meaning)
    expect(fault.message).toMatch(/^\S.*[.:]?$/)
  })

  it('shape 6, an account object with 409, means that the account is still prepared', () => {
    const body = { id: 'a', status: 'ERROR', aspsp_identifier: 'B', iban: '' }
    expect(faultOf(answer(409, body), NOW)).toMatchObject({ fault: 'later', reason: 'account_processing' })
    expect(faultOf(answer(409, { ...body, status: 'SUSPENDED' }), NOW)).toMatchObject({ reason: 'account_suspended' })
  })

  it.each([
    [
      'seconds in the text',
      {
        summary: 'Rate limit exceeded',
        detail: 'The rate limit for this resource is 4/day. Please try again in 85092 seconds',
      },
      {},
      85_092,
    ],
    [
      'underscored header',
      { summary: 'Rate limit exceeded', detail: '' },
      { http_x_ratelimit_account_success_reset: '3600' },
      3_600,
    ],
    [
      'dashed header',
      { summary: 'Rate limit exceeded', detail: '' },
      { 'x-ratelimit-account-success-reset': '1800' },
      1_800,
    ],
    ['more than a day', { summary: 'Rate limit exceeded', detail: 'try again in 999999 seconds' }, {}, 86_400],
    [
      "the bank's own limit",
      { summary: "Couldn't update account transactions", detail: '', type: 'RateLimitError' },
      {},
      43_200,
    ],
    ['nothing said', {}, {}, 60],
    ['nonsense in the header', {}, { 'x-ratelimit-account-success-reset': 'soon' }, 60],
  ])('waits as long as a 429 asks: %s', (_what, body, headers, seconds) => {
    const fault = faultOf(answer(429, body, headers), NOW)
    expect(fault.notBefore?.getTime()).toBe(NOW.getTime() + seconds * 1000)
  })

  it.each([
    [502, '<html><body>Bad Gateway</body></html>', 'unreachable', 'status_502'],
    [500, '', 'unreachable', 'status_500'],
    [400, '', 'refused', 'refused'],
    [401, 'null', 'unreachable', 'invalid_token'],
    [403, '[]', 'gone', 'access_forbidden'],
    [404, '{"detail":{"a":{"b":{"c":{"d":{}}}}}}', 'gone', 'not_found'],
    [418, '"tea"', 'refused', 'refused'],
  ])('reads a body that is none of its shapes: %i %s', (status, body, fault, reason) => {
    expect(faultOf(answer(status, body), NOW)).toMatchObject({ fault, reason })
  })

  it('says what was refused, and not more than fits', () => {
    const fault = faultOf(answer(400, { redirect: ['This field is required.'], status_code: 400 }), NOW)
    expect(fault.message).toContain('redirect: This field is required.')
    expect(faultOf(answer(400, { summary: 'x'.repeat(9_000) }), NOW).message.length).toBeLessThan(300)
  })
})
