import { addDays } from '../../base/clock.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { openAlert } from '../../events/alerts.ts'
import {
  listBankLines,
  listUnfound,
  setCandidates,
  setReturned,
  stripeState,
  type UnfoundPayout,
} from './bank-queries.ts'
import type { PayoutDeps } from './deps.ts'
import { PAYOUTS } from './keep-payouts.ts'
import { linkLine } from './link-line.ts'
import { isUnderWay } from './merge-payout.ts'
import { type Pairs, pairLines } from './pair-lines.ts'
import { lockPayout, wasTold } from './queries.ts'
import { watchPayouts } from './watch-payouts.ts'

/** A payout that arrived longer ago waits for a person. */
const LOOK_BACK_DAYS = 60

type Deps = Pick<PayoutDeps, 'store' | 'clock' | 'lines'>

/** Finds the payouts' lines on the tenant's bank accounts. Certain ones become transfers, which pay no invoice; of the others it is
 *  noted which lines may be it. A line that pays an invoice already is not touched: an alert says so. Payouts that should long be
 *  there get an alert, and so do lines of Stripe without a payout. A second run changes nothing. Meant to run before lines are
 *  matched with invoices and after payouts were read. */
export async function findBankLines(deps: Deps, tenantId: TenantId): Promise<void> {
  const since = addDays(deps.clock.now().toISOString().slice(0, 10), -LOOK_BACK_DAYS)
  const seen = await deps.store.read(tenantId, async (tx) => {
    const state = await stripeState(tx)
    if (!state.active && !state.payouts) return undefined
    const payouts = await listUnfound(tx, since)
    const amounts = payouts.map(({ amountMinor }) => amountMinor)
    const lines = await listBankLines(tx, addDays(since, -7), amounts)
    return { state, payouts, lines }
  })
  if (!seen) return
  const { payouts, lines, state } = seen
  const pairs = pairLines(payouts, lines)
  const taken = new Set<Id<'txn'>>()
  for (const pair of pairs.sure) if (await keepPair(deps, tenantId, pair)) taken.add(pair.lineId)
  for (const pair of pairs.returned)
    if (await keepReturned(deps, tenantId, pair)) pair.lineIds.forEach((id) => taken.add(id))
  for (const pair of pairs.decided) await tellDecided(deps, tenantId, pair)
  await keepCandidates(deps, tenantId, payouts, pairs)
  const found = new Set(pairs.sure.filter(({ lineId }) => taken.has(lineId)).map(({ payoutId }) => payoutId))
  await watchPayouts(deps, tenantId, {
    payouts: payouts.filter(({ id }) => !found.has(id)),
    lines: lines.filter(({ id }) => !taken.has(id)),
    candidates: pairs.candidates,
    active: state.active,
    since: state.since,
  })
}

/** Takes the line and gives it to the payout, unless either has moved on since they were read. */
async function keepPair(deps: Deps, tenantId: TenantId, pair: Pairs['sure'][number]): Promise<boolean> {
  return deps.store.change(tenantId, PAYOUTS, async (tx) => {
    const payout = await lockPayout(tx, pair.payoutId)
    if (!payout || payout.bankTransactionId || !isUnderWay(payout)) return false
    if (payout.bankRefused.includes(pair.lineId)) return false
    if ((await deps.lines.take(tx, pair.lineId)) !== 'taken') return false
    await linkLine(tx, payout, pair.lineId, pair.by)
    return true
  })
}

/** The money of a failed payout came and went back: neither line has to do with an invoice. */
async function keepReturned(deps: Deps, tenantId: TenantId, pair: Pairs['returned'][number]): Promise<boolean> {
  try {
    return await deps.store.change(tenantId, PAYOUTS, async (tx) => {
      const payout = await lockPayout(tx, pair.payoutId)
      if (!payout || payout.status !== 'failed' || payout.bankReturned.length > 0) return false
      for (const lineId of pair.lineIds) if ((await deps.lines.take(tx, lineId)) !== 'taken') throw new MovedOn()
      await setReturned(tx, payout.id, pair.lineIds)
      tx.audit({
        action: 'payout.find_return',
        resource: { type: 'payout', id: payout.id },
        changes: { after: { returned_transaction_ids: pair.lineIds } },
      })
      return true
    })
  } catch (error) {
    if (error instanceof MovedOn) return false
    throw error
  }
}

/** One of two lines was decided meanwhile: neither is taken. */
class MovedOn extends Error {}

async function tellDecided(deps: Deps, tenantId: TenantId, pair: Pairs['decided'][number]): Promise<void> {
  if (await deps.store.read(tenantId, (tx) => wasTold(tx, 'payout_line_decided', pair.lineId))) return
  await deps.store.change(tenantId, PAYOUTS, async (tx) => {
    const payout = await lockPayout(tx, pair.payoutId)
    if (!payout || payout.bankTransactionId) return
    await openAlert(tx, {
      code: 'payout_line_decided',
      severity: 'warning',
      subject: { type: 'transaction', id: pair.lineId },
      message: `This line is payout ${payout.externalId} of Stripe, but it was matched with an invoice. If the invoice was not paid by it, take the match back; then the line can be the payout's.`,
    })
  })
}

async function keepCandidates(
  { store }: Deps,
  tenantId: TenantId,
  payouts: readonly UnfoundPayout[],
  { candidates }: Pairs,
): Promise<void> {
  const changed = payouts.filter(({ id, candidates: before }) => {
    const now = candidates.get(id)
    return now !== undefined && now.join() !== before.join()
  })
  if (changed.length === 0) return
  await store.change(tenantId, PAYOUTS, async (tx) => {
    for (const { id } of changed) {
      await setCandidates(tx, id, candidates.get(id)!)
      tx.audit({
        action: 'payout.suggest_lines',
        resource: { type: 'payout', id },
        changes: { after: { bank_candidates: candidates.get(id) } },
      })
    }
  })
}
