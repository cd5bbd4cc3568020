import { keepInvoice } from '../mirror/refresh-invoice.ts'
import { crashPoints } from '../payments/crash-point.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import type { ModuleDeps } from './deps.ts'

/** What the outcomes of payments are written with. */
export const paymentDeps = ({
  store,
  connections,
  scaled,
  log,
  onSettled,
}: Pick<ModuleDeps, 'store' | 'connections' | 'scaled' | 'log' | 'onSettled'>): PaymentDeps => ({
  store,
  openBilling: connections.open,
  scaled,
  log,
  onSettled,
  keepInvoice,
  crash: crashPoints(undefined),
})
