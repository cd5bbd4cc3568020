import { formatAmount } from '../../../base/money.ts'
import type { BilledLedger, BilledPayment, ClientCredit, LedgerRow } from '../../billing-system.ts'
import { SENDS_MAX } from '../judge.ts'
import type { UndoRow, UndoStep } from './queries.ts'

/** What is to be taken back, as far as judging needs it. `sends`: of the step that was last under way. */
export type UndoIntent = Pick<
  UndoRow,
  | 'transid'
  | 'undoes'
  | 'declared'
  | 'invoiceExternalId'
  | 'invoiceNumber'
  | 'amountMinor'
  | 'currency'
  | 'step'
  | 'settled'
  | 'answered'
  | 'refusals'
  | 'surplusMinor'
  | 'totalMinor'
  | 'owedMinor'
> & { sends: number; overruledIds: readonly string[] }

/** What a fresh look-up found. */
export interface UndoFacts {
  /** Every row under the payment's id, and every one under the id of the money going out. */
  paid: readonly BilledPayment[]
  out: readonly BilledPayment[]
  /** Undefined when the billing system has no such invoice. */
  ledger: BilledLedger | undefined
  /** Which ids of money out on the invoice are other takings back of ours. */
  known: ReadonlySet<string>
  /** Read only where the payment made credit; words where nobody may read it. */
  credit: ClientCredit | { denied: string } | undefined
}

/** What follows. `person`: Payymo does nothing more; `remaining` says in words what is to be done. `taken`: the money is out. */
export type UndoVerdict =
  | { do: 'wait' }
  | { do: 'write'; step: UndoStep; before: Before; taken: boolean }
  | { do: 'done'; externalId: string }
  | { do: 'person'; code: string; remaining: string[]; foreign: string[]; taken: boolean }

/** How the invoice stands before the money goes out. */
export interface Before {
  surplusMinor: bigint
  totalMinor: bigint
  owedMinor: bigint
}

/** Judges a look-up that succeeded: what is the next thing to write, is everything written, or must a person look. Each step is
 *  written only when the look-up shows that it is not there, and an earlier try of it has settled. Money goes out only where
 *  exactly our payment stands and nobody has given it back already. Pure. */
export function judgeUndo(intent: UndoIntent, facts: UndoFacts): UndoVerdict {
  const out = rowsUnder(intent.transid, facts.out, facts.ledger)
  if (out.length > 1 || (out.length === 1 && !isTakenBack(intent, out[0]!))) {
    const shown = out.map((row) => describe(row, intent.currency)).join('; ')
    return person(
      'booked_otherwise',
      [
        `Payymo wanted to take ${money(intent)} off invoice ${intent.invoiceNumber} once, as ${intent.transid}. WHMCS shows under this id: ${shown}. Put it right in WHMCS.`,
      ],
      out.length > 0,
    )
  }
  return out.length === 0 ? beforeMoney(intent, facts) : afterMoney(intent, facts, out[0]!)
}

function beforeMoney(intent: UndoIntent, facts: UndoFacts): UndoVerdict {
  if (!intent.settled) return { do: 'wait' }
  const conflict = conflictOf(intent, facts)
  if (conflict) return conflict
  const { ledger } = facts
  const refused = intent.refusals.money
  const byHand = `Take ${money(intent)} off invoice ${intent.invoiceNumber} in WHMCS (Add Transaction with amount out, or a refund)`
  if (refused !== undefined) return person('refused', [`${byHand}: WHMCS refused it (${refused}).`])
  if (intent.step === 'money' && intent.answered === 'money') {
    return person('not_shown', [
      `WHMCS said that it took ${money(intent)} off invoice ${intent.invoiceNumber}, and does not show it as ${intent.transid}. Look in WHMCS what became of it.`,
    ])
  }
  if (intent.step === 'money' && intent.sends >= SENDS_MAX) {
    return person('no_answer', [
      `${byHand}: WHMCS gave no clear answer ${intent.sends} times, and shows nothing as ${intent.transid}.`,
    ])
  }
  return { do: 'write', step: 'money', before: beforeOf(ledger!, intent), taken: false }
}

