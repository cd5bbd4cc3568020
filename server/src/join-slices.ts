import { join } from 'node:path'
import {
  apiKeys,
  auditSlice,
  brandingOf,
  createCallLog,
  createPeople,
  createRefusals,
  getTenant,
  keyRoutes,
  oauthSlice,
  ownersOf,
  pagesSlice,
  peopleSlice,
  type permissionOfRoute,
  tenantsSlice,
  usageSlice,
  userAt,
} from './access/index.ts'
import { apiDocsSlice } from './api-docs/index.ts'
import { alertsSlice } from './alerts/index.ts'
import { type BankingDeps, bankingSlice, revokeAllConnections } from './banking/index.ts'
import type { Id, TenantId } from './base/ids.ts'
import type { Log } from './base/log.ts'
import {
  billingSlice,
  createBillingConnections,
  disconnectAllInstances,
  keepInvoice,
  paymentsSlice,
} from './billing/index.ts'
import type { Config } from './config.ts'
import { withOwner } from './database/transaction.ts'
import { dashboardSlice } from './dashboard/index.ts'
import type { BuildOptions, Foundation } from './foundation.ts'
import type { Slice } from './http/slice.ts'
import { idempotencySlice } from './idempotency/index.ts'
import { limitsSlice, networkOf } from './limits/index.ts'
import { mailSlice } from './mail/index.ts'
import type { Reason } from './matching/index.ts'
import { bankFeeds, stripePlatforms } from './provider-wiring.ts'
import { providersSlice } from './providers/index.ts'
import { reconciliationSlice, releaseTransfer, settleMatch, takeAsTransfer } from './reconciliation/index.ts'
import {
  analyzeSmallTables,
  createStripeFeed,
  createStripePace,
  disconnectAllStripe,
  feesOfCharges,
  listToldReturns,
  stripeSlice,
  type StripeSliceDeps,
  withholdPayoutLines,
  withholdReturned,
} from './stripe/index.ts'
import { MATCH_JOB, transactionRoutes } from './transactions/index.ts'
import { webhooksSlice } from './webhooks/index.ts'

/** How far back a Stripe account is read when it is connected (contract 4.4), where nobody asks for more or less. */
const BACKFILL_DAYS = 30

