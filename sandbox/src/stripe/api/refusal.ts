/** An answer that is not a success, thrown from wherever it is decided. */
export class Refusal extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, string>

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
    this.headers = headers
  }
}

interface ErrorParts {
  type?: 'invalid_request_error' | 'api_error' | 'idempotency_error'
  code?: string
  param?: string
}

/** Stripe's error object under `error`; without it the official library would take the body for a success. */
export function refuse(
  status: number,
  message: string,
  parts: ErrorParts = {},
  headers: Record<string, string> = {},
): Refusal {
  const { type = 'invalid_request_error', code, param } = parts
  const error = {
    type,
    message,
    ...(code === undefined
      ? {}
      : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
    ...(param === undefined ? {} : { param }),
  }
  return new Refusal(status, { error }, headers)
}

export const missing = (status: number, noun: string, id: string, param: string): Refusal =>
  refuse(status, `No such ${noun}: '${id}'`, { code: 'resource_missing', param })

export const unknownParameters = (names: string[]): Refusal =>
  refuse(400, `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`, {
    code: 'parameter_unknown',
    param: names[0]!,
  })

/** A secret as errors show it. */
export const masked = (key: string): string =>
  key.length < 16 ? key.replaceAll(/[^_]/g, '*') : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`

/** OAuth's own form, where `error` is a word. */
export const refuseOauth = (error: string, description: string, status = error === 'invalid_client' ? 401 : 400) =>
  new Refusal(status, { error, error_description: description })
