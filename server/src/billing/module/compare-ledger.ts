import { uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { BilledPayment } from '../billing-system.ts'
import { isSame } from '../payments/judge.ts'
import { PAYMENT_COLUMNS, PAYMENT_FROM, type PaymentRow, paymentOf } from '../payments/queries.ts'
import { readBack } from '../payments/read-back.ts'
import type { ModuleCall } from './admit-call.ts'
import { type ModuleDeps, YOUNG_MS } from './deps.ts'
import { paymentDeps } from './payment-deps.ts'

const WINDOW_MS = 7 * 24 * 3_600_000
const AGAIN_MS = 20 * 3_600_000

/** Compares the payments we count as booked on these invoices, of the last seven days, with what was just pushed: exactly one
 *  row under our id, on our invoice, over our amount. A difference becomes an alert and never a second effect (reliability 6).
 *  What agrees is noted once a day. */
export async function compareLedger(
  deps: ModuleDeps,
  { tenantId, instance }: Pick<ModuleCall<unknown>, 'tenantId' | 'instance'>,
  externalIds: string[],
): Promise<void> {
  if (externalIds.length === 0) return
  const { due, rows } = await deps.store.read(tenantId, async (tx) => {
    const due = await listBooked(tx, deps, instance.id, externalIds)
    return {
      due,
      rows: await listUnder(
        tx,
        instance.id,
        due.map(({ payment }) => payment.transid),
      ),
    }
  })
  for (const { payment, stale } of due) {
    const mine = rows.filter((row) => row.transid === payment.transid)
    const same = mine.length === 1 && isSame(payment, mine[0]!)
    if (same && !stale) continue
    await readBack(paymentDeps(deps), payment, { findPayments: async () => mine, getInvoice: async () => undefined })
  }
}

async function listBooked(
  tx: TenantTx,
  deps: ModuleDeps,
  instanceId: `whm_${string}`,
  externalIds: string[],
): Promise<{ payment: PaymentRow; stale: boolean }[]> {
  const found = await tx.many<{ stale: boolean }>(
    `select ${PAYMENT_COLUMNS}, p.verified_at is null or p.checked_at is null or p.checked_at < now() - $4 * interval '1 millisecond' as stale
       from ${PAYMENT_FROM}
      where p.tenant_id = $1 and p.instance_id = $2 and i.external_id = any($3::text[]) and p.state = 'applied'
        and p.resolution is distinct from 'applied'
        and p.applied_at between now() - $5 * interval '1 millisecond' and now() - $6 * interval '1 millisecond'`,
    [
      tx.tenantUuid,
      uuidOf(instanceId),
      externalIds,
      deps.scaled(AGAIN_MS),
      deps.scaled(WINDOW_MS),
      deps.scaled(YOUNG_MS),
    ],
  )
  return found.map((row) => ({ payment: paymentOf(row), stale: row.stale }))
}

/** What the mirror of the installation shows under these ids, on whatever invoice. */
async function listUnder(
  tx: TenantTx,
  instanceId: `whm_${string}`,
  transids: readonly string[],
): Promise<BilledPayment[]> {
  if (transids.length === 0) return []
  const rows = await tx.many<{
    external_id: string
    invoice_external_id: string
    transid: string
    amount_minor: string
    paid_on: string
    gateway: string
  }>(
    `select p.external_id, i.external_id as invoice_external_id, p.transid, p.amount_minor, p.paid_on::text as paid_on, p.gateway
       from invoice_payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where p.tenant_id = $1 and i.instance_id = $2 and p.transid = any($3::text[])`,
    [tx.tenantUuid, uuidOf(instanceId), transids],
  )
  return rows.map((row) => ({
    externalId: row.external_id,
    invoiceExternalId: row.invoice_external_id,
    transid: row.transid,
    amountMinor: BigInt(row.amount_minor),
    paidOn: row.paid_on,
    gateway: row.gateway,
  }))
}
