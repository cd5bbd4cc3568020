import { Book } from '../ledger/book.ts'
import { charge } from '../ledger/charges.ts'
import { DAY, HOUR } from '../ledger/days.ts'
import { makeDice } from '../ledger/dice.ts'
import { dispute } from '../ledger/disputes.ts'
import type { TermChanges } from '../ledger/merchant.ts'
import { openBook } from '../ledger/payout-schedule.ts'
import { refund } from '../ledger/refunds.ts'
import { type MerchantSpec, type Mode, SANDBOX_MERCHANT } from '../world/merchants.ts'
import { GATEWAYS } from './references.ts'
import { type BankLine, bankLinesOf } from './bank-lines.ts'
import { type LedgerTruth, truthOf } from './truth-of.ts'

/** An invoice that its client paid by card. */
export interface CardSale {
  invoiceId: number
  clientId: number
  name: string
  email: string
  amountMinor: bigint
  /** Days before today, above zero. */
  paidDaysAgo: number
}

/** A payment as the WHMCS gateway recorded it. */
export interface RecordedPayment {
  invoiceId: number
  amountMinor: bigint
  feeMinor: bigint
  transid: string
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  date: string
}

export interface CardMonth {
  /** For `merchants` of the simulator: the account with this month as its past. */
  merchant: MerchantSpec
  /** For WHMCS, gateway `stripe`; their invoices are paid. */
  recorded: RecordedPayment[]
  /** Paid in Stripe, unknown to WHMCS: their invoices are still open. */
  missing: CardSale[]
  /** Payouts, charges, and the lines of the bank statement until today. */
  truth: LedgerTruth
  /** Lines that the bank will show within the next two weeks. */
  coming: BankLine[]
}

export interface CardMonthOptions {
  /** YYYY-MM-DD. */
  today: string
  sales: CardSale[]
  terms?: TermChanges
  /** How many of the sales the gateway missed; 3 when absent. */
  missing?: number
  mode?: Mode
  /** As given to the simulator. */
  seed?: string
}

const WEEKLY = { interval: 'weekly', delayDays: 3, weeklyAnchor: 4, monthlyAnchor: 1 } as const
const NOON = 12 * HOUR

/** A month of card payments with weekly payouts on Thursdays, one refund and one dispute. Pure: the same options give the same ids, so
 *  what is written into WHMCS and onto the bank statement fits what the simulator shows. The simulator must be started with the
 *  same `seed`, and with a clock at or after noon of `today`. */
export function cardMonth(options: CardMonthOptions): CardMonth {
  const { today, mode = 'test', seed = 'sandbox' } = options
  const at = Date.parse(`${today}T00:00:00Z`) / 1000
  const terms: TermChanges = { ...options.terms, schedule: WEEKLY }
  const sales = options.sales.toSorted((one, other) => other.paidDaysAgo - one.paidDaysAgo)
  const missed = new Set(spread(sales, options.missing ?? 3).map((sale) => sale.invoiceId))
  const live = (book: Book): void => playMonth(book, at, sales, missed)
  const scratch = new Book({ account: SANDBOX_MERCHANT.id, livemode: mode === 'live', seed, terms })
  live(scratch)
  scratch.catchUp(at + NOON)
  const truth = truthOf(scratch)
  scratch.catchUp(at + 15 * DAY)
  return {
    merchant: { ...SANDBOX_MERCHANT, terms, history: { [mode]: live } },
    recorded: truth.charges.flatMap((one) => recordOf(scratch, one.id)),
    missing: sales.filter((sale) => missed.has(sale.invoiceId)),
    truth,
    coming: bankLinesOf(scratch).filter((line) => line.day > today),
  }
}

function playMonth(book: Book, today: number, sales: CardSale[], missed: Set<number>): void {
  const dice = makeDice(`card month ${book.account}`)
  const first = sales[0]?.paidDaysAgo ?? 1
  openBook(book, today - (first + 1) * DAY)
  const ways = ['whmcs_text', 'text_and_mail', 'three_d_secure', 'checkout'] as const
  for (const [n, sale] of sales.entries()) {
    const { name, email } = sale
    const invoice = String(sale.invoiceId)
    const words = { invoice, clientId: String(sale.clientId), name, email, company: book.terms.businessName }
    const { order, place, transid } = GATEWAYS[dice.pick(ways)]!(words)
    book.agenda.put(today - sale.paidDaysAgo * DAY + 8 * HOUR + dice.upTo(10 * HOUR), () => {
      const purpose = { invoice, place, recordedAs: null }
      const made = charge(book, {
        customer: { name, email },
        ...order,
        amount: sale.amountMinor,
        currency: 'eur',
        purpose,
      })
      if (!missed.has(sale.invoiceId)) {
        const recordedAs = transid === 'charge' ? made.id : made.payment_intent
        book.truth.purposes.set(made.id, { ...purpose, recordedAs })
      }
      const isOld = sale.paidDaysAgo > 9 && !missed.has(sale.invoiceId)
      if (isOld && n === 4) book.later(4 * DAY, () => void refund(book, { charge: made.id }))
      if (isOld && n === 7) book.later(6 * DAY, () => void dispute(book, { charge: made.id }))
    })
  }
}

/** So many of the list, evenly. */
const spread = (sales: CardSale[], count: number): CardSale[] =>
  Array.from(
    { length: Math.min(count, sales.length) },
    (_, n) => sales[Math.floor(((n + 0.5) * sales.length) / count)]!,
  )

function recordOf(book: Book, id: string): RecordedPayment[] {
  const purpose = book.truth.purposes.get(id)
  const made = book.charges.get(id)!
  if (purpose?.recordedAs == null || purpose.invoice === null) return []
  const row = book.transactions.get(made.balance_transaction!)!
  return [
    {
      invoiceId: Number(purpose.invoice),
      amountMinor: made.amount,
      feeMinor: row.fee,
      transid: purpose.recordedAs,
      date: new Date(made.created * 1000).toISOString().slice(0, 19).replace('T', ' '),
    },
  ]
}
