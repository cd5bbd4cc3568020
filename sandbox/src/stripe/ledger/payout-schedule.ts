import { balanceOf } from './balance.ts'
import type { Book } from './book.ts'
import { DAY, isWorkday, midnight, weekdayOf } from './days.ts'
import { runAutomatic } from './payout-run.ts'

/** Minutes after midnight UTC at which Stripe looks at the day's payouts. */
const RUN_AT = 300

/** Starts the book's time at `at`, Unix seconds. From here on automatic payouts come as the terms say. */
export function openBook(book: Book, at: number): Book {
  if (book.now !== 0) throw new Error(`${book.account} is open already`)
  book.now = at
  planDay(book, midnight(at) + RUN_AT > at ? midnight(at) + RUN_AT : midnight(at) + DAY + RUN_AT)
  return book
}

function planDay(book: Book, at: number): void {
  book.agenda.put(at, () => {
    planDay(book, at + DAY)
    const ripe = [...book.pools.values()].some((pool) =>
      pool.rows.some((row) => row.available_on > at - DAY && row.available_on <= at),
    )
    if (ripe) book.emit('balance.available', balanceOf(book, at))
    if (isDue(book, at)) {
      for (const { currency, sourceType } of book.pools.values()) runAutomatic(book, currency, sourceType)
    }
  })
}

function isDue(book: Book, at: number): boolean {
  const { interval, weeklyAnchor, monthlyAnchor } = book.terms.schedule
  switch (interval) {
    case 'daily':
      return isWorkday(at)
    case 'weekly':
      return weekdayOf(at) === weeklyAnchor
    case 'monthly': {
      const day = new Date(at * 1000)
      const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate()
      return day.getUTCDate() === Math.min(monthlyAnchor, last)
    }
    default:
      return false
  }
}
