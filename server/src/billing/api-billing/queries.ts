import { AppError } from '../../base/errors.ts'
import { type Id, idOf, newId, uuidOf } from '../../base/ids.ts'
import { isUniqueViolation, type TenantTx } from '../../database/transaction.ts'
import { getInvoices, type InvoiceRow } from '../invoices/queries.ts'

/** A client as a request names one. */
export interface GivenClient {
  /** Empty where the tenant has no id for clients. */
  externalId: string
  name: string
  /** Null, as for `email`: as it is kept, empty for a new client. */
  company: string | null
  email: string | null
}

/** All that a request may set of an invoice. */
export type GivenInvoice = Pick<
  InvoiceRow,
  | 'number'
  | 'externalId'
  | 'status'
  | 'totalMinor'
  | 'balanceMinor'
  | 'currency'
  | 'issuedOn'
  | 'dueOn'
  | 'closedOn'
  | 'items'
> & { clientId: Id<'cli'> }

/** Adds the client or brings it up to date: known by its id, else by its e-mail address, else by its names. Returns our id. */
export async function keepClient(tx: TenantTx, client: GivenClient): Promise<Id<'cli'>> {
  const known =
    client.externalId !== ''
      ? `(tenant_id, external_id) where instance_id is null and external_id <> ''`
      : client.email
        ? `(tenant_id, lower(email)) where instance_id is null and external_id = '' and email <> ''`
        : `(tenant_id, lower(name), lower(company)) where instance_id is null and external_id = '' and email = ''`
  const row = await tx.one<{ id: string }>(
    `insert into clients (tenant_id, id, external_id, name, company, email) values ($1, $2, $3, $4, coalesce($5, ''), coalesce($6, ''))
     on conflict ${known} do update set name = $4, company = coalesce($5, clients.company), email = coalesce($6, clients.email),
       updated_at = case when (clients.name, clients.company, clients.email)
                              is distinct from ($4, coalesce($5, clients.company), coalesce($6, clients.email))
                         then now() else clients.updated_at end
     returning id`,
    [tx.tenantUuid, uuidOf(newId('cli')), client.externalId, client.name, client.company, client.email],
  )
  return idOf('cli', row.id)
}

/** Throws `resource_conflict` when another invoice by API has the number or the external id. */
export async function insertInvoice(tx: TenantTx, id: Id<'inv'>, invoice: GivenInvoice): Promise<void> {
  await named(() =>
    tx.run(
      `insert into invoices (tenant_id, id, source, client_id, external_id, number, status, total_minor, balance_minor, currency, issued_on,
         due_on, closed_on, items)
       values ($1, $2, 'api', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [tx.tenantUuid, uuidOf(id), ...columnsOf(invoice)],
    ),
  )
}

/** As `insertInvoice`; what is as it was is not written. */
export async function updateInvoice(tx: TenantTx, id: Id<'inv'>, invoice: GivenInvoice): Promise<void> {
  await named(() =>
    tx.run(
      `update invoices set client_id = $3, external_id = $4, number = $5, status = $6, total_minor = $7, balance_minor = $8, currency = $9,
              issued_on = $10, due_on = $11, closed_on = $12, items = $13::text::json, updated_at = now()
        where tenant_id = $1 and id = $2
          and (client_id, external_id, number, status, total_minor, balance_minor, currency, issued_on, due_on, closed_on, items::text)
              is distinct from ($3::uuid, $4, $5, $6, $7::bigint, $8::bigint, $9, $10::date, $11::date, $12::date, $13::text)`,
      [tx.tenantUuid, uuidOf(id), ...columnsOf(invoice)],
    ),
  )
}

const columnsOf = (invoice: GivenInvoice): unknown[] => [
  uuidOf(invoice.clientId),
  invoice.externalId,
  invoice.number,
  invoice.status,
  invoice.totalMinor,
  invoice.balanceMinor,
  invoice.currency,
  invoice.issuedOn,
  invoice.dueOn,
  invoice.closedOn,
  JSON.stringify(
    invoice.items.map(({ description, amountMinor }) => ({ description, amountMinor: String(amountMinor) })),
  ),
]

async function named(write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    const field = FIELDS.find(([constraint]) => isUniqueViolation(error, constraint))?.[1]
    if (field === undefined) throw error
    throw new AppError('resource_conflict', `Another invoice has this ${field} already. Change that one with PATCH.`, {
      details: [{ field, issue: 'Stands for one invoice only' }],
      cause: error,
    })
  }
}

const FIELDS = [
  ['invoices_external_id_by_api', 'external_id'],
  ['invoices_number_by_api', 'number'],
] as const

/** Holds the invoices until the transaction ends, always in the same order, and shows them as they are now. */
export async function lockedInvoices(tx: TenantTx, ids: readonly Id<'inv'>[]): Promise<Map<Id<'inv'>, InvoiceRow>> {
  await tx.many('select id from invoices where tenant_id = $1 and id = any($2::uuid[]) order by id for no key update', [
    tx.tenantUuid,
    ids.map(uuidOf),
  ])
  return new Map((await getInvoices(tx, ids)).map((row) => [row.id, row]))
}

/** What our payments stand for on the invoice; null when there never was one. */
export async function bookedOn(tx: TenantTx, id: Id<'inv'>): Promise<bigint | null> {
  const row = await tx.one<{ booked: string | null }>(
    `select sum(case when state = 'applied' then amount_minor else 0 end)::text as booked from payments where tenant_id = $1 and invoice_id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row.booked === null ? null : BigInt(row.booked)
}

/** Moves what is open on the invoice by a payment that came (below zero) or went; what is paid wholly closes, what was closed so
 *  opens again. The caller holds the invoice. */
export async function moveBalance(
  tx: TenantTx,
  id: Id<'inv'>,
  move: { byMinor: bigint; today: string },
): Promise<void> {
  await tx.run(
    `update invoices
        set balance_minor = balance_minor + $3::bigint, updated_at = now(),
            status = case when balance_minor + $3::bigint = 0 and status = 'unpaid' then 'paid'
                          when balance_minor + $3::bigint > 0 and status = 'paid' then 'unpaid' else status end,
            closed_on = case when balance_minor + $3::bigint = 0 and status = 'unpaid' then $4::date
                             when balance_minor + $3::bigint > 0 and status = 'paid' then null else closed_on end
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), move.byMinor, move.today],
  )
}

/** What stands on an invoice is kept where payments of every billing system are: the engine reads it there. */
export async function showPayment(
  tx: TenantTx,
  payment: { id: Id<'pay'>; invoiceId: Id<'inv'>; transid: string; amountMinor: bigint; paidOn: string },
): Promise<void> {
  await tx.run(
    `insert into invoice_payments (tenant_id, invoice_id, external_id, transid, amount_minor, paid_on, gateway)
     values ($1, $2, $3, $4, $5, $6, 'payymo')`,
    [tx.tenantUuid, uuidOf(payment.invoiceId), payment.id, payment.transid, payment.amountMinor, payment.paidOn],
  )
}

export async function hidePayment(tx: TenantTx, payment: { id: Id<'pay'>; invoiceId: Id<'inv'> }): Promise<void> {
  await tx.run('delete from invoice_payments where tenant_id = $1 and invoice_id = $2 and external_id = $3', [
    tx.tenantUuid,
    uuidOf(payment.invoiceId),
    payment.id,
  ])
}
