import { assignBookings, type Booking } from './booked.ts'
import { type Decision, decide, everyReading } from './decide.ts'
import type { Weighed } from './evidence.ts'
import { type Reading, readAgainst } from './links.ts'
import { type Look, lookAt, type Run, type Tell } from './looks.ts'
import { type Contest, contestsOf, earliestWanting, type Option } from './rivals.ts'
import type { Allocation, MatchTransaction, Observe } from './types.ts'

/** What was looked at before, by places in the run. */
export interface Looked<Told> {
  looked?: readonly (Look<Told> | undefined)[]
  read?: readonly (Reading | undefined)[]
}

/** Most lines that surely pay one invoice stay so, most others are decided anew when some have taken their invoices: their readings are
 *  worth keeping. */
export const isAskedAgain = ({ decision, rests }: Look<unknown>): boolean =>
  decision !== 'auto' || rests.ofClients.length > 0

/** Decides all lines together, so that no invoice is paid twice. Lines that name their invoices and pay them exactly come
 *  first, then the others, each oldest first: what a line takes is gone for the next. `looked`: first looks that were taken
 *  elsewhere, and `read`: readings that were kept of them, by their place in the run; the others are taken here. Returns what is
 *  kept of each line's verdict. */
export function settle<Told>(
  run: Run,
  tell: Tell<Told>,
  { looked = [], read = [] }: Looked<Told> = {},
  observe?: Observe,
): Map<MatchTransaction, Told> {
  const { book, ledger, lines, policy } = run
  const told = new Map<MatchTransaction, Told>()
  for (const [transaction, verdict] of run.memos) told.set(transaction, tell(transaction, verdict))
  // Where the billing system holds no payment, there is nothing to look for, and no reading is needed a second time.
  const seeksBookings = book.bookedByClient.size > 0
  const readings: (Reading | undefined)[] = [...read]
  const observed = new Map<number, readonly Weighed[]>()
  const looks = lines.map((transaction, at): Look<Told> => {
    const known = looked[at]
    if (known !== undefined) {
      if (seeksBookings) readings[at] ??= readAgainst(book, transaction, run.columns)
      return known
    }
    const { look, reading, decision } = lookAt(run, at, tell)
    if (seeksBookings || isAskedAgain(look)) readings[at] = reading
    if (observe !== undefined) observed.set(at, everyReading(decision))
    return look
  })
  const bookings = seeksBookings
    ? assignBookings(
        book,
        readings.filter((reading) => reading !== undefined),
        ledger,
      )
    : new Map<Reading, Booking>()
  const bookingAt = (at: number): Booking | undefined => {
    const reading = readings[at]
    return reading === undefined ? undefined : bookings.get(reading)
  }
  // Money that stands in the billing system already wants no invoice.
  const decideAgain = (at: number, contest: Contest | null): Decision => {
    const reading = (readings[at] ??= readAgainst(book, lines[at]!, run.columns))
    return decide(book, reading, ledger, policy, contest)
  }
  const options = new Map<number, readonly Option[]>()
  const optionsOf = (at: number): readonly Option[] => {
    const known = options.get(at)
    if (known !== undefined) return known
    const found = everyReading(decideAgain(at, null)).flatMap(({ candidate, logOdds }) =>
      logOdds > 0 ? [{ invoiceIds: candidate.invoices.map(({ id }) => id), worth: logOdds }] : [],
    )
    options.set(at, found)
    return found
  }
  const contests = contestsOf(run, looks, (at) => bookingAt(at) !== undefined, optionsOf)
  const settled = new Set<number>()
  const keep = (at: number, value: Told, allocations: readonly Allocation[], weighed: readonly Weighed[]): void => {
    const transaction = lines[at]!
    ledger.apply(allocations, transaction.date)
    settled.add(at)
    told.set(transaction, value)
    observe?.(
      transaction,
      weighed.map(({ candidate, reasons }) => ({
        invoiceIds: candidate.invoices.map((invoice) => invoice.id),
        signals: reasons.map(({ signal, value: strength }) => ({ signal, value: strength })),
      })),
    )
  }
  /** `onlySure`: a line that would not be applied is left for later. */
  const settleLine = (at: number, onlySure: boolean): void => {
    const look = looks[at]!
    const booking = bookingAt(at)
    // The first decision, where nothing has changed that it rests on.
    const contest = contests.get(at) ?? null
    if (booking === undefined && contest === null && !ledger.hasChanged(look.rests)) {
      if (look.decision === 'auto' || !onlySure)
        keep(at, look.told, look.best?.allocations ?? [], observed.get(at) ?? [])
      return
    }
    const decision = decideAgain(at, contest)
    const { verdict } = decision
    if (verdict.decision !== 'auto' && onlySure) return
    const booked = booking ? { invoiceId: booking.invoice.id, payment: booking.payment } : null
    const allocations = verdict.decision === 'auto' ? (verdict.best?.allocations ?? []) : []
    keep(at, tell(lines[at]!, { ...verdict, booked }), allocations, observe === undefined ? [] : everyReading(decision))
  }
  const earliest = earliestWanting(looks)
  /** Of two lines for one invoice the earlier pays it, however it names it. */
  const waitsFor = (at: number, invoiceId: string): boolean => {
    const first = earliest.get(invoiceId)
    return first !== undefined && first !== at && !settled.has(first)
  }
  looks.forEach(({ best }, at) => {
    if (best?.namesExactly === true && !best.invoiceIds.some((id) => waitsFor(at, id))) settleLine(at, true)
  })
  looks.forEach((_, at) => {
    if (!settled.has(at) && !contests.has(at)) settleLine(at, false)
  })
  // What is contested is for a person, who is shown what the others have left.
  for (const at of [...contests.keys()].sort((one, other) => one - other)) settleLine(at, false)
  return told
}
