import { timesOf } from './asides.ts'
import { type Book, isPayable } from './book.ts'
import type { Ledger } from './ledger.ts'
import type { Reading } from './links.ts'
import { isForMonth } from './periods.ts'
import type { Mention } from './references.ts'
import { compareText, daysBetween } from './text.ts'
import type { KnownPayment, MatchInvoice, MatchTransaction, Reason } from './types.ts'

/** A payment that the billing system holds explains a line of the same client and amount this near in date (contract 4.6). */
const bookedDays = 5
/** A number quoted again within this time is a double payment; later it stands for the next period. */
const doubleDays = 14

export interface ClosedFindings {
  ruledOut: { invoiceId: string; code: string; text: string }[]
  /** Forbids applying anything else to this line without a person. */
  withheld: Reason[]
}

const statusTexts: Partial<Record<MatchInvoice['status'], string>> = {
  paid: 'is paid',
  cancelled: 'was cancelled',
  refunded: 'was refunded',
  draft: 'is a draft',
}

/** What closed invoices say about a line: which named ones take no money, and whether the line was booked before or pays
 *  something a second time. */
export function lookAtClosed(book: Book, reading: Reading, ledger: Ledger): ClosedFindings {
  const { transaction } = reading
  const findings: ClosedFindings = { ruledOut: [], withheld: [] }
  if (reading.mentions.length === 0 && book.bookedByClient.size === 0) return findings
  const withhold = (code: string, text: string): void => {
    if (!findings.withheld.some((reason) => reason.code === code)) findings.withheld.push({ code, weight: 0, text })
  }
  // Someone else's number is a slip or an error of the payer's, not a second payment.
  const isOwn = (invoice: MatchInvoice): boolean => {
    const strong = strongLinks(reading)
    return strong.length === 0 || strong.includes(invoice.client.id)
  }
  const named = new Set<string>()
  const quoted = new Set<string>()
  for (const mention of reading.best.values()) {
    const invoice = book.invoices.get(mention.invoiceId)
    if (invoice === undefined || (isPayable(invoice) && ledger.left(invoice) > 0n)) continue
    if (isQuoted(mention)) quoted.add(invoice.id)
    if (mention.coverage === 'tail' || mention.announced === 'nothing') continue
    const applied = ledger.lastApplied(invoice.id)
    named.add(invoice.id)
    const label = invoice.number || invoice.id
    findings.ruledOut.push({
      invoiceId: invoice.id,
      code: applied === null ? (invoice.status === 'unpaid' ? 'nothing_open' : invoice.status) : 'paid_by_another_line',
      text: `Invoice ${label} ${applied === null ? (statusTexts[invoice.status] ?? 'has nothing open') : `was paid by a line of ${applied.date}`}.`,
    })
    if (
      applied !== null &&
      isOwn(invoice) &&
      applied.amountMinor === transaction.amountMinor &&
      daysBetween(applied.date, transaction.date) <= doubleDays
    ) {
      withhold('double_payment', `Invoice ${label} was paid by another line of ${applied.date}.`)
    }
  }
  const explained = (invoice: MatchInvoice): void => {
    for (const payment of invoice.payments) {
      // The number of an invoice that was paid a few days ago, whoever booked it: the same money a second time.
      if (quoted.has(invoice.id) && isOwn(invoice) && couldBe(transaction, invoice, payment, doubleDays))
        withhold('double_payment', `Invoice ${invoice.number || invoice.id} was paid on ${payment.date}.`)
      // What Payymo booked for another line says nothing else about this one.
      if (payment.takenBy !== 'payymo' && couldBe(transaction, invoice, payment, bookedDays)) {
        withhold(
          'already_booked',
          `The billing system holds an equal payment on invoice ${invoice.number || invoice.id}, of ${payment.date}.`,
        )
      }
    }
    if (!named.has(invoice.id) || invoice.payments.length > 0 || invoice.status !== 'paid') return
    const past = (book.past.get(invoice.id) ?? []).map((payment) => payment.date)
    // Without a payment's date, the day it was due stands for it.
    const days = past.length > 0 ? past : [invoice.dueDate || invoice.date]
    if (
      days.some((day) => day !== '' && Math.abs(daysBetween(day, transaction.date)) <= doubleDays) &&
      sameMoney(invoice, reading)
    ) {
      withhold(
        'already_booked',
        `Invoice ${invoice.number || invoice.id} is named, has this amount and was paid about then.`,
      )
    }
  }
  if (book.bookedByClient.size > 0)
    for (const clientId of strongLinks(reading))
      for (const invoice of book.bookedByClient.get(clientId) ?? []) explained(invoice)
  for (const id of new Set([...named, ...quoted])) {
    const invoice = book.invoices.get(id)
    if (invoice !== undefined) explained(invoice)
  }
  return findings
}

/** Clients that the line points to with more than half of the payer's name. */
const strongLinks = ({ links }: Reading): string[] =>
  [...links].flatMap(([clientId, list]) => (list.some(({ kind }) => kind !== 'payer_name_partly') ? [clientId] : []))

/** The text gives the number itself: announced, alone, or whole among other words. Enough where the payment is known. */
const isQuoted = ({ coverage, announced }: Mention): boolean =>
  coverage === 'whole' || (coverage !== 'tail' && announced !== 'nothing')

/** Amount, currency and day allow the payment to be this line. */
function couldBe(
  transaction: MatchTransaction,
  invoice: MatchInvoice,
  payment: KnownPayment,
  daysMax: number,
): boolean {
  return (
    payment.amountMinor === transaction.amountMinor &&
    invoice.currency === transaction.currency &&
    Math.abs(daysBetween(payment.date, transaction.date)) <= daysMax
  )
}

