import { AppError, assert } from '../../base/errors.ts'
import { type Id, newId, uuidOf } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import type { Change } from '../../events/store.ts'
import { wake } from '../../jobs/wake.ts'
import { getAccount, lockTransaction, type TransactionRow } from '../../transactions/index.ts'
import { API_BILLING, bookAtOnce, holdForBooking } from '../api-billing/book-at-once.ts'
import { SENDS_MAX } from './judge.ts'
import { getPayments, listPayableInvoices, lockPaymentsOf, type PayableInvoice, type PaymentRow } from './queries.ts'
import { transidOf } from './transid.ts'
import { listUndoneGenerations } from './undo/queries.ts'

/** The topic that wakes the workers. */
export const PAYMENTS_TOPIC = 'payments'

export interface PaymentPart {
  invoiceId: Id<'inv'>
  /** What of the line goes to the invoice, its surplus included. */
  amountMinor: bigint
  /** How much of that is more than the invoice takes and becomes credit of its client; below the amount. At most one part has it,
   *  and all its invoices are of one client in WHMCS. */
  surplusMinor?: bigint
  /** What Stripe kept of the part, in the currency of the invoice; null or left out where nobody did. */
  feesMinor?: bigint | null
}

/** Step 1 of a payment: the intent, in the caller's own change, committed with whatever decided it. Holds the line of money
 *  until the change ends. A part that was refused before takes up its old row, and with it its id in WHMCS. Invoices that came by
 *  API are paid in this very change: their payments come back `applied`.
 *  parts: at least one; amounts in the line's currency, above zero.
 *  Returns the payments in the order of the parts. Throws `validation_failed` when the parts exceed the line, the line or a
 *  currency does not fit, the installation is not proven, or only some of the invoices came by API; `resource_conflict` when the money is spoken for already. */
export async function requestPayment(
  tx: Change,
  request: { matchId: Id<'match'>; transactionId: Id<'txn'>; parts: readonly PaymentPart[] },
): Promise<PaymentRow[]> {
  const { matchId, transactionId, parts } = request
  assert(
    parts.length > 0 && parts.every((part) => part.amountMinor > 0n),
    'a payment has parts, each with an amount above zero',
  )
  const line = await lockTransaction(tx, transactionId)
  if (!line) throw new AppError('validation_failed', 'The transaction does not exist.')
  const account = await getAccount(tx, line.accountId)
  assert(account, 'a line stands on an account')
  const before = await lockPaymentsOf(tx, transactionId)
  checkLine(line, parts, before)

  const invoices = new Map(
    (
      await listPayableInvoices(
        tx,
        parts.map((part) => part.invoiceId),
      )
    ).map((row) => [row.id, row]),
  )
  // All parts are judged before any is written: a caller may go on after a refusal.
  const targets = parts.map((part) => ({ ...part, invoice: payable(invoices.get(part.invoiceId), line) }))
  const atOnce = targets.filter(({ invoice }) => invoice.instance === null)
  if (atOnce.length > 0) {
    checkOneKind(targets.map(({ invoice }) => invoice))
    await holdForBooking(tx, atOnce)
  }
  checkSurplus(targets)
  const undone = await listUndoneGenerations(tx, transactionId)
  const ids: Id<'pay'>[] = []
  const partsOf = new Map<Id<'inv'>, number>()
  for (const target of targets) {
    const { invoiceId, invoice } = target
    const part = (partsOf.get(invoiceId) ?? 0) + 1
    partsOf.set(invoiceId, part)
    const past = before.filter((row) => row.invoiceId === invoiceId && row.part === part)
    const refused = past.find((row) => row.state === 'refused')
    if (refused) {
      await revive(tx, refused.id, matchId, target)
      ids.push(refused.id)
    } else {
      // Taking one back has used the generation after it.
      const used = past.flatMap((row) => [row.generation, undone.get(row.id) ?? 0])
      const generation = Math.max(0, ...used) + 1
      const transid = transidOf({
        tenantId: tx.tenantId,
        account: account.identity,
        transactionKey: line.identityKey,
        installation: invoice.instance?.installation ?? API_BILLING,
        invoiceExternalId: invoice.externalId,
        part,
        generation,
      })
      ids.push(await insert(tx, { matchId, line, invoice, wanted: target, part, generation, transid }))
    }
  }
  const rows = await getPayments(tx, ids)
  for (const row of rows) {
    tx.audit({
      action: 'payment.request',
      resource: { type: 'payment', id: row.id },
      changes: {
        after: {
          match_id: matchId,
          transaction_id: transactionId,
          invoice_id: row.invoiceId,
          amount: formatAmount(row.amountMinor, row.currency),
          ...(row.surplusMinor > 0n ? { surplus: formatAmount(row.surplusMinor, row.currency) } : {}),
          currency: row.currency,
          transaction_reference: row.transid,
        },
      },
    })
  }
  if (atOnce.length > 0) await bookAtOnce(tx, rows)
  else await wake(tx, PAYMENTS_TOPIC)
  return rows
}

