import { formatAmount } from '../../base/money.ts'
import type { BilledInvoice, BilledStatus } from '../billing-system.ts'

/** Why an invoice takes no money, and what to do next. `code` is stable; `words` are for a person. */
export interface Refusal {
  code: string
  words: string
}

/** What is refused leaves its match `failed` and its money unspent: these two ways lead on from there. */
const AGAIN = 'then approve the match again'
const ELSEWHERE = 'choose another invoice for the money'
/** Of a line that stands in WHMCS already, by whatever hand (docs/decisions/0004). */
const RECOGNISED = 'Payymo recognises it once it has read the invoice again'

/** Statuses that take no payment, each with what a person can do about it. Source: reference, WHMCS 2.1 and 2.7. */
const CLOSED: Record<Exclude<BilledStatus, 'unpaid' | 'paid'>, string> = {
  draft: `is a Draft in WHMCS, which the client has not seen. Publish it there, ${AGAIN}; or ${ELSEWHERE}.`,
  cancelled: `is Cancelled in WHMCS, which takes no payment on it. Set it to Unpaid there if it is owed after all, ${AGAIN}; or ${ELSEWHERE}.`,
  refunded: `is Refunded in WHMCS: it was paid once and the money given back. If the client pays anew, make a new invoice there and choose it for the money; or ${ELSEWHERE}.`,
  collections: `is in Collections in WHMCS. Ask whoever collects whether the money is to be booked here; if so, set it to Unpaid there, ${AGAIN}.`,
  payment_pending: `is Payment Pending in WHMCS: a payment is under way there. See there whether that is this money. If not, set it to Unpaid there, ${AGAIN}; if it is, let WHMCS book it: ${RECOGNISED}.`,
}

/** Why an invoice of WHMCS with this status takes no money; undefined for the one status that does. Pure. */
export function closedFault(invoiceNumber: string, status: BilledStatus): Refusal | undefined {
  const name = `Invoice ${invoiceNumber}`
  if (status === 'unpaid') return undefined
  if (status !== 'paid') return { code: 'not_payable', words: `${name} ${CLOSED[status]}` }
  return {
    code: 'already_paid',
    words: `${name} is already Paid in WHMCS: a further payment would become credit of the client. Look there at what paid it. If that was this money, nothing is left to do: ${RECOGNISED}. If not, ${ELSEWHERE}.`,
  }
}

/** Why the invoice, as it was just read, does not take this payment; undefined when it does. A payment with a surplus must settle
 *  the invoice to the cent: of a balance that has moved since, the surplus would not be what people were told. Pure. */
export function invoiceFault(
  intent: { invoiceNumber: string; amountMinor: bigint; surplusMinor: bigint; currency: string },
  invoice: Pick<BilledInvoice, 'status' | 'balanceMinor'> | undefined,
): Refusal | undefined {
  const name = `Invoice ${intent.invoiceNumber}`
  if (!invoice) {
    return {
      code: 'invoice_missing',
      words: `WHMCS has no invoice ${intent.invoiceNumber} any more. It may have been merged into another or deleted. Look there for its successor and choose that for the money.`,
    }
  }
  const closed = closedFault(intent.invoiceNumber, invoice.status)
  if (closed) return closed
  const wantedMinor = intent.amountMinor - intent.surplusMinor
  const money = (minor: bigint): string => `${formatAmount(minor, intent.currency)} ${intent.currency}`
  if (invoice.balanceMinor < wantedMinor) {
    return {
      code: 'balance_too_small',
      words: `${name} has ${money(invoice.balanceMinor)} open in WHMCS, less than the ${money(wantedMinor)} that were to pay it: something else has paid a part, or a line was changed. Match the money anew with what is open now.`,
    }
  }
  if (intent.surplusMinor > 0n && invoice.balanceMinor > wantedMinor) {
    return {
      code: 'balance_grown',
      words: `${name} has ${money(invoice.balanceMinor)} open in WHMCS, more than the ${money(wantedMinor)} that were to settle it before ${money(intent.surplusMinor)} became credit of the client. Match the money anew with what is open now.`,
    }
  }
  return undefined
}

/** What to do after a refusal in the words of WHMCS or of its module, by the code that came with it. */
export function nextStep(code: string): string {
  return NEXT[code] ?? `Put right in WHMCS what it says, ${AGAIN}; or ${ELSEWHERE}.`
}

const NEXT: Record<string, string> = {
  currency_differs: 'Choose an invoice in the currency of the money, or book it in WHMCS by hand.',
  amount_not_representable: 'Book it in WHMCS by hand, rounded as your books want it.',
  fee_not_representable: `Switch settings.stripe_fees of the installation off, ${AGAIN}.`,
  not_understood: `Bring the Payymo module in WHMCS up to date, ${AGAIN}.`,
  invoice_missing: 'Look in WHMCS for its successor and choose that for the money.',
}

/** Words of others, ended as a sentence. */
export const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`)
