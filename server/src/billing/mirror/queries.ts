import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { BilledClient, BilledStatus } from '../billing-system.ts'

/** What the mirror remembers of an invoice, to tell what changed. */
export interface KnownInvoice {
  externalId: string
  digest: string
  status: BilledStatus
  currency: string
}

/** Everything mirrored of an installation, by external id. */
export async function listKnown(tx: TenantTx, instanceId: Id<'whm'>): Promise<Map<string, KnownInvoice>> {
  const rows = await tx.many<{ external_id: string; list_digest: string; status: BilledStatus; currency: string }>(
    'select external_id, list_digest, status, currency from invoices where tenant_id = $1 and instance_id = $2',
    [tx.tenantUuid, uuidOf(instanceId)],
  )
  return new Map(
    rows.map((row) => [
      row.external_id,
      { externalId: row.external_id, digest: row.list_digest, status: row.status, currency: row.currency },
    ]),
  )
}

/** External ids of open invoices that were last read longer ago than `olderThanMs`, longest ago first. */
export async function listStale(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  olderThanMs: number,
  limit: number,
): Promise<string[]> {
  const rows = await tx.many<{ external_id: string }>(
    `select external_id from invoices
      where tenant_id = $1 and instance_id = $2 and status in ('unpaid', 'payment_pending', 'collections')
        and read_at < now() - $3 * interval '1 millisecond'
      order by read_at limit $4`,
    [tx.tenantUuid, uuidOf(instanceId), olderThanMs, limit],
  )
  return rows.map((row) => row.external_id)
}

/** What is stored under each external id, the rows locked in one order, so that two readings cannot wait for each other.
 *  `ageMs`: how long ago it was last read, by the clock of the database. */
export async function lockByExternalId(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  externalIds: string[],
): Promise<Map<string, { id: Id<'inv'>; digest: string; ageMs: number }>> {
  const rows = await tx.many<{ id: string; external_id: string; list_digest: string; age_ms: number }>(
    `select id, external_id, list_digest, (extract(epoch from clock_timestamp() - read_at) * 1000)::float8 as age_ms from invoices
      where tenant_id = $1 and instance_id = $2 and external_id = any($3::text[]) order by id for no key update`,
    [tx.tenantUuid, uuidOf(instanceId), externalIds],
  )
  return new Map(
    rows.map((row) => [row.external_id, { id: idOf('inv', row.id), digest: row.list_digest, ageMs: row.age_ms }]),
  )
}

/** Adds clients or brings their names up to date; an e-mail address is kept where the list shows none. Returns our ids. */
export async function keepClients(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  clients: (BilledClient & { id: Id<'cli'> })[],
): Promise<Map<string, Id<'cli'>>> {
  await tx.run(
    `insert into clients (tenant_id, instance_id, id, external_id, name, company, email)
     select $1, $2, row.id, row.external_id, row.name, row.company, row.email
       from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) as row (id, external_id, name, company, email)
      order by row.external_id
     on conflict (tenant_id, instance_id, external_id) do update
       set name = excluded.name, company = excluded.company, email = coalesce(nullif(excluded.email, ''), clients.email), updated_at = now()
     where (clients.name, clients.company) is distinct from (excluded.name, excluded.company)
        or clients.email <> coalesce(nullif(excluded.email, ''), clients.email)`,
    [
      tx.tenantUuid,
      uuidOf(instanceId),
      clients.map((row) => uuidOf(row.id)),
      clients.map((row) => row.externalId),
      clients.map((row) => row.name),
      clients.map((row) => row.company),
      clients.map((row) => row.email),
    ],
  )
  const rows = await tx.many<{ id: string; external_id: string }>(
    'select id, external_id from clients where tenant_id = $1 and instance_id = $2 and external_id = any($3::text[])',
    [tx.tenantUuid, uuidOf(instanceId), clients.map((row) => row.externalId)],
  )
  return new Map(rows.map((row) => [row.external_id, idOf('cli', row.id)]))
}

/** A row of `invoices` to write. Null leaves what is stored: the client and the digest of a row read without its list. */
export interface InvoiceWrite {
  id: Id<'inv'>
  clientId: Id<'cli'>
  externalId: string
  number: string
  status: BilledStatus
  totalMinor: bigint
  balanceMinor: bigint
  currency: string
  issuedOn: string | null
  dueOn: string | null
  closedOn: string | null
  items: { description: string; amountMinor: bigint }[]
  collects: string[]
  digest: string
  /** Whether anything the API shows is another than before. */
  changed: boolean
}

