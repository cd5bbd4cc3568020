import { type Id, idOf, uuidOf } from '../../../base/ids.ts'
import { formatAmount } from '../../../base/money.ts'
import { openAlert } from '../../../events/alerts.ts'
import type { Change } from '../../../events/store.ts'

/** What the billing system did to a payment of ours after it was applied. */
interface Returned {
  id: Id<'pay'>
  matchId: Id<'match'>
  transactionId: Id<'txn'>
  invoiceNumber: string
  amountMinor: bigint
  currency: string
  transid: string
  /** What was seen: another text means that something else happened. */
  seen: string
  /** The same in words. */
  words: string
}

/** Looks over what the mirror read of late, and alerts people about applied payments that were refunded, charged back or
 *  removed in the billing system by another hand. Each is told once, until something else happens to it; what is being taken
 *  back by us is left alone. Changes nothing about money. */
export async function noteReturned(tx: Change): Promise<void> {
  const rows = await tx.many<{
    id: string
    match_id: string
    transaction_id: string
    number: string
    amount_minor: string
    currency: string
    transid: string
    status: string
    gone: boolean
    given_back: string[]
    noted: string | null
  }>(
    `select seen.* from (
       select p.id, p.match_id, p.transaction_id, coalesce(nullif(i.number, ''), i.external_id) as number, p.amount_minor, p.currency,
              p.transid, i.status, p.returned_noted as noted,
              p.resolution is null and p.verified_at is not null and i.read_at > p.verified_at and not exists (
                select 1 from invoice_payments q where q.tenant_id = p.tenant_id and q.invoice_id = p.invoice_id and q.transid = p.transid) as gone,
              array(select q.external_id from invoice_payments q
                     where q.tenant_id = p.tenant_id and q.invoice_id = p.invoice_id and q.amount_minor < 0
                       -- Counted up by WHMCS: what came before our payment gives something else back.
                       and (case when q.external_id ~ '^[0-9]{1,18}$' and p.external_payment_id ~ '^[0-9]{1,18}$'
                                 then q.external_id::bigint > p.external_payment_id::bigint else true end)
                       and not exists (select 1 from undos u where u.tenant_id = q.tenant_id and u.instance_id = p.instance_id
                                          and u.transid = q.transid and u.state <> 'dropped')
                       and (q.amount_minor = -p.amount_minor or not exists (
                         select 1 from invoice_payments f where f.tenant_id = q.tenant_id and f.invoice_id = q.invoice_id
                            and f.amount_minor = -q.amount_minor and f.transid <> p.transid))
                     order by q.external_id) as given_back
         from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
        where p.tenant_id = $1 and p.state = 'applied' and i.read_at > p.applied_at
          and (i.read_at > now() - interval '2 days' or i.status in ('refunded', 'collections'))
          and not exists (select 1 from undos u where u.tenant_id = p.tenant_id and u.id = p.id and u.state <> 'dropped')
     ) seen
     where seen.gone or cardinality(seen.given_back) > 0 or seen.status in ('refunded', 'collections')`,
    [tx.tenantUuid],
  )
  for (const row of rows) {
    const amount = `${formatAmount(BigInt(row.amount_minor), row.currency)} ${row.currency}`
    const [seen, words] = row.gone
      ? ['gone', `WHMCS no longer shows the ${amount} that Payymo booked on invoice ${row.number} as ${row.transid}`]
      : row.given_back.length > 0
        ? [
            `out ${row.given_back.join(' ')}`,
            `WHMCS shows money out of invoice ${row.number}, on which Payymo booked ${amount} as ${row.transid}`,
          ]
        : [
            row.status,
            `Invoice ${row.number}, on which Payymo booked ${amount} as ${row.transid}, is ${row.status} in WHMCS`,
          ]
    if (seen !== row.noted) {
      await alertReturned(tx, {
        id: idOf('pay', row.id),
        matchId: idOf('match', row.match_id),
        transactionId: idOf('txn', row.transaction_id),
        invoiceNumber: row.number,
        amountMinor: BigInt(row.amount_minor),
        currency: row.currency,
        transid: row.transid,
        seen,
        words,
      })
    }
  }
}

/** The payment is not there any more, as reading it back showed. */
export async function noteGone(tx: Change, payment: Omit<Returned, 'seen' | 'words'>): Promise<void> {
  const row = await tx.first<{ noted: string | null }>(
    'select returned_noted as noted from payments where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(payment.id)],
  )
  if (row?.noted === 'gone') return
  const amount = `${formatAmount(payment.amountMinor, payment.currency)} ${payment.currency}`
  const words = `WHMCS no longer shows the ${amount} that Payymo booked on invoice ${payment.invoiceNumber} as ${payment.transid}`
  await alertReturned(tx, { ...payment, seen: 'gone', words })
}

async function alertReturned(tx: Change, row: Returned): Promise<void> {
  // Of two payments of a match the second is told when the first alert is closed.
  const open = await tx.first<object>(
    `select 1 from alerts where tenant_id = $1 and code = 'payment_returned' and subject_id = $2 and closed_at is null`,
    [tx.tenantUuid, row.matchId],
  )
  if (open) return
  await tx.run('update payments set returned_noted = $3 where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(row.id),
    row.seen,
  ])
  await openAlert(tx, {
    code: 'payment_returned',
    severity: 'critical',
    subject: { type: 'match', id: row.matchId },
    message: `${row.words}. It may have been refunded, charged back or removed there; Payymo changes nothing by itself. Choose. To keep the booking as it stands here, close this alert. To take it back here too, without touching WHMCS, open the payment and choose Take back: Payymo looks, sends nothing where the payment is gone or given back, and asks you in the review to say that it is taken back. To book it again, take it back first, then find its invoice by hand; it gets an id of its own in WHMCS.`,
  })
}
