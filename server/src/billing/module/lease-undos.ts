import { isoSeconds } from '../../base/clock.ts'
import { uuidOf } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import type { BilledLedger, BilledPayment } from '../billing-system.ts'
import { getInvoice, type InvoiceRow } from '../invoices/queries.ts'
import type { InstanceRow } from '../instances/queries.ts'
import { postpone } from '../payments/outcome.ts'
import { sendsOf } from '../payments/pace.ts'
import { endUndo } from '../payments/undo/end-undo.ts'
import { judgeUndo, type UndoVerdict } from '../payments/undo/judge-undo.ts'
import { leaseUndos, listKnownOut, type UndoRow } from '../payments/undo/queries.ts'
import type { ModuleCall } from './admit-call.ts'
import { type ModuleDeps, OFFER_LEASE_MS, OFFERED_MAX } from './deps.ts'
import { listMirrored, lockPayable } from './lease-queries.ts'
import { type Offer, policyOf } from './lease-work.ts'
import { paymentDeps } from './payment-deps.ts'
import type { WorkBody } from './schemas.ts'

/** Gives a module the payments of its installation that are to be taken back. As for payments: leased, looked at by what the
 *  mirror shows, and committed as `sending` before the answer leaves. The module does all steps of one in one go. */
export async function leaseUndoOffers(deps: ModuleDeps, call: ModuleCall<WorkBody>): Promise<Offer[]> {
  const { store } = deps
  const { tenantId, actor, instance, body } = call
  const leased = await store.change(tenantId, actor, async (tx) =>
    (await lockPayable(tx, instance.id))
      ? leaseUndos(tx, {
          of: instance.id,
          limit: body.limit,
          leaseMs: deps.scaled(OFFER_LEASE_MS),
          perInstance: OFFERED_MAX,
        })
      : [],
  )
  const fit: UndoRow[] = []
  for (const undo of leased) if (await isFit(deps, undo)) fit.push(undo)
  if (fit.length === 0) return []
  return store.change(tenantId, actor, async (tx) => {
    const now = await lockPayable(tx, instance.id)
    if (!now) return []
    const offers: Offer[] = []
    for (const undo of fit) {
      const row = await tx.first<{ lease_until: Date }>(
        `update undos
            set state = 'sending', step = 'money', attempts = attempts + 1, send_started_at = lease_until, settled_at = lease_until,
                next_attempt_at = lease_until, reason_code = null, reason = null, lookups_failed = 0, updated_at = now()
          where tenant_id = $1 and id = $2 and fence = $3 and state in ('pending', 'unknown') and lease_until > now()
          returning lease_until`,
        [tx.tenantUuid, uuidOf(undo.id), undo.fence],
      )
      if (!row) continue
      tx.audit({
        action: 'payment.undo_offer',
        resource: { type: 'payment', id: undo.id },
        changes: { after: { state: 'sending', attempts: undo.attempts + 1, fence: undo.fence } },
      })
      offers.push(offerOf(undo, now, isoSeconds(tx.now).slice(0, 10), row.lease_until))
    }
    return offers
  })
}

const offerOf = (undo: UndoRow, instance: InstanceRow, today: string, leasedUntil: Date): Offer => ({
  payment_id: undo.id,
  fence: Number.parseInt(undo.fence, 10),
  action: 'undo',
  invoice_id: undo.invoiceExternalId,
  transid: undo.transid,
  amount: formatAmount(undo.amountMinor, undo.currency),
  currency: undo.currency,
  gateway: instance.paymentMethod,
  date: today,
  fees: null,
  ...policyOf({ surplusMinor: undo.paidSurplusMinor, currency: undo.currency }, instance.settings),
  undoes: undo.undoes,
  client_id: undo.clientExternalId,
  leased_until: isoSeconds(leasedUntil),
})

/** What the mirror is enough to stop it for; all else the module sees better, when it looks. */
const STOPS: ReadonlySet<string> = new Set(['declared_by_person', 'returned_already', 'mass_payment'])

/** Whether the taking back may be offered. One that may not is put before a person, or given back until it has settled. */
async function isFit(deps: ModuleDeps, undo: UndoRow): Promise<boolean> {
  const sends = sendsOf(undo)
  if (!undo.settled) {
    await postpone(paymentDeps(deps), undo, { failed: false })
    return false
  }
  const verdict = await judgeByMirror(deps, undo, sends)
  if (verdict?.do === 'person' && STOPS.has(verdict.code) && !verdict.taken) {
    await endUndo(deps, undo, { state: 'needs_person', ...verdict })
    return false
  }
  if (undo.attempts < undo.sendsAllowed) return true
  const words = `Given to the module ${undo.attempts} times, which never said whether the payment ${undo.undoes} on invoice ${undo.invoiceNumber} is taken back. Look in WHMCS for ${undo.transid}.`
  await endUndo(deps, undo, {
    state: 'needs_person',
    code: 'no_answer',
    remaining: [words],
    foreign: [],
    taken: undo.takenAt !== null,
  })
  return false
}

async function judgeByMirror(deps: ModuleDeps, undo: UndoRow, sends: number): Promise<UndoVerdict | undefined> {
  const found = await deps.store.read(undo.tenantId, async (tx) => {
    const invoice = await getInvoice(tx, undo.invoiceId)
    const rows = (await listMirrored(tx, [undo])).get(undo.invoiceId) ?? []
    const transids = rows.map((row) => row.transid).filter((transid) => transid !== undo.transid)
    return { invoice, rows, known: await listKnownOut(tx, undo.instanceId, transids) }
  })
  if (!found.invoice) return undefined
  const under = (transid: string) => found.rows.filter((row) => row.transid === transid)
  return judgeUndo(
    { ...undo, sends },
    {
      paid: under(undo.undoes),
      out: under(undo.transid),
      ledger: ledgerOf(found.invoice, found.rows),
      known: found.known,
      credit: undefined,
    },
  )
}

const ledgerOf = (invoice: InvoiceRow, rows: BilledPayment[]): BilledLedger => ({
  invoice: { ...invoice, payments: rows },
  clientExternalId: invoice.client.externalId,
  rows: rows.map((row) => ({ ...row, refunds: null })),
  // The mirror keeps no kinds of items: the module says what stays of such an invoice.
  addsFunds: false,
})