/** A payment in the billing system, and the invoice it stands on. */
export interface Booking {
  invoice: MatchInvoice
  payment: KnownPayment
}

/** A payment that may be the line. `named`: the text quotes the invoice; `month`: 1 when it names the month the invoice is for, -1
 *  when it names another. */
interface Pair {
  reading: Reading
  order: number
  named: boolean
  month: number
  booking: Booking
  days: number
}

const isViaGateway = ({ reading }: Pair): boolean => reading.transaction.viaGateway === true

/** Which line each payment booked by hand is, one to one: a line that names the invoice before one that does not, then one that
 *  names its month, then the nearest in date; and as many lines as there can be. A line that names another invoice, or the month
 *  of another, which is still open is left to a person. Readings in their fixed order. */
export function assignBookings(book: Book, readings: readonly Reading[], ledger: Ledger): Map<Reading, Booking> {
  const pairs: Pair[] = readings.flatMap((reading, order) =>
    bookingsOf(book, reading, ledger).map(({ named, month, ...booking }) => ({
      reading,
      order,
      named,
      month,
      booking,
      days: Math.abs(daysBetween(booking.payment.date, reading.transaction.date)),
    })),
  )
  pairs.sort(
    (one, other) =>
      // What a gateway brought is known by its ids: by its looks alone it is taken for nothing that a bank's line may be.
      Number(isViaGateway(one)) - Number(isViaGateway(other)) ||
      Number(other.named) - Number(one.named) ||
      other.month - one.month ||
      one.days - other.days ||
      one.order - other.order ||
      compareText(one.booking.payment.date, other.booking.payment.date) ||
      compareText(one.booking.invoice.id, other.booking.invoice.id),
  )
  const found = new Map<Reading, Pair>()
  const used = new Map<KnownPayment, Pair>()
  const take = (pair: Pair): void => {
    found.set(pair.reading, pair)
    used.set(pair.booking.payment, pair)
  }
  for (const pair of pairs) if (!found.has(pair.reading) && !used.has(pair.booking.payment)) take(pair)
  // The nearest may be what another line needs: it moves on to the next that fits, unless the text says that it is its own.
  const of = Map.groupBy(pairs, (pair) => pair.reading)
  const makeRoom = (reading: Reading, seen: Set<KnownPayment>): boolean =>
    (of.get(reading) ?? []).some((pair) => {
      const { payment } = pair.booking
      if (seen.has(payment)) return false
      seen.add(payment)
      const holder = used.get(payment)
      if (holder && (holder.named || holder.month > 0 || !makeRoom(holder.reading, seen))) return false
      take(pair)
      return true
    })
  for (const reading of of.keys()) if (!found.has(reading)) makeRoom(reading, new Set())
  return new Map([...found].map(([reading, { booking }]) => [reading, booking]))
}

/** Payments that may be the line. None where the number of an open invoice is quoted, or its month named, or a name that several
 *  clients bear is all there is: money that is taken for booked is never asked about again. */
function bookingsOf(book: Book, reading: Reading, ledger: Ledger): (Booking & { named: boolean; month: number })[] {
  const quoted = new Set<string>()
  let quotesOpen = false
  for (const mention of reading.best.values()) {
    const invoice = book.invoices.get(mention.invoiceId)
    if (invoice === undefined || !isQuoted(mention)) continue
    quoted.add(invoice.id)
    if (isPayable(invoice) && ledger.left(invoice) > 0n) quotesOpen = true
  }
  const clients = new Set(strongLinks(reading))
  const ids = new Set(quoted)
  for (const clientId of clients) for (const invoice of book.bookedByClient.get(clientId) ?? []) ids.add(invoice.id)
  return [...ids].flatMap((id) => {
    const invoice = book.invoices.get(id)
    if (invoice === undefined) return []
    const named = quoted.has(id) && (clients.size === 0 || clients.has(invoice.client.id))
    const month = monthOf(reading, invoice)
    const linked = clients.size === 1 && clients.has(invoice.client.id) && !quotesOpen
    if (!named && !(linked && (month >= 0 || !namesOpenMonth(book, reading, invoice, ledger)))) return []
    return invoice.payments
      .filter(
        (payment) => isFree(payment, reading.transaction) && couldBe(reading.transaction, invoice, payment, bookedDays),
      )
      .map((payment) => ({ invoice, payment, named, month }))
  })
}

/** Whether nothing is known of the payment that rules the line out. */
const isFree = ({ takenBy }: KnownPayment, { viaGateway = false }: MatchTransaction): boolean =>
  takenBy === undefined || (takenBy === 'gateway' && viaGateway)

const monthOf = (reading: Reading, invoice: MatchInvoice): number => {
  const { months } = timesOf(reading)
  if (months.length === 0) return 0
  return months.some((named) => isForMonth(invoice, named)) ? 1 : -1
}

/** Whether the month that the text names is one of an equal invoice of the client that is still open. */
function namesOpenMonth(book: Book, reading: Reading, booked: MatchInvoice, ledger: Ledger): boolean {
  return (book.byClient.get(booked.client.id) ?? []).some(
    (invoice) =>
      isPayable(invoice) &&
      invoice.currency === reading.transaction.currency &&
      ledger.left(invoice) === reading.transaction.amountMinor &&
      monthOf(reading, invoice) > 0,
  )
}

function sameMoney(invoice: MatchInvoice, reading: Reading): boolean {
  return invoice.currency === reading.transaction.currency && invoice.totalMinor === reading.transaction.amountMinor
}
