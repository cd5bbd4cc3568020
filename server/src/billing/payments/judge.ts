import { formatAmount } from '../../base/money.ts'
import type { BilledInvoice, BilledPayment } from '../billing-system.ts'
import { isUnder, recordedFault } from './recorded.ts'
import { invoiceFault } from './refusal.ts'
import { isTransid } from './transid.ts'

/** What is to be booked, as far as judging needs it. */
export interface Intent {
  transid: string
  invoiceExternalId: string
  /** What people call the invoice. */
  invoiceNumber: string
  amountMinor: bigint
  /** How much of the amount is to become credit, the invoice being settled. */
  surplusMinor: bigint
  currency: string
  /** Sends since the payment was requested, or since a person said "send again". */
  sends: number
  /** Whether a send, if there was one, can no longer commit late. */
  settled: boolean
  overruledTransids: readonly string[]
  /** Ids by which a gateway may have recorded the same money; none for money of a bank. */
  alsoKnownAs: readonly string[]
}

/** After so many sends without a clear answer a person must look (reliability 4). */
export const SENDS_MAX = 5

/** What a fresh look-up found. */
export interface Found {
  /** Every payment under our id. */
  payments: readonly BilledPayment[]
  /** Undefined when the billing system has no such invoice. */
  invoice: BilledInvoice | undefined
  /** Which of the ids like ours on the invoice are payments that we keep a record of. */
  known: ReadonlySet<string>
  /** Payments under ids by which a gateway may have recorded the money, wherever they stand. */
  recorded: readonly BilledPayment[]
}

/** What follows. `refuse` and `quarantine` carry a stable code and words for a person. */
export type Verdict =
  | { do: 'send' }
  | { do: 'wait' }
  | { do: 'accept'; externalId: string }
  | { do: 'refuse'; code: string; words: string }
  | { do: 'quarantine'; code: string; words: string; foreign: string[] }

/** Judges a look-up that succeeded (reliability 3): it is there, it is not there, or a person must look. Only `send` leads to
 *  a send, and only when nothing stands under our id, nothing like it on the invoice is strange to us, no gateway has recorded the
 *  same money, the invoice takes the amount, and an earlier send has settled. Pure. */
export function judge(intent: Intent, found: Found): Verdict {
  const mine = paymentsUnder(intent.transid, found)
  if (mine.length > 0) return judgeMine(intent, mine)
  const { invoice } = found
  const foreign = foreignOn(intent, found)
  if (foreign.length > 0) return strange(intent, foreign)
  const recorded = recordedIn(intent, found)
  const fault = recorded.length > 0 ? recordedFault(intent, recorded) : invoiceFault(intent, invoice)
  // After a send, what became of it is unknown until it has settled, whatever the invoice looks like now.
  if (!intent.settled) return { do: 'wait' }
  if (fault) {
    // Something was sent once: the reason it is not there must be seen by a person before the money is given away again.
    return intent.sends === 0 ? { do: 'refuse', ...fault } : { do: 'quarantine', ...fault, foreign: [] }
  }
  if (intent.sends >= SENDS_MAX) {
    return {
      do: 'quarantine',
      code: 'no_answer',
      words: `Sent ${intent.sends} times without a clear answer, and WHMCS shows no payment ${intent.transid} on invoice ${intent.invoiceNumber}.`,
      foreign: [],
    }
  }
  return { do: 'send' }
}

/** All payments under the id, once each. The invoice is read after the look-up by id: a send that commits between the two
 *  shows only there. */
function paymentsUnder(transid: string, found: Found): BilledPayment[] {
  const all = [...found.payments, ...(found.invoice?.payments ?? [])]
  const mine = all.filter((payment) => payment.transid === transid)
  return [...new Map(mine.map((payment) => [payment.externalId, payment])).values()]
}

function judgeMine(intent: Intent, mine: BilledPayment[]): Verdict {
  if (mine.length === 1 && isSame(intent, mine[0]!)) return { do: 'accept', externalId: mine[0]!.externalId }
  const twice = mine.length > 1
  return {
    do: 'quarantine',
    code: twice ? 'booked_twice' : 'booked_otherwise',
    words: `Wanted: ${wanted(intent)}. WHMCS shows under this id: ${mine.map((row) => shown(row, intent.currency)).join('; ')}.`,
    foreign: [],
  }
}

/** Same invoice, same amount: the payment is ours and it is there. */
export const isSame = (intent: Pick<Intent, 'invoiceExternalId' | 'amountMinor'>, payment: BilledPayment): boolean =>
  payment.invoiceExternalId === intent.invoiceExternalId && payment.amountMinor === intent.amountMinor

/** What a gateway recorded of the money, each once. The invoice is read last: what was recorded meanwhile shows there. */
function recordedIn(intent: Intent, found: Found): BilledPayment[] {
  const all = [...found.recorded, ...(found.invoice?.payments ?? [])].filter((row) => isUnder(intent.alsoKnownAs, row))
  return [...new Map(all.map((row) => [row.externalId, row])).values()]
}

function foreignOn(intent: Intent, found: Found): BilledPayment[] {
  return (found.invoice?.payments ?? []).filter(
    (payment) =>
      isTransid(payment.transid) &&
      payment.amountMinor === intent.amountMinor &&
      !found.known.has(payment.transid) &&
      !intent.overruledTransids.includes(payment.transid),
  )
}

function strange(intent: Intent, foreign: BilledPayment[]): Verdict {
  return {
    do: 'quarantine',
    code: 'foreign_payment',
    words: `Wanted: ${wanted(intent)}. Invoice ${intent.invoiceNumber} already carries the same amount under an id like ours that we have no record of: ${foreign.map((row) => shown(row, intent.currency)).join('; ')}. It may be the same money.`,
    foreign: foreign.map((payment) => payment.transid),
  }
}

const wanted = (intent: Intent): string =>
  `${formatAmount(intent.amountMinor, intent.currency)} ${intent.currency} on invoice ${intent.invoiceNumber} as ${intent.transid}`

const shown = (payment: BilledPayment, currency: string): string =>
  `${formatAmount(payment.amountMinor, currency)} ${currency} on ${payment.invoiceExternalId === null ? 'no invoice' : `invoice id ${payment.invoiceExternalId}`}, ${payment.paidOn}, transaction ${payment.externalId}, ${payment.transid}`
