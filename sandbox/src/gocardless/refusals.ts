/** Everything the API can refuse with, in the six body shapes that were seen (reference 1.10). */

export class Refusal extends Error {
  readonly status: number
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(`refused with ${status}`)
    this.status = status
    this.body = body
  }
}

export interface Row {
  status: number
  summary: string
  detail: string
  type?: string
  /** Whether it counts towards the suspension of the account. */
  counted?: boolean
  /** The field under which the keyed shapes put it. */
  field?: string
}

export type Shape = 1 | 2 | 3 | 4 | 5 | 6

/** Shape 1. */
export const flat = (status: number, summary: string, detail: string, type?: string): Refusal =>
  new Refusal(status, { summary, detail, ...(type === undefined ? {} : { type }), status_code: status })

/** Shape 2, several fields at once. */
export const keyed = (fields: Record<string, { summary: string; detail: string }>, status = 400): Refusal =>
  new Refusal(status, { ...fields, status_code: status })

/** Shape 3. */
export const keyedList = (field: string, summary: string, detail: string, status = 400): Refusal =>
  new Refusal(status, { [field]: [{ summary, detail }], status_code: status })

/** Shape 4. */
export const keyedTexts = (fields: Record<string, string[]>, status = 400): Refusal =>
  new Refusal(status, { ...fields, status_code: status })

export const notFound = (): Refusal => flat(404, 'Not found.', 'Not found.')
export const invalidToken = (): Refusal => flat(401, 'Invalid token', 'Token is invalid or expired')

/** One row of 1.10, written in the shape asked for. `subject` is the account the call was about, for shape 6. */
export function refusalOf(
  row: Row,
  shape: Shape,
  scope: string,
  subject: { id: string; institutionId: string },
): Refusal {
  const bankSide = row.summary === ''
  const summary = bankSide && row.type !== undefined ? `Couldn't update account ${scope}` : row.summary
  const said = { summary, detail: row.detail }
  const type = row.type === undefined ? {} : { type: row.type }
  const field = row.field ?? 'detail'
  const tail = { ...type, status_code: row.status }
  if (shape === 1) return new Refusal(row.status, { ...said, ...tail })
  if (shape === 2) return new Refusal(row.status, { [field]: said, ...tail })
  if (shape === 3) return new Refusal(row.status, { [field]: [said], ...tail })
  if (shape === 4) return new Refusal(row.status, { [field]: [row.detail], ...tail })
  if (shape === 5) return new Refusal(row.status, { summary: [summary], detail: [row.detail], ...tail })
  return new Refusal(row.status, { id: subject.id, status: 'ERROR', aspsp_identifier: subject.institutionId, iban: '' })
}

