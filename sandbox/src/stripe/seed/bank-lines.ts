import type { Book } from '../ledger/book.ts'
import { afterWorkdays, DAY, isoDay } from '../ledger/days.ts'
import { makeDice } from '../ledger/dice.ts'
import type { Payout } from '../ledger/objects.ts'
import { traceOf } from '../ledger/payout-make.ts'

/** A line of the merchant's bank statement that a payout made. */
export interface BankLine {
  key: string
  payout: string
  /** The bank takes a credit back that it had shown. */
  isReturn: boolean
  /** Booking day, YYYY-MM-DD. */
  day: string
  /** Money out is below zero. */
  amountMinor: bigint
  currency: string
  name: string
  text: string
  /** The trace id stands in the text. */
  hasTrace: boolean
}

/** What the bank has shown of the payouts by the book's time. */
export function bankLinesOf(book: Book): BankLine[] {
  return book.payouts.rows
    .flatMap((payout) => linesOf(book, payout))
    .filter((line) => line.day <= isoDay(book.now))
    .toSorted((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0))
}

function linesOf(book: Book, payout: Payout): BankLine[] {
  const note = book.truth.payouts.get(payout.id)!
  if (note.bank === 'nothing' || payout.status === 'pending') return []
  const dice = makeDice(`bank line ${payout.id}`)
  const day = afterWorkdays(payout.arrival_date, dice.chance(0.7) ? 0 : 1)
  const hasTrace = payout.trace_id.status !== 'unsupported' && dice.chance(0.6)
  const { name, text } = wording(payout, hasTrace ? traceOf(payout.id) : null, dice.letters(7).toUpperCase())
  const line: BankLine = {
    key: `bank-${payout.id}`,
    payout: payout.id,
    isReturn: false,
    day: isoDay(day),
    amountMinor: payout.amount,
    currency: payout.currency,
    name,
    text,
    hasTrace,
  }
  if (note.bank === 'one_line') return [line]
  const backDay = afterWorkdays(Math.max(note.failedAt ?? day, day) + DAY, 0)
  return [
    line,
    {
      ...line,
      key: `${line.key}-back`,
      isReturn: true,
      day: isoDay(backDay),
      amountMinor: -payout.amount,
      text: `RETURN ${text}`,
    },
  ]
}

/** As seen on statements of the currency's region. */
function wording(payout: Payout, trace: string | null, number: string): { name: string; text: string } {
  const own = payout.statement_descriptor
  switch (payout.currency) {
    case 'usd':
      return {
        name: 'STRIPE',
        text:
          `ORIG CO NAME:STRIPE ORIG ID:1800948598 CO ENTRY DESCR:${(own ?? 'TRANSFER').slice(0, 10)} SEC:CCD ` +
          `TRACE#:${trace ?? `1110000${number}`}`,
      }
    case 'gbp':
      return {
        name: 'Stripe Payments UK Ltd',
        text: `FASTER PAYMENTS RECEIPT REF.${trace ?? own ?? 'STRIPE'} FROM Stripe Payments UK Ltd`,
      }
    case 'jpy':
      return { name: 'ストライプジャパン(カ', text: own ?? 'STRIPE' }
    default:
      return { name: 'Stripe Technology Europe Ltd', text: [own ?? 'STRIPE', trace].filter(Boolean).join(' ') }
  }
}
