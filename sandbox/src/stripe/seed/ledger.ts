import type { Book } from '../ledger/book.ts'
import { DAY, HOUR, midnight } from '../ledger/days.ts'
import { makeDice } from '../ledger/dice.ts'
import { openBook } from '../ledger/payout-schedule.ts'
import { planCalendar } from './calendar.ts'
import { makePayers } from './people.ts'
import { FOREIGN, sell, type Shop } from './sales.ts'
import { type LedgerTruth, truthOf } from './truth-of.ts'

export interface LedgerOptions {
  seed?: string
  days?: number
  /** How many invoices are paid or tried; those declined and paid again make more charges. */
  charges?: number
  /** Settlement currencies; the first is the account's own. */
  currencies?: string[]
  firstInvoice?: number
  /** How many of the payments the WHMCS gateway has recorded. */
  recordedShare?: number
  /** False: sales and automatic payouts only. */
  eventful?: boolean
  /** False: no events, for ledgers whose size alone matters. */
  events?: boolean
  /** How many of the days are still to come: they happen as the clock turns. None when absent. */
  daysAhead?: number
}

/** Gives an account a past of so many days that ends at `now` (Unix seconds), or `daysAhead` later: sales with all that becomes of
 *  them, daily payouts, a stretch of payouts by hand. The same options give the same ledger to the id. Returns the truth about it. */
export function seedLedger(book: Book, now: number, options: LedgerOptions = {}): LedgerTruth {
  const { seed = 'ledger', days = 90, charges = 10_000, currencies = ['eur', 'usd', 'jpy'] } = options
  const dice = makeDice(`${seed} ${book.account}`)
  const main = currencies[0]!
  book.terms = {
    ...book.terms,
    defaultCurrency: main,
    settlementCurrencies: [...currencies],
    rates: {
      ...Object.fromEntries(Object.entries(FOREIGN).map(([from, rate]) => [`${from}>${main}`, BigInt(rate)])),
      ...book.terms.rates,
    },
  }
  book.makesEvents = options.events !== false
  const start = midnight(now) - (days - (options.daysAhead ?? 0)) * DAY
  openBook(book, start)
  const shop: Shop = {
    book,
    dice,
    currencies,
    payers: makePayers(Math.max(5, Math.floor(charges / 5)), dice),
    nextInvoice: options.firstInvoice ?? 1000,
    recordedShare: options.recordedShare ?? 0.9,
  }
  for (let n = 0; n < charges; n++) book.agenda.put(start + dice.upTo(days * DAY - HOUR), () => sell(shop))
  if (options.eventful !== false) planCalendar(book, start, days, currencies)
  book.catchUp(now)
  return truthOf(book)
}
