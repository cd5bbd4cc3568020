import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../base/errors.ts'

/** What a check reads of a request. */
export interface Headers {
  header(name: string): string | undefined
}

/** The header token of a session. It follows from the session's id, which no script can read, so nothing is stored and it
 *  changes when the id does. */
export const csrfToken = (sessionId: string): string =>
  createHmac('sha256', sessionId).update('csrf').digest('base64url')

/** Refuses what another site made a browser send (reliability 39). A browser says where a request comes from in
 *  `Sec-Fetch-Site` (absent in old ones) and `Origin` (on every POST and DELETE); `none` is a person typing an address, which
 *  never posts. Origin's host must be the very host that was asked, which a page elsewhere cannot change: so it also holds
 *  for a tenant's own domain. Throws `permission_denied`. */
export function refuseForeignPage(request: Headers, publicUrl: string): void {
  const site = request.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') throw forged('sec-fetch-site')
  const origin = request.header('origin')
  if (origin !== undefined && !isOurs(origin, request.header('host'), publicUrl)) throw forged('origin')
}

/** As `refuseForeignPage`, for requests that a cookie lets in: Origin must be there, and the session's token with it. */
export function refuseForgery(request: Headers, publicUrl: string, sessionId: string): void {
  refuseForeignPage(request, publicUrl)
  if (request.header('origin') === undefined) throw forged('origin')
  const given = Buffer.from(request.header('x-csrf-token') ?? '')
  const wanted = Buffer.from(csrfToken(sessionId))
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw forged('x-csrf-token')
}

/** Whether a browser sent it: a program has neither header and no other site to be led by. */
export const isFromBrowser = (request: Headers): boolean =>
  request.header('origin') !== undefined || request.header('sec-fetch-site') !== undefined

function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  const ours = new URL(publicUrl)
  if (origin === ours.origin) return true
  if (!URL.canParse(origin) || host === undefined) return false
  const theirs = new URL(origin)
  return theirs.protocol === ours.protocol && theirs.host === host.toLowerCase()
}

const forged = (header: string): AppError =>
  new AppError('permission_denied', 'This request did not come from a page of ours. Reload the page and try again.', {
    details: [
      { field: 'reason', issue: 'forged_request' },
      { field: 'header', issue: header },
    ],
  })
