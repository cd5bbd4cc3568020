import { formatAmount } from '../base/money.ts'
import type { TenantTx } from '../database/transaction.ts'

/** A payout of Stripe, taken apart: amount = itemsTotal − feesTotal + difference. */
export interface PayoutStory {
  externalId: string
  amountMinor: bigint
  itemsTotalMinor: bigint
  feesTotalMinor: bigint
  differenceMinor: bigint
  currency: string
  /** Its line on the bank account. */
  bankDay: string
  bankText: string
  rows: PayoutStoryRow[]
}

interface PayoutStoryRow {
  /** Stripe's word: `charge`, `refund`, `dispute` … */
  category: string
  description: string
  /** The invoice that it pays, where that is decided. */
  number: string | null
  /** It is missing in WHMCS, and a person is asked. */
  waits: boolean
  amountMinor: bigint
  feeMinor: bigint
  netMinor: bigint
}

/** Of the payouts that are explained and found at the bank the one that is made of most. */
export async function findPayoutStory(tx: TenantTx): Promise<PayoutStory | undefined> {
  const found = await tx.first<{
    id: string
    external_id: string
    amount_minor: string
    items_total_minor: string
    fees_total_minor: string
    difference_minor: string
    currency: string
    bank_day: string
    bank_text: string
  }>(
    `select p.id, p.external_id, p.amount_minor, p.items_total_minor, p.fees_total_minor, p.difference_minor, p.currency,
            t.booked_on::text as bank_day, concat_ws(' ', nullif(t.counterparty_name, ''), nullif(t.description, '')) as bank_text
       from payouts p join transactions t on t.tenant_id = p.tenant_id and t.id = p.bank_transaction_id
      where p.tenant_id = $1 and p.reconciled_at is not null order by p.items desc, p.id limit 1`,
    [tx.tenantUuid],
  )
  if (!found) return undefined
  const rows = await tx.many<{
    category: string
    description: string
    number: string | null
    waits: boolean
    amount_minor: string
    fee_minor: string
    net_minor: string
  }>(
    `select l.category, l.description, l.amount_minor, l.fee_minor, l.net_minor,
            (select coalesce(nullif(i.number, ''), i.external_id)
               from stripe_charges c
               join matches m on m.tenant_id = c.tenant_id and m.transaction_id = c.transaction_id and m.status in ('approved', 'applied')
               join match_allocations a on a.tenant_id = m.tenant_id and a.match_id = m.id
               join invoices i on i.tenant_id = a.tenant_id and i.id = a.invoice_id
              where c.tenant_id = l.tenant_id and c.connection_id = l.connection_id and c.external_id = l.charge_id
              order by a.position limit 1) as number,
            exists (select from stripe_charges c join transactions t on t.tenant_id = c.tenant_id and t.id = c.transaction_id
                     where c.tenant_id = l.tenant_id and c.connection_id = l.connection_id and c.external_id = l.source_id
                       and t.match_status = 'suggested') as waits
       from stripe_ledger l where l.tenant_id = $1 and l.payout_id = $2 order by l.occurred_at, l.external_id`,
    [tx.tenantUuid, found.id],
  )
  return {
    externalId: found.external_id,
    amountMinor: BigInt(found.amount_minor),
    itemsTotalMinor: BigInt(found.items_total_minor),
    feesTotalMinor: BigInt(found.fees_total_minor),
    differenceMinor: BigInt(found.difference_minor),
    currency: found.currency,
    bankDay: found.bank_day,
    bankText: found.bank_text,
    rows: rows.map((row) => ({
      category: row.category,
      description: row.description,
      number: row.number,
      waits: row.waits,
      amountMinor: BigInt(row.amount_minor),
      feeMinor: BigInt(row.fee_minor),
      netMinor: BigInt(row.net_minor),
    })),
  }
}

/** `312.40 EUR = 9 payments 330.10 − 1 refund 10.00 − fees 7.70`. */
export function sayPayout({ amountMinor, feesTotalMinor, differenceMinor, currency, rows }: PayoutStory): string {
  const money = (minor: bigint): string => formatAmount(minor < 0n ? -minor : minor, currency)
  const kinds = Map.groupBy(rows, ({ category }) => (category === 'charge' ? 'payment' : category.replaceAll('_', ' ')))
  const sums = [...kinds].map(([kind, some]) => ({
    words: `${some.length} ${kind}${some.length === 1 ? '' : 's'}`,
    minor: some.reduce((sum, row) => sum + row.amountMinor, 0n),
  }))
  if (feesTotalMinor !== 0n) sums.push({ words: 'fees', minor: -feesTotalMinor })
  if (differenceMinor !== 0n) sums.push({ words: 'unexplained', minor: differenceMinor })
  const parts = sums.map(({ words, minor }, n) => {
    const sign = minor < 0n ? '− ' : n > 0 ? '+ ' : ''
    return `${sign}${words} ${money(minor)}`
  })
  return `${formatAmount(amountMinor, currency)} ${currency} = ${parts.join(' ')}`
}
