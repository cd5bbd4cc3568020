import type { AppError } from '../../base/errors.ts'
import type { Answer } from '../../http/route.ts'
import type { Language } from './language.ts'

const EN = {
  wrong_password: 'Wrong e-mail address or password.',
  second_factor_required: 'Enter your password again, and the code of your app.',
  second_factor_invalid: 'This code is not right, or was used before. Wait for the next one.',
  too_many: 'Too many tries within a minute. Wait a little and try again.',
  unavailable: 'This is not possible at this moment. Try again in a minute.',
}

const DE: typeof EN = {
  wrong_password: 'E-Mail-Adresse oder Passwort ist falsch.',
  second_factor_required: 'Geben Sie Ihr Passwort noch einmal ein und dazu den Code Ihrer App.',
  second_factor_invalid: 'Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten.',
  too_many: 'Zu viele Versuche in einer Minute. Warten Sie etwas und versuchen Sie es noch einmal.',
  unavailable: 'Das geht im Augenblick nicht. Versuchen Sie es in einer Minute noch einmal.',
}

/** Why somebody could not prove who he is. */
export type SignInFault = keyof typeof EN

/** The same as a sentence that says what to do. */
export const signInFaultWords = (language: Language, fault: SignInFault): string => (language === 'de' ? DE : EN)[fault]

/** What a refusal of signing in was; undefined for any other error. */
export function signInFaultOf(error: AppError): SignInFault | undefined {
  if (error.code === 'rate_limit_exceeded') return 'too_many'
  if (error.code === 'service_unavailable') return 'unavailable'
  if (error.code !== 'authentication_required') return undefined
  const reason = error.details.find(({ field }) => field === 'reason')?.issue
  return reason === 'second_factor_required' || reason === 'second_factor_invalid' ? reason : 'wrong_password'
}

export const statusOfSignInFault = (fault: SignInFault): number =>
  fault === 'too_many' ? 429 : fault === 'unavailable' ? 503 : 401

export const asksForCode = (fault: string | undefined): boolean => fault?.startsWith('second_factor') === true

/** The page, and when to come back where the refusal says so. */
export const withRetryAfter = (answer: Answer, error: AppError): Answer =>
  error.retryAfterSeconds === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': String(error.retryAfterSeconds) } }
