import type { BilledInvoice, BilledPayment } from '../billing-system.ts'
import { type Intent, judge } from '../payments/judge.ts'
import type { Ending } from '../payments/outcome.ts'
import { RECORDED, RECORDED_NEXT } from '../payments/recorded.ts'
import { invoiceFault, nextStep, type Refusal, sentence } from '../payments/refusal.ts'

/** What a module reported of one payment, read. */
export interface Reported {
  outcome: 'applied' | 'refused' | 'conflict' | 'unknown'
  /** In the words of WHMCS or of the module. */
  words: string
  code: string
  /** Undefined when they could not be read. */
  transactions: readonly BilledPayment[] | undefined
  /** Undefined when it was not sent, or could not be read. */
  invoice: { invoice: BilledInvoice; currency: string } | undefined
}

export type Judged = Ending | { state: 'unknown'; code: string; words: string }

/** What follows from a result. Rows under our id count more than words: exactly one, on our invoice, over our amount and in our
 *  currency is `applied` whatever the module calls it, anything else under our id goes before a person. Without such rows
 *  `applied` and `conflict` go before a person as well, `refused` is believed unless an earlier offer was never answered, and
 *  `unknown` stays so. Pure. */
export function judgeResult(intent: Intent, reported: Reported): Judged {
  const { outcome, transactions, invoice } = reported
  if (!transactions) {
    return { state: 'unknown', code: 'unreadable', words: 'The module showed transactions that cannot be read.' }
  }
  const otherCurrency = invoice && invoice.currency !== intent.currency
  const mine = [...transactions, ...(invoice?.invoice.payments ?? [])].filter((row) => row.transid === intent.transid)
  if (mine.length > 0) {
    const verdict = judge(
      { ...intent, settled: true },
      { payments: mine, recorded: [], invoice: undefined, known: new Set() },
    )
    if (verdict.do === 'accept' && !otherCurrency) return { state: 'applied', seen: verdict.externalId }
    if (verdict.do === 'accept') return quarantined('other_currency', inOtherCurrency(intent, invoice!.currency))
    if (verdict.do === 'quarantine') return { state: 'quarantined', ...verdict }
  }
  const said = reported.words.trim() === '' ? 'It gave no reason.' : reported.words.trim()
  const shown = transactions.map((row) => `${row.transid} (transaction ${row.externalId})`).join(', ') || 'nothing'
  switch (outcome) {
    case 'applied':
      return quarantined(
        'not_shown',
        `The module says that ${intent.transid} is booked on invoice ${intent.invoiceNumber}, and shows ${shown}.`,
      )
    case 'conflict':
      return quarantined(
        'conflict',
        `Wanted: ${intent.transid} on invoice ${intent.invoiceNumber}. The module found something else: ${said} It shows ${shown}.`,
      )
    case 'refused': {
      const code = /^[a-z0-9_]{1,60}$/.test(reported.code) ? reported.code : 'refused'
      if (intent.sends <= 1) return { state: 'refused', ...refusalOf(intent, { code, said, reported }) }
      // An earlier offer was never answered: before the money is given away again, a person looks.
      return quarantined(
        code,
        `WHMCS refuses the payment (${said}) after an earlier try without a clear answer. Look there for ${intent.transid} first.`,
      )
    }
    default:
      return {
        state: 'unknown',
        code: 'no_clear_answer',
        words: `The module could not tell what became of it. ${said}`,
      }
  }
}

/** By the invoice that came with the result, in the words used everywhere; else what WHMCS said, as it said it. */
function refusalOf(
  intent: Intent,
  { code, said, reported }: { code: string; said: string; reported: Reported },
): Refusal {
  if (code === RECORDED) return { code, words: `${sentence(said)} ${RECORDED_NEXT}` }
  const shown = reported.invoice
  const fault = shown && OF_THE_INVOICE.has(code) ? invoiceFault(intent, shown.invoice) : undefined
  return fault ?? { code, words: `WHMCS refuses the payment: ${sentence(said)} ${nextStep(code)}` }
}

/** Codes of the module that the invoice itself explains. */
const OF_THE_INVOICE: ReadonlySet<string> = new Set([
  'already_paid',
  'not_payable',
  'balance_too_small',
  'balance_grown',
])

const quarantined = (code: string, words: string): Ending => ({ state: 'quarantined', code, words, foreign: [] })

const inOtherCurrency = (intent: Intent, currency: string): string =>
  `${intent.transid} is booked, and WHMCS shows invoice ${intent.invoiceNumber} in ${currency} instead of ${intent.currency}.`
