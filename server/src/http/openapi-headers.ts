import type { Json } from './openapi-schemas.ts'

/** Response headers, each described once. */
export const HEADERS: Record<string, Json> = {
  'X-Request-Id': {
    description: 'Names this call in logs and to support. A valid one that you send is kept.',
    schema: { type: 'string', pattern: '^req_[0-7][0-9a-hjkmnp-tv-z]{25}$' },
    example: 'req_01jrfzq4v8m2k9d7t5x3w1c0ab',
  },
  'X-RateLimit-Limit': {
    description: 'Calls a minute under the tightest limit this call is under.',
    schema: { type: 'integer' },
    example: 1000,
  },
  'X-RateLimit-Remaining': {
    description: 'Calls left under that limit.',
    schema: { type: 'integer' },
    example: 987,
  },
  'X-RateLimit-Reset': {
    description: 'When that limit is whole again, in Unix seconds.',
    schema: { type: 'integer' },
    example: 1744295760,
  },
  'Retry-After': { description: 'Seconds until another try makes sense.', schema: { type: 'integer' }, example: 12 },
  Location: {
    description: 'Where the new resource is read.',
    schema: { type: 'string', format: 'uri-reference' },
    example: '/api/v1/transactions/txn_01jrfzq4v8m2k9d7t5x3w1c0ab',
  },
  'WWW-Authenticate': {
    description: 'How to say who calls.',
    schema: { type: 'string', enum: ['Bearer'] },
    example: 'Bearer',
  },
  Allow: { description: 'The methods this address takes.', schema: { type: 'string' }, example: 'GET, POST' },
  'Idempotency-Replayed': {
    description: '`true` when this is the answer to an earlier call with the same Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
  Deprecation: {
    description: 'Since when the operation is deprecated (RFC 9745).',
    schema: { type: 'string' },
    example: '@1767225600',
  },
  Sunset: {
    description: 'Until when the operation answers (RFC 8594).',
    schema: { type: 'string' },
    example: 'Wed, 01 Jul 2026 00:00:00 GMT',
  },
}

/** On every answer to a known caller. */
export const CALLER_HEADERS = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']
export const RETRY_HEADERS = ['Retry-After']

const componentOf = (name: string): string => name.replaceAll('-', '')

/** References to the headers named, and to the request id, which is on every answer. */
export const headers = (names: string[]): Record<string, Json> =>
  Object.fromEntries(
    ['X-Request-Id', ...names].map((name) => [name, { $ref: `#/components/headers/${componentOf(name)}` }]),
  )

export const headerComponents = (used: (name: string) => boolean): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(HEADERS)
      .map(([name, header]) => [componentOf(name), header] as const)
      .filter(([name]) => used(name)),
  )
