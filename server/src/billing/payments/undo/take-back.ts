import { uuidOf } from '../../../base/ids.ts'
import { type BilledPayment, BillingError, type BillingSystem, type SendOutcome } from '../../billing-system.ts'
import { FIRST_LOOK_MS, type PaymentDeps } from '../deps.ts'
import { SENDS_MAX } from '../judge.ts'
import { APPLY_ACTOR, beginSend, mayStillSend, postpone, takeSendBack, writeUnknown } from '../outcome.ts'
import { backOff, lookUpFailed, rest, sendsOf, settleTime, soon } from '../pace.ts'
import { getPayingInstance, keepSlowestAnswer, type PayingInstance } from '../queries.ts'
import { tellMirror } from '../read-back.ts'
import { restUnproven } from '../wait-for-proof.ts'
import { endUndo, writeAnswered, writeRefused } from './end-undo.ts'
import {
  type Before,
  beforeOf,
  judgeUndo,
  rowsUnder,
  type UndoFacts,
  type UndoIntent,
  type UndoVerdict,
} from './judge-undo.ts'
import { listKnownOut, type UndoRow, type UndoStep } from './queries.ts'

/** Brings a leased taking-back one step further, so that the billing system ends with one payment in and one out, the invoice
 *  open again, and no credit that came of the payment (reliability A and J, contract 4.6).
 *
 *  As `applyPayment`: each visit looks first, and writes one thing at most, which the next visit looks for before anything
 *  else. So a step is never counted as done because it was sent, only because it is seen; and the last visit, which writes
 *  nothing, is the reading back. What the system refuses is remembered and left for a person, and the other steps go on; only
 *  when the money itself cannot go out does everything stop. */
export async function takeBack(deps: PaymentDeps, undo: UndoRow): Promise<void> {
  deps.crash.at('undo_after_lease')
  const instance = await deps.store.read(undo.tenantId, (tx) => getPayingInstance(tx, undo.instanceId))
  if (instance.status === 'disconnected') return closed(deps, undo)
  if (!instance.verified && undo.attempts === 0) return restUnproven(deps, undo, undo.instanceId)
  if (!instance.verified && instance.mode === 'module') return closed(deps, undo)
  let system: BillingSystem
  let facts: UndoFacts
  try {
    system = await deps.openBilling(undo.tenantId, undo.instanceId)
    facts = await lookUp(deps, undo, system)
  } catch (error) {
    return lookUpFailed(deps, undo, error)
  }
  deps.crash.at('undo_after_lookup')

  const verdict = judgeUndo(intentOf(undo), facts)
  if (verdict.do === 'wait') return postpone(deps, undo, { failed: false })
  if (verdict.do === 'write') {
    if (!instance.verified) return restUnproven(deps, undo, undo.instanceId)
    if (!instance.tenantActive) return rest(deps, undo)
    return write(deps, undo, { verdict, facts, system, instance })
  }
  // The mirror first: whoever hears that the payment is taken back finds the invoice as it is now.
  if (facts.ledger) await tellMirror(deps, undo, facts.ledger.invoice)
  await endUndo(
    deps,
    undo,
    verdict.do === 'done' ? { state: 'done', externalId: verdict.externalId } : { state: 'needs_person', ...verdict },
  )
  deps.crash.at('undo_after_end')
}

/** Both ids, the invoice with its rows, which other money out on it is ours, and the client's credit where it matters. */
async function lookUp(deps: PaymentDeps, undo: UndoRow, system: BillingSystem): Promise<UndoFacts> {
  const paid = await system.findPayments(undo.undoes, undo.currency)
  const out = await system.findPayments(undo.transid, undo.currency)
  const ledger = await system.getLedger(undo.invoiceExternalId, undo.currency)
  const transids = (ledger?.rows ?? []).map((row) => row.transid).filter((transid) => transid !== undo.transid)
  const known = await deps.store.read(undo.tenantId, (tx) => listKnownOut(tx, undo.instanceId, transids))
  const [taken] = rowsUnder(undo.transid, out, ledger)
  const madeCredit = ledger !== undefined && beforeOf(ledger, undo, taken).surplusMinor > 0n
  const credit = madeCredit ? await creditOf(system, ledger.clientExternalId, undo.currency) : undefined
  return { paid, out, ledger, known, credit }
}

/** A role that may not read credit stops nothing: the rest is done, and the credit is left to a person. */
async function creditOf(system: BillingSystem, clientId: string, currency: string): Promise<UndoFacts['credit']> {
  try {
    return await system.getCredit(clientId, currency)
  } catch (error) {
    if (error instanceof BillingError && error.code === 'permission_denied') return { denied: error.message }
    throw error
  }
}

interface Writing {
  verdict: Extract<UndoVerdict, { do: 'write' }>
  facts: UndoFacts
  system: BillingSystem
  instance: PayingInstance
}

