import { assert } from '../../../base/errors.ts'
import { type Id, uuidOf } from '../../../base/ids.ts'
import { formatAmount } from '../../../base/money.ts'
import type { Change } from '../../../events/store.ts'
import { wake } from '../../../jobs/wake.ts'
import { getAccount, lockTransaction } from '../../../transactions/index.ts'
import { getInvoices, type InvoiceRow } from '../../invoices/queries.ts'
import { SENDS_MAX } from '../judge.ts'
import { installationOf, listPayableInvoices, lockPaymentsOf, type PaymentRow } from '../queries.ts'
import { PAYMENTS_TOPIC } from '../request-payment.ts'
import { transidOf } from '../transid.ts'
import { getUndo, listUndos, type UndoRow } from './queries.ts'

/** The intent to take back every applied payment of a match, in the caller's own change, committed with whatever decided it.
 *  The id under which the money goes out follows from the payment's facts and the next generation, so that it is the same after
 *  a crash or a restore. One that was dropped is taken up again under its old id. Holds the line until the change ends.
 *  Returns all takings back of the match. */
export async function requestUndo(
  tx: Change,
  { matchId, transactionId }: { matchId: Id<'match'>; transactionId: Id<'txn'> },
): Promise<UndoRow[]> {
  const line = await lockTransaction(tx, transactionId)
  assert(line, 'a line is never removed')
  const account = await getAccount(tx, line.accountId)
  assert(account, 'a line stands on an account')
  const payments = (await lockPaymentsOf(tx, transactionId)).filter(
    (row) => row.matchId === matchId && row.state === 'applied',
  )
  const invoiceIds = payments.map((row) => row.invoiceId)
  const invoices = new Map((await getInvoices(tx, invoiceIds)).map((row) => [row.id, row]))
  const kept = new Map((await listPayableInvoices(tx, invoiceIds)).map((row) => [row.id, row]))
  for (const payment of payments) {
    const notes = notesOf(payment, invoices.get(payment.invoiceId)!)
    const before = await getUndo(tx, payment.id)
    if (before) await takeUp(tx, before, notes)
    else {
      const generation = payment.generation + 1
      const installation = kept.get(payment.invoiceId)?.instance?.installation
      assert(installation !== undefined, 'an invoice with a payment is kept in an installation')
      const transid = transidOf({
        tenantId: tx.tenantId,
        account: account.identity,
        transactionKey: line.identityKey,
        installation,
        invoiceExternalId: payment.invoiceExternalId,
        part: payment.part,
        generation,
      })
      await insert(tx, payment, { generation, transid, notes })
    }
    const undo = (await getUndo(tx, payment.id))!
    tx.audit({
      action: 'payment.undo_request',
      resource: { type: 'payment', id: payment.id },
      changes: {
        after: {
          match_id: matchId,
          amount: formatAmount(payment.amountMinor, payment.currency),
          currency: payment.currency,
          transaction_reference: payment.transid,
          taken_back_as: undo.transid,
        },
      },
    })
  }
  await wake(tx, PAYMENTS_TOPIC)
  return listUndos(tx, matchId)
}

/** What can never be undone, said before anything happens. By the invoice as it is mirrored. */
function notesOf(payment: PaymentRow, invoice: InvoiceRow): string[] {
  const name = `invoice ${payment.invoiceNumber}`
  const notes = [`Mails that WHMCS sent about the payment of ${name} are not called back. Tell the client if need be.`]
  if (invoice.status === 'paid') {
    notes.push(
      `Services and domains that WHMCS set up, renewed or unsuspended because ${name} was paid stay as they are. Look at them in WHMCS.`,
    )
  }
  if (payment.surplusMinor > 0n) {
    const surplus = `${formatAmount(payment.surplusMinor, payment.currency)} ${payment.currency}`
    notes.push(
      `Of the payment on ${name}, ${surplus} were more than was owed and became credit of the client. What the client has used of that credit cannot be taken back.`,
    )
  } else if (invoice.balanceMinor < 0n) {
    notes.push(
      `More was paid on ${name} than was owed, and WHMCS made credit of it. What the client has used of that credit cannot be taken back.`,
    )
  }
  return notes
}

async function insert(
  tx: Change,
  payment: PaymentRow,
  undo: { generation: number; transid: string; notes: string[] },
): Promise<void> {
  await tx.run(
    `insert into undos (tenant_id, id, match_id, transaction_id, invoice_id, instance_id, generation, transid, notes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tx.tenantUuid,
      uuidOf(payment.id),
      uuidOf(payment.matchId),
      uuidOf(payment.transactionId),
      uuidOf(payment.invoiceId),
      uuidOf(installationOf(payment)),
      undo.generation,
      undo.transid,
      undo.notes,
    ],
  )
}

/** The fence rises: a worker that was thought dead must not write what it found before. `settled_at` stays. */
async function takeUp(tx: Change, undo: UndoRow, notes: string[]): Promise<void> {
  assert(undo.state === 'dropped', 'only what was dropped is taken up again')
  await tx.run(
    `update undos set state = 'pending', sends_allowed = attempts + $3, lookups_failed = 0, refusals = '{}', answered = null, step = null,
            next_attempt_at = now(), lease_until = null, fence = fence + 1, notes = $4, remaining = '{}', foreign_ids = '{}',
            reason_code = null, reason = null, resolution = null, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(undo.id), SENDS_MAX, notes],
  )
}
