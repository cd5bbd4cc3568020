import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { CLIENT_COLUMNS, clientOf, type ListedClientRow } from './queries.ts'

/** Somebody who has paid for a client before, as a person decided. */
export interface PayerRow {
  name: string
  ibanLast4: string | null
}

/** What a client was billed and has paid, in one currency. */
export interface ClientMoney {
  currency: string
  /** Drafts, cancelled and refunded invoices are no bills. */
  invoices: number
  billedMinor: bigint
  /** Invoices that money may still reach. */
  openInvoices: number
  openMinor: bigint
  /** What of the bills is settled, by whatever means. */
  paidMinor: bigint
}

/** Of these the ones listed: nobody reads more, and a client who pays from everywhere is no reason for a long answer. */
const PAYERS_MAX = 20

export async function getClient(tx: TenantTx, id: Id<'cli'>): Promise<ListedClientRow | undefined> {
  const row = await tx.first<object>(`select ${CLIENT_COLUMNS} from clients c where c.tenant_id = $1 and c.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && clientOf(row)
}

/** The money of a client by currency, in the order of the currencies. */
export async function moneyOfClient(tx: TenantTx, id: Id<'cli'>): Promise<ClientMoney[]> {
  const rows = await tx.many<{
    currency: string
    invoices: number
    billed: string
    open_invoices: number
    open: string
  }>(
    `select i.currency, count(*)::int as invoices, sum(i.total_minor)::text as billed,
            (count(*) filter (where i.status <> 'paid'))::int as open_invoices,
            coalesce(sum(i.balance_minor) filter (where i.status <> 'paid'), 0)::text as open
       from invoices i
      where i.tenant_id = $1 and i.client_id = $2 and i.status in ('unpaid', 'payment_pending', 'collections', 'paid')
      group by i.currency order by i.currency`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return rows.map((row) => ({
    currency: row.currency,
    invoices: row.invoices,
    billedMinor: BigInt(row.billed),
    openInvoices: row.open_invoices,
    openMinor: BigInt(row.open),
    paidMinor: BigInt(row.billed) - BigInt(row.open),
  }))
}

/** Who has paid for each of these clients, the latest first: from the decisions of people, which is what matching remembers. */
export async function payersOf(tx: TenantTx, ids: readonly Id<'cli'>[]): Promise<Map<Id<'cli'>, PayerRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.many<{ client_id: string; name: string; iban_last4: string | null }>(
    `select i.client_id, t.counterparty_name as name, right(t.counterparty_iban, 4) as iban_last4
       from invoices i
       join match_allocations l on l.tenant_id = i.tenant_id and l.invoice_id = i.id
       join matches m on m.tenant_id = l.tenant_id and m.id = l.match_id and m.status in ('approved', 'applied')
        and m.decided_by not like 'system%'
       join transactions t on t.tenant_id = m.tenant_id and t.id = m.transaction_id and t.counterparty_name <> ''
      where i.tenant_id = $1 and i.client_id = any($2::uuid[])
      group by i.client_id, t.counterparty_name, right(t.counterparty_iban, 4)
      order by i.client_id, max(m.decided_at) desc, t.counterparty_name`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  const payers = new Map<Id<'cli'>, PayerRow[]>()
  for (const row of rows) {
    const id = idOf('cli', row.client_id)
    const list = payers.get(id) ?? []
    if (list.length < PAYERS_MAX) payers.set(id, [...list, { name: row.name, ibanLast4: row.iban_last4 }])
  }
  return payers
}
