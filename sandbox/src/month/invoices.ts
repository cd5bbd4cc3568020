import type { Dice } from './dice.ts'
import type { Person } from './people.ts'

export interface Invoice {
  id: number
  number: string
  clientId: number
  person: Person
  totalMinor: bigint
  issuedDaysAgo: number
  status: 'Unpaid' | 'Paid' | 'Cancelled'
  items: { type: string; description: string; amountMinor: bigint; relid?: number }[]
  service: string
  /** The gateway that the client chose; by transfer when absent. */
  gateway?: string
}

/** A payment that somebody booked in WHMCS by hand, and when. */
export interface BookedPayment {
  invoice: Invoice
  amountMinor: bigint
  paidDaysAgo: number
  transid: string
}

/** The company's invoices, sorted by what will happen to them. Every unpaid one is in exactly one place. */
export interface Book {
  all: Invoice[]
  payments: BookedPayment[]
  /** Of clients with one open invoice, and of clients with two for different services. */
  singles: Invoice[]
  doubles: [Invoice, Invoice][]
  /** Two months of one service, equal in amount; the older first. */
  monthly: [Invoice, Invoice][]
  /** Settled by hand within the month: their money stands on the statement as well. */
  byHand: BookedPayment[]
  /** Open, with a first part booked before; what is left. */
  begun: { invoice: Invoice; leftMinor: bigint }[]
  /** Cancelled and written anew. */
  replaced: { cancelled: Invoice; replacement: Invoice }[]
  /** Cancelled, and nothing else of the client is open. */
  cancelled: Invoice
  /** A mass payment: pays two other open invoices of its client. */
  container: Invoice
  /** Of a client who is billed in dollars. */
  dollars: Invoice
}

const FIRST_ID = 4100
const FIRST_NUMBER = 20_417
const SETTLED = 60
const BY_HAND = 8
const MONTHLY = 14

/** Writes one invoice more: for the service `which` of the person, numbered after the last. */
export const invoiceWriter =
  (all: Invoice[], day: (daysAgo: number) => string) =>
  (person: Person, which: number, issuedDaysAgo: number, status: Invoice['status'] = 'Unpaid'): Invoice => {
    const service = person.services[which % person.services.length]!
    const domainOnly = service.name === 'Domain renewal'
    const period = `${german(day(issuedDaysAgo - 14))} - ${german(day(issuedDaysAgo - (domainOnly ? 378 : 44)))}`
    const invoice: Invoice = {
      id: FIRST_ID + all.length,
      number: `FL-${FIRST_NUMBER + all.length}`,
      clientId: person.id,
      person,
      totalMinor: service.priceMinor,
      issuedDaysAgo,
      status,
      service: service.name,
      items: [
        {
          type: domainOnly ? 'Domain' : 'Hosting',
          description: `${service.name} - ${person.domain} (${period})`,
          amountMinor: service.priceMinor,
        },
      ],
    }
    all.push(invoice)
    return invoice
  }

/** The book of one month. Ids rise with the number, as in WHMCS. `day` turns days before today into a date. */
export function makeBook(people: Person[], dice: Dice, day: (daysAgo: number) => string): Book {
  const all: Invoice[] = []
  const make = invoiceWriter(all, day)
  const payments: BookedPayment[] = []
  // Settled half a year to two months ago: history, with the payments on it.
  for (const [n, person] of people.slice(0, SETTLED).entries()) {
    const issued = 70 + dice.upTo(110)
    const invoice = make(person, n, issued, 'Paid')
    const paidDaysAgo = issued - 6 - dice.upTo(12)
    payments.push({ invoice, amountMinor: invoice.totalMinor, paidDaysAgo, transid: `BANK-${dice.digits(8)}` })
  }
  const byHand = people.slice(SETTLED, SETTLED + BY_HAND).map((person): BookedPayment => {
    const paidDaysAgo = 12 + dice.upTo(14)
    const invoice = make(person, 0, paidDaysAgo + 9, 'Paid')
    return { invoice, amountMinor: invoice.totalMinor, paidDaysAgo, transid: `manual ${dice.digits(4)}` }
  })
  payments.push(...byHand)

  const rest = people.slice(SETTLED + BY_HAND).concat(people.slice(0, SETTLED))
  const withOne = rest.filter((person) => person.services.length === 1)
  const monthlyPayers = withOne.filter((person) => person.services[0]!.name !== 'Domain renewal').slice(0, MONTHLY)
  const others = withOne.filter((person) => !monthlyPayers.includes(person))
  const monthly = monthlyPayers.map((person): [Invoice, Invoice] => {
    const issued = 20 + dice.upTo(4)
    return [make(person, 0, issued + 30), make(person, 0, issued)]
  })
  const singles = others.map((person) => make(person, 0, 20 + dice.upTo(22)))
  const doubles = rest
    .filter((person) => person.services.length > 1)
    .map((person): [Invoice, Invoice] => [make(person, 0, 20 + dice.upTo(22)), make(person, 1, 18 + dice.upTo(20))])

  const dollars = singles.pop()!
  const begun = singles.splice(0, 3).map((invoice) => {
    const firstMinor = invoice.totalMinor / 3n
    payments.push({ invoice, amountMinor: firstMinor, paidDaysAgo: 35, transid: `BANK-${dice.digits(8)}` })
    invoice.issuedDaysAgo = 41
    return { invoice, leftMinor: invoice.totalMinor - firstMinor }
  })
  const replaced = singles.splice(0, 2).map((cancelled) => {
    cancelled.status = 'Cancelled'
    return { cancelled, replacement: make(cancelled.person, 0, cancelled.issuedDaysAgo - 3) }
  })
  const cancelled = singles.shift()!
  cancelled.status = 'Cancelled'
  const collected = doubles.pop()!
  const container = make(collected[0].person, 0, 10)
  container.totalMinor = collected[0].totalMinor + collected[1].totalMinor
  container.items = collected.map(({ id, number, totalMinor }) => ({
    type: 'Invoice',
    description: `Invoice #${number}`,
    amountMinor: totalMinor,
    relid: id,
  }))
  return { all, payments, singles, doubles, monthly, byHand, begun, replaced, cancelled, container, dollars }
}

/** `2026-03-31` as `31.03.2026`. */
export const german = (day: string): string => day.split('-').toReversed().join('.')