async function write(deps: PaymentDeps, undo: UndoRow, writing: Writing): Promise<void> {
  const { verdict, instance } = writing
  const { step } = verdict
  const settleMs = settleTime(deps, instance, step === undo.step ? sendsOf(undo) : 0)
  if (!(await begin(deps, undo, verdict, settleMs(0)))) {
    deps.log.warn('payment not taken back: the lease is lost or too short', { payment_id: undo.id })
    return
  }
  deps.crash.at('undo_before_send')
  if (!(await mayStillSend(deps, undo))) {
    const words = 'The work took too long; it starts again.'
    return takeSendBack(deps, undo, { code: 'lease_too_short', words, delayMs: 0, failed: false })
  }
  const startedAt = performance.now()
  const sending = perform(undo, writing)
  await deps.crash.during('undo_mid_send', sending)
  const outcome = await sending
  const answerMs = Math.ceil(performance.now() - startedAt)
  deps.crash.at('undo_after_send')
  await keepOutcome(deps, undo, { step, outcome, settleMs: settleMs(answerMs) })
  if (answerMs > instance.slowestAnswerMs) {
    await deps.store.change(undo.tenantId, APPLY_ACTOR, (tx) => keepSlowestAnswer(tx, undo.instanceId, answerMs))
  }
}

/** Says which step begins, and before the money goes out, how the invoice stands. A step of its own has sends of its own. */
function begin(
  deps: PaymentDeps,
  undo: UndoRow,
  { step, before, taken }: { step: UndoStep; before: Before; taken: boolean },
  settleMs: number,
): Promise<boolean> {
  return beginSend(deps, undo, settleMs, (tx) =>
    tx.run(
      `update undos set sends_allowed = case when step is distinct from $3 then attempts - 1 + $4 else sends_allowed end, step = $3,
              surplus_minor = coalesce(surplus_minor, $5), total_minor = coalesce(total_minor, $6), owed_minor = coalesce(owed_minor, $7),
              taken_at = case when $8 then coalesce(taken_at, now()) else taken_at end
        where tenant_id = $1 and id = $2`,
      [
        tx.tenantUuid,
        uuidOf(undo.id),
        step,
        SENDS_MAX,
        String(before.surplusMinor),
        String(before.totalMinor),
        String(before.owedMinor),
        taken,
      ],
    ),
  )
}

/** The one write. Anything thrown counts as an answer that does not say. */
async function perform(undo: UndoRow, writing: Writing): Promise<SendOutcome> {
  try {
    return await writeStep(undo, writing)
  } catch (error) {
    return { outcome: 'unknown', sent: true, reason: error instanceof Error ? error.name : 'error' }
  }
}

function writeStep(undo: UndoRow, { verdict, facts, system, instance }: Writing): Promise<SendOutcome> {
  const { invoiceExternalId, amountMinor, currency, transid } = undo
  if (verdict.step === 'reopen') return system.reopenInvoice(invoiceExternalId)
  if (verdict.step === 'credit') {
    return system.removeCredit({
      clientExternalId: facts.ledger!.clientExternalId,
      amountMinor: verdict.before.surplusMinor,
      currency,
      description: `Payymo undo ${transid}`,
    })
  }
  return system.takeMoneyOut({
    invoiceExternalId,
    transid,
    amountMinor,
    currency,
    paymentMethod: gatewayOf(undo, facts) || instance.paymentMethod,
    description: `Payymo takes back ${undo.undoes}`,
  })
}

/** The money goes out the way it came in. */
const gatewayOf = (undo: UndoRow, facts: UndoFacts): string => {
  const paid: BilledPayment | undefined = rowsUnder(undo.undoes, facts.paid, facts.ledger)[0]
  return paid?.gateway ?? ''
}

async function keepOutcome(
  deps: PaymentDeps,
  undo: UndoRow,
  { step, outcome, settleMs }: { step: UndoStep; outcome: SendOutcome; settleMs: number },
): Promise<void> {
  if (outcome.outcome === 'applied') return writeAnswered(deps, undo, { step, settleMs })
  if (outcome.outcome === 'unknown' && outcome.sent) {
    const words = `WHMCS gave no clear answer (${outcome.reason}). Payymo looks before anything else.`
    const firstLookMs = deps.scaled(FIRST_LOOK_MS)
    await writeUnknown(deps, undo, { code: 'no_clear_answer', words, settleMs, firstLookMs })
    return
  }
  if (outcome.outcome === 'unknown') {
    const busy = outcome.reason === 'busy'
    return takeSendBack(deps, undo, {
      code: busy ? 'busy' : 'not_sent',
      words: `The payment could not be taken back (${outcome.reason}). Payymo tries again by itself.`,
      delayMs: busy ? soon(deps) : backOff(deps, undo),
      failed: !busy,
    })
  }
  const { code, message } = outcome
  if (ACCESS_CODES.has(code)) {
    return takeSendBack(deps, undo, { code, words: message, delayMs: backOff(deps, undo), failed: true })
  }
  await writeRefused(deps, undo, { step, code, words: message })
}

/** What WHMCS says of who is asking: it refused everything, and lets us in again once that is mended. A single action that no
 *  role allows is not among them: somebody has to allow it or to do it. */
const ACCESS_CODES: ReadonlySet<string> = new Set(['ip_not_allowed', 'ip_banned', 'bad_credentials'])

/** Nothing can be looked up there any more. */
async function closed(deps: PaymentDeps, undo: UndoRow): Promise<void> {
  if (!undo.settled) return postpone(deps, undo, { failed: false })
  const words = `The WHMCS installation is disconnected or no longer proven. Take the payment ${undo.undoes} on invoice ${undo.invoiceNumber} back in WHMCS, or connect it again and say retry.`
  const taken = undo.takenAt !== null
  await endUndo(deps, undo, { state: 'needs_person', code: 'instance_closed', remaining: [words], foreign: [], taken })
}

const intentOf = (undo: UndoRow): UndoIntent => ({ ...undo, sends: sendsOf(undo) })
