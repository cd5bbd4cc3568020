import { z } from 'zod'
import { type Answer, publicRoute, redirect, type Route } from '../../http/route.ts'
import type { ConnectionsDeps } from './deps.ts'
import { type Finished, finishAuthorization } from './finish-authorization.ts'
import { findState, getState, stateDigest } from './state-queries.ts'

const text = z.union([z.string().max(2_000), z.array(z.string())]).optional()
/** Stripe may add parameters of its own: nothing here is refused, and what is no single text counts as missing. */
const callbackQuery = z.looseObject({ code: text, state: text, error: text, status: text })

/** Where Stripe sends the browser back to in the browser form. Whatever happens, the browser is led on to an address without the
 *  code; a page of ours is shown only where there is nowhere to lead to. */
export function callbackRoutes(deps: ConnectionsDeps): Route[] {
  return [
    publicRoute({
      operationId: 'stripeCallback',
      method: 'GET',
      path: '/callbacks/stripe',
      tag: 'Callbacks',
      summary: 'The way back from Stripe',
      query: callbackQuery,
      answers: { 302: { description: 'To the redirect_url of the attempt, with connection_id, status and error' } },
      handle: async ({ query, header, ip, requestId }) => {
        const [code, state, error] = [one(query.code), one(query.state), one(query.error)]
        if (state === undefined) return pageOf(one(query.status))
        if (code === undefined && error === undefined) return pages.unknown
        const digest = stateDigest(state)
        const tenantId = await deps.store.directory((tx) => findState(tx, digest))
        const row = tenantId && (await deps.store.read(tenantId, (tx) => getState(tx, digest)))
        if (!tenantId || row?.way !== 'browser') return pages.unknown
        // A link that somebody was talked into connects nothing: the browser must be the one of the person who began.
        if (row.actor.type === 'user' && (await deps.userAt({ header, ip, requestId }, tenantId)) !== row.actor.id)
          return pages.otherPerson
        const finish = await finishAuthorization(
          deps,
          tenantId,
          { ...row.actor, ip, requestId },
          row,
          code === undefined || error !== undefined ? { error: 'access_denied' } : { code },
        )
        if (finish.state === 'running') return pages.running
        if (finish.state === 'expired') return pages.unknown
        return leadOn(row.redirectUrl, finish.result)
      },
    }),
  ]
}

const one = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

function leadOn(redirectUrl: string, { outcome, connectionId, error }: Finished): Answer {
  const to = new URL(redirectUrl)
  to.searchParams.set('connection_id', connectionId)
  to.searchParams.set('status', outcome === 'connected' ? 'active' : 'failed')
  if (error !== null) to.searchParams.set('error', error)
  return redirect(to.href)
}

/** Who named this very address as the one to come back to sees how it went. */
const pageOf = (status: string | undefined): Answer =>
  status === 'active' ? pages.connected : status === 'failed' ? pages.failed : pages.unknown

const page = (status: number, sentence: string): Answer => ({
  status,
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Payymo</title><body style="font-family:system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem"><p>${sentence}</p></body></html>`,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  },
})

const pages = {
  unknown: page(404, 'This link is not known or has expired. Start again where you began.'),
  otherPerson: page(
    403,
    'Nothing was connected. Sign in to Payymo in this browser as the person who began, then reload this page within five minutes, or start again.',
  ),
  running: page(409, 'The account is being connected at this moment. Reload this page in half a minute.'),
  connected: page(200, 'The Stripe account is connected. You can close this page.'),
  failed: page(200, 'The Stripe account was not connected. Start again where you began.'),
}
