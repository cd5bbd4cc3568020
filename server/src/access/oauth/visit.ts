import { AppError } from '../../base/errors.ts'
import type { Look } from '../pages/frame.ts'
import type { Call } from '../people/change-person.ts'
import { type OpenSession, refuseStale } from '../people/sessions.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import type { OAuth } from './deps.ts'

export type Query = Record<string, string>

/** A request of a browser at hand: what it sent, what the client asks, how the page looks. */
export interface Visit {
  call: Call
  query: Query
  request: AuthorizeRequest
  look: Look
}

/** The session, or undefined when there is none. */
export async function orSignedOut(session: Promise<OpenSession>): Promise<OpenSession | undefined> {
  try {
    return await session
  } catch (error) {
    if (error instanceof AppError && error.code === 'authentication_required') return undefined
    throw error
  }
}

/** Letting an application in is like making a key: the password must have been typed within ten minutes (reliability 39). */
export function isFresh(oauth: OAuth, session: OpenSession): boolean {
  try {
    refuseStale(oauth, session)
    return true
  } catch {
    return false
  }
}

export const PATH = '/oauth/authorize'

/** This page with the request of the client: where forms go and where one goes on. */
export const addressOf = (query: Query): string => `${PATH}?${new URLSearchParams(query).toString()}`
