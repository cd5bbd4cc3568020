import { newId } from '../../base/ids.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import type { ConnectionRef } from '../deps.ts'
import type { StripePayout } from '../stripe-feed.ts'
import type { PayoutDeps } from './deps.ts'
import { leaveLine } from './link-line.ts'
import { differs, isOver, mergePayout } from './merge-payout.ts'
import { insertPayouts, lockKnown, type PayoutRow, updateFacts } from './queries.ts'
import { sayPayout } from './say-payout.ts'

export const PAYOUTS = systemActor('stripe-payouts')

/** Writes what Stripe says of payouts, in one change: new ones are announced, the status of known ones moves on, and a failed one
 *  gives its line of the bank free. In any order and however often: the same answers end in the same rows. Returns the ids of
 *  those that contradict what is known of them; they are left alone. */
export async function keepPayouts(
  deps: Pick<PayoutDeps, 'store' | 'lines'>,
  ref: ConnectionRef,
  answers: readonly StripePayout[],
): Promise<string[]> {
  const byId = new Map<string, StripePayout>()
  for (const answer of answers) {
    const before = byId.get(answer.id)
    byId.set(answer.id, before ? mergePayout(before, answer) : answer)
  }
  if (byId.size === 0) return []
  return deps.store.change(ref.tenantId, PAYOUTS, async (tx) => {
    const fresh = [...byId.values()].map((answer) => ({ ...answer, ownId: newId('pout') }))
    const added = await insertPayouts(tx, ref, fresh)
    const contradicting: string[] = []
    for (const known of await lockKnown(tx, ref, [...byId.keys()])) {
      const answer = byId.get(known.externalId)!
      if (added.has(known.externalId)) await announce(tx, known)
      else if (answer.amountMinor !== known.amountMinor || answer.currency !== known.currency)
        contradicting.push(known.externalId)
      else await moveOn(deps, tx, known, answer)
    }
    return contradicting
  })
}

async function announce(tx: Change, payout: PayoutRow): Promise<void> {
  await sayPayout(tx, 'payout.created', payout.id)
  tx.audit({
    action: 'payout.create',
    resource: { type: 'payout', id: payout.id },
    changes: { after: { status: payout.status } },
  })
  if (payout.status === 'failed') await sayFailed(tx, payout)
}

async function moveOn(
  deps: Pick<PayoutDeps, 'lines'>,
  tx: Change,
  row: PayoutRow,
  answer: StripePayout,
): Promise<void> {
  const known: StripePayout = { ...row, id: row.externalId }
  const merged = mergePayout(known, answer)
  if (!differs(known, merged)) return
  await updateFacts(tx, row.id, merged)
  tx.audit({
    action: 'payout.change',
    resource: { type: 'payout', id: row.id },
    changes: { before: { status: row.status }, after: { status: merged.status } },
  })
  if (!isOver(merged) || isOver(row)) return
  // No money came, or it went back: a line that was taken for it is open again (reference 3.5).
  await leaveLine(deps, tx, row)
  await closeAlert(tx, 'payout_not_found', row.id)
  if (merged.status === 'failed') await sayFailed(tx, { ...row, ...merged, id: row.id })
}

async function sayFailed(tx: Change, payout: Pick<PayoutRow, 'id' | 'externalId' | 'failureMessage' | 'failureCode'>) {
  await sayPayout(tx, 'payout.failed', payout.id)
  const why = payout.failureMessage ?? payout.failureCode
  await openAlert(tx, {
    code: 'payout_failed',
    severity: 'warning',
    subject: { type: 'payout', id: payout.id },
    message: `Payout ${payout.externalId} did not reach the bank${why ? ` (${why})` : ''}. Stripe has put the money back into the balance and holds further payouts until the bank account is corrected in the Stripe Dashboard.`,
  })
}
