/** Payments: what approved matches book into WHMCS, exactly once. */
import type { Slice } from '../../http/slice.ts'
import type { Wakeups } from '../../jobs/wake.ts'
import { startPaymentWorker } from './claim.ts'
import { crashPoints } from './crash-point.ts'
import type { PaymentDeps } from './deps.ts'
import { paymentRoutes } from './routes.ts'
import { verifyUndos } from './undo/verify-undos.ts'
import { verifyPayments } from './verify-payments.ts'
import { watchPayments, watchUndos } from './watch-payments.ts'

export { CRASH_POINTS, UNDO_CRASH_POINTS } from './crash-point.ts'
export type { PaymentDeps } from './deps.ts'
export type { FeesOf } from './fees.ts'
export { getPayment, type PaymentRow, type PaymentState } from './queries.ts'
export { listRecorded, type RecordedPayment, wordsOf } from './recorded.ts'
export { noteRecordedTwice } from './recorded-twice.ts'
export { closedFault } from './refusal.ts'
export { requestPayment } from './request-payment.ts'
export { presentPayment } from './schemas.ts'
export { endUndo, type UndoEnding } from './undo/end-undo.ts'
export { leaseUndos, listUndos, type UndoRow } from './undo/queries.ts'
export { requestUndo } from './undo/request-undo.ts'
export { noteReturned } from './undo/returned.ts'
export { isTransid, transidOf } from './transid.ts'

const WATCH_MS = 30_000
const VERIFY_MS = 60_000
/** Even in scaled time no sweep runs more often than this. */
const SWEEP_MS_MIN = 250

/** `crashPoint` names the point at which this process dies (fault suites only; undefined anywhere else). */
export function paymentsSlice(
  given: Omit<PaymentDeps, 'crash'> & { wakeups: Wakeups; crashPoint?: string | undefined },
): Slice {
  const deps = { ...given, crash: crashPoints(given.crashPoint) }
  const every = (plannedMs: number) => Math.max(SWEEP_MS_MIN, deps.scaled(plannedMs))
  return {
    routes: paymentRoutes(deps),
    workers: [() => startPaymentWorker(deps)],
    sweeps: [
      { name: 'watch-payments', everyMs: every(WATCH_MS), run: () => watchPayments(deps) },
      { name: 'watch-undos', everyMs: every(WATCH_MS), run: () => watchUndos(deps) },
      { name: 'verify-payments', everyMs: every(VERIFY_MS), run: async () => void (await verifyPayments(deps)) },
      { name: 'verify-undos', everyMs: every(VERIFY_MS), run: async () => void (await verifyUndos(deps)) },
    ],
  }
}