/** Every slice, joined, and what the server needs of some of them. */
export async function joinSlices(config: Config, log: Log, foundation: Foundation, options: BuildOptions) {
  const { clock, limits, outbound, pepper, pool, production, publicUrl, report, scaled, store, vault, wakeups } =
    foundation
  const productNameOf = async (tenantId: TenantId) => (await brandingOf(store, tenantId)).product_name ?? undefined
  const today = () => clock.now().toISOString().slice(0, 10)
  const connections = createBillingConnections({
    store,
    vault,
    outbound,
    scaled,
    report: (instanceId, error) => log.warn('billing row left out', { instance_id: instanceId, reason: error.code }),
  })
  const mail = mailSlice({
    store,
    vault,
    clock,
    scaled,
    log,
    smtpUrl: config.smtpUrl,
    mailFrom: config.mailFrom,
    dataDir: config.dataDir,
    production,
    productNameOf,
  })
  const providers = providersSlice({ store, vault })
  // Known once all routes are.
  const permissions: { of: ReturnType<typeof permissionOfRoute> } = { of: () => undefined }
  const refusals = createRefusals({
    store,
    log,
    now: () => clock.now(),
    permissionOf: (method, route) => permissions.of(method, route),
  })
  const calls = createCallLog({ store, log })
  const people = createPeople({
    store,
    pool,
    vault,
    mailer: mail.mailer,
    pepper: await vault.installationSecret('people-pepper'),
    clock,
    publicUrl,
    limit: limits.takeOne,
    networkOf,
    productNameOf,
    onRefused: refusals.note,
  })
  const banking: BankingDeps = {
    store,
    vault,
    clock,
    scaled,
    log,
    feedOf: bankFeeds(config, {
      outbound,
      clock,
      credentialsOf: providers.credentialsOf,
      ...(options.feedOf ? { feedOf: options.feedOf } : {}),
    }),
    publicUrl,
    production,
  }
  const pace = createStripePace()
  const platforms = stripePlatforms(config, {
    credentialsOf: providers.credentialsOf,
    environmentOf: async (tenantId) => (await store.read(tenantId, getTenant))?.environment ?? 'live',
    ...(options.stripeOf ? { own: options.stripeOf } : {}),
  })
  const ordinary: StripeSliceDeps = {
    store,
    vault,
    outbound,
    clock,
    scaled,
    log,
    ...platforms,
    openFeed: (tenantId, access, onRead) =>
      createStripeFeed({ outbound, clock, pace, access, onRead, apiUrl: platforms.stripeOf(tenantId).apiUrl }),
    publicUrl,
    redirectUrls: config.stripe.redirectUrls,
    production,
    backfillDays: BACKFILL_DAYS,
    userAt: (call, tenantId) => userAt(people, call, tenantId),
    statistics: () => withOwner(pool, analyzeSmallTables),
    limit: limits.takeOne,
    networkOf,
    lines: { take: takeAsTransfer, release: releaseTransfer },
  }
  const stripeDeps = options.stripe?.(ordinary) ?? ordinary
  const stripe = stripeSlice(stripeDeps)
  const keyCredentials = apiKeys({ store, pepper, clock, onRefused: refusals.note })
  const slices: Slice[] = [
    { routes: keyRoutes({ store, pepper, onKeysChanged: keyCredentials.forget }) },
    tenantsSlice({
      store,
      pool,
      log,
      scaled,
      now: () => clock.now(),
      publicUrl,
      exportsDir: join(config.dataDir, 'exports'),
      endings: [
        (id) => revokeAllConnections(banking, id),
        (id) => disconnectAllInstances(store, id),
        (id) => disconnectAllStripe(stripeDeps, id),
      ],
      onResumed: (tx) => tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId }),
      onKeysChanged: keyCredentials.forget,
    }),
    peopleSlice(people),
    oauthSlice(people),
    pagesSlice(people),
    auditSlice({ store, dataDir: config.dataDir, clock, scaled, log }),
    usageSlice({ store, clock, scaled }),
    mail,
    alertsSlice({ store, scaled, mailer: mail.mailer, ownersOf, publicUrl }),
    providers,
    { routes: transactionRoutes({ store }) },
    bankingSlice(banking),
    billingSlice({
      store,
      vault,
      outbound,
      connections,
      clock,
      scaled,
      log,
      publicUrl,
      limit: limits.takeOne,
      networkOf,
      onSettled: settleMatch,
      feesOf: feesOfCharges,
      report: (instanceId, error) => log.warn('whmcs', { instance_id: instanceId, reason: error.code }),
    }),
    paymentsSlice({
      store,
      openBilling: connections.open,
      scaled,
      log,
      wakeups,
      crashPoint: config.crashPoint,
      onSettled: settleMatch,
      feesOf: feesOfCharges,
      keepInvoice,
    }),
    stripe,
    reconciliationSlice({
      store,
      today,
      now: () => clock.now(),
      log,
      before: (tenantId) => stripe.findBankLines(tenantId),
      withhold: async (tx, lines) =>
        new Map<Id<'txn'>, Reason>([...(await withholdReturned(tx, lines)), ...(await withholdPayoutLines(tx, lines))]),
      toldReturns: listToldReturns,
    }),
    webhooksSlice({ store, vault, outbound, scaled, clock, wakeups, report }),
    apiDocsSlice(),
    dashboardSlice(),
    limitsSlice(limits),
    idempotencySlice({ store, scaled }),
    ...(options.slices?.({ store, outbound }) ?? []),
  ]
  return { slices, people, keyCredentials, refusals, calls, permissions }
}
