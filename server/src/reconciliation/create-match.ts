import { AppError } from '../base/errors.ts'
import { type Id, newId, type TenantId } from '../base/ids.ts'
import { getInvoices } from '../billing/index.ts'
import type { Actor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import { amountAboveZero } from '../http/validate.ts'
import { lockTransaction, type TransactionRow } from '../transactions/index.ts'
import { approve } from './approve-match.ts'
import { changeLine } from './change-line.ts'
import { allocationFault, lineFault } from './check-allocations.ts'
import { insertMatch } from './insert-matches.ts'
import { surplusOf, withSurplus } from './judge-surplus.ts'
import { getDecided, getMatch, listParts, type MatchAllocation, type MatchRow } from './queries.ts'
import { BY_PERSON, presentMatch } from './schemas.ts'
import { supersede, supersedeSuggested } from './supersede.ts'

interface Wanted {
  transactionId: Id<'txn'>
  allocations: { invoiceId: Id<'inv'>; amount: string }[]
  apply: boolean
}

/** A person says which invoices a line pays. `apply`: approved at once, as by `approveMatch`; otherwise a suggestion that the
 *  engine leaves alone. Open suggestions of the line are superseded, and so is a failed match of which nothing was booked.
 *  Throws as `approveMatch` does. */
export async function createMatch(store: Store, tenantId: TenantId, actor: Actor, wanted: Wanted): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const line = await lockTransaction(tx, wanted.transactionId)
    if (!line) throw unknown('transaction_id')
    const allocations = await readAllocations(tx, wanted)
    const fault = lineFault(line) ?? (await spokenFor(tx, line)) ?? (await allocationFault(tx, line, allocations))
    if (fault) throw fault

    const failed = await getDecided(tx, line.id)
    if (failed) await supersede(tx, failed)
    await supersedeSuggested(tx, line.id)
    const id = newId('match')
    const surplus = await surplusOf(tx, line, allocations)
    await insertMatch(tx, {
      id,
      transactionId: line.id,
      status: 'suggested',
      confidence: '0.9999',
      score: '0.00',
      reasons: withSurplus([{ code: BY_PERSON, weight: LOG_ODDS, text: `Chosen by ${actor.name}.` }], surplus),
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
    const free = { ...line, matchStatus: 'suggested' as const, allocatedMinor: 0n }
    if (wanted.apply) {
      const refused = await approve(tx, match, free, actor.id)
      if (refused) throw refused
    } else await changeLine(tx, line, free)
    return (await getMatch(tx, id))!
  })
}

/** The weight that makes 0.9999. */
const LOG_ODDS = 9.2102

/** The money is decided: only a failed match, of which nothing is booked or under way, gives it free. */
async function spokenFor(tx: Change, line: TransactionRow): Promise<AppError | undefined> {
  if (line.matchStatus === 'unmatched' || line.matchStatus === 'suggested') return undefined
  const decided = await getDecided(tx, line.id)
  if (decided?.status !== 'failed') return new AppError('resource_conflict', 'This transaction is decided already.')
  if ((await listParts(tx, decided.id)).every(({ state }) => state === 'refused')) return undefined
  return new AppError(
    'resource_conflict',
    'A part of this transaction is booked already. Approve its failed match again, or settle the rest in WHMCS.',
  )
}

async function readAllocations(tx: Change, wanted: Wanted): Promise<MatchAllocation[]> {
  const ids = wanted.allocations.map((allocation) => allocation.invoiceId)
  if (new Set(ids).size < ids.length)
    throw new AppError('validation_failed', 'An invoice stands in the allocations twice.')
  const known = new Map((await getInvoices(tx, ids)).map((row) => [row.id, row]))
  return wanted.allocations.map(({ invoiceId, amount }) => {
    const invoice = known.get(invoiceId)
    if (!invoice) throw unknown('invoice_id')
    const { number, externalId, currency } = invoice
    return {
      invoiceId,
      invoiceNumber: number === '' ? externalId : number,
      amountMinor: amountAboveZero(amount, currency),
      currency,
    }
  })
}

const unknown = (field: string): AppError =>
  new AppError('validation_failed', 'The request names something that does not exist', {
    details: [{ field, issue: 'Nothing of this tenant has this id' }],
  })
