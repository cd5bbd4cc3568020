import type { BilledPayment, BillingSystem } from '../billing-system.ts'
import type { PaymentDeps } from './deps.ts'
import type { Found } from './judge.ts'
import type { PaymentRow } from './queries.ts'
import { tellMirror } from './read-back.ts'
import { isUnder, listRecorded } from './recorded.ts'

/** Other invoices that are read anew since the gateway's payment stands there. */
const INVOICES_MAX = 3

/** What a gateway recorded of the payment's money: what the mirror shows, else one look-up for each id that Stripe has for it. Nothing
 *  for money of a bank, and nothing while an earlier send may still commit, since then nothing is sent anyhow. Throws BillingError. */
export async function findRecorded(
  deps: Pick<PaymentDeps, 'store'>,
  payment: PaymentRow,
  system: Pick<BillingSystem, 'findPayments'>,
): Promise<BilledPayment[]> {
  if (payment.alsoKnownAs.length === 0 || !payment.settled) return []
  const mirrored = await deps.store.read(payment.tenantId, (tx) => listRecorded(tx, [payment.transactionId]))
  if (mirrored.length > 0) return mirrored
  const found: BilledPayment[] = []
  for (const id of payment.alsoKnownAs) found.push(...(await system.findPayments(id, payment.currency)))
  return found.filter((row) => isUnder(payment.alsoKnownAs, row))
}

/** The gateway's payment may stand on another invoice than ours was for: that one is read too, so that matching recognises the line.
 *  A failure here costs a later reading, no money. */
export async function tellRecorded(
  deps: PaymentDeps,
  payment: PaymentRow,
  { system, found }: { system: Pick<BillingSystem, 'getInvoice'>; found: Found },
): Promise<void> {
  const others = new Set(found.recorded.flatMap((row) => row.invoiceExternalId ?? []))
  others.delete(payment.invoiceExternalId)
  for (const externalId of [...others].slice(0, INVOICES_MAX)) {
    try {
      const invoice = await system.getInvoice(externalId, payment.currency)
      if (invoice) await tellMirror(deps, payment, invoice)
    } catch (error) {
      deps.log.warn('invoice with the payment of a gateway not read', { payment_id: payment.id, error })
    }
  }
}