/** Half of a match applied and half of it refused by WHMCS would be nothing a person could take back in one step. */
function checkOneKind(invoices: readonly PayableInvoice[]): void {
  const [byApi, inWhmcs] = [true, false].map((none) => invoices.find(({ instance }) => (instance === null) === none))
  if (!byApi || !inWhmcs) return
  throw new AppError(
    'validation_failed',
    `One transaction pays either invoices in WHMCS or invoices recorded by API: ${inWhmcs.number} is in WHMCS, ${byApi.number} came by API. Book one part where it belongs by hand, and match the other here.`,
  )
}

/** Credit is one client's, and only WHMCS keeps it. */
function checkSurplus(targets: readonly (PaymentPart & { invoice: PayableInvoice })[]): void {
  const over = targets.filter(({ surplusMinor = 0n }) => surplusMinor !== 0n)
  if (over.length === 0) return
  assert(
    over.length === 1 && over[0]!.surplusMinor! > 0n && over[0]!.surplusMinor! < over[0]!.amountMinor,
    'a surplus is a part of one payment',
  )
  assert(
    targets.every(({ invoice }) => invoice.instance !== null && invoice.clientId === over[0]!.invoice.clientId),
    'a surplus becomes credit of the one client of all invoices, in WHMCS',
  )
}

function checkLine(line: TransactionRow, parts: readonly PaymentPart[], before: PaymentRow[]): void {
  if (line.direction !== 'credit' || line.status !== 'processed') {
    throw new AppError('validation_failed', 'Only booked money that came in pays invoices.')
  }
  const sum = parts.reduce((total, part) => total + part.amountMinor, 0n)
  if (sum > line.amountMinor) {
    throw new AppError('validation_failed', 'The parts are more than the transaction holds.')
  }
  const live = before.filter((row) => row.state !== 'refused' && row.state !== 'reversed')
  const spoken = live.reduce((total, row) => total + row.amountMinor, 0n)
  const again = live.some((row) => parts.some((part) => part.invoiceId === row.invoiceId))
  if (again || spoken + sum > line.amountMinor) {
    throw new AppError('resource_conflict', 'The money of this transaction is spoken for already.')
  }
}

/** The invoice with its installation, if it has one, once both may take this money. */
function payable(invoice: PayableInvoice | undefined, line: TransactionRow): PayableInvoice {
  if (!invoice) throw new AppError('validation_failed', 'The invoice does not exist.')
  const { instance } = invoice
  if (invoice.currency !== line.currency) {
    throw new AppError(
      'validation_failed',
      `Invoice ${invoice.number} is in ${invoice.currency}, the transaction in ${line.currency}. Choose an invoice in ${line.currency}, or book the money by hand and set the transaction aside.`,
    )
  }
  if (!instance) return invoice
  if (instance.status === 'disconnected') {
    throw new AppError(
      'validation_failed',
      `The WHMCS at ${instance.systemUrl} is disconnected. Connect it again, then approve.`,
    )
  }
  if (!instance.verified) {
    throw new AppError(
      'validation_failed',
      `The WHMCS at ${instance.systemUrl} is not proven to be yours, so nothing is paid into it. Put the proof in place that GET /api/v1/whmcs-instances/${instance.id} shows (the addon module, a file or a DNS record), then call POST /api/v1/whmcs-instances/${instance.id}/verify.`,
    )
  }
  return invoice
}

async function insert(
  tx: Change,
  payment: {
    matchId: Id<'match'>
    line: TransactionRow
    invoice: PayableInvoice
    wanted: PaymentPart
    part: number
    generation: number
    transid: string
  },
): Promise<Id<'pay'>> {
  const { line, invoice, wanted } = payment
  const id = newId('pay')
  await tx.run(
    `insert into payments (tenant_id, id, match_id, transaction_id, invoice_id, instance_id, part, generation, amount_minor, currency,
       transid, paid_on, surplus_minor, fees_minor, state, applied_at, verified_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, case when $6::uuid is null then 'applied' else 'pending' end,
       case when $6::uuid is null then now() end, case when $6::uuid is null then now() end)`,
    [
      tx.tenantUuid,
      uuidOf(id),
      uuidOf(payment.matchId),
      uuidOf(line.id),
      uuidOf(invoice.id),
      invoice.instance && uuidOf(invoice.instance.id),
      payment.part,
      payment.generation,
      wanted.amountMinor,
      line.currency,
      payment.transid,
      line.bookedOn,
      wanted.surplusMinor ?? 0n,
      wanted.feesMinor ?? null,
    ],
  )
  return id
}

/** A refused payment is wanted again: the same row and the same id in WHMCS, because only an explicit taking back makes a new
 *  generation. `settled_at` stays: what was sent before may still have to settle. */
async function revive(tx: Change, id: Id<'pay'>, matchId: Id<'match'>, wanted: PaymentPart): Promise<void> {
  await tx.run(
    `update payments set state = 'pending', match_id = $3, amount_minor = $4, surplus_minor = $6, fees_minor = coalesce($7, fees_minor),
            sends_allowed = attempts + $5, lookups_failed = 0,
            next_attempt_at = now(), lease_until = null, fence = fence + 1, unknown_since = null, reason_code = null, reason = null,
            resolution = null, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      uuidOf(matchId),
      wanted.amountMinor,
      SENDS_MAX,
      wanted.surplusMinor ?? 0n,
      wanted.feesMinor ?? null,
    ],
  )
}