/** Why the money must not go out by our hand. */
function conflictOf(intent: UndoIntent, facts: UndoFacts): UndoVerdict | undefined {
  const { ledger } = facts
  const name = `invoice ${intent.invoiceNumber}`
  if (intent.declared) {
    return person('declared_by_person', [
      `A person declared the payment of ${money(intent)} on ${name} to be there, so Payymo does not know which one it is. Take it back in WHMCS.`,
    ])
  }
  if (!ledger) {
    return person('invoice_missing', [
      `WHMCS has no ${name} any more. It may have been merged: look where its payment went.`,
    ])
  }
  const paid = rowsUnder(intent.undoes, facts.paid, ledger)
  if (paid.length === 0) {
    return person('payment_gone', [
      `WHMCS no longer shows the payment ${intent.undoes} of ${money(intent)} on ${name}, so there is nothing to take back. If somebody removed or refunded it, say that it is taken back.`,
    ])
  }
  if (paid.length > 1 || !isPaid(intent, paid[0]!)) {
    const shown = paid.map((row) => describe(row, intent.currency)).join('; ')
    return person('paid_otherwise', [
      `Payymo booked ${money(intent)} on ${name} as ${intent.undoes}. WHMCS shows under this id: ${shown}. Put it right in WHMCS.`,
    ])
  }
  const foreign = foreignOut(intent, ledger, facts.known, paid[0]!)
  if (foreign.length > 0) {
    return person(
      'returned_already',
      [
        `WHMCS shows money out of ${name} that Payymo did not send: ${foreign.map((row) => describe(row, intent.currency)).join('; ')}. If that is this payment given back, say that it is taken back; if not, say retry.`,
      ],
      false,
      foreign.map((row) => row.externalId),
    )
  }
  const { status } = ledger.invoice
  if (status !== 'paid' && status !== 'unpaid' && status !== 'payment_pending') {
    return person('invoice_closed', [
      `${capital(name)} is ${status.replaceAll('_', ' ')} in WHMCS. Settle there what is to become of the ${money(intent)} on it.`,
    ])
  }
  if (ledger.invoice.collects.length > 0) {
    return person('mass_payment', [
      `${capital(name)} collects other invoices, and WHMCS settled those from it. Take the ${money(intent)} back in WHMCS, there and on each invoice that it settled.`,
    ])
  }
  if (ledger.addsFunds) {
    return person('adds_funds', [
      `${capital(name)} bought credit, and WHMCS gave it to the client when it was paid. Take the ${money(intent)} and the credit back in WHMCS.`,
    ])
  }
  return undefined
}

/** Money out on the invoice since our payment that is none of ours, unless it plainly gives back another row. */
function foreignOut(
  intent: UndoIntent,
  ledger: BilledLedger,
  known: ReadonlySet<string>,
  paid: BilledPayment,
): LedgerRow[] {
  const at = ledger.rows.findIndex((row) => row.externalId === paid.externalId)
  return ledger.rows
    .slice(at + 1)
    .filter(
      (row) =>
        row.amountMinor < 0n &&
        !known.has(row.transid) &&
        !intent.overruledIds.includes(row.externalId) &&
        (row.refunds === null || row.refunds === paid.externalId),
    )
}

function afterMoney(intent: UndoIntent, facts: UndoFacts, out: BilledPayment): UndoVerdict {
  const { ledger } = facts
  const name = `invoice ${intent.invoiceNumber}`
  if (!ledger) return person('invoice_missing', [`WHMCS has no ${name} any more. Look where it went.`], true)
  const before = beforeOf(ledger, intent, out)
  const remaining: string[] = []
  const { invoice } = ledger

  if (invoice.status === 'paid' && invoice.balanceMinor > 0n) {
    const words = `Set ${name} back to Unpaid in WHMCS: ${formatAmount(invoice.balanceMinor, intent.currency)} ${intent.currency} are owed on it again`
    const verdict = nextOf(intent, 'reopen', words)
    if (verdict === 'write') return { do: 'write', step: 'reopen', before, taken: true }
    if (verdict === 'wait') return { do: 'wait' }
    remaining.push(verdict)
  }
  if (before.surplusMinor > 0n) {
    const credit = creditVerdict(intent, facts.credit, before.surplusMinor)
    if (credit === 'write') return { do: 'write', step: 'credit', before, taken: true }
    if (credit === 'wait') return { do: 'wait' }
    if (credit !== undefined) remaining.push(credit)
  }
  remaining.push(...imbalances(intent, facts, before))
  if (remaining.length > 0) return person('incomplete', remaining, true)
  return { do: 'done', externalId: out.externalId }
}

/** What the invoice and its rows should say at the end, and do not. */
function imbalances(intent: UndoIntent, facts: UndoFacts, now: Before): string[] {
  const name = `invoice ${intent.invoiceNumber}`
  const paid = rowsUnder(intent.undoes, facts.paid, facts.ledger)
  if (paid.length !== 1 || !isPaid(intent, paid[0]!)) {
    const shown = paid.length === 0 ? 'nothing' : paid.map((row) => describe(row, intent.currency)).join('; ')
    return [
      `The ${money(intent)} were taken off ${name} as ${intent.transid}, and under ${intent.undoes}, the payment itself, WHMCS shows ${shown}. Put it right in WHMCS.`,
    ]
  }
  const { totalMinor, owedMinor } = intent
  if (totalMinor === now.totalMinor && owedMinor !== null && owedMinor !== now.owedMinor) {
    return [`The balance of ${name} is not what it was before the payment. Look at it in WHMCS.`]
  }
  return []
}

