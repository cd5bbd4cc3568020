import { notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Change, Store } from '../../events/store.ts'
import type { BilledInvoice } from '../billing-system.ts'
import type { BillingConnections } from '../connections.ts'
import { getInvoice, type InvoiceRow } from '../invoices/queries.ts'
import { mirrorActor } from './mirror-instance.ts'
import { saveInvoices } from './save-invoices.ts'

/** Reads one known invoice anew, stores what changed with its events, and returns it as it is now: for candidates about to be
 *  paid, whose balance may have moved since the last reading. Invoices that came by API are returned as they are. Throws
 *  `resource_not_found`, or BillingError. */
export async function refreshInvoice(
  deps: { store: Store; connections: Pick<BillingConnections, 'open'> },
  tenantId: TenantId,
  invoiceId: Id<'inv'>,
): Promise<InvoiceRow> {
  const { store, connections } = deps
  const known = await store.read(tenantId, (tx) => getInvoice(tx, invoiceId))
  if (!known) throw notFound()
  const { instanceId, externalId, currency } = known
  if (instanceId === null) return known
  const system = await connections.open(tenantId, instanceId)
  const startedAt = performance.now()
  const invoice = (await system.getInvoice(externalId, currency)) ?? null
  return store.change(tenantId, mirrorActor, async (tx) => {
    await saveInvoices(tx, instanceId, [{ externalId, invoice, startedAt, listed: null }], true)
    return (await getInvoice(tx, invoiceId))!
  })
}

/** Stores an invoice that somebody else has just read, as a payment does after it was booked. */
export async function keepInvoice(tx: Change, kept: { instanceId: Id<'whm'>; invoice: BilledInvoice }): Promise<void> {
  const { instanceId, invoice } = kept
  await saveInvoices(tx, instanceId, [{ externalId: invoice.externalId, invoice, startedAt: null, listed: null }], true)
}
