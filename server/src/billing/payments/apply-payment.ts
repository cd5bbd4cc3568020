import type { BilledInvoice, BillingSystem, SendOutcome } from '../billing-system.ts'
import { FIRST_LOOK_MS, type PaymentDeps } from './deps.ts'
import { withFees } from './fees.ts'
import { type Found, type Intent, judge } from './judge.ts'
import { APPLY_ACTOR, beginSend, mayStillSend, postpone, takeSendBack, writeEnding, writeUnknown } from './outcome.ts'
import { backOff, lookUpFailed, rest, sendsOf, settleTime, soon } from './pace.ts'
import {
  feesToWrite,
  getPayingInstance,
  installationOf,
  keepSlowestAnswer,
  listKnownTransids,
  type PayingInstance,
  type PaymentRow,
} from './queries.ts'
import { readBack, tellMirror } from './read-back.ts'
import { findRecorded, tellRecorded } from './find-recorded.ts'
import { RECORDED } from './recorded.ts'
import { nextStep, sentence } from './refusal.ts'
import { isTransid } from './transid.ts'
import { restUnproven } from './wait-for-proof.ts'

/** Brings a leased payment one step further, so that WHMCS ends with exactly one payment for it (reliability A and J).
 *
 *  A payment is `pending` until a send begins, `sending` from just before the first byte until its outcome is written,
 *  `unknown` when the answer did not say or the worker died, and ends as `applied`, `refused` or `quarantined`. Each visit
 *  looks up first, by our id, by ids under which a gateway may have recorded the same money, and on the invoice. Only a look-up that succeeded, found nothing, and came after the last send
 *  settled leads to a send; what it found decides everything else (`judge`). A failed look-up, an open breaker or a full
 *  bulkhead only postpone. While the installation is not proven it is looked into and nothing is sent. Network calls happen between the changes, never inside one, and every change holds only while the
 *  lease does.
 *
 *  Never throws for what WHMCS does. When the database fails in between it throws, the lease runs out, and another visit
 *  takes over from what was committed. */
export async function applyPayment(deps: PaymentDeps, payment: PaymentRow): Promise<void> {
  deps.crash.at('after_lease')
  const instance = await deps.store.read(payment.tenantId, (tx) => getPayingInstance(tx, installationOf(payment)))
  if (instance.status === 'disconnected') return closed(deps, payment)
  if (!instance.verified && sendsOf(payment) === 0) return restUnproven(deps, payment, installationOf(payment))
  // What the module may have booked only the module can say, which is asked nothing before the proof is there.
  if (!instance.verified && instance.mode === 'module') return closed(deps, payment)
  let system: BillingSystem
  let found: Found
  try {
    system = await deps.openBilling(payment.tenantId, installationOf(payment))
    found = await lookUp(deps, payment, system)
  } catch (error) {
    return lookUpFailed(deps, payment, error)
  }
  deps.crash.at('after_lookup')

  const verdict = judge(intentOf(payment), found)
  switch (verdict.do) {
    case 'accept':
      await writeEnding(deps, payment, { state: 'applied', seen: verdict.externalId })
      break
    case 'refuse':
      await writeEnding(deps, payment, { state: 'refused', code: verdict.code, words: verdict.words })
      break
    case 'quarantine':
      await writeEnding(deps, payment, { state: 'quarantined', ...verdict })
      break
    case 'wait':
      await postpone(deps, payment, { failed: false })
      break
    case 'send':
      if (!instance.verified) await restUnproven(deps, payment, installationOf(payment))
      else if (instance.tenantActive) await send(deps, await withFees(deps, payment), { system, instance })
      else await rest(deps, payment)
  }
  if (found.invoice && (verdict.do === 'accept' || verdict.do === 'refuse')) {
    await tellMirror(deps, payment, found.invoice)
  }
  if (verdict.do === 'refuse' && verdict.code === RECORDED) await tellRecorded(deps, payment, { system, found })
}

/** Step 3: everything under our id and under the gateway's, the invoice as it stands, and which ids like ours on it we know. */
async function lookUp(deps: PaymentDeps, payment: PaymentRow, system: BillingSystem): Promise<Found> {
  const payments = await system.findPayments(payment.transid, payment.currency)
  const recorded = payments.length === 0 ? await findRecorded(deps, payment, system) : []
  // The invoice last: what was booked between the look-ups shows on it.
  const invoice = await system.getInvoice(payment.invoiceExternalId, payment.currency)
  const transids = (invoice?.payments ?? []).map((row) => row.transid).filter(isTransid)
  const known = await deps.store.read(payment.tenantId, (tx) =>
    listKnownTransids(tx, installationOf(payment), transids),
  )
  return { payments, recorded, invoice, known }
}

