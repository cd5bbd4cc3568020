import type { TenantId } from '../../base/ids.ts'
import { inSpan, SpanKind } from '../../base/span.ts'
import { runSlots, type SlotWorker } from '../../jobs/slots.ts'
import type { Wakeups } from '../../jobs/wake.ts'
import { applyPayment } from './apply-payment.ts'
import { LEASE_MS, type PaymentDeps, PER_INSTANCE } from './deps.ts'
import { APPLY_ACTOR } from './outcome.ts'
import { leaseDue, listDueTenants, type PaymentRow } from './queries.ts'
import { PAYMENTS_TOPIC } from './request-payment.ts'

/** Payments worked on at once by one process, and how often the table is looked at without a wake-up (planned). */
const SLOTS = 24
const POLL_MS = 5_000
/** Even in scaled time no process asks more often than this. */
const POLL_MS_MIN = 50

/** Keeps the payments moving, for ever: claims what is due, tenants in turn, and applies each in a slot of its own. */
export function startPaymentWorker(deps: PaymentDeps & { wakeups: Wakeups }): SlotWorker {
  const claim = createClaim(deps)
  return runSlots({
    topic: PAYMENTS_TOPIC,
    slots: SLOTS,
    pollMs: Math.max(POLL_MS_MIN, deps.scaled(POLL_MS)),
    wakeups: deps.wakeups,
    claim: async (free) =>
      (await claim(free)).map((payment) => () => traced(payment, () => applyPayment(deps, payment))),
    report: (error) => deps.log.error('payment work failed', { error }),
  })
}

/** Step 2 for up to `free` payments: each call begins with the tenant after the last one served. */
export function createClaim(deps: PaymentDeps): (free: number) => Promise<PaymentRow[]> {
  let last: TenantId | undefined
  return async (free) => {
    const tenants = inTurn(await deps.store.directory(listDueTenants), last)
    // The intent stands, nobody works on it yet.
    if (tenants.length > 0) deps.crash.at('after_intent')
    const leased: PaymentRow[] = []
    const share = Math.max(PER_INSTANCE, Math.ceil(free / Math.max(1, tenants.length)))
    for (const tenantId of tenants) {
      const limit = Math.min(share, free - leased.length)
      if (limit <= 0) break
      last = tenantId
      leased.push(
        ...(await deps.store.change(tenantId, APPLY_ACTOR, (tx) =>
          leaseDue(tx, { limit, leaseMs: deps.scaled(LEASE_MS), perInstance: PER_INSTANCE }),
        )),
      )
    }
    return leased
  }
}

/** One visit to a payment, in the trace of whoever asked for it. */
const traced = (payment: PaymentRow, work: () => Promise<void>): Promise<void> =>
  inSpan(
    'apply payment',
    {
      kind: SpanKind.CONSUMER,
      parent: payment.traceparent,
      attributes: { 'payymo.payment_id': payment.id, 'payymo.tenant_id': payment.tenantId },
    },
    work,
  )

function inTurn(tenants: TenantId[], last: TenantId | undefined): TenantId[] {
  const from = last === undefined ? 0 : tenants.findIndex((id) => id > last)
  return from <= 0 ? tenants : [...tenants.slice(from), ...tenants.slice(0, from)]
}