/** The rows of 1.10 by name, for injection. An empty summary with a type becomes `Couldn't update account …`. */
export const ROWS = {
  invalid_id: { status: 400, summary: 'Invalid ID', detail: 'The value is not a valid UUID.' },
  invalid_account_id: { status: 400, summary: 'Invalid Account ID', detail: 'The value is not a valid Account UUID.' },
  invalid_agreement_id: {
    status: 400,
    summary: 'Invalid EndUserAgreement ID',
    detail: 'The value is not a valid EndUserAgreement UUID.',
  },
  incorrect_date_range: { status: 400, summary: 'Incorrect date range', detail: 'date_from is after date_to.' },
  unknown_fields: { status: 400, summary: 'Unknown fields', detail: 'Unknown fields in the request.' },
  incorrect_history_days: {
    status: 400,
    summary: 'Incorrect max_historical_days',
    detail: 'max_historical_days must be > 0 and <= the maximum of the institution.',
    field: 'max_historical_days',
  },
  incorrect_access_days: {
    status: 400,
    summary: 'Incorrect access_valid_for_days',
    detail: 'access_valid_for_days must be > 0 and <= the maximum of the institution.',
    field: 'access_valid_for_days',
  },
  unknown_institution: {
    status: 400,
    summary: 'Unknown Institution ID',
    detail: 'Get Institution IDs from /institutions/?country={$COUNTRY_CODE}',
    field: 'institution_id',
  },
  reference_not_unique: {
    status: 400,
    summary: 'Client reference must be unique',
    detail: 'Client reference must be unique',
    field: 'reference',
  },
  agreement_in_use: {
    status: 400,
    summary: 'Agreement is already associated with another requisition',
    detail: 'Use another agreement.',
    field: 'agreement',
  },
  scope_dependencies: {
    status: 400,
    summary: 'Institution access scope dependencies error',
    detail: 'Access scopes details and balances must be requested together.',
    field: 'access_scope',
  },
  reconfirmation_not_supported: {
    status: 400,
    summary: 'Reconfirmation not supported',
    detail: 'This institution does not support reconfirmation.',
    field: 'reconfirmation',
  },
  authentication_failed: {
    status: 401,
    summary: 'Authentication failed',
    detail: 'No active account found with the given credentials',
  },
  invalid_token: { status: 401, summary: 'Invalid token', detail: 'Token is invalid or expired' },
  agreement_expired: {
    status: 401,
    summary: 'End User Agreement (EUA) 00000000-0000-4000-a000-000000000000 has expired',
    detail:
      'EUA was valid for 90 days and it expired at 2026-01-01 00:00:00+00:00. The end user must connect the account once more with a new EUA and Requisition',
  },
  access_expired: {
    status: 401,
    summary: '',
    detail: 'Access has expired or it has been revoked. To restore access reconnect the account.',
    type: 'AccessExpiredError',
    counted: true,
  },
  account_inactive: {
    status: 401,
    summary: '',
    detail: 'The account is inactive or closed.',
    type: 'AccountInactiveError',
  },
  payment_required: {
    status: 402,
    summary: 'Payment Required',
    detail: 'Free usage limit exceeded. Contact sales to continue.',
  },
  ip_denied: { status: 403, summary: 'IP address access denied', detail: 'Your IP address is not in the whitelist.' },
  no_agreement: {
    status: 403,
    summary: 'No valid End User Agreement',
    detail: 'There is no valid End User Agreement for this account.',
  },
  scope_error: {
    status: 403,
    summary: 'End User Agreement (EUA) access scope error',
    detail: 'The agreement does not grant this access scope.',
  },
  access_forbidden: {
    status: 403,
    summary: '',
    detail: 'The end user has no rights to this account.',
    type: 'AccountAccessForbidden',
  },
  resource_unavailable: {
    status: 403,
    summary: '',
    detail: 'The resource is not available for this account.',
    type: 'AccountResourceUnavailable',
  },
  no_permission: { status: 403, summary: '', detail: 'You do not have permission to perform this action.' },
  insufficient_permissions: {
    status: 403,
    summary: 'Insufficient permissions',
    detail: 'Your company does not have permission to do this.',
  },
  not_found: { status: 404, summary: 'Not found.', detail: 'Not found.' },
  account_not_found: {
    status: 404,
    summary: 'Account ID not found',
    detail: 'Please check whether you specified a valid Account ID',
  },
  accepted_before: {
    status: 405,
    summary: 'EUA cannot be accepted more than once',
    detail: 'The agreement was accepted before.',
  },
  account_suspended: {
    status: 409,
    summary: 'Account suspended',
    detail: 'This account was suspended due to numerous errors that occurred while accessing it.',
  },
  account_processing: { status: 409, summary: 'AccountProcessing', detail: 'Account is processing. Try again later.' },
  rate_limited: {
    status: 429,
    summary: 'Rate limit exceeded',
    detail: 'The rate limit for this resource is 4/day. Please try again in 85092 seconds',
  },
  bank_rate_limited: {
    status: 429,
    summary: '',
    detail: 'Daily request limit set by the institution has been exceeded.',
    type: 'RateLimitError',
  },
  unknown_request: {
    status: 500,
    summary: '',
    detail: 'Request to Institution returned an error',
    type: 'UnknownRequestError',
    counted: true,
  },
  service_error: { status: 503, summary: '', detail: 'Institution service unavailable', type: 'ServiceError' },
  connection_error: { status: 503, summary: '', detail: "Couldn't connect to Institution", type: 'ConnectionError' },
  institution_down: {
    status: 503,
    summary: 'Institution is not operational',
    detail: 'The institution is not operational at this time.',
  },
} as const satisfies Record<string, Row>

export type RowName = keyof typeof ROWS
