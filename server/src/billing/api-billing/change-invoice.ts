import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change, Store } from '../../events/store.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import { getInvoice, type InvoiceItem, type InvoiceRow } from '../invoices/queries.ts'
import { presentInvoice } from '../invoices/schemas.ts'
import { closedOnAfter, standAfter } from './balance-rules.ts'
import { bookedOn, type GivenInvoice, keepClient, lockedInvoices, updateInvoice } from './queries.ts'
import { type PatchInvoice, readAmounts } from './schemas.ts'

/** Changes what the request names of an invoice that came by API, and looks at the money again. What Payymo has applied on it stays
 *  as it is. A change that changes nothing leaves no trace. Throws `resource_not_found`; `resource_conflict` for an invoice that
 *  another system keeps, and for a number or external id that another invoice has; `validation_failed` where status, total and
 *  balance do not go together. */
export async function changeInvoice(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'inv'>,
  patch: PatchInvoice,
): Promise<InvoiceRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = (await lockedInvoices(tx, [id])).get(id)
    if (!before) throw notFound()
    if (before.source !== 'api') {
      throw new AppError(
        'resource_conflict',
        `Invoice ${before.number || before.externalId} is kept in ${before.source === 'whmcs' ? 'WHMCS' : before.source}. Change it there; Payymo follows.`,
      )
    }
    await updateInvoice(tx, id, await changed(tx, before, patch))
    const after = (await getInvoice(tx, id))!
    const changes = differences(before, after)
    // The client's own row may be new words for an old client: that shows in the invoice too.
    if (changes === undefined) return after
    tx.event('invoice.updated', id, presentInvoice(after))
    if (after.status === 'paid' && before.status !== 'paid') tx.event('invoice.paid', id, presentInvoice(after))
    tx.audit({ action: 'invoice.update', resource: { type: 'invoice', id }, changes })
    tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
    return after
  })
}

async function changed(tx: Change, before: InvoiceRow, patch: PatchInvoice): Promise<GivenInvoice> {
  if (patch.currency !== undefined && patch.currency !== before.currency) {
    throw against('currency', `This invoice is in ${before.currency} and stays so. Cancel it and record another.`)
  }
  const amounts = readAmounts(amountsOf(patch), before.currency)
  const booked = await bookedOn(tx, before.id)
  const balance = patch.balance === null ? null : amounts.get('balance')
  const standing = standAfter(
    before,
    {
      status: patch.status === null ? 'unpaid' : patch.status,
      totalMinor: amounts.get('total'),
      balanceMinor: balance,
    },
    before.currency,
    booked ?? 0n,
  )
  const number = patch.number ?? before.number
  const externalId = patch.external_id === undefined ? before.externalId : (patch.external_id ?? number)
  if (externalId !== before.externalId && booked !== null) {
    throw against('external_id', 'Payments of this invoice are known by its external_id, so it stays as it is.')
  }
  return {
    ...standing,
    number,
    externalId,
    currency: before.currency,
    issuedOn: patch.issued_on === undefined ? before.issuedOn : patch.issued_on,
    dueOn: patch.due_on === undefined ? before.dueOn : patch.due_on,
    closedOn: closedOnAfter(before, standing.status, tx.now.toISOString().slice(0, 10)),
    items: patch.items === undefined ? before.items : itemsOf(patch.items ?? [], amounts),
    clientId: patch.client === undefined ? before.client.id : await changedClient(tx, before, patch.client),
  }
}

const amountsOf = (patch: PatchInvoice): Map<string, string> =>
  new Map([
    ...(patch.total === undefined ? [] : [['total', patch.total] as const]),
    ...(patch.balance == null ? [] : [['balance', patch.balance] as const]),
    ...(patch.items ?? []).map((item, n) => [`items.${n}.amount`, item.amount] as const),
  ])

const itemsOf = (items: { description: string }[], amounts: Map<string, bigint>): InvoiceItem[] =>
  items.map(({ description }, n) => ({ description, amountMinor: amounts.get(`items.${n}.amount`)! }))

/** The client is merged too, and then known as a new invoice's would be. */
function changedClient(
  tx: Change,
  { client }: InvoiceRow,
  patch: NonNullable<PatchInvoice['client']>,
): Promise<Id<'cli'>> {
  const merged = (now: string | null | undefined, before: string): string => (now === undefined ? before : (now ?? ''))
  return keepClient(tx, {
    externalId: merged(patch.external_id, client.externalId),
    name: patch.name ?? client.name,
    company: merged(patch.company, client.company),
    email: merged(patch.email, client.email),
  })
}

/** What the API shows otherwise than before, for the audit trail; undefined when nothing. */
function differences(before: InvoiceRow, after: InvoiceRow): { before: object; after: object } | undefined {
  const [was, is] = [lookOf(before), lookOf(after)]
  const fields = Object.keys(was).filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
  if (fields.length === 0) return undefined
  const only = (look: Record<string, unknown>) => Object.fromEntries(fields.map((field) => [field, look[field]]))
  return { before: only(was), after: only(is) }
}

const lookOf = (row: InvoiceRow): Record<string, unknown> => ({
  number: row.number,
  external_id: row.externalId,
  status: row.status,
  total: formatAmount(row.totalMinor, row.currency),
  balance: formatAmount(row.balanceMinor, row.currency),
  issued_on: row.issuedOn,
  due_on: row.dueOn,
  client: row.client,
  items: row.items.map((item) => [item.description, formatAmount(item.amountMinor, row.currency)]),
})

const against = (field: string, issue: string): AppError =>
  new AppError('validation_failed', issue, { details: [{ field, issue }] })