/** Adds and updates invoices in one statement, and notes that they were read. */
export async function writeInvoices(tx: TenantTx, instanceId: Id<'whm'>, rows: InvoiceWrite[]): Promise<void> {
  await tx.run(
    `insert into invoices (tenant_id, instance_id, id, client_id, external_id, number, status, total_minor, balance_minor, currency,
       issued_on, due_on, closed_on, items, collects, list_digest)
     select $1, $2, row.id, row.client_id, row.external_id, row.number, row.status, row.total_minor, row.balance_minor, row.currency,
       row.issued_on, row.due_on, row.closed_on, row.items::json, string_to_array(row.collects, ','), row.digest
       from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::date[],
         $12::date[], $13::date[], $14::text[], $15::text[], $16::text[])
         as row (id, client_id, external_id, number, status, total_minor, balance_minor, currency, issued_on, due_on, closed_on, items,
           collects, digest)
     on conflict (tenant_id, id) do update
       set client_id = excluded.client_id, number = excluded.number, status = excluded.status, total_minor = excluded.total_minor,
         balance_minor = excluded.balance_minor, issued_on = excluded.issued_on, due_on = excluded.due_on, closed_on = excluded.closed_on,
         items = excluded.items, collects = excluded.collects, list_digest = excluded.list_digest, read_at = now(),
         updated_at = case when excluded.id = any($17::uuid[]) then now() else invoices.updated_at end`,
    [
      tx.tenantUuid,
      uuidOf(instanceId),
      rows.map((row) => uuidOf(row.id)),
      rows.map((row) => uuidOf(row.clientId)),
      rows.map((row) => row.externalId),
      rows.map((row) => row.number),
      rows.map((row) => row.status),
      rows.map((row) => String(row.totalMinor)),
      rows.map((row) => String(row.balanceMinor)),
      rows.map((row) => row.currency),
      rows.map((row) => row.issuedOn),
      rows.map((row) => row.dueOn),
      rows.map((row) => row.closedOn),
      rows.map((row) => JSON.stringify(row.items.map((item) => ({ ...item, amountMinor: String(item.amountMinor) })))),
      // External ids are digits, so that a comma may stand between them.
      rows.map((row) => row.collects.join(',')),
      rows.map((row) => row.digest),
      rows.filter((row) => row.changed).map((row) => uuidOf(row.id)),
    ],
  )
}

/** Makes the payments on these invoices exactly the given ones. Returns how many came, went or changed. */
export async function writePayments(
  tx: TenantTx,
  invoiceIds: Id<'inv'>[],
  payments: {
    invoiceId: Id<'inv'>
    externalId: string
    transid: string
    amountMinor: bigint
    paidOn: string
    gateway: string
  }[],
): Promise<number> {
  const ids = payments.map((row) => uuidOf(row.invoiceId))
  const externalIds = payments.map((row) => row.externalId)
  const gone = await tx.run(
    `delete from invoice_payments p where p.tenant_id = $1 and p.invoice_id = any($2::uuid[])
        and not exists (select 1 from unnest($3::uuid[], $4::text[]) as kept (invoice_id, external_id)
          where kept.invoice_id = p.invoice_id and kept.external_id = p.external_id)`,
    [tx.tenantUuid, invoiceIds.map(uuidOf), ids, externalIds],
  )
  const written = await tx.run(
    `insert into invoice_payments (tenant_id, invoice_id, external_id, transid, amount_minor, paid_on, gateway)
     select $1, row.invoice_id, row.external_id, row.transid, row.amount_minor, row.paid_on, row.gateway
       from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::date[], $7::text[])
         as row (invoice_id, external_id, transid, amount_minor, paid_on, gateway)
     on conflict (tenant_id, invoice_id, external_id) do update
       set transid = excluded.transid, amount_minor = excluded.amount_minor, paid_on = excluded.paid_on, gateway = excluded.gateway
     where (invoice_payments.transid, invoice_payments.amount_minor, invoice_payments.paid_on, invoice_payments.gateway)
       is distinct from (excluded.transid, excluded.amount_minor, excluded.paid_on, excluded.gateway)`,
    [
      tx.tenantUuid,
      ids,
      externalIds,
      payments.map((row) => row.transid),
      payments.map((row) => String(row.amountMinor)),
      payments.map((row) => row.paidOn),
      payments.map((row) => row.gateway),
    ],
  )
  return gone + written
}

/** E-mail addresses of known clients; others are nobody's business here. */
export async function setEmails(tx: TenantTx, instanceId: Id<'whm'>, clients: BilledClient[]): Promise<void> {
  await tx.run(
    `update clients c set email = row.email, updated_at = now()
       from unnest($3::text[], $4::text[]) as row (external_id, email)
      where c.tenant_id = $1 and c.instance_id = $2 and c.external_id = row.external_id and c.email <> row.email`,
    [tx.tenantUuid, uuidOf(instanceId), clients.map((row) => row.externalId), clients.map((row) => row.email)],
  )
}

/** How a reading ended well. */
export async function setRead(
  tx: TenantTx,
  id: Id<'whm'>,
  run: { at: Date; complete: boolean; closedListed: boolean; slowestAnswerMs: number; nextInMs: number },
): Promise<void> {
  await tx.run(
    `update whmcs_instances set status = 'active', error_code = null, error_message = null, last_seen_at = $3, last_sync_at = $3,
       mirrored_at = case when $4 then coalesce(mirrored_at, $3) else mirrored_at end,
       closed_listed_at = case when $5 then $3 else closed_listed_at end,
       slowest_answer_ms = greatest(slowest_answer_ms, $6::int), next_sync_at = now() + $7 * interval '1 millisecond', updated_at = now()
     where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), run.at, run.complete, run.closedListed, run.slowestAnswerMs, run.nextInMs],
  )
}

/** How a reading failed. */
export async function setFailed(
  tx: TenantTx,
  id: Id<'whm'>,
  fault: { code: string; message: string; nextInMs: number },
): Promise<void> {
  await tx.run(
    `update whmcs_instances set status = 'error', error_code = $3, error_message = $4,
       next_sync_at = now() + $5 * interval '1 millisecond', updated_at = now()
     where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), fault.code, fault.message, fault.nextInMs],
  )
}

/** Only the time of the next reading: there was no place for this one. */
export async function setPostponed(tx: TenantTx, id: Id<'whm'>, nextInMs: number): Promise<void> {
  await tx.run(
    "update whmcs_instances set next_sync_at = now() + $3 * interval '1 millisecond' where tenant_id = $1 and id = $2",
    [tx.tenantUuid, uuidOf(id), nextInMs],
  )
}
