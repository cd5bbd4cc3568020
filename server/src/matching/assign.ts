import type { Book } from './book.ts'
import { assignBookings, type Booking } from './booked.ts'
import { learnColumns } from './columns.ts'
import { type Decision, decide } from './decide.ts'
import { type Changes, openLedger } from './ledger.ts'
import { type Reading, readAgainst, samePayer } from './links.ts'
import { restsOn, withoutReadings } from './rests-on.ts'
import { compareText } from './text.ts'
import { decideMemos } from './memo-verdicts.ts'
import type { MatchPolicy, MatchTransaction, Observe, Verdict } from './types.ts'

/** A reading of a rival line within this distance still contests an invoice. */
const contestLogOdds = 6

/** It names its invoice and pays it exactly, and tells no payer. */
const namesWithoutPayer = ({ reading, decision: { best } }: { reading: Reading; decision: Decision }): boolean =>
  best !== null && best.named && best.candidate.fit === 'exact' && reading.links.size === 0

/** Lines that may not be applied because another line wants the same invoice: lines of different payers that fit equally, and
 *  a later line of a payer whose earlier line waits for a person (it may be the same money twice). */
function contestedLines(readings: readonly Reading[], first: ReadonlyMap<Reading, Decision>): Set<Reading> {
  const wanted = new Map<string, { reading: Reading; decision: Decision; logOdds: number }[]>()
  for (const reading of readings) {
    const decision = first.get(reading)
    if (decision === undefined || decision.best === null || decision.best.logOdds < 0) continue
    for (const invoice of decision.best.candidate.invoices) {
      const list = wanted.get(invoice.id) ?? []
      list.push({ reading, decision, logOdds: decision.best.logOdds })
      wanted.set(invoice.id, list)
    }
  }
  const contested = new Set<Reading>()
  for (const list of wanted.values()) {
    list.forEach((one, at) => {
      const rivals = list.some((other, otherAt) => {
        if (other === one) return false
        const isRival = other.logOdds > one.logOdds - contestLogOdds
        const isTwice = other.reading.transaction.amountMinor === one.reading.transaction.amountMinor
        // An earlier line that names the invoice may be the same payer, whom another layout does not tell.
        const isNamedBefore = isTwice && otherAt < at && namesWithoutPayer(other)
        if (!samePayer(one.reading, other.reading)) return isRival || isNamedBefore
        return otherAt < at && other.decision.verdict.decision !== 'auto' && (isRival || isTwice)
      })
      if (rivals) contested.add(one.reading)
    })
  }
  return contested
}

/** The earliest line that wants each invoice and would be applied. */
function earliestWanting(
  readings: readonly Reading[],
  first: ReadonlyMap<Reading, Decision>,
): ReadonlyMap<string, Reading> {
  const earliest = new Map<string, Reading>()
  for (const reading of readings) {
    const decision = first.get(reading)
    if (decision?.verdict.decision !== 'auto' || decision.best === null) continue
    for (const invoice of decision.best.candidate.invoices)
      if (!earliest.has(invoice.id)) earliest.set(invoice.id, reading)
  }
  return earliest
}

/** Decides all lines together, so that no invoice is paid twice. Lines that name their invoices and pay them exactly come
 *  first, then the others, each oldest first: what a line takes is gone for the next. The order of the input does not matter. */
export function assign(
  book: Book,
  transactions: readonly MatchTransaction[],
  policy: MatchPolicy,
  observe?: Observe,
): Map<MatchTransaction, Verdict> {
  const ordered = transactions
    .filter((transaction) => transaction.direction === 'credit' && transaction.amountMinor > 0n)
    .sort((left, right) => compareText(left.date, right.date) || compareText(left.id, right.id))
  const ledger = openLedger(book)
  const verdicts = decideMemos(book, ordered, ledger, policy)
  const columns = learnColumns([...book.decisions.map((decision) => decision.transaction), ...ordered])
  const readings: Reading[] = []
  const first = new Map<Reading, Decision>()
  const rests = new Map<Reading, Changes>()
  for (const transaction of ordered) {
    if (verdicts.has(transaction)) continue
    const reading = readAgainst(book, transaction, columns)
    readings.push(reading)
    const decision = decide(book, reading, ledger, policy, false)
    rests.set(reading, restsOn(book, reading, decision))
    first.set(reading, observe === undefined ? withoutReadings(decision) : decision)
  }
  /** The first decision, where nothing has changed that it rests on. */
  const decideFinally = (reading: Reading): Decision => {
    const before = first.get(reading)
    const changes = rests.get(reading)
    if (before !== undefined && changes !== undefined && !contested.has(reading) && !ledger.hasChanged(changes))
      return before
    return decide(book, reading, ledger, policy, contested.has(reading))
  }
  // Where the billing system holds no payment, there is nothing to look for.
  const bookings = book.bookedByClient.size === 0 ? new Map<Reading, Booking>() : assignBookings(book, readings, ledger)
  // Money that stands in the billing system already wants no invoice.
  const contested = contestedLines(
    readings.filter((reading) => !bookings.has(reading)),
    first,
  )
  const settle = (reading: Reading, decision: Decision): void => {
    if (decision.verdict.decision === 'auto' && decision.verdict.best !== null)
      ledger.apply(decision.verdict.best.allocations, reading.transaction.date)
    observe?.(
      reading.transaction,
      decision.weighed.map(({ candidate, reasons }) => ({
        invoiceIds: candidate.invoices.map((invoice) => invoice.id),
        signals: reasons.map(({ signal, value }) => ({ signal, value })),
      })),
    )
    const booking = bookings.get(reading)
    const booked = booking ? { invoiceId: booking.invoice.id, payment: booking.payment } : null
    verdicts.set(reading.transaction, { ...decision.verdict, booked })
  }
  const waiting = earliestWanting(readings, first)
  for (const reading of readings) {
    const best = first.get(reading)?.best
    if (
      best === null ||
      best === undefined ||
      best.candidate.mentions.length === 0 ||
      (best.candidate.fit !== 'exact' && best.candidate.fit !== 'sum') ||
      // Of two lines for one invoice the earlier pays it, however it names it.
      best.candidate.invoices.some((invoice) => {
        const earlier = waiting.get(invoice.id)
        return earlier !== undefined && earlier !== reading && !verdicts.has(earlier.transaction)
      })
    )
      continue
    const decision = decideFinally(reading)
    if (decision.verdict.decision === 'auto') settle(reading, decision)
  }
  for (const reading of readings) {
    if (verdicts.has(reading.transaction)) continue
    settle(reading, decideFinally(reading))
  }
  return verdicts
}
