import { AppError, type ErrorCode } from '../server/src/base/errors.ts'
import { envelope, STATUS } from '../server/src/http/errors.ts'

/** When each code comes, and what helps. A code without a row does not compile. */
const MEANINGS: Record<ErrorCode, [when: string, help: string]> = {
  invalid_request: [
    'Malformed, or fields and parameters missing, unknown, or of the wrong kind.',
    '`details` names all of them at once.',
  ],
  authentication_required: [
    'No credential, another scheme than Bearer, or one that is wrong, expired or revoked: in the same words.',
    'Send `Authorization: Bearer <key>`.',
  ],
  permission_denied: [
    'A valid credential that is not allowed this.',
    '`details` names the permission. `fresh_sign_in_required`: a person must type the password again.',
  ],
  resource_not_found: ["Unknown, or another tenant's: the very same answer.", 'Check the id and whose key it is.'],
  method_not_allowed: ['The address takes other methods.', '`Allow` names them.'],
  request_timeout: ['The request came too slowly.', 'Send it again.'],
  resource_conflict: [
    'It exists already, or its state moved on, or a call with the same `Idempotency-Key` is in progress.',
    'Read it again, then decide. With `Retry-After`: wait and repeat.',
  ],
  payload_too_large: ['JSON above 1 MiB, a batch above 4 MiB, a statement above 64 MiB.', 'Send less at once.'],
  uri_too_long: ['The address is too long.', 'Shorten the query.'],
  unsupported_media_type: [
    'The body is of another kind than this operation takes.',
    'Send JSON, or the file it asks for.',
  ],
  expectation_failed: ['An `Expect` header other than `100-continue`.', 'Leave it out.'],
  validation_failed: [
    'Well-formed, but against a rule; or it names something that does not exist; or the `Idempotency-Key` belongs to another request.',
    '`message` and `details` say which rule.',
  ],
  rate_limit_exceeded: ['Too many calls in this minute.', 'Wait as long as `Retry-After` says.'],
  headers_too_large: ['Headers above 16 kB.', 'Send fewer cookies or headers.'],
  server_error: ['Our fault.', 'Try again; if it stays, tell us the `request_id`.'],
  bank_integration_error: [
    'The bank or its provider failed.',
    '`message` says what you can do; `details` holds a stable reason.',
  ],
  stripe_integration_error: ['Stripe failed.', '`message` says what you can do; `details` holds a stable reason.'],
  whmcs_integration_error: ['WHMCS failed.', '`message` says what you can do; `details` holds a stable reason.'],
  service_unavailable: ['Database not reachable, or shutting down.', 'Wait as long as `Retry-After` says.'],
}

/** docs/errors.md: every code, when it comes, whether trying again may help, and what does. */
export function errorsPage(): string {
  const rows = Object.entries(STATUS).map(([name, status]) => {
    const code = name as ErrorCode
    const [when, help] = MEANINGS[code]
    return `| ${status} | \`${code}\` | ${when} | ${isRetryable(code) ? 'yes' : 'no'} | ${help} |`
  })
  return `# Errors

Every error has one shape, whatever failed:

\`\`\`json
${JSON.stringify(EXAMPLE, null, 2)}
\`\`\`

Branch on \`code\`; \`message\` is for people and may change. \`details\` names every fault of the request at once, or a stable reason
as \`{"field": "reason", "issue": "…"}\`. \`retryable\` says whether the same request may succeed later. \`request_id\` is also in
\`X-Request-Id\` and finds the call in the log. Made by \`npm run generate\` from \`server/src/http/errors.ts\`.

| status | code | when | retryable | what helps |
|---|---|---|---|---|
${rows.join('\n')}
`
}

const REQUEST_ID = 'req_01jrfzq4v8m2k9d7t5x3w1c0ab'

const EXAMPLE = envelope(
  new AppError('invalid_request', 'The request is missing required parameters', {
    details: [
      { field: 'amount', issue: 'This field is required' },
      { field: 'currency', issue: 'Must be a currency code of ISO 4217 such as EUR' },
    ],
  }),
  REQUEST_ID,
)

const isRetryable = (code: ErrorCode): boolean =>
  (envelope(new AppError(code, ''), REQUEST_ID) as { error: { retryable: boolean } }).error.retryable
