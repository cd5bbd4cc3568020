import type { Dice } from './dice.ts'
import type { Person } from './people.ts'

export interface OpenInvoice {
  id: number
  number: string
  clientId: number
  person: Person
  totalMinor: number
  issuedDaysAgo: number
  status: 'Unpaid' | 'Paid' | 'Cancelled'
  items: { type: string; description: string; amountMinor: number; relid?: number }[]
  service: string
}

/** An invoice that somebody settled in WHMCS by hand, and when. */
export interface SettledInvoice {
  invoice: OpenInvoice
  paidDaysAgo: number
  transid: string
}

/** Invoices that stand apart from the ordinary ones. */
export interface ExtraInvoices {
  /** A mass payment: pays two other open invoices of the client when it is paid itself. */
  container: OpenInvoice
  dollarInvoice: OpenInvoice
}

const FIRST_ID = 4100
const FIRST_NUMBER = 20_417

/** The book: one or two open invoices a client, invoices settled earlier and lately, a cancelled one, a mass payment that
 *  collects two, and one in dollars. Ids rise with the number, as in WHMCS. */
export function makeInvoices(
  people: Person[],
  dice: Dice,
): { open: OpenInvoice[]; settled: SettledInvoice[]; extra: ExtraInvoices } {
  let next = 0
  const make = (
    person: Person,
    which: number,
    issuedDaysAgo: number,
    status: OpenInvoice['status'] = 'Unpaid',
  ): OpenInvoice => {
    const service = person.services[which % person.services.length]!
    const n = next++
    return {
      id: FIRST_ID + n,
      number: `FL-${FIRST_NUMBER + n}`,
      clientId: person.id,
      person,
      totalMinor: service.priceMinor,
      issuedDaysAgo,
      status,
      service: service.name,
      items: [
        {
          type: service.name === 'Domain renewal' ? 'Domain' : 'Hosting',
          description: `${service.name} - ${person.domain}`,
          amountMinor: service.priceMinor,
        },
      ],
    }
  }
  // Settled half a year to two months ago: history, with the payments on it.
  const settled: SettledInvoice[] = people.slice(0, 60).map((person, n) => {
    const issued = 70 + dice.upTo(110)
    return {
      invoice: make(person, n, issued, 'Paid'),
      paidDaysAgo: issued - 6 - dice.upTo(12),
      transid: `BANK-${dice.digits(8)}`,
    }
  })
  // Settled by hand within the month: their money stands on the bank statement as well.
  for (const person of people.slice(60, 67)) {
    const paidDaysAgo = 12 + dice.upTo(14)
    settled.push({
      invoice: make(person, 0, paidDaysAgo + 9, 'Paid'),
      paidDaysAgo,
      transid: `manual ${dice.digits(4)}`,
    })
  }
  const open: OpenInvoice[] = []
  for (const [n, person] of people.entries()) {
    if (n >= 60 && n < 67) continue
    open.push(make(person, 0, 20 + dice.upTo(22)))
    if (person.services.length > 1) open.push(make(person, 1, 18 + dice.upTo(20)))
  }
  open.push(make(people[70]!, 0, 33, 'Cancelled'))
  const dollarInvoice = open.find((invoice) => invoice.clientId === people[71]!.id)!
  const collected = [...Map.groupBy(open, (invoice) => invoice.clientId).values()].findLast(
    (invoices) => invoices.length === 2,
  )!
  const container: OpenInvoice = {
    ...make(collected[0]!.person, 0, 10),
    totalMinor: collected[0]!.totalMinor + collected[1]!.totalMinor,
    items: collected.map(({ id, number, totalMinor }) => ({
      type: 'Invoice',
      description: `Invoice #${number}`,
      amountMinor: totalMinor,
      relid: id,
    })),
  }
  open.push(container)
  return { open, settled, extra: { container, dollarInvoice } }
}
