import { eachApart } from '../../../base/each-apart.ts'
import { type Id, idOf, type TenantId, uuidOf } from '../../../base/ids.ts'
import { formatAmount } from '../../../base/money.ts'
import { closeAlert, openAlert } from '../../../events/alerts.ts'
import { type BilledPayment, BillingError } from '../../billing-system.ts'
import type { PaymentDeps } from '../deps.ts'
import { VERIFY_ACTOR } from '../read-back.ts'
import { takeToVerify, type UndoRow } from './queries.ts'

/** How far back what was taken back is compared, and how often (planned). */
const WINDOW_MS = 7 * 24 * 3_600_000
const AGAIN_MS = 20 * 3_600_000

/** Compares what was taken back within seven days with what the billing system shows, each about once a day: one payment in and
 *  one out, still. What a person declared to be taken back is theirs and left alone. A difference is an alert, never a second
 *  effect (reliability 6). Returns how many were read. */
export async function verifyUndos(deps: PaymentDeps): Promise<number> {
  const due = [deps.scaled(WINDOW_MS), deps.scaled(AGAIN_MS)] as const
  const tenants = await deps.store.directory((tx) =>
    tx.many<{ tenant_id: string }>(
      `select distinct u.tenant_id from undos u join tenants t on t.tenant_id = u.tenant_id
        where u.state = 'done' and u.done_at > now() - $1 * interval '1 millisecond' and t.status = 'active'
          and coalesce(u.checked_at, u.done_at) < now() - $2 * interval '1 millisecond' order by u.tenant_id`,
      due,
    ),
  )
  let read = 0
  await eachApart(tenants, async ({ tenant_id }) => {
    read += await verifyTenant(deps, idOf('ten', tenant_id), due)
  })
  return read
}

async function verifyTenant(deps: PaymentDeps, tenantId: TenantId, due: readonly [number, number]): Promise<number> {
  const undos = await deps.store.change(tenantId, VERIFY_ACTOR, (tx) => takeToVerify(tx, due))
  const closed = new Set<Id<'whm'>>()
  let read = 0
  for (const undo of undos) {
    if (closed.has(undo.instanceId)) continue
    try {
      const system = await deps.openBilling(tenantId, undo.instanceId)
      const paid = await system.findPayments(undo.undoes, undo.currency)
      const out = await system.findPayments(undo.transid, undo.currency)
      await compare(deps, undo, [...paid, ...out])
      read += 1
    } catch (error) {
      // One that does not answer is left alone until the next run.
      closed.add(undo.instanceId)
      if (!(error instanceof BillingError)) deps.log.error('undo not read back', { payment_id: undo.id, error })
    }
  }
  return read
}

async function compare(deps: PaymentDeps, undo: UndoRow, rows: BilledPayment[]): Promise<void> {
  const here = rows.every((row) => row.invoiceExternalId === undo.invoiceExternalId)
  const amounts = rows.map((row) => row.amountMinor)
  const nets = here && amounts.length === 2 && amounts[0] === undo.amountMinor && amounts[1] === -undo.amountMinor
  await deps.store.change(undo.tenantId, VERIFY_ACTOR, async (tx) => {
    const still = await tx.first<object>(
      `select 1 from undos where tenant_id = $1 and id = $2 and state = 'done' for no key update`,
      [tx.tenantUuid, uuidOf(undo.id)],
    )
    if (!still) return
    if (nets) return closeAlert(tx, 'ledger_difference', undo.id)
    const amount = `${formatAmount(undo.amountMinor, undo.currency)} ${undo.currency}`
    const shown = rows.map(
      (row) =>
        `${formatAmount(row.amountMinor, undo.currency)} on ${row.invoiceExternalId === null ? 'no invoice' : `invoice id ${row.invoiceExternalId}`} (transaction ${row.externalId})`,
    )
    await openAlert(tx, {
      code: 'ledger_difference',
      severity: 'critical',
      subject: { type: 'payment', id: undo.id },
      message: `Payymo took ${amount} back from invoice ${undo.invoiceNumber}: in as ${undo.undoes}, out as ${undo.transid}. WHMCS shows ${shown.length === 0 ? 'neither' : shown.join('; ')}. Correct it there; Payymo changes nothing by itself.`,
    })
  })
}