/** Steps 4 to 7. */
async function send(
  deps: PaymentDeps,
  payment: PaymentRow,
  { system, instance }: { system: BillingSystem; instance: PayingInstance },
): Promise<void> {
  const settleMs = settleTime(deps, instance, sendsOf(payment))
  if (!(await beginSend(deps, payment, settleMs(0)))) {
    deps.log.warn('payment not sent: the lease is lost or too short', { payment_id: payment.id })
    return
  }
  deps.crash.at('before_send')
  if (!(await mayStillSend(deps, payment))) {
    const words = 'The work took too long; it starts again.'
    return takeSendBack(deps, payment, { code: 'lease_too_short', words, delayMs: 0, failed: false })
  }
  const startedAt = performance.now()
  const sending = book(system, payment, instance)
  await deps.crash.during('mid_send', sending)
  const outcome = await sending
  const answerMs = Math.ceil(performance.now() - startedAt)
  deps.crash.at('after_send')

  const unknown = (code: string, words: string) =>
    writeUnknown(deps, payment, { code, words, settleMs: settleMs(answerMs), firstLookMs: deps.scaled(FIRST_LOOK_MS) })
  if (outcome.outcome === 'unknown' && !outcome.sent) {
    const busy = outcome.reason === 'busy'
    await takeSendBack(deps, payment, {
      code: busy ? 'busy' : 'not_sent',
      words: `The payment could not be sent (${outcome.reason}). Payymo tries again by itself.`,
      delayMs: busy ? soon(deps) : backOff(deps, payment),
      failed: !busy,
    })
  } else if (outcome.outcome === 'unknown') {
    await unknown(
      'no_clear_answer',
      `WHMCS gave no clear answer (${outcome.reason}). Payymo looks before anything else.`,
    )
  } else if (outcome.outcome === 'refused' && ACCESS_CODES.has(outcome.code)) {
    await takeSendBack(deps, payment, {
      code: outcome.code,
      words: outcome.message,
      delayMs: backOff(deps, payment),
      failed: true,
    })
  } else if (outcome.outcome === 'refused') {
    await refused(deps, payment, { system, outcome, unknown })
  } else if (await writeEnding(deps, payment, { state: 'applied', seen: undefined })) {
    await readBack(deps, payment, system)
    deps.crash.at('after_readback')
  }
  // Kept with the installation, so that every process waits as long.
  if (answerMs > instance.slowestAnswerMs) {
    await deps.store.change(payment.tenantId, APPLY_ACTOR, (tx) =>
      keepSlowestAnswer(tx, installationOf(payment), answerMs),
    )
  }
}

/** A named error is believed once a look-up shows that nothing stands under our id. */
async function refused(
  deps: PaymentDeps,
  payment: PaymentRow,
  more: {
    system: BillingSystem
    outcome: Extract<SendOutcome, { outcome: 'refused' }>
    unknown: (code: string, words: string) => Promise<boolean>
  },
): Promise<void> {
  const { system, outcome, unknown } = more
  let invoice: BilledInvoice | undefined
  let payments: Found['payments']
  try {
    payments = await system.findPayments(payment.transid, payment.currency)
    invoice = await system.getInvoice(payment.invoiceExternalId, payment.currency)
  } catch {
    await unknown(outcome.code, `${outcome.message} Payymo looks whether it was booked all the same.`)
    return
  }
  // Of the verdict only what stands under our id counts here; the rest WHMCS has just said itself.
  const found = { payments, recorded: [], invoice, known: new Set(invoice?.payments.map((row) => row.transid)) }
  const verdict = judge({ ...intentOf(payment), settled: true }, found)
  if (verdict.do === 'accept') {
    await writeEnding(deps, payment, { state: 'applied', seen: verdict.externalId })
  } else if (verdict.do === 'quarantine' && verdict.code.startsWith('booked_')) {
    await writeEnding(deps, payment, { state: 'quarantined', ...verdict })
  } else if (sendsOf(payment) > 0) {
    // An earlier send had no clear answer: before the money is given away again, a person looks.
    const words = `WHMCS refuses the payment (${outcome.message}) after an earlier try without a clear answer. Look there for ${payment.transid} first.`
    await writeEnding(deps, payment, { state: 'quarantined', code: outcome.code, words, foreign: [] })
  } else {
    const words = `WHMCS refuses the payment: ${sentence(outcome.message)} ${nextStep(outcome.code)}`
    await writeEnding(deps, payment, { state: 'refused', code: outcome.code, words })
  }
}

/** The installation can be asked nothing any more. What was never sent is refused; what was waits for a person. */
async function closed(deps: PaymentDeps, payment: PaymentRow): Promise<void> {
  const code = 'instance_closed'
  const words =
    'The WHMCS installation is disconnected or no longer proven, so nothing can be looked up or booked there.'
  if (!payment.settled) return postpone(deps, payment, { failed: false })
  if (sendsOf(payment) === 0)
    await writeEnding(deps, payment, {
      state: 'refused',
      code,
      words: `${words} Connect or prove it again, then approve the match again.`,
    })
  else {
    const look = `${words} It may be booked already: look in WHMCS for ${payment.transid}.`
    await writeEnding(deps, payment, { state: 'quarantined', code, words: look, foreign: [] })
  }
}

/** The one send. Anything thrown counts as an answer that does not say. */
async function book(system: BillingSystem, payment: PaymentRow, instance: PayingInstance): Promise<SendOutcome> {
  try {
    return await system.addPayment({
      invoiceExternalId: payment.invoiceExternalId,
      transid: payment.transid,
      amountMinor: payment.amountMinor,
      currency: payment.currency,
      paidOn: payment.paidOn,
      paymentMethod: instance.paymentMethod,
      feesMinor: feesToWrite(payment, instance.settings),
      confirmationEmail: instance.settings.confirmationEmail,
    })
  } catch (error) {
    return { outcome: 'unknown', sent: true, reason: error instanceof Error ? error.name : 'error' }
  }
}

const intentOf = (payment: PaymentRow): Intent => ({ ...payment, sends: sendsOf(payment) })

/** What WHMCS says about who is asking, not about the payment: nothing was done, and it goes through once that is mended. */
const ACCESS_CODES: ReadonlySet<string> = new Set([
  'ip_not_allowed',
  'ip_banned',
  'permission_denied',
  'bad_credentials',
])
