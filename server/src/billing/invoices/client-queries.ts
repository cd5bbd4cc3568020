import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { CLIENT_COLUMNS, clientOf, type ListedClientRow } from './queries.ts'

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
