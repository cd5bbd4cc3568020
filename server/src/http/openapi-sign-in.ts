import type { Json } from './openapi-schemas.ts'
import type { Route } from './route.ts'

/** Routes of people in a browser: no key, but a session cookie, and a page of ours as the sender. */
const isSignIn = (route: Pick<Route, 'path' | 'outside'>): boolean =>
  route.outside === true && route.path.startsWith('/auth/')

/** Ways in for those who have no session yet: a password, or a link of a mail. */
const WITHOUT_SESSION = new Set(['/auth/login', '/auth/accept', '/auth/forgot', '/auth/reset'])

export const needsSession = (route: Pick<Route, 'path' | 'outside'>): boolean =>
  isSignIn(route) && !WITHOUT_SESSION.has(route.path)

/** What signing in may refuse, whichever route it is. */
export const signInStatuses = (route: Pick<Route, 'path' | 'outside' | 'method'>): number[] =>
  isSignIn(route) ? [401, 429, ...(route.method === 'GET' ? [] : [403, 409, 422])] : []

export const SESSION_SCHEME: Json = {
  type: 'apiKey',
  in: 'cookie',
  name: 'payymo_session',
  description:
    'The cookie of `POST /auth/login`. Behind https it is called `__Host-payymo`. It opens /auth only, never /api.',
}

/** Proof that a page of ours sends the request. */
export const csrfParameter: Json = {
  name: 'X-CSRF-Token',
  in: 'header',
  required: false,
  description: 'The value that came with the session cookie, and comes with `GET /auth/me`.',
  schema: { type: 'string' },
}

/** What these routes say, in their own words. */
export const SIGN_IN_REFUSALS: Record<number, { description: string; message: string; details: [string, string][] }> = {
  401: {
    description:
      'Wrong address or password, a code is needed (`second_factor_required` in details), or nobody is signed in',
    message: 'Wrong e-mail address or password',
    details: [],
  },
  403: {
    description: 'Not from a page of ours, or the sign-in is older than ten minutes where it must be fresh',
    message: 'This request did not come from a page of ours. Reload the page and try again.',
    details: [['reason', 'forged_request']],
  },
  409: {
    description: 'It changed meanwhile',
    message: 'Your password has just been changed elsewhere. Sign in again.',
    details: [],
  },
  422: {
    description: 'Against a rule: a password that is easy to guess, a link that was used, a code that is wrong',
    message: 'This password is too easy to guess. Choose another.',
    details: [['password', 'Is too easy to guess']],
  },
  429: {
    description: 'Too many tries. Retry-After says when to come back',
    message: 'Too many tries within a minute. Wait a little and try again.',
    details: [],
  },
}
