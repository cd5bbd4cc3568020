import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import type { Contradiction } from '../../transactions/index.ts'
import type { ReturnRow } from './return-queries.ts'

/** Money went back, of a charge that pays an invoice. Subject: the line of money that went out. */
export const RETURNED = 'stripe_payment_returned'
/** Stripe says something else of a charge than what was decided by. Subject: the charge's line. */
export const CONTRADICTED = 'stripe_payment_changed'

/** Alerts opened in one change at most; the next one opens the rest. */
const TOLD_MAX = 50

/** Tells people of refunds and disputes of charges that pay an invoice, whichever of the two came first, each once. Of these charges
 *  only, or of all. Changes nothing about money. */
export async function tellReturned(tx: Change, id: Id<'strc'>, chargeIds: readonly string[] | 'all'): Promise<void> {
  const rows = await tx.many<ReturnedRecord>(
    `select r.kind, r.external_id, r.charge_id, d.id as debit_id, c.id as credit_id, r.amount_minor, r.currency
       from stripe_returns r
       join stripe_charges p on p.tenant_id = r.tenant_id and p.connection_id = r.connection_id and p.external_id = r.charge_id
       join transactions d on d.tenant_id = r.tenant_id and d.id = r.transaction_id and not d.void
       join transactions c on c.tenant_id = p.tenant_id and c.id = p.transaction_id and c.match_status in ('matched', 'applied')
      where r.tenant_id = $1 and r.connection_id = $2 and r.told_at is null and ($3::text[] is null or r.charge_id = any($3))
      order by r.external_id limit ${TOLD_MAX}`,
    [tx.tenantUuid, uuidOf(id), chargeIds === 'all' ? null : [...chargeIds]],
  )
  for (const row of rows) {
    await openAlert(tx, {
      code: RETURNED,
      severity: 'critical',
      subject: { type: 'transaction', id: idOf('txn', row.debit_id) },
      message: messageOf(row),
    })
  }
  if (rows.length === 0) return
  await tx.run(
    'update stripe_returns set told_at = now() where tenant_id = $1 and connection_id = $2 and external_id = any($3)',
    [tx.tenantUuid, uuidOf(id), rows.map((row) => row.external_id)],
  )
}

function messageOf(row: ReturnedRecord): string {
  const credit = idOf('txn', row.credit_id)
  const amount = `${formatAmount(BigInt(row.amount_minor), row.currency)} ${row.currency}`
  const [what, then] =
    row.kind === 'refund'
      ? [`were refunded (${row.external_id})`, '']
      : [`are disputed (${row.external_id})`, ' Answer the dispute in the Stripe dashboard.']
  return `${amount} of the charge ${row.charge_id} ${what}, and the charge pays an invoice (transaction ${credit}). Payymo changes nothing by itself. Look at its match: GET /api/v1/invoice-matches?transaction_id=${credit}. Choose. Reverse: if the invoice is to be open again, take the match back: PATCH /api/v1/invoice-matches/{id}, status reversed; where the billing system recorded the charge itself (already_booked), book the refund there too. Leave it: if it stays paid, close this alert: PATCH /api/v1/alerts/{id}, status closed. Credit: if the client is to have the value in another way, give the credit in the billing system, then close this alert.${then}`
}

/** The money of these came back (a refund failed, a dispute was won): nothing needs doing about them any more. */
export async function closeReturned(tx: Change, rows: readonly ReturnRow[]): Promise<void> {
  for (const { transactionId } of rows) if (transactionId !== null) await closeAlert(tx, RETURNED, transactionId)
}

/** A charge that an invoice was decided to be paid by has failed, or its amount moved. */
export async function alertContradiction(tx: Change, { row, line, about }: Contradiction): Promise<void> {
  const amount = (minor: bigint): string => `${formatAmount(minor, line.currency)} ${line.currency}`
  const what =
    about === 'amount'
      ? `is ${amount(line.amountMinor)} at Stripe now, and was ${amount(row.amountMinor)} when its invoice was decided`
      : line.voided
        ? `pays an invoice, and its money did not stay. ${line.voided.replace(/^Stripe: t/, 'T')}`
        : 'pays an invoice, and is not booked at Stripe'
  await openAlert(tx, {
    code: CONTRADICTED,
    severity: 'critical',
    subject: { type: 'transaction', id: row.id },
    message: `The charge ${line.externalId} ${what.replace(/\.$/, '')}. Payymo changes nothing by itself. Look at its match: GET /api/v1/invoice-matches?transaction_id=${row.id}. To undo it: PATCH /api/v1/invoice-matches/{id}, status reversed; the transaction then follows Stripe. To keep it: PATCH /api/v1/alerts/{id}, status closed.`,
  })
}

interface ReturnedRecord {
  kind: 'refund' | 'dispute'
  external_id: string
  charge_id: string
  debit_id: string
  credit_id: string
  amount_minor: string
  currency: string
}
