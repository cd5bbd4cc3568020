import { AppError } from '../base/errors.ts'
import { type Id, newId, type TenantId } from '../base/ids.ts'
import { getInvoices } from '../billing/index.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { amountAboveZero } from '../http/validate.ts'
import { lockTransaction, setTransactionMatch } from '../transactions/index.ts'
import { approve } from './approve-match.ts'
import { getMatch, insertMatch, type MatchRow } from './queries.ts'
import { presentMatch } from './schemas.ts'

/** A person says which invoices a line pays. `apply`: approved at once, as by `approveMatch`; otherwise a suggestion. Open
 *  suggestions of the line are superseded. Throws as `approveMatch` does. */
export async function createMatch(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  wanted: { transactionId: Id<'txn'>; allocations: { invoiceId: Id<'inv'>; amount: string }[]; apply: boolean },
): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const line = await lockTransaction(tx, wanted.transactionId)
    if (!line) throw unknown('transaction_id')
    const ids = wanted.allocations.map((allocation) => allocation.invoiceId)
    if (new Set(ids).size < ids.length)
      throw new AppError('validation_failed', 'An invoice stands in the allocations twice.')
    const known = new Map((await getInvoices(tx, ids)).map((row) => [row.id, row]))
    const id = newId('match')
    const allocations = wanted.allocations.map(({ invoiceId, amount }) => {
      const invoice = known.get(invoiceId)
      if (!invoice) throw unknown('invoice_id')
      return { invoiceId, amountMinor: amountAboveZero(amount, invoice.currency), currency: invoice.currency }
    })
    await insertMatch(tx, {
      id,
      transactionId: line.id,
      status: 'suggested',
      confidence: '0.9999',
      score: '0.00',
      reasons: [{ code: 'decided_by_person', weight: 0, text: `Chosen by ${actor.name}` }],
      withheld: [],
      decidedBy: null,
      decidedAt: null,
      allocations,
    })
    const match = (await getMatch(tx, id))!
    tx.event('match.created', id, presentMatch(match))
    tx.audit({
      action: 'match.create',
      resource: { type: 'match', id },
      changes: { after: { transaction_id: line.id } },
    })
    if (wanted.apply) {
      const fault = await approve(tx, match, line, actor.id)
      if (fault) throw fault
    } else if (line.matchStatus === 'unmatched') await setTransactionMatch(tx, line.id, { matchStatus: 'suggested' })
    return (await getMatch(tx, id))!
  })
}

const unknown = (field: string): AppError =>
  new AppError('validation_failed', 'The request names something that does not exist', {
    details: [{ field, issue: 'Nothing of this tenant has this id' }],
  })
