import { AppError, assert, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { listUndos, requestUndo, takeBackAtOnce, type UndoRow } from '../billing/index.ts'
import { closeAlert } from '../events/alerts.ts'
import type { Actor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import { lockTransaction, MATCH_JOB, type TransactionRow } from '../transactions/index.ts'
import { changeLine } from './change-line.ts'
import { AUTO } from './keep-plan.ts'
import { getMatch, letGoOfBooked, listParts, lockMatch, type MatchRow, setMatchStatus, setReversal } from './queries.ts'
import { presentMatch } from './schemas.ts'
import { answerCheck } from './spot-checks.ts'
import { watchPrecision } from './watch-precision.ts'

/** A person takes a match back. Of an applied one the payments are taken back in the billing system, later: it stays `applied`
 *  with `reversal`, and becomes `reversed` when all of that is read back (`settleReversal`). Payments on invoices that came by API
 *  are taken back at once. A line that was found to be booked by hand is reversed at once too: Payymo booked nothing, and touches
 *  nothing. Of equal calls at the same moment one wins. Throws `resource_conflict` when there is nothing to take back, or it is
 *  being taken back already. */
export async function reverseMatch(store: Store, tenantId: TenantId, actor: Actor, id: Id<'match'>): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await getMatch(tx, id)
    if (!before) throw notFound()
    const line = await lockTransaction(tx, before.transactionId)
    const match = await lockMatch(tx, id)
    assert(line && match, 'a match and its line are never removed')
    if (isBookedByHand(match)) {
      const left = ['WHMCS was not touched: the payment that somebody booked there stands as it is.']
      await setReversal(tx, id, { state: 'done', left, by: actor.id })
      await letGoOfBooked(tx, id)
      await finish(tx, line, match, actor.id)
      return (await getMatch(tx, id))!
    }
    if (match.status !== 'applied') {
      throw new AppError('resource_conflict', `This match is ${match.status}; only an applied one can be reversed.`)
    }
    const fault = await underWay(tx, match)
    if (fault) throw fault
    const stays = await takeBackAtOnce(tx, { matchId: id, transactionId: line.id })
    if (stays) {
      await setReversal(tx, id, { state: 'done', left: stays, by: actor.id })
      await finish(tx, line, match, actor.id)
      return (await getMatch(tx, id))!
    }
    await setReversal(tx, id, { state: 'pending', left: [], by: actor.id })
    await requestUndo(tx, { matchId: id, transactionId: line.id })
    for (const code of ['payment_returned', 'charge_recorded_twice']) await closeAlert(tx, code, id)
    tx.audit({
      action: 'match.reverse_request',
      resource: { type: 'match', id },
      changes: { after: { reversal: 'pending' } },
    })
    await settleReversal(tx, line, match)
    return (await getMatch(tx, id))!
  })
}

/** Decided, and nothing of it is ours: the line is a payment that stands in the billing system. */
const isBookedByHand = (match: MatchRow): boolean =>
  match.status === 'approved' &&
  match.paymentIds.length === 0 &&
  match.reasons.some((reason) => reason.code === 'already_booked')

async function underWay(tx: Change, match: MatchRow): Promise<AppError | undefined> {
  if (match.reversal?.state === 'pending') {
    return new AppError('resource_conflict', 'This match is being reversed already.')
  }
  const waiting = (await listUndos(tx, match.id)).filter((undo) => undo.state === 'needs_person')
  if (waiting.length === 0) return undefined
  const calls = waiting.map((undo) => `POST /api/v1/payments/${undo.id}/resolve`).join(', ')
  return new AppError('resource_conflict', `The reversal of this match waits for you. Say what holds: ${calls}.`)
}

const UNDER_WAY: readonly string[] = ['pending', 'sending', 'unknown']

/** What the takings back of an applied match make of it; called inside the change that ended one. The caller holds line and
 *  match. A payment that a person left standing keeps the match applied, and can be taken back by another call. */
export async function settleReversal(tx: Change, line: TransactionRow, match: MatchRow): Promise<void> {
  const undos = await listUndos(tx, match.id)
  if (match.status !== 'applied' || undos.length === 0) return
  const by = (await getMatch(tx, match.id))?.reversedBy ?? tx.actor.id
  const taken = undos.filter((undo) => undo.state === 'done')
  if (taken.length === match.paymentIds.length) {
    await setReversal(tx, match.id, { state: 'done', left: leftOf(undos), by })
    return finish(tx, line, match, by)
  }
  const waits = undos.some((undo) => undo.state === 'needs_person')
  const busy = undos.some((undo) => UNDER_WAY.includes(undo.state))
  // What is taken back is no longer allocated, whatever becomes of the rest.
  const standing = (await listParts(tx, match.id))
    .filter(({ state }) => state === 'applied')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  await changeLine(tx, line, { matchStatus: 'applied', allocatedMinor: standing })
  if (!busy && !waits && taken.length === 0) {
    await setReversal(tx, match.id, null)
    return
  }
  const state = waits || !busy ? 'needs_person' : 'pending'
  await setReversal(tx, match.id, { state, left: leftOf(undos), by })
}

/** What a person must know and do, once each, in the order of the payments. */
function leftOf(undos: readonly UndoRow[]): string[] {
  const standing = undos
    .filter((undo) => undo.state === 'dropped')
    .map(
      (undo) =>
        `The payment on invoice ${undo.invoiceNumber} stays booked, as you said. Reverse the match once more to take it back too.`,
    )
  const live = undos.filter((undo) => undo.state !== 'dropped')
  return [...new Set([...live.flatMap((undo) => undo.notes), ...live.flatMap((undo) => undo.remaining), ...standing])]
}

async function finish(tx: Change, line: TransactionRow, match: MatchRow, by: string): Promise<void> {
  await setMatchStatus(tx, match.id, { status: 'reversed', decidedBy: by, decidedAt: tx.now })
  await answerCheck(tx, match.id, { answer: 'wrong', by, at: tx.now })
  await changeLine(tx, line, { matchStatus: 'unmatched', allocatedMinor: 0n })
  tx.event('match.reversed', match.id, presentMatch((await getMatch(tx, match.id))!))
  tx.audit({
    action: 'match.reverse',
    resource: { type: 'match', id: match.id },
    changes: { before: { status: match.status }, after: { status: 'reversed', asked_by: by } },
  })
  if (match.decidedBy === AUTO) await watchPrecision(tx)
  // Others may be proposed for the line; this pair is not (`listRefused`).
  tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
}
