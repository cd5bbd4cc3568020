import { type Book, isPayable, payerKeys } from './book.ts'
import { bestMentions } from './candidates.ts'
import type { Ledger } from './ledger.ts'
import type { Reading } from './links.ts'
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
  const withhold = (code: string, text: string): void => {
    if (!findings.withheld.some((reason) => reason.code === code)) findings.withheld.push({ code, weight: 0, text })
  }
  const strong = [...reading.links].filter(([, links]) => links.some((link) => link.kind !== 'payer_name_partly'))
  // Someone else's number is a slip or an error of the payer's, not a second payment.
  const isOwn = (invoice: MatchInvoice): boolean =>
    strong.length === 0 || strong.some(([clientId]) => clientId === invoice.client.id)
  const named = new Set<string>()
  const quoted = new Set<string>()
  for (const mention of bestMentions(reading).values()) {
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
  for (const [clientId] of strong) for (const invoice of book.bookedByClient.get(clientId) ?? []) explained(invoice)
  for (const id of new Set([...named, ...quoted])) {
    const invoice = book.invoices.get(id)
    if (invoice !== undefined) explained(invoice)
  }
  return findings
}

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

/** Which line each payment booked by hand is, one to one: a line that names the invoice before one that does not, then the
 *  nearest in date. A line that names another invoice which is still open is left to a person. Readings in their fixed order. */
export function assignBookings(book: Book, readings: readonly Reading[], ledger: Ledger): Map<Reading, Booking> {
  const pairs = readings.flatMap((reading, order) =>
    bookingsOf(book, reading, ledger).map(({ named, ...booking }) => ({
      reading,
      order,
      named,
      booking,
      days: Math.abs(daysBetween(booking.payment.date, reading.transaction.date)),
    })),
  )
  pairs.sort(
    (one, other) =>
      Number(other.named) - Number(one.named) ||
      one.days - other.days ||
      one.order - other.order ||
      compareText(one.booking.payment.date, other.booking.payment.date) ||
      compareText(one.booking.invoice.id, other.booking.invoice.id),
  )
  const found = new Map<Reading, Booking>()
  const used = new Set<KnownPayment>()
  for (const { reading, booking } of pairs) {
    if (found.has(reading) || used.has(booking.payment)) continue
    found.set(reading, booking)
    used.add(booking.payment)
  }
  return found
}

/** Payments that may be the line. None where the number of an open invoice is quoted, or a name that several clients bear is all
 *  there is: money that is taken for booked is never asked about again. */
function bookingsOf(book: Book, reading: Reading, ledger: Ledger): (Booking & { named: boolean })[] {
  const quoted = new Set<string>()
  let quotesOpen = false
  for (const mention of bestMentions(reading).values()) {
    const invoice = book.invoices.get(mention.invoiceId)
    if (invoice === undefined || !isQuoted(mention)) continue
    quoted.add(invoice.id)
    if (isPayable(invoice) && ledger.left(invoice) > 0n) quotesOpen = true
  }
  const strong = [...reading.links].filter(([, links]) => links.some((link) => link.kind !== 'payer_name_partly'))
  const clients = new Set(strong.map(([clientId]) => clientId))
  const ids = new Set(quoted)
  for (const clientId of clients) for (const invoice of book.bookedByClient.get(clientId) ?? []) ids.add(invoice.id)
  return [...ids].flatMap((id) => {
    const invoice = book.invoices.get(id)
    if (invoice === undefined) return []
    const named = quoted.has(id) && (clients.size === 0 || clients.has(invoice.client.id))
    const linked = clients.size === 1 && clients.has(invoice.client.id) && !quotesOpen
    if (!named && !linked) return []
    return invoice.payments
      .filter((payment) => payment.takenBy === undefined && couldBe(reading.transaction, invoice, payment, bookedDays))
      .map((payment) => ({ invoice, payment, named }))
  })
}

function sameMoney(invoice: MatchInvoice, reading: Reading): boolean {
  return invoice.currency === reading.transaction.currency && invoice.totalMinor === reading.transaction.amountMinor
}

/** Whether two lines come from one payer: one account, or, where a bank tells no account, one client that both point to. */
export function samePayer(left: Reading, right: Reading): boolean {
  const accounts = (reading: Reading): string[] =>
    payerKeys(reading.transaction.counterparty).filter((key) => key.startsWith('iban '))
  const [leftAccount] = accounts(left)
  const [rightAccount] = accounts(right)
  if (leftAccount !== undefined && leftAccount === rightAccount) return true
  const bothTell = leftAccount !== undefined && rightAccount !== undefined
  const points = (links: readonly { kind: string }[] | undefined): boolean =>
    links !== undefined &&
    links.some((link) => (bothTell ? link.kind === 'known_payer' : link.kind !== 'payer_name_partly'))
  return [...left.links].some(([clientId, links]) => points(links) && points(right.links.get(clientId)))
}
