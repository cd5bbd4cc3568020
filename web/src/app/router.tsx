import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { FailedScreen } from './failed-screen.tsx'
import { lazyScreen } from './lazy-screen.ts'
import { Shell } from './shell.tsx'
import { readSession } from './session.ts'
import { readFilters as alertFilters } from '../screens/alerts/filters.ts'
import { readFilters as overviewFilters } from '../screens/overview/filters.ts'
import { readFilters as clientFilters } from '../screens/clients/filters.ts'
import { readFilters as invoiceFilters } from '../screens/invoices/filters.ts'
import { readFilters as auditFilters } from '../screens/audit/filters.ts'
import { readFilters as callFilters } from '../screens/keys/filters.ts'
import { readList as connectionsFilters, readOne as connectionFilters } from '../screens/connections/filters.ts'
import { readFilters as payoutFilters } from '../screens/payouts/filters.ts'
import { readFilters as reviewFilters } from '../screens/review/filters.ts'
import { readFilters as teamFilters } from '../screens/team/filters.ts'
import { readFilters as tenantFilters } from '../screens/tenants/filters.ts'
import { readFilters as transactionFilters } from '../screens/transactions/filters.ts'
import { readFilters as deliveryFilters } from '../screens/webhooks/filters.ts'

interface Context {
  client: QueryClient
}

/** The session is read once, and again after signing in or out. */
export const sessionQuery = { queryKey: ['session'], queryFn: readSession, staleTime: Infinity } as const

const root = createRootRouteWithContext<Context>()()

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { back?: string; expired?: boolean } => ({
    // Only a way within the dashboard: never to another site.
    ...(typeof search.back === 'string' && /^\/(?![/\\])/.test(search.back) ? { back: search.back } : {}),
    ...(search.expired === true ? { expired: true } : {}),
  }),
  // Who is signed in goes on. Whose session has just ended is not, and who cannot be asked may try.
  beforeLoad: async ({ context, search }) => {
    if (search.expired === true) return
    const session = await context.client
      .fetchQuery({ ...sessionQuery, queryFn: async () => (await readSession()) ?? null })
      .catch(() => null)
    // oxlint-disable-next-line typescript/only-throw-error -- the router's own way of going elsewhere
    if (!session) return
    // oxlint-disable-next-line typescript/only-throw-error -- the router's own way of going elsewhere
    throw search.back === undefined ? redirect({ to: '/' }) : redirect({ href: search.back })
  },
  component: lazyScreen(() => import('../screens/sign-in/index.tsx'), 'SignIn'),
})

