import type { TenantId } from '../../base/ids.ts'
import { newId } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import { getInvoice, type InvoiceRow } from '../invoices/queries.ts'
import { presentInvoice } from '../invoices/schemas.ts'
import { standAfter } from './balance-rules.ts'
import { insertInvoice, keepClient } from './queries.ts'
import { type PostInvoice, readAmounts } from './schemas.ts'

/** Records an invoice of a tenant whose billing is not WHMCS, with its client, and looks for its money. Throws
 *  `resource_conflict` when its number or external id is known, `validation_failed` when the balance is more than the total. */
export async function createInvoice(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  given: PostInvoice,
): Promise<InvoiceRow> {
  const { currency, items } = given
  const amounts = readAmounts(
    new Map([
      ['total', given.total],
      ...(given.balance == null ? [] : [['balance', given.balance] as const]),
      ...(items ?? []).map((item, n) => [`items.${n}.amount`, item.amount] as const),
    ]),
    currency,
  )
  const totalMinor = amounts.get('total')!
  const status = given.status ?? 'unpaid'
  const standing = standAfter(
    { status, totalMinor, balanceMinor: totalMinor },
    { balanceMinor: amounts.get('balance') },
    currency,
    0n,
  )
  return store.change(tenantId, actor, async (tx) => {
    const { client } = given
    const clientId = await keepClient(tx, {
      externalId: client.external_id ?? '',
      name: client.name,
      company: client.company === undefined ? null : (client.company ?? ''),
      email: client.email === undefined ? null : (client.email ?? ''),
    })
    const id = newId('inv')
    await insertInvoice(tx, id, {
      ...standing,
      clientId,
      number: given.number,
      externalId: given.external_id ?? given.number,
      currency,
      issuedOn: given.issued_on ?? null,
      dueOn: given.due_on ?? null,
      closedOn: null,
      items: (items ?? []).map(({ description }, n) => ({
        description,
        amountMinor: amounts.get(`items.${n}.amount`)!,
      })),
    })
    const invoice = (await getInvoice(tx, id))!
    tx.event('invoice.created', id, presentInvoice(invoice))
    tx.audit({
      action: 'invoice.create',
      resource: { type: 'invoice', id },
      changes: {
        after: {
          number: invoice.number,
          external_id: invoice.externalId,
          status: invoice.status,
          total: formatAmount(invoice.totalMinor, currency),
          balance: formatAmount(invoice.balanceMinor, currency),
          currency,
          client_id: clientId,
        },
      },
    })
    tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
    return invoice
  })
}
