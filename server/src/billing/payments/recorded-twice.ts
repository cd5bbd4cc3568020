import { idOf } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import { openAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import { listRecorded } from './recorded.ts'

/** Subject: the match. */
const TWICE = 'charge_recorded_twice'

/** A gateway may be late: it records a card payment after Payymo booked the same money, because a person said so. Then the money stands
 *  in the billing system twice. People are told once, with what they can do; nothing is changed. Looks at payments of the last two
 *  months that stand there or may. */
export async function noteRecordedTwice(tx: Change): Promise<void> {
  const ours = await tx.many<{
    transaction_id: string
    match_id: string
    transid: string
    amount_minor: string
    currency: string
    number: string
  }>(
    `select distinct on (p.match_id) p.transaction_id, p.match_id, p.transid, p.amount_minor, p.currency,
            coalesce(nullif(i.number, ''), i.external_id) as number
       from payments p
       join transactions t on t.tenant_id = p.tenant_id and t.id = p.transaction_id
       join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where p.tenant_id = $1 and t.source = 'stripe' and p.instance_id is not null and p.state = 'applied'
        and p.resolution is distinct from 'applied'
        and p.applied_at > now() - interval '60 days'
        and not exists (select 1 from undos u where u.tenant_id = p.tenant_id and u.id = p.id and u.state <> 'dropped')
      order by p.match_id, p.id`,
    [tx.tenantUuid],
  )
  const recorded = await listRecorded(tx, [...new Set(ours.map((row) => idOf('txn', row.transaction_id)))])
  if (recorded.length === 0) return
  const told = await tx.many<{ subject_id: string }>(
    'select distinct subject_id from alerts where tenant_id = $1 and code = $2 and subject_id = any($3)',
    [tx.tenantUuid, TWICE, ours.map((row) => idOf('match', row.match_id))],
  )
  for (const row of ours) {
    const theirs = recorded.filter((one) => one.transactionId === idOf('txn', row.transaction_id))
    const matchId = idOf('match', row.match_id)
    if (theirs.length === 0 || told.some((one) => one.subject_id === matchId)) continue
    const amount = `${formatAmount(BigInt(row.amount_minor), row.currency)} ${row.currency}`
    const shown = theirs.map(
      (one) =>
        `${formatAmount(one.amountMinor, one.currency)} ${one.currency} on invoice ${one.invoiceNumber} as ${one.transid}`,
    )
    await openAlert(tx, {
      code: TWICE,
      severity: 'critical',
      subject: { type: 'match', id: matchId },
      message: `A card payment stands in WHMCS twice: Payymo booked ${amount} on invoice ${row.number} as ${row.transid}, and its gateway has recorded ${shown.join('; ')}. Payymo changes nothing by itself. To keep the gateway's, open the payment and choose Take back; the transaction is then recognised by what the gateway recorded. To keep ours, remove the gateway's in WHMCS and close this alert.`,
    })
  }
}
