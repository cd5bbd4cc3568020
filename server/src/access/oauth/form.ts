import { FormFault, readForm as readFields } from '../pages/form.ts'
import { OAuthError } from './oauth-error.ts'

/** The parameters of a request of this protocol. Throws `invalid_request`. */
export function readForm(contentType: string | undefined, body: Buffer): Map<string, string> {
  try {
    return readFields(contentType, body)
  } catch (error) {
    if (error instanceof FormFault) throw new OAuthError('invalid_request', error.message)
    throw error
  }
}

/** Throws `invalid_request` when the parameter is missing. */
export function needed(form: ReadonlyMap<string, string>, name: string): string {
  const value = form.get(name)
  if (value === undefined) throw new OAuthError('invalid_request', `The parameter ${name} is required`)
  return value
}