/** Whether a step that is not there yet may be written, must be waited for, or remains for a person. */
function nextOf(intent: UndoIntent, step: UndoStep, words: string): 'write' | 'wait' | (string & {}) {
  const refused = intent.refusals[step]
  if (refused !== undefined) return `${words}. WHMCS refused it: ${refused}`
  if (intent.step !== step) return 'write'
  if (!intent.settled) return 'wait'
  if (intent.answered === step) return `${words}. WHMCS said that it did, and does not show it.`
  return intent.sends >= SENDS_MAX ? `${words}. WHMCS gave no clear answer ${intent.sends} times.` : 'write'
}

/** Undefined when the credit is taken back. Payymo takes only credit that WHMCS shows to have come from this invoice, and only
 *  where the client still has it. */
function creditVerdict(
  intent: UndoIntent,
  credit: UndoFacts['credit'],
  surplusMinor: bigint,
): 'write' | 'wait' | (string & {}) | undefined {
  const surplus = `${formatAmount(surplusMinor, intent.currency)} ${intent.currency}`
  const words = `Take ${surplus} of credit from the client in WHMCS: so much of the payment on invoice ${intent.invoiceNumber} was more than was owed`
  if (credit === undefined || 'denied' in credit) {
    return `${words}. Payymo may not read the credit: ${credit?.denied ?? 'it was not read.'}`
  }
  const removed = credit.movements.filter((row) => row.description.includes(intent.transid))
  if (removed.length === 1 && removed[0]!.amountMinor === -surplusMinor) return undefined
  if (removed.length > 0) return `${words}. WHMCS shows under ${intent.transid} another amount: put it right there.`
  const next = nextOf(intent, 'credit', words)
  if (next !== 'write') return next
  const given = credit.movements
    .filter((row) => row.amountMinor > 0n && row.invoiceExternalId === intent.invoiceExternalId)
    .reduce((sum, row) => sum + row.amountMinor, 0n)
  if (given < surplusMinor) {
    return `${words}. WHMCS shows no credit of that amount that came from this invoice, so Payymo leaves it to you.`
  }
  if (credit.balanceMinor < surplusMinor) {
    return `The client has used credit that came from the payment on invoice ${intent.invoiceNumber}: of ${surplus}, ${formatAmount(credit.balanceMinor > 0n ? credit.balanceMinor : 0n, intent.currency)} ${intent.currency} are left. Settle the difference with the client.`
  }
  return 'write'
}

/** How the invoice stood before the money went out: remembered, or read off the rows since. What was more
 *  than was owed had become credit; without our payment so much less would have. */
export function beforeOf(
  ledger: BilledLedger,
  intent: Pick<UndoIntent, 'amountMinor' | 'surplusMinor'>,
  out?: BilledPayment,
): Before {
  const net = (rows: readonly LedgerRow[]): bigint => rows.reduce((sum, row) => sum + row.amountMinor, 0n)
  const { balanceMinor, totalMinor } = ledger.invoice
  const owedMinor = balanceMinor + net(ledger.rows)
  if (intent.surplusMinor !== null) return { surplusMinor: intent.surplusMinor, totalMinor, owedMinor }
  const at = out ? ledger.rows.findIndex((row) => row.externalId === out.externalId) : -1
  const later = at < 0 ? [] : ledger.rows.slice(at)
  const overMinor = -(balanceMinor + net(later))
  const surplusMinor = overMinor <= 0n ? 0n : overMinor < intent.amountMinor ? overMinor : intent.amountMinor
  return { surplusMinor, totalMinor, owedMinor }
}

/** All rows under the id, once each: the invoice is read after the look-up by id and may show one more. */
export function rowsUnder(
  transid: string,
  found: readonly BilledPayment[],
  ledger: BilledLedger | undefined,
): BilledPayment[] {
  const rows = [...found, ...(ledger?.rows ?? [])].filter((row) => row.transid === transid)
  return [...new Map(rows.map((row) => [row.externalId, row])).values()]
}

const isTakenBack = (intent: UndoIntent, row: BilledPayment): boolean =>
  row.invoiceExternalId === intent.invoiceExternalId && row.amountMinor === -intent.amountMinor

const isPaid = (intent: UndoIntent, row: BilledPayment): boolean =>
  row.invoiceExternalId === intent.invoiceExternalId && row.amountMinor === intent.amountMinor

const person = (code: string, remaining: string[], taken = false, foreign: string[] = []): UndoVerdict => ({
  do: 'person',
  code,
  remaining,
  foreign,
  taken,
})

const money = (intent: UndoIntent): string => `${formatAmount(intent.amountMinor, intent.currency)} ${intent.currency}`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const describe = (row: BilledPayment, currency: string): string =>
  `${formatAmount(row.amountMinor, currency)} ${currency} on ${row.invoiceExternalId === null ? 'no invoice' : `invoice id ${row.invoiceExternalId}`}, ${row.paidOn}, transaction ${row.externalId}${row.transid === '' ? '' : `, ${row.transid}`}`
