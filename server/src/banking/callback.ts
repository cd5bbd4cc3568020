import { z } from 'zod'
import { publicRoute, redirect, type Route } from '../http/route.ts'
import { BankFeedError } from './bank-feed.ts'
import type { BankingDeps } from './deps.ts'
import { finishConsent } from './finish-consent.ts'
import { referenceDigest } from './initialize-connection.ts'
import { findConsent } from './consent-queries.ts'

const text = z.union([z.string().max(2_000), z.array(z.string())]).optional()
/** The provider may add parameters of its own: nothing here is refused, and only `ref` and `error` are looked at. */
const callbackQuery = z.looseObject({ ref: text, error: text })

/** Where GoCardless sends the browser back to. What it carries is a hint; the consent is read again at the provider. */
export function callbackRoutes(deps: BankingDeps): Route[] {
  return [
    publicRoute({
      operationId: 'gocardlessCallback',
      method: 'GET',
      path: '/callbacks/gocardless',
      tag: 'Callbacks',
      summary: 'The way back from the bank',
      query: callbackQuery,
      answers: { 302: { description: 'To the redirect_url of the attempt, with bank_connection_id and status' } },
      handle: async ({ query }) => {
        const found =
          typeof query.ref === 'string'
            ? await deps.store.directory((tx) => findConsent(tx, referenceDigest(query.ref as string)))
            : undefined
        if (!found) return page(404, 'This link is not known or has expired. Start the bank connection again.')
        const hint = typeof query.error === 'string' && /^\w{1,60}$/.test(query.error) ? query.error : undefined
        try {
          const finished = await finishConsent(deps, found.tenantId, found.uuid, { error: hint, returned: true })
          if (!finished) return page(404, 'This link is not known or has expired. Start the bank connection again.')
          const to = new URL(finished.redirectUrl)
          to.searchParams.set('bank_connection_id', finished.connectionId)
          to.searchParams.set('status', finished.status)
          if (finished.error !== undefined) to.searchParams.set('error', finished.error)
          return redirect(to.href)
        } catch (error) {
          if (!(error instanceof BankFeedError)) throw error
          deps.log.warn('consent not read', { tenant_id: found.tenantId, reason: error.reason })
          return page(
            502,
            'The provider does not answer at the moment. Your consent is not lost: reload this page in a minute.',
          )
        }
      },
    }),
  ]
}

const page = (status: number, sentence: string) => ({
  status,
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Payymo</title><body style="font-family:system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem"><p>${sentence}</p></body></html>`,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  },
})
