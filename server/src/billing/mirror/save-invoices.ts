import { assert } from '../../base/errors.ts'
import { type Id, newId } from '../../base/ids.ts'
import { writeJson } from '../../base/json.ts'
import type { Change } from '../../events/store.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import type { BilledClient, BilledInvoice, BilledStatus } from '../billing-system.ts'
import { getInvoices, type InvoiceRow } from '../invoices/queries.ts'
import { presentInvoice } from '../invoices/schemas.ts'
import { type InvoiceWrite, keepClients, lockByExternalId, writeInvoices, writePayments } from './queries.ts'

/** An invoice as just read. `invoice` is null when the system has it no longer (merged into another, deleted). */
export interface ReadInvoice {
  externalId: string
  invoice: BilledInvoice | null
  /** When the reading began, on the monotonic clock in ms: it yields to one stored since. Null never yields. */
  startedAt: number | null
  /** What its list said; null when it was read without one, which only known invoices are. */
  listed: { client: BilledClient; currency: string; closedOn: string | null; digest: string } | null
}

const OPEN: ReadonlySet<BilledStatus> = new Set(['unpaid', 'payment_pending', 'collections'])

/** Stores what was read of one installation: clients, invoices, their payments, with the events that say what changed and the
 *  job that looks at money again. `announce` false is for the first reading: an invoice that was closed long before Payymo
 *  came is history, not news. Returns how many invoices were new or looked different. */
export async function saveInvoices(
  tx: Change,
  instanceId: Id<'whm'>,
  all: ReadInvoice[],
  announce: boolean,
): Promise<number> {
  if (all.length === 0) return 0
  const clients = await keepListedClients(tx, instanceId, all)
  const externalIds = all.map((each) => each.externalId)
  const stored = await lockByExternalId(tx, instanceId, externalIds)
  // A payment may have stored the invoice as it became while we held it as it was.
  const read = all.filter(({ externalId, startedAt }) => {
    const ageMs = stored.get(externalId)?.ageMs
    return ageMs === undefined || startedAt === null || ageMs > performance.now() - startedAt
  })
  const ids = [...stored.values()].map(({ id }) => id)
  const before = new Map((await getInvoices(tx, ids)).map((row) => [row.externalId, row]))
  const writes = read.flatMap((each) => {
    const known = before.get(each.externalId)
    const write = known
      ? updateOf(each, known, clients, stored.get(each.externalId)!.digest, tx.now)
      : additionOf(each, clients, tx.now)
    return write ?? []
  })
  await writeInvoices(tx, instanceId, writes)

  const idOfInvoice = new Map(writes.map((row) => [row.externalId, row.id]))
  const present = read.filter((each) => each.invoice !== null && idOfInvoice.has(each.externalId))
  const moved = await writePayments(
    tx,
    present.map((each) => idOfInvoice.get(each.externalId)!),
    present.flatMap((each) =>
      each.invoice!.payments.map((payment) => ({ ...payment, invoiceId: idOfInvoice.get(each.externalId)! })),
    ),
  )
  const changed = writes.filter((row) => row.changed)
  await announceChanges(tx, changed, before, announce)
  if (changed.length + moved > 0) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  if (changed.length > 0) {
    tx.audit({
      action: 'invoices.mirror',
      resource: { type: 'whmcs_instance', id: instanceId },
      changes: { invoices: changed.map(({ id, status }) => ({ id, status })) },
    })
  }
  return changed.length
}

async function keepListedClients(
  tx: Change,
  instanceId: Id<'whm'>,
  read: ReadInvoice[],
): Promise<Map<string, Id<'cli'>>> {
  const listed = new Map(read.flatMap(({ listed }) => (listed ? [[listed.client.externalId, listed.client]] : [])))
  if (listed.size === 0) return new Map()
  return keepClients(
    tx,
    instanceId,
    [...listed.values()].map((client) => ({ ...client, id: newId('cli') })),
  )
}

function additionOf(each: ReadInvoice, clients: Map<string, Id<'cli'>>, now: Date): InvoiceWrite | undefined {
  const { invoice, listed } = each
  if (!invoice) return undefined
  assert(listed, 'a new invoice comes from a list, which names its client and currency')
  return {
    ...writeOf(invoice),
    id: newId('inv'),
    clientId: clients.get(listed.client.externalId)!,
    externalId: each.externalId,
    currency: listed.currency,
    closedOn: closedOn(invoice, listed.closedOn, null, now),
    digest: listed.digest,
    changed: true,
  }
}

function updateOf(
  each: ReadInvoice,
  known: InvoiceRow,
  clients: Map<string, Id<'cli'>>,
  digest: string,
  now: Date,
): InvoiceWrite {
  const { invoice, listed } = each
  // Gone from the billing system: nobody owes it any more, and what was paid on it stays on record.
  const seen = invoice ? writeOf(invoice) : { ...known, status: 'cancelled' as const, balanceMinor: 0n }
  assert(!listed || listed.currency === known.currency, 'an invoice keeps its currency')
  const next = {
    ...seen,
    id: known.id,
    clientId: (listed && clients.get(listed.client.externalId)) ?? known.client.id,
    externalId: known.externalId,
    currency: known.currency,
    closedOn: closedOn({ ...seen, payments: invoice?.payments ?? [] }, listed?.closedOn ?? null, known.closedOn, now),
    digest: listed?.digest ?? digest,
  }
  return { ...next, changed: looksOf(next) !== looksOf({ ...known, clientId: known.client.id }) }
}

const writeOf = (invoice: BilledInvoice) => ({
  number: invoice.number,
  status: invoice.status,
  totalMinor: invoice.totalMinor,
  balanceMinor: invoice.balanceMinor,
  issuedOn: invoice.issuedOn,
  dueOn: invoice.dueOn,
  items: invoice.items,
  collects: invoice.collects,
})

/** The day an invoice was closed: its list says it, else what we noted before, else its last payment, else today, when we
 *  noticed. */
function closedOn(
  invoice: Pick<BilledInvoice, 'status' | 'payments'>,
  listed: string | null,
  known: string | null,
  now: Date,
): string | null {
  if (OPEN.has(invoice.status) || invoice.status === 'draft') return null
  const lastPaid = invoice.payments
    .map((payment) => payment.paidOn)
    .sort()
    .at(-1)
  return listed ?? known ?? lastPaid ?? now.toISOString().slice(0, 10)
}

/** All that the API shows of an invoice, as one text. */
const looksOf = (row: Omit<InvoiceWrite, 'digest' | 'changed'>): string =>
  writeJson([
    row.clientId,
    row.number,
    row.status,
    String(row.totalMinor),
    String(row.balanceMinor),
    row.issuedOn,
    row.dueOn,
    row.closedOn,
    row.items.map((item) => [item.description, String(item.amountMinor)]),
    row.collects,
  ])

async function announceChanges(
  tx: Change,
  changed: InvoiceWrite[],
  before: Map<string, InvoiceRow>,
  announce: boolean,
): Promise<void> {
  const news = changed.filter((row) => announce || before.has(row.externalId) || OPEN.has(row.status))
  const rows = await getInvoices(
    tx,
    news.map((row) => row.id),
  )
  const shown = new Map(rows.map((row) => [row.id, row]))
  for (const { id } of news) {
    const row = shown.get(id)!
    const was = before.get(row.externalId)
    tx.event(was ? 'invoice.updated' : 'invoice.created', row.id, presentInvoice(row))
    if (row.status === 'paid' && was?.status !== 'paid') tx.event('invoice.paid', row.id, presentInvoice(row))
  }
}
