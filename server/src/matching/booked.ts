import { type Book, isPayable, payerKeys } from './book.ts'
import { bestMentions } from './candidates.ts'
import type { Ledger } from './ledger.ts'
import type { Reading } from './links.ts'
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
  const named = new Set<string>()
  for (const mention of bestMentions(reading).values()) {
    const invoice = book.invoices.get(mention.invoiceId)
    if (invoice === undefined || mention.coverage === 'tail' || mention.announced === 'nothing') continue
    const applied = ledger.lastApplied(invoice.id)
    if (isPayable(invoice) && ledger.left(invoice) > 0n) continue
    named.add(invoice.id)
    const label = invoice.number || invoice.id
    findings.ruledOut.push({
      invoiceId: invoice.id,
      code: applied === null ? (invoice.status === 'unpaid' ? 'nothing_open' : invoice.status) : 'paid_by_another_line',
      text: `Invoice ${label} ${applied === null ? (statusTexts[invoice.status] ?? 'has nothing open') : `was paid by a line of ${applied.date}`}.`,
    })
    // Someone else's number is a slip or an error of the payer's, not a second payment.
    const own = strong.length === 0 || strong.some(([clientId]) => clientId === invoice.client.id)
    if (
      applied !== null &&
      own &&
      applied.amountMinor === transaction.amountMinor &&
      daysBetween(applied.date, transaction.date) <= doubleDays
    ) {
      withhold('double_payment', `Invoice ${label} was paid by another line of ${applied.date}.`)
    }
  }
  const explained = (invoice: MatchInvoice): void => {
    for (const payment of invoice.payments) {
      // What Payymo booked for another line says nothing about this one, unless the text names the invoice again.
      if (
        payment.takenBy === 'payymo' &&
        named.has(invoice.id) &&
        daysBetween(payment.date, transaction.date) <= doubleDays
      ) {
        withhold(
          'double_payment',
          `Invoice ${invoice.number || invoice.id} was paid by another line of ${payment.date}.`,
        )
      }
      if (payment.takenBy !== 'payymo' && couldBe(transaction, invoice, payment)) {
        withhold(
          'already_booked',
          `The billing system holds this payment on invoice ${invoice.number || invoice.id} already.`,
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
  for (const id of named) {
    const invoice = book.invoices.get(id)
    if (invoice !== undefined) explained(invoice)
  }
  return findings
}

/** Amount, currency and day allow the payment to be this line. */
function couldBe(transaction: MatchTransaction, invoice: MatchInvoice, payment: KnownPayment): boolean {
  return (
    payment.amountMinor === transaction.amountMinor &&
    invoice.currency === transaction.currency &&
    Math.abs(daysBetween(payment.date, transaction.date)) <= bookedDays
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

function bookingsOf(book: Book, reading: Reading, ledger: Ledger): (Booking & { named: boolean })[] {
  const named = new Set<string>()
  let openNamed = false
  for (const { invoiceId, coverage, announced } of bestMentions(reading).values()) {
    const invoice = book.invoices.get(invoiceId)
    if (coverage === 'tail' || invoice === undefined) continue
    named.add(invoiceId)
    if (announced === 'nothing') continue
    if (isPayable(invoice) && ledger.left(invoice) > 0n && invoice.payments.length === 0) openNamed = true
  }
  const strong = [...reading.links].filter(([, links]) => links.some((link) => link.kind !== 'payer_name_partly'))
  const invoices = new Map<string, MatchInvoice>()
  for (const [clientId] of strong)
    for (const invoice of book.bookedByClient.get(clientId) ?? []) invoices.set(invoice.id, invoice)
  for (const id of named) {
    const invoice = book.invoices.get(id)
    if (invoice !== undefined) invoices.set(id, invoice)
  }
  return [...invoices.values()].flatMap((invoice) =>
    invoice.payments
      .filter((payment) => payment.takenBy === undefined && couldBe(reading.transaction, invoice, payment))
      .map((payment) => ({ invoice, payment, named: named.has(invoice.id) }))
      .filter((booking) => booking.named || !openNamed),
  )
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
