import type { Scaled } from '../base/clock.ts'
import { notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import { createBreaker, createBulkhead, createRetryBudget, type Outbound } from '../outbound/index.ts'
import { BillingError, type BillingSystem, type OpenBillingSystem } from './billing-system.ts'
import { getInstance } from './instances/queries.ts'
import { createWhmcsClient, type WhmcsAccess, type WhmcsClient } from './whmcs/client.ts'
import { type ClientDirectory, createWhmcsSystem } from './whmcs/system.ts'

export interface ConnectionDeps {
  store: Store
  vault: Vault
  outbound: Pick<Outbound, 'request'>
  scaled: Scaled
  /** Hears of rows of an installation that could not be read and were left out. */
  report: (instanceId: Id<'whm'>, error: BillingError) => void
}

/** The ways to the tenants' WHMCS installations. One of it per process: bulkhead and breaker live in it. */
export interface BillingConnections {
  /** OpenBillingSystem, with the clients as well. Throws `resource_not_found`, or BillingError `disconnected`, `module_mode`,
   *  `no_credentials`. */
  open: (...of: Parameters<OpenBillingSystem>) => Promise<BillingSystem & ClientDirectory>
  /** As `open`, for those who ask WHMCS itself. */
  client(tenantId: TenantId, instanceId: Id<'whm'>): Promise<WhmcsClient>
  /** How WHMCS is reached, its secrets opened. Throws as `open`. */
  access(tenantId: TenantId, instanceId: Id<'whm'>): Promise<WhmcsAccess>
  /** A client for an installation as it may be saved one day. `key`: what its calls count under; `budgetMs`: for one call. */
  clientOf(access: WhmcsAccess, options: { key: string; budgetMs: number }): WhmcsClient
  /** The slowest answer this process has seen from the installation, ms. */
  slowestAnswerMs(instanceId: Id<'whm'>): number
}

/** Calls at once to one installation: hosting firewalls limit, and WHMCS provisions inside the request (reliability 5). */
const CALLS_MAX = 2

export function createBillingConnections(deps: ConnectionDeps): BillingConnections {
  const { store, vault, outbound, scaled, report } = deps
  const bulkhead = createBulkhead({ limit: CALLS_MAX, retryInMs: scaled(1_000) })
  const breaker = createBreaker({ windowMs: scaled(5 * 60_000), probeAfterMs: scaled(30_000) })
  const retries = createRetryBudget()
  const slowest = new Map<string, number>()

  const access: BillingConnections['access'] = (tenantId, instanceId) =>
    store.read(tenantId, async (tx) => {
      const instance = await getInstance(tx, instanceId)
      if (!instance) throw notFound()
      if (instance.status === 'disconnected') {
        throw new BillingError('disconnected', 'This WHMCS installation was disconnected.', { temporary: false })
      }
      if (instance.mode === 'module') {
        const message = 'This WHMCS installation is reached by its module, not over the API.'
        throw new BillingError('module_mode', message, { temporary: false })
      }
      const { apiIdentifier, sealedApiSecret, sealedAccessKey } = instance
      if (apiIdentifier === null || sealedApiSecret === null) {
        const message = 'This WHMCS installation has no API credential. Add identifier and secret.'
        throw new BillingError('no_credentials', message, { temporary: false })
      }
      const place = (column: string) => ({ table: 'whmcs_instances', column, rowId: instanceId })
      return {
        systemUrl: instance.systemUrl,
        identifier: apiIdentifier,
        secret: await vault.open(tx, place('sealed_api_secret'), sealedApiSecret),
        accessKey: sealedAccessKey && (await vault.open(tx, place('sealed_access_key'), sealedAccessKey)),
      }
    })

  const client: BillingConnections['client'] = async (tenantId, instanceId) =>
    createWhmcsClient(await access(tenantId, instanceId), {
      outbound,
      bulkhead,
      breaker,
      retries,
      scaled,
      key: instanceId,
      onAnswer: (durationMs) => {
        slowest.set(instanceId, Math.max(slowest.get(instanceId) ?? 0, durationMs))
      },
    })

  return {
    client,
    access,
    clientOf: (wanted, options) => createWhmcsClient(wanted, { outbound, bulkhead, breaker, scaled, ...options }),
    open: async (tenantId, instanceId) =>
      createWhmcsSystem(await client(tenantId, instanceId), (error) => report(instanceId, error)),
    slowestAnswerMs: (instanceId) => slowest.get(instanceId) ?? 0,
  }
}
