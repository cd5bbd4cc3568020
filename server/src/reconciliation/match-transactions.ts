import { type Id, newId, type TenantId } from '../base/ids.ts'
import { getTenant } from '../access/index.ts'
import { systemActor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import { matchAll, type Proposal, type Verdict } from '../matching/index.ts'
import {
  firstAccountDay,
  listOpenTransactions,
  lockTransaction,
  presentTransaction,
  setTransactionMatch,
  type TransactionRow,
} from '../transactions/index.ts'
import { approveFresh } from './approve-match.ts'
import { engineTransaction, invoiceIdOf, loadBook } from './load-book.ts'
import { type TenantPolicy, tenantPolicy } from './policy.ts'
import { getMatch, insertMatch, isMirrored, listSuggested, setMatchStatus } from './queries.ts'
import { presentMatch } from './schemas.ts'

/** Lines looked at in one run; the job comes back for more. */
const LINES_MAX = 20_000
/** Verdicts kept in one transaction: short locks, and a failure costs little. */
const KEEP_AT_ONCE = 25

export interface MatchRun {
  looked: number
  suggested: number
  applied: number
  alreadyBooked: number
}

/** Looks for the invoices of all undecided money in, and keeps what it finds: suggestions for a person, and, where the
 *  tenant's mode is `auto` and every closed invoice is known, payments for the sure ones. Decisions made meanwhile by people
 *  stand: each line is locked and looked at again before anything is kept. */
export async function matchTransactions(
  deps: { store: Store; today(): string },
  tenantId: TenantId,
): Promise<MatchRun> {
  const { store } = deps
  const run: MatchRun = { looked: 0, suggested: 0, applied: 0, alreadyBooked: 0 }
  const loaded = await store.read(tenantId, async (tx) => {
    const tenant = await getTenant(tx)
    if (!tenant || tenant.status !== 'active') return undefined
    const policy = tenantPolicy(tenant.settings, await firstAccountDay(tx))
    if (policy.mode === 'off' || policy.mode === 'shadow') return undefined
    const lines = await listOpenTransactions(tx, LINES_MAX)
    if (lines.length === 0) return undefined
    return { policy, lines, mirrored: await isMirrored(tx), ...(await loadBook(tx, deps.today())) }
  })
  if (!loaded) return run
  const { policy, lines, invoices, history, mirrored } = loaded
  // Before the mirror is whole a line may pay an invoice that was closed by hand: nothing is kept yet (contract 4.6).
  if (!mirrored) return run
  const verdicts = matchAll({ transactions: lines.map(engineTransaction), invoices, history, policy: policy.engine })
  run.looked = verdicts.length
  const seen = new Map(lines.map((line) => [line.id, line]))
  for (let at = 0; at < verdicts.length; at += KEEP_AT_ONCE) {
    const some = verdicts.slice(at, at + KEEP_AT_ONCE)
    await store.change(tenantId, systemActor('matching'), async (tx) => {
      for (const verdict of some) {
        const kept = await keepVerdict(tx, verdict, seen.get(verdict.transactionId as Id<'txn'>)!, policy)
        if (kept) run[kept] += 1
      }
    })
  }
  return run
}

async function keepVerdict(
  tx: Change,
  verdict: Verdict,
  seen: TransactionRow,
  policy: TenantPolicy,
): Promise<'suggested' | 'applied' | 'alreadyBooked' | undefined> {
  const line = await lockTransaction(tx, seen.id)
  if (!line || line.status !== 'processed' || !['unmatched', 'suggested'].includes(line.matchStatus)) return undefined
  const before = (await listSuggested(tx, [line.id]))[0]
  const booked = verdict.withheld.some((reason) => reason.code === 'already_booked')
  const same =
    verdict.best &&
    before &&
    sameAllocations(before.allocations, verdict.best) &&
    before.confidence === fixed(verdict.best.confidence)
  const wantsAuto =
    policy.mode === 'auto' && verdict.decision === 'auto' && verdict.best !== null && line.possibleDuplicateOf === null
  if (same && !wantsAuto && !booked) return undefined

  if (before) {
    await setMatchStatus(tx, before.id, { status: 'superseded' })
    tx.audit({ action: 'match.supersede', resource: { type: 'match', id: before.id } })
  }
  if (booked) {
    await keepProposal(tx, line, verdict, 'approved')
    return 'alreadyBooked'
  }
  if (!verdict.best || verdict.decision === 'none') {
    if (before) await setTransactionMatch(tx, line.id, { matchStatus: 'unmatched' })
    return undefined
  }
  const id = await keepProposal(tx, line, verdict, 'suggested')
  if (wantsAuto && (await approveFresh(tx, id, line))) return 'applied'
  return 'suggested'
}

/** Stores the proposal as a match, with its event. An `already_booked` line is decided: money that somebody booked by hand is
 *  recognised and never sent (docs/decisions/0004). */
async function keepProposal(
  tx: Change,
  line: TransactionRow,
  verdict: Verdict,
  status: 'suggested' | 'approved',
): Promise<Id<'match'>> {
  const id = newId('match')
  const best = verdict.best
  await insertMatch(tx, {
    id,
    transactionId: line.id,
    status,
    confidence: fixed(best?.confidence ?? 0.0001),
    score: (best?.score ?? 0).toFixed(2),
    reasons: status === 'approved' ? [...verdict.withheld, ...(best?.reasons ?? [])] : (best?.reasons ?? []),
    withheld: status === 'approved' ? [] : verdict.withheld,
    decidedBy: status === 'approved' ? 'system:already_booked' : null,
    decidedAt: status === 'approved' ? tx.now : null,
    allocations: (best?.allocations ?? []).map((allocation) => ({
      ...allocation,
      invoiceId: invoiceIdOf(allocation.invoiceId),
    })),
  })
  await setTransactionMatch(tx, line.id, {
    matchStatus: status === 'approved' ? 'matched' : 'suggested',
    ...(status === 'approved' ? { allocatedMinor: line.amountMinor } : {}),
  })
  tx.event('match.created', id, presentMatch((await getMatch(tx, id))!))
  tx.audit({
    action: status === 'approved' ? 'match.already_booked' : 'match.suggest',
    resource: { type: 'match', id },
    changes: { after: { transaction_id: line.id, confidence: best?.confidence ?? null } },
  })
  if (status === 'approved')
    tx.event('transaction.updated', line.id, presentTransaction({ ...line, matchStatus: 'matched' }))
  return id
}

const fixed = (confidence: number): string => confidence.toFixed(4)

function sameAllocations(one: { invoiceId: string; amountMinor: bigint }[], best: Proposal): boolean {
  return (
    one.length === best.allocations.length &&
    one.every((allocation, n) => {
      const other = best.allocations[n]!
      return allocation.invoiceId === other.invoiceId && allocation.amountMinor === other.amountMinor
    })
  )
}
