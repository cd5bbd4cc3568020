import { uuidOf } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import { type BilledInvoice, type BilledPayment, BillingError, type BillingSystem } from '../billing-system.ts'
import type { PaymentDeps } from './deps.ts'
import { isSame } from './judge.ts'
import { installationOf, type PaymentRow } from './queries.ts'
import { noteGone } from './undo/returned.ts'

export const VERIFY_ACTOR = systemActor('verify-payments')

export type ReadBack = 'verified' | 'difference' | 'not_read'

/** Step 7: exactly one transaction in WHMCS carries our id, on our invoice, over our amount. A difference becomes an alert and
 *  never a second effect (reliability 6). `not_read`: WHMCS could not be asked, and the sweep asks again. */
export async function readBack(
  deps: PaymentDeps,
  payment: PaymentRow,
  system: Pick<BillingSystem, 'findPayments' | 'getInvoice'>,
): Promise<ReadBack> {
  let rows: BilledPayment[]
  let invoice: BilledInvoice | undefined
  try {
    rows = await system.findPayments(payment.transid, payment.currency)
    invoice = deps.keepInvoice && (await system.getInvoice(payment.invoiceExternalId, payment.currency))
  } catch (error) {
    if (!(error instanceof BillingError)) deps.log.error('payment not read back', { payment_id: payment.id, error })
    await deps.store.change(payment.tenantId, VERIFY_ACTOR, (tx) =>
      tx.run('update payments set lease_until = null where tenant_id = $1 and id = $2 and fence = $3 and state = $4', [
        tx.tenantUuid,
        uuidOf(payment.id),
        payment.fence,
        'applied',
      ]),
    )
    return 'not_read'
  }
  const same = rows.length === 1 && isSame(payment, rows[0]!)
  const read = await deps.store.change(payment.tenantId, VERIFY_ACTOR, async (tx): Promise<ReadBack> => {
    const written = await tx.run(
      `update payments
          set verified_at = case when $4 then coalesce(verified_at, now()) else verified_at end, checked_at = now(), lease_until = null,
              external_payment_id = coalesce(external_payment_id, $5)
        where tenant_id = $1 and id = $2 and fence = $3 and state = 'applied'`,
      [tx.tenantUuid, uuidOf(payment.id), payment.fence, same, same ? rows[0]!.externalId : null],
    )
    // Taken back in the meantime: what was read is no longer what should be there.
    if (written === 0) return 'not_read'
    if (same) {
      await closeAlert(tx, 'ledger_difference', payment.id)
      return 'verified'
    }
    if (rows.length === 0) {
      await closeAlert(tx, 'ledger_difference', payment.id)
      await noteGone(tx, payment)
      return 'difference'
    }
    await openAlert(tx, {
      code: 'ledger_difference',
      severity: 'critical',
      subject: { type: 'payment', id: payment.id },
      message: differs(payment, rows),
    })
    return 'difference'
  })
  if (invoice) await tellMirror(deps, payment, invoice)
  return read
}

/** The mirror shows what the invoice is now, with the events that say so. A failure here costs a later reading, no money. */
export async function tellMirror(
  deps: PaymentDeps,
  payment: Pick<PaymentRow, 'tenantId' | 'instanceId' | 'invoiceId'>,
  invoice: BilledInvoice,
): Promise<void> {
  const { tenantId, invoiceId } = payment
  const instanceId = installationOf(payment)
  try {
    await deps.store.change(tenantId, VERIFY_ACTOR, async (tx) =>
      deps.keepInvoice?.(tx, { instanceId, invoiceId, invoice }),
    )
  } catch (error) {
    deps.log.warn('invoice not mirrored after its payment', { invoice_id: invoiceId, error })
  }
}

function differs(payment: PaymentRow, rows: BilledPayment[]): string {
  const amount = `${formatAmount(payment.amountMinor, payment.currency)} ${payment.currency}`
  const ours = `Payymo booked ${amount} on invoice ${payment.invoiceNumber} as ${payment.transid}.`
  const seen = rows.map(
    (row) =>
      `${formatAmount(row.amountMinor, payment.currency)} on ${row.invoiceExternalId === null ? 'no invoice' : `invoice id ${row.invoiceExternalId}`} (transaction ${row.externalId})`,
  )
  return `${ours} WHMCS shows ${rows.length === 1 ? 'it otherwise' : `it ${rows.length} times`}: ${seen.join('; ')}. Correct it there; Payymo changes nothing by itself.`
}
