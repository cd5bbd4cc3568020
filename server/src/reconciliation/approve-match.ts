import { AppError, assert, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { requestPayment } from '../billing/index.ts'
import type { Actor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import { lockTransaction, type TransactionRow } from '../transactions/index.ts'
import { changeLine } from './change-line.ts'
import { allocationFault, lineFault } from './check-allocations.ts'
import { type Surplus, surplusOf, surplusText, withSurplus } from './judge-surplus.ts'
import {
  getMatch,
  listParts,
  lockMatch,
  type MatchAllocation,
  type MatchRow,
  setMatchStatus,
  setReasons,
} from './queries.ts'
import { presentMatch } from './schemas.ts'
import { settleMatch } from './settle-match.ts'
import { supersedeSuggested } from './supersede.ts'

/** States a match can be approved from; everything else has moved on. */
const APPROVABLE: readonly string[] = ['suggested', 'failed']

/** A person says yes: the match is approved and its payments are requested, in one transaction; on invoices that came by API they
 *  are applied in it. Of equal calls at the same moment one wins. Of a failed match only the parts that were refused are requested
 *  again. Throws `resource_conflict` when the match or the line has moved on, `validation_failed` when the money or the invoice no
 *  longer allows it. */
export async function approveMatch(store: Store, tenantId: TenantId, actor: Actor, id: Id<'match'>): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await getMatch(tx, id)
    if (!before) throw notFound()
    // The line first, then the match, then the invoices: every decision locks in this order.
    const line = await lockTransaction(tx, before.transactionId)
    const match = await lockMatch(tx, id)
    assert(line && match, 'a match and its line are never removed')
    if (!APPROVABLE.includes(match.status)) {
      throw new AppError('resource_conflict', `This match is ${match.status} and cannot be approved any more.`)
    }
    const fault = await approve(tx, match, line, actor.id)
    if (fault) throw fault
    return (await getMatch(tx, id))!
  })
}

/** The decision itself; the caller holds the locks on line and match. Returns the fault, with nothing written, instead of
 *  deciding. */
export async function approve(
  tx: Change,
  match: MatchRow,
  line: TransactionRow,
  decidedBy: string,
): Promise<AppError | undefined> {
  const wanted = match.status === 'failed' ? await refusedParts(tx, match) : match.allocations
  const fault = lineFault(line) ?? decidedFault(line, match) ?? (await allocationFault(tx, line, wanted))
  if (fault) return fault
  const spokenMinor = await spokenOf(tx, match)
  const surplus = await surplusOf(tx, line, wanted, spokenMinor)
  const payments = await requestParts(tx, match, wanted, surplus)
  if (payments instanceof AppError) return payments
  await supersedeSuggested(tx, line.id, match.id)
  await setMatchStatus(tx, match.id, { status: 'approved', decidedBy, decidedAt: tx.now })
  const reasons = withSurplus(match.reasons, surplus)
  if (surplusText(reasons) !== surplusText(match.reasons)) await setReasons(tx, match.id, reasons)
  const allocatedMinor = payments.reduce((sum, payment) => sum + payment.amountMinor, spokenMinor)
  await changeLine(tx, line, { matchStatus: 'matched', allocatedMinor })
  tx.event('match.approved', match.id, presentMatch((await getMatch(tx, match.id))!))
  tx.audit({
    action: 'match.approve',
    resource: { type: 'match', id: match.id },
    changes: { before: { status: match.status }, after: { status: 'approved', decided_by: decidedBy } },
  })
  // Of invoices that came by API there is nothing to wait for.
  if (payments.every(({ state }) => state === 'applied')) {
    await settleMatch(tx, { matchId: match.id, transactionId: line.id })
  }
  return undefined
}

function decidedFault(line: TransactionRow, match: MatchRow): AppError | undefined {
  const free = match.status === 'failed' ? ['matched'] : ['unmatched', 'suggested']
  if (free.includes(line.matchStatus)) return undefined
  return new AppError('resource_conflict', 'This transaction is decided already.')
}

/** What of the line is booked or under way by this match. */
const spokenOf = async (tx: Change, match: MatchRow): Promise<bigint> =>
  (await listParts(tx, match.id))
    .filter(({ state }) => state !== 'refused' && state !== 'reversed')
    .reduce((sum, part) => sum + part.amountMinor, 0n)

/** What of the match is neither booked nor under way. */
async function refusedParts(tx: Change, match: MatchRow): Promise<MatchAllocation[]> {
  const live = new Set(
    (await listParts(tx, match.id)).filter(({ state }) => state !== 'refused').map(({ invoiceId }) => invoiceId),
  )
  const parts = match.allocations.filter(({ invoiceId }) => !live.has(invoiceId))
  assert(parts.length > 0, 'of a failed match at least one part was refused')
  return parts
}

/** The payments, as intents or done. What becomes credit rides on the last of them: one call to WHMCS, so that there is no half
 *  of it (docs/decisions/0017). Billing judges before it writes anything, so that a refusal leaves no trace. */
async function requestParts(
  tx: Change,
  match: MatchRow,
  parts: readonly MatchAllocation[],
  surplus: Surplus | undefined,
): Promise<AppError | Awaited<ReturnType<typeof requestPayment>>> {
  try {
    return await requestPayment(tx, {
      matchId: match.id,
      transactionId: match.transactionId,
      parts: parts.map(({ invoiceId, amountMinor }, n) => {
        const surplusMinor = n === parts.length - 1 && surplus?.goesTo === 'credit' ? surplus.amountMinor : 0n
        return { invoiceId, amountMinor: amountMinor + surplusMinor, surplusMinor }
      }),
    })
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