/** Everything behind the sign-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData({
      ...sessionQuery,
      queryFn: async () => (await readSession()) ?? null,
    })
    // oxlint-disable-next-line typescript/only-throw-error -- the router's own way of going elsewhere
    if (!session) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { back: location.href } })
    return { session }
  },
  component: Shell,
})

const screen = <P extends string>(path: P) => ({ getParentRoute: () => inside, path })

const routes = root.addChildren([
  signIn,
  inside.addChildren([
    createRoute({
      ...screen('/'),
      validateSearch: overviewFilters,
      component: lazyScreen(() => import('../screens/overview/index.tsx'), 'Overview', [
        'overview',
        'start',
        'connections',
        'banks',
      ]),
    }),
    createRoute({
      ...screen('/review'),
      validateSearch: reviewFilters,
      component: lazyScreen(() => import('../screens/review/index.tsx'), 'Review', [
        'review',
        'transactions',
        'invoices',
      ]),
    }),
    createRoute({
      ...screen('/transactions'),
      validateSearch: transactionFilters,
      component: lazyScreen(() => import('../screens/transactions/index.tsx'), 'Transactions', ['transactions']),
    }),
    createRoute({
      ...screen('/transactions/$id'),
      component: lazyScreen(() => import('../screens/transactions/one.tsx'), 'TransactionDetails', [
        'transactions',
        'review',
      ]),
    }),
    createRoute({
      ...screen('/invoices'),
      validateSearch: invoiceFilters,
      component: lazyScreen(() => import('../screens/invoices/index.tsx'), 'Invoices', ['invoices', 'review']),
    }),
    createRoute({
      ...screen('/invoices/$id'),
      component: lazyScreen(() => import('../screens/invoices/one.tsx'), 'InvoiceDetails', [
        'invoices',
        'review',
        'transactions',
      ]),
    }),
    createRoute({
      ...screen('/clients'),
      validateSearch: clientFilters,
      component: lazyScreen(() => import('../screens/clients/index.tsx'), 'Clients', ['clients']),
    }),
    createRoute({
      ...screen('/clients/$id'),
      component: lazyScreen(() => import('../screens/clients/one.tsx'), 'ClientDetails', [
        'clients',
        'invoices',
        'transactions',
        'review',
      ]),
    }),
    createRoute({
      ...screen('/payouts'),
      validateSearch: payoutFilters,
      component: lazyScreen(() => import('../screens/payouts/index.tsx'), 'Payouts', ['payouts', 'transactions']),
    }),
    createRoute({
      ...screen('/payouts/$id'),
      component: lazyScreen(() => import('../screens/payouts/one.tsx'), 'PayoutDetails', [
        'payouts',
        'transactions',
        'review',
      ]),
    }),
    createRoute({
      ...screen('/connections'),
      validateSearch: connectionsFilters,
      component: lazyScreen(() => import('../screens/connections/index.tsx'), 'Connections', [
        'connections',
        'banks',
        'stripe',
        'whmcs',
      ]),
    }),
    createRoute({
      ...screen('/connections/$id'),
      validateSearch: connectionFilters,
      component: lazyScreen(() => import('../screens/connections/one.tsx'), 'Connection', [
        'connections',
        'banks',
        'stripe',
        'whmcs',
        'invoices',
      ]),
    }),
    createRoute({
      ...screen('/webhooks'),
      component: lazyScreen(() => import('../screens/webhooks/index.tsx'), 'Webhooks', ['webhooks']),
    }),
    createRoute({
      ...screen('/webhooks/$id'),
      validateSearch: deliveryFilters,
      component: lazyScreen(() => import('../screens/webhooks/one.tsx'), 'WebhookDetails', ['webhooks']),
    }),
    createRoute({
      ...screen('/keys'),
      component: lazyScreen(() => import('../screens/keys/index.tsx'), 'Keys', ['keys', 'webhooks']),
    }),
    createRoute({
      ...screen('/keys/$id'),
      validateSearch: callFilters,
      component: lazyScreen(() => import('../screens/keys/one.tsx'), 'KeyDetails', ['keys', 'webhooks']),
    }),
    createRoute({
      ...screen('/team'),
      validateSearch: teamFilters,
      component: lazyScreen(() => import('../screens/team/index.tsx'), 'Team', ['team']),
    }),
    createRoute({
      ...screen('/start'),
      component: lazyScreen(() => import('../screens/start/index.tsx'), 'Start', ['start']),
    }),
    createRoute({
      ...screen('/matching'),
      component: lazyScreen(() => import('../screens/matching/index.tsx'), 'Matching', [
        'matching',
        'review',
        'transactions',
        'connections',
      ]),
    }),
    createRoute({
      ...screen('/alerts'),
      validateSearch: alertFilters,
      component: lazyScreen(() => import('../screens/alerts/index.tsx'), 'Alerts', ['connections', 'troubles']),
    }),
    createRoute({
      ...screen('/audit'),
      validateSearch: auditFilters,
      component: lazyScreen(() => import('../screens/audit/index.tsx'), 'Audit', ['audit']),
    }),
    createRoute({
      ...screen('/tenants'),
      validateSearch: tenantFilters,
      component: lazyScreen(() => import('../screens/tenants/index.tsx'), 'Tenants', ['tenants']),
    }),
    createRoute({
      ...screen('/tenants/$id'),
      component: lazyScreen(() => import('../screens/tenants/one.tsx'), 'TenantDetails', ['tenants', 'keys']),
    }),
    createRoute({
      ...screen('/settings'),
      component: lazyScreen(() => import('../screens/settings/index.tsx'), 'Company', ['settings']),
    }),
    createRoute({
      ...screen('/settings/branding'),
      component: lazyScreen(() => import('../screens/settings/branding.tsx'), 'Branding', ['settings']),
    }),
    createRoute({
      ...screen('/settings/applications'),
      component: lazyScreen(() => import('../screens/settings/applications.tsx'), 'Applications', ['settings', 'keys']),
    }),
    createRoute({
      ...screen('/settings/account'),
      component: lazyScreen(() => import('../screens/settings/account.tsx'), 'OwnAccount', ['settings', 'team']),
    }),
  ]),
])

export const createAppRouter = (client: QueryClient) =>
  createRouter({
    routeTree: routes,
    context: { client },
    defaultErrorComponent: FailedScreen,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
