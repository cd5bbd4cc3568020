import { adjust } from '../ledger/adjustments.ts'
import { balanceOf } from '../ledger/balance.ts'
import type { Book } from '../ledger/book.ts'
import { DAY, HOUR, midnight } from '../ledger/days.ts'
import { failPayout } from '../ledger/payout-life.ts'
import { runManual } from '../ledger/payout-run.ts'

/** What happens to the account itself in those days: reserves, fees and tax, a minimum balance, failed payouts, a stretch of payouts
 *  by hand, sub-balances paid out apart, a balance below zero. At noon, so that it meets no run of payouts. */
export function planCalendar(book: Book, start: number, days: number, currencies: readonly string[]): void {
  const main = currencies[0]!
  const on = (share: number, act: () => void, hours = 12): void =>
    book.agenda.put(midnight(start + share * days * DAY) + hours * HOUR, act)

  for (let day = midnight(start); day < start + days * DAY; day += DAY) {
    if (new Date(day * 1000).getUTCDate() === 1) book.agenda.put(day + 3 * HOUR, () => payForStripe(book, main))
  }
  on(0.15, () => adjust(book, { kind: 'reserve', amount: 30_000n, currency: main }))
  on(0.4, () => adjust(book, { kind: 'reserve_release', amount: 30_000n, currency: main }))
  on(0.22, () => setMinimum(book, { [main]: 50_000n }))
  on(0.3, () => setMinimum(book, { [main]: 20_000n }))
  on(0.66, () => setMinimum(book, {}))
  on(0.34, () => failNewest(book, main, ['pending', 'in_transit'], 'nothing'), 9)
  on(0.42, () => failNewest(book, main, ['paid'], 'and_back'))
  planByHand(book, on, days, currencies)
  on(0.62, () => {
    book.terms = { ...book.terms, splitsBySource: true }
  })
  const strange = { kind: 'adjustment', currency: main } as const
  on(0.7, () => adjust(book, { ...strange, amount: 4_711n, type: 'obligation_outbound' }))
  on(0.75, () => adjust(book, { ...strange, amount: 815n, type: 'loyalty_credit', category: 'loyalty' }))
  on(0.8, () => overdraw(book, currencies.at(-1)!))
}

function payForStripe(book: Book, currency: string): void {
  adjust(book, { kind: 'fee', amount: 2_014n, currency })
  adjust(book, { kind: 'tax', amount: 383n, currency })
}

function setMinimum(book: Book, minimumBalanceMinor: Record<string, bigint>): void {
  book.terms = { ...book.terms, minimumBalanceMinor }
}

function failNewest(book: Book, currency: string, statuses: string[], bank: 'nothing' | 'and_back'): void {
  const found = book.payouts.rows.findLast(
    (one) => one.currency === currency && one.amount > 0n && statuses.includes(one.status),
  )
  if (found !== undefined) failPayout(book, found.id, { bank, code: 'account_frozen', correctedAfterDays: 2 })
}

/** The merchant pays out by hand: sweeps, an amount of whole rows, at once, and an amount that nobody can take apart. */
function planByHand(
  book: Book,
  on: (share: number, act: () => void, hours?: number) => void,
  days: number,
  currencies: readonly string[],
): void {
  const main = currencies[0]!
  const day = 1 / days
  const setInterval = (interval: 'manual' | 'daily') => () => {
    book.terms = { ...book.terms, schedule: { ...book.terms.schedule, interval } }
  }
  const sweepAll = () => {
    for (const { currency, amount } of balanceOf(book, book.now).available)
      if (amount > 0n) runManual(book, { currency })
  }
  on(0.46, setInterval('manual'))
  on(0.46 + 2 * day, sweepAll)
  on(0.46 + 4 * day, sweepAll, 14)
  on(0.46 + 5 * day, () => {
    const amount = oldestWorth(book, main)
    if (amount > 0n) runManual(book, { currency: main, amount })
  })
  on(0.46 + 6 * day, () => {
    if (availableIn(book, main) > 20_000n) runManual(book, { currency: main, amount: 12_345n, method: 'instant' })
  })
  on(0.46 + 8 * day, sweepAll)
  on(0.46 + 9 * day, setInterval('daily'))
}

const availableIn = (book: Book, currency: string): bigint =>
  balanceOf(book, book.now).available.find((part) => part.currency === currency)?.amount ?? 0n

/** What the ten oldest available rows are worth; 0 where that is more than the balance, since the rest went back meanwhile. */
function oldestWorth(book: Book, currency: string): bigint {
  const rows = book.pools.get(`${currency} card`)?.rows.filter((row) => row.available_on <= book.now) ?? []
  const worth = rows.slice(0, 10).reduce((sum, row) => sum + row.net, 0n)
  return worth <= availableIn(book, currency) ? worth : 0n
}

/** Takes more than there is, so that the next payout is a debit. */
function overdraw(book: Book, currency: string): void {
  const { available, pending } = balanceOf(book, book.now)
  const all = [...available, ...pending].filter((part) => part.currency === currency)
  const amount = all.reduce((sum, part) => sum + part.amount, 0n)
  adjust(book, { kind: 'adjustment', amount: -(amount > 0n ? amount : 0n) - 5_000n, currency })
}
