import { type Id, idOf, idOrNull, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { BilledStatus } from '../billing-system.ts'

/** Somebody who owes the tenant money. */
export interface ClientRow {
  id: Id<'cli'>
  externalId: string
  name: string
  company: string
  email: string
}

export interface InvoiceItem {
  description: string
  amountMinor: bigint
}

/** An amount a client owes, as last read from the billing system. */
export interface InvoiceRow {
  id: Id<'inv'>
  source: string
  /** Null for invoices that came by API. */
  instanceId: Id<'whm'> | null
  externalId: string
  /** Empty where the installation numbers nothing: clients then quote `externalId`. */
  number: string
  status: BilledStatus
  totalMinor: bigint
  balanceMinor: bigint
  currency: string
  /** YYYY-MM-DD, as `dueOn` and `closedOn`. */
  issuedOn: string | null
  dueOn: string | null
  closedOn: string | null
  items: InvoiceItem[]
  /** External ids of the invoices a mass-payment container collects. */
  collects: string[]
  client: ClientRow
  createdAt: Date
  updatedAt: Date
}

/** A payment the billing system shows on an invoice, ours among them. */
export interface InvoicePaymentRow {
  invoiceId: Id<'inv'>
  externalId: string
  transid: string
  /** In minus out, in the currency of the invoice. */
  amountMinor: bigint
  paidOn: string
  gateway: string
}

export const INVOICE_COLUMNS = `i.id, i.source, i.instance_id, i.external_id, i.number, i.status, i.total_minor, i.balance_minor, i.currency,
  i.issued_on::text as issued_on, i.due_on::text as due_on, i.closed_on::text as closed_on, i.items, i.collects,
  i.client_id, c.external_id as client_external_id, c.name as client_name, c.company as client_company, c.email as client_email,
  i.created_at, i.updated_at`
export const INVOICE_FROM = 'invoices i join clients c on c.tenant_id = i.tenant_id and c.id = i.client_id'
/** Invoices of an installation that was disconnected stay readable but are nobody's to pay any more. */
const CONNECTED = `not exists (select 1 from whmcs_instances w
  where w.tenant_id = i.tenant_id and w.id = i.instance_id and w.status = 'disconnected')`

const OPEN = "i.status in ('unpaid', 'payment_pending', 'collections')"

export async function getInvoice(tx: TenantTx, id: Id<'inv'>): Promise<InvoiceRow | undefined> {
  return (await getInvoices(tx, [id]))[0]
}

/** Several at once, in no particular order; unknown ids are left out. */
export async function getInvoices(tx: TenantTx, ids: readonly Id<'inv'>[]): Promise<InvoiceRow[]> {
  const rows = await tx.many<object>(
    `select ${INVOICE_COLUMNS} from ${INVOICE_FROM} where i.tenant_id = $1 and i.id = any($2::uuid[])`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return rows.map(invoiceOf)
}

/** All invoices that money may still reach, by id: `unpaid`, and `payment_pending` and `collections`, which a person judges. */
export async function listOpenInvoices(tx: TenantTx): Promise<InvoiceRow[]> {
  const rows = await tx.many<object>(
    `select ${INVOICE_COLUMNS} from ${INVOICE_FROM} where i.tenant_id = $1 and ${OPEN} and ${CONNECTED} order by i.id`,
    [tx.tenantUuid],
  )
  return rows.map(invoiceOf)
}

/** Paid, cancelled and refunded invoices closed on `since` (YYYY-MM-DD) or later, by id. */
export async function listClosedInvoices(tx: TenantTx, since: string): Promise<InvoiceRow[]> {
  const rows = await tx.many<object>(
    `select ${INVOICE_COLUMNS} from ${INVOICE_FROM}
      where i.tenant_id = $1 and i.status in ('paid', 'cancelled', 'refunded') and i.closed_on >= $2 and ${CONNECTED} order by i.id`,
    [tx.tenantUuid, since],
  )
  return rows.map(invoiceOf)
}

/** The payments on open invoices and on those closed on `since` (YYYY-MM-DD) or later. */
export async function listInvoicePayments(tx: TenantTx, since: string): Promise<InvoicePaymentRow[]> {
  const rows = await tx.many<PaymentRecord>(
    `select p.invoice_id, p.external_id, p.transid, p.amount_minor, p.paid_on::text as paid_on, p.gateway
       from invoice_payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where p.tenant_id = $1 and (${OPEN} or i.closed_on >= $2) and ${CONNECTED}
      order by p.invoice_id, p.external_id`,
    [tx.tenantUuid, since],
  )
  return rows.map(paymentOf)
}

/** The payments on one invoice, oldest first. */
export async function listPaymentsOn(tx: TenantTx, id: Id<'inv'>): Promise<InvoicePaymentRow[]> {
  const rows = await tx.many<PaymentRecord>(
    `select p.invoice_id, p.external_id, p.transid, p.amount_minor, p.paid_on::text as paid_on, p.gateway
       from invoice_payments p where p.tenant_id = $1 and p.invoice_id = $2 order by p.paid_on, p.external_id`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return rows.map(paymentOf)
}

interface InvoiceRecord {
  id: string
  source: string
  instance_id: string | null
  external_id: string
  number: string
  status: BilledStatus
  total_minor: string
  balance_minor: string
  currency: string
  issued_on: string | null
  due_on: string | null
  closed_on: string | null
  items: { description: string; amountMinor: string }[]
  collects: string[]
  client_id: string
  client_external_id: string
  client_name: string
  client_company: string
  client_email: string
  created_at: Date
  updated_at: Date
}

export function invoiceOf(record: object): InvoiceRow {
  const row = record as InvoiceRecord
  return {
    id: idOf('inv', row.id),
    source: row.source,
    instanceId: idOrNull('whm', row.instance_id),
    externalId: row.external_id,
    number: row.number,
    status: row.status,
    totalMinor: BigInt(row.total_minor),
    balanceMinor: BigInt(row.balance_minor),
    currency: row.currency,
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    closedOn: row.closed_on,
    items: row.items.map(({ description, amountMinor }) => ({ description, amountMinor: BigInt(amountMinor) })),
    collects: row.collects,
    client: {
      id: idOf('cli', row.client_id),
      externalId: row.client_external_id,
      name: row.client_name,
      company: row.client_company,
      email: row.client_email,
    },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

interface PaymentRecord {
  invoice_id: string
  external_id: string
  transid: string
  amount_minor: string
  paid_on: string
  gateway: string
}

const paymentOf = (row: PaymentRecord): InvoicePaymentRow => ({
  invoiceId: idOf('inv', row.invoice_id),
  externalId: row.external_id,
  transid: row.transid,
  amountMinor: BigInt(row.amount_minor),
  paidOn: row.paid_on,
  gateway: row.gateway,
})

export const CLIENT_COLUMNS =
  'c.id, c.instance_id, c.external_id, c.name, c.company, c.email, c.created_at, c.updated_at'

/** `instanceId`: null for one that came by API. */
export type ListedClientRow = ClientRow & { instanceId: Id<'whm'> | null; createdAt: Date; updatedAt: Date }

export function clientOf(record: object): ListedClientRow {
  const row = record as {
    id: string
    instance_id: string | null
    external_id: string
    name: string
    company: string
    email: string
    created_at: Date
    updated_at: Date
  }
  return {
    id: idOf('cli', row.id),
    instanceId: idOrNull('whm', row.instance_id),
    externalId: row.external_id,
    name: row.name,
    company: row.company,
    email: row.email,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
