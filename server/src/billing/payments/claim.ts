import type { TenantId } from '../../base/ids.ts'
import { inSpan, SpanKind } from '../../base/span.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'
import { runSlots, type SlotWorker } from '../../jobs/slots.ts'
import type { Wakeups } from '../../jobs/wake.ts'
import { applyPayment } from './apply-payment.ts'
import type { CrashPoint } from './crash-point.ts'
import { LEASE_MS, type PaymentDeps, PER_INSTANCE } from './deps.ts'
import { APPLY_ACTOR } from './outcome.ts'
import { leaseDue, listDueTenants, type PaymentRow } from './queries.ts'
import { PAYMENTS_TOPIC } from './request-payment.ts'
import { leaseUndos, listTenantsToUndo, type UndoRow } from './undo/queries.ts'
import { takeBack } from './undo/take-back.ts'

/** Payments worked on at once by one process, and how often the table is looked at without a wake-up (planned). */
const SLOTS = 24
const POLL_MS = 5_000
/** Even in scaled time no process asks more often than this. */
const POLL_MS_MIN = 50

/** Keeps payments, and what takes them back, moving for ever: claims what is due, tenants in turn, and works on each in a slot of
 *  its own. */
export function startPaymentWorker(deps: PaymentDeps & { wakeups: Wakeups }): SlotWorker {
  const claim = createClaim(deps)
  const claimUndos = createUndoClaim(deps)
  return runSlots({
    topic: PAYMENTS_TOPIC,
    slots: SLOTS,
    pollMs: Math.max(POLL_MS_MIN, deps.scaled(POLL_MS)),
    wakeups: deps.wakeups,
    claim: async (free) => {
      // These first: they are few, and a person has asked for each.
      const undos = await claimUndos(free)
      const payments = await claim(free - undos.length)
      return [
        ...undos.map((undo) => () => traced('take payment back', undo, () => takeBack(deps, undo))),
        ...payments.map((payment) => () => traced('apply payment', payment, () => applyPayment(deps, payment))),
      ]
    },
    report: (error) => deps.log.error('payment work failed', { error }),
  })
}

/** Step 2 for up to `free` payments: each call begins with the tenant after the last one served. */
export const createClaim = (deps: PaymentDeps): ((free: number) => Promise<PaymentRow[]>) =>
  claimOf(deps, 'after_intent', listDueTenants, (tx, limit) =>
    leaseDue(tx, { limit, leaseMs: deps.scaled(LEASE_MS), perInstance: PER_INSTANCE }),
  )

/** The same for up to `free` payments that are to be taken back over the API. */
export const createUndoClaim = (deps: PaymentDeps): ((free: number) => Promise<UndoRow[]>) =>
  claimOf(deps, 'undo_after_intent', listTenantsToUndo, (tx, limit) =>
    leaseUndos(tx, { of: 'api', limit, leaseMs: deps.scaled(LEASE_MS), perInstance: PER_INSTANCE }),
  )

function claimOf<Row>(
  deps: PaymentDeps,
  intent: CrashPoint,
  listTenants: (tx: Tx) => Promise<TenantId[]>,
  lease: (tx: TenantTx, limit: number) => Promise<Row[]>,
): (free: number) => Promise<Row[]> {
  let last: TenantId | undefined
  return async (free) => {
    if (free <= 0) return []
    const tenants = inTurn(await deps.store.directory(listTenants), last)
    // The intent stands, nobody works on it yet.
    if (tenants.length > 0) deps.crash.at(intent)
    const leased: Row[] = []
    const share = Math.max(PER_INSTANCE, Math.ceil(free / Math.max(1, tenants.length)))
    for (const tenantId of tenants) {
      const limit = Math.min(share, free - leased.length)
      if (limit <= 0) break
      last = tenantId
      leased.push(...(await deps.store.change(tenantId, APPLY_ACTOR, (tx) => lease(tx, limit))))
    }
    return leased
  }
}

/** One visit to a payment, in the trace of whoever asked for it. */
const traced = (name: string, row: PaymentRow | UndoRow, work: () => Promise<void>): Promise<void> =>
  inSpan(
    name,
    {
      kind: SpanKind.CONSUMER,
      parent: row.traceparent,
      attributes: { 'payymo.payment_id': row.id, 'payymo.tenant_id': row.tenantId },
    },
    work,
  )

function inTurn(tenants: TenantId[], last: TenantId | undefined): TenantId[] {
  const from = last === undefined ? 0 : tenants.findIndex((id) => id > last)
  return from <= 0 ? tenants : [...tenants.slice(from), ...tenants.slice(0, from)]
}
