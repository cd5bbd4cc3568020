/** What clients of the tenants owe: WHMCS installations, the mirror of their invoices, and the payments booked into them. */
import { resolveTxt } from 'node:dns/promises'
import type { Clock, Scaled } from '../base/clock.ts'
import type { Id } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import type { Slice } from '../http/slice.ts'
import type { Outbound } from '../outbound/index.ts'
import { apiBillingRoutes } from './api-billing/routes.ts'
import type { BillingError } from './billing-system.ts'
import type { BillingConnections } from './connections.ts'
import { proofJob, proofSweep } from './instances/proof-again.ts'
import type { ResolveTxt } from './instances/proofs.ts'
import { instanceRoutes } from './instances/routes.ts'
import { clientRoutes } from './invoices/client-routes.ts'
import { invoiceRoutes } from './invoices/routes.ts'
import { mirrorJob, mirrorSweep } from './mirror/jobs.ts'
import { type ModuleDeps, moduleSlice } from './module/index.ts'

export { takeBackAtOnce } from './api-billing/take-back-at-once.ts'
export {
  type BilledClient,
  type BilledInvoice,
  type BilledPayment,
  type BilledStatus,
  BillingError,
  type BillingSystem,
  type ListedInvoice,
  type OpenBillingSystem,
  type SendOutcome,
} from './billing-system.ts'
export { type BillingConnections, createBillingConnections } from './connections.ts'
export { disconnectAllInstances } from './instances/disconnect-instance.ts'
export { getInstance, type InstanceRow, listInstances } from './instances/queries.ts'
export { listTaught } from './invoices/payer-queries.ts'
export {
  type ClientRow,
  getInvoice,
  getInvoices,
  type InvoicePaymentRow,
  type InvoiceRow,
  listClosedInvoices,
  listInvoicePayments,
  listOpenInvoices,
  listPaymentsOn,
} from './invoices/queries.ts'
export { presentInvoice } from './invoices/schemas.ts'
export { MIRROR_JOB } from './mirror/job-name.ts'
export { mirrorInstance } from './mirror/mirror-instance.ts'
export { keepInvoice, refreshInvoice } from './mirror/refresh-invoice.ts'

export {
  closedFault,
  CRASH_POINTS,
  getPayment,
  isTransid,
  listRecorded,
  listUndos,
  noteRecordedTwice,
  noteReturned,
  paymentsSlice,
  presentPayment,
  requestPayment,
  type RecordedPayment,
  requestUndo,
  transidOf,
  type UndoRow,
  wordsOf,
} from './payments/index.ts'

export interface BillingDeps {
  store: Store
  vault: Vault
  outbound: Outbound
  connections: BillingConnections
  clock: Clock
  scaled: Scaled
  log: Log
  /** How browsers, providers and modules reach us. */
  publicUrl(): string
  /** Counts the calls of modules, and who they come from. */
  limit: ModuleDeps['limit']
  networkOf: ModuleDeps['networkOf']
  /** Told inside the change that ends a payment which a module booked. */
  onSettled: ModuleDeps['onSettled']
  /** What a gateway kept of money that came through it. */
  feesOf?: ModuleDeps['feesOf']
  report: (instanceId: Id<'whm'>, error: BillingError) => void
  /** DNS look-up of TXT records; tests give their own. */
  resolveTxt?: ResolveTxt
}

export function billingSlice(deps: BillingDeps): Slice {
  const whole = { ...deps, resolveTxt: deps.resolveTxt ?? resolveTxt }
  const module = moduleSlice(whole)
  return {
    routes: [
      ...instanceRoutes(whole),
      ...invoiceRoutes(deps),
      ...clientRoutes(deps),
      ...apiBillingRoutes(deps),
      ...module.routes,
    ],
    jobs: [mirrorJob(deps), proofJob(whole), ...module.jobs],
    sweeps: [mirrorSweep(deps), proofSweep(deps), ...module.sweeps],
  }
}
