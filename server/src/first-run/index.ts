/** The first start: a sandbox company with a simulated bank and WHMCS, in which the main job runs of itself, told line by line
 *  in the terminal and on a page. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { notFound } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import type { Store } from '../events/store.ts'
import { publicRoute, type Route } from '../http/route.ts'
import { isThisMachine } from '../http/this-machine.ts'
import { overview } from './overview.ts'
import { renderMain, renderPage } from './page.ts'
import { findTenantBySlug } from '../access/index.ts'
import { SANDBOX_SLUG } from './set-up.ts'
import type { Simulators } from './simulators.ts'

export { inviteSandboxOwner } from './invite-owner.ts'
export { overview } from './overview.ts'
export { runFirstMonth } from './run-month.ts'
export { connectSandbox, keepSandboxTenant } from './set-up.ts'
export { controlSimulators, privateHosts, type Simulators, startSandbox } from './simulators.ts'

/** Where the page of the sandbox month is. The dashboard is at `/`, and asks who one is. */
export const SANDBOX_PAGE = '/sandbox'

/** Serves the page to this machine only, for the sandbox only, and without secrets, so that nobody needs to be asked who they
 *  are. */
export function firstRunRoutes(deps: {
  store: Store
  simulators: Simulators
  version: string
  origin(): string
  settled(): boolean
}): Route[] {
  const { store, simulators } = deps
  let tenantId: TenantId | undefined
  return [
    publicRoute({
      operationId: 'firstRunPage',
      method: 'GET',
      path: SANDBOX_PAGE,
      page: true,
      tag: 'System',
      summary: 'The sandbox month',
      query: z.strictObject({ part: z.enum(['main']).optional() }),
      answers: { 200: { description: 'A page' } },
      handle: async (call) => {
        if (!isThisMachine(call)) throw notFound()
        tenantId ??= await store.directory((tx) => findTenantBySlug(tx, SANDBOX_SLUG))
        if (!tenantId) throw notFound()
        const seen = await overview(store, tenantId, simulators, deps.settled())
        const nonce = randomBytes(16).toString('base64')
        const { company } = simulators.facts
        const facts = { company: company.name, bank: company.bank, version: deps.version, origin: deps.origin(), nonce }
        return {
          status: 200,
          body: call.query.part === 'main' ? renderMain(facts, seen).text : renderPage(facts, seen),
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'cache-control': 'no-store',
            'referrer-policy': 'no-referrer',
            'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
          },
        }
      },
    }),
  ]
}
