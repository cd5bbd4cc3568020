import type { Dice } from './dice.ts'
import { doubtful } from './doubts.ts'
import type { Book, Invoice } from './invoices.ts'
import type { Line, LineTruth } from './lines.ts'
import type { Person } from './people.ts'

/** How a line departs from the plain one: the client pays the whole of the invoices from their own account. */
export interface Departure {
  text: string | string[]
  /** Needed where no invoice is meant. */
  payer?: Person
  amountMinor?: bigint
  name?: string
  iban?: string
  daysAgo?: number
  pending?: boolean
}

export type AddLine = (
  kind: string,
  invoices: Invoice[],
  expected: LineTruth['expected'],
  why: string,
  departure: Departure,
) => void

/** What clients paid this month: each way of naming an invoice badly, and many that name it well. Takes open invoices one after
 *  the other, so that no two lines mean the same money unless they are meant to. Empties the lists of the book. */
export function moneyIn(book: Book, dice: Dice): Line[] {
  const lines: Line[] = []
  const add: AddLine = (kind, invoices, expected, why, departure) => {
    const person = departure.payer ?? invoices[0]!.person
    const youngest = Math.min(...invoices.map((invoice) => invoice.issuedDaysAgo))
    lines.push({
      kind,
      daysAgo: departure.daysAgo ?? dice.upTo(Math.max(0, Math.min(youngest - 2, 29))),
      amountMinor: departure.amountMinor ?? invoices.reduce((sum, invoice) => sum + invoice.totalMinor, 0n),
      name: departure.name ?? person.payerName,
      iban: departure.iban ?? person.iban,
      text: departure.text,
      ...(departure.pending ? { pending: true } : {}),
      truth: { invoiceIds: invoices.map((invoice) => invoice.id), expected, why },
    })
  }
  doubtful(book, add, dice)
  for (const { invoice, paidDaysAgo } of book.byHand) {
    add('booked_by_hand', [invoice], 'already_booked', 'somebody booked this money in WHMCS before', {
      text: `Rechnung ${invoice.number}`,
      daysAgo: paidDaysAgo + dice.upTo(2),
    })
  }
  plain(book, add, dice)
  return lines
}

/** The ways people write who name an invoice well. */
const WAYS: ((invoice: Invoice) => string)[] = [
  ({ number }) => `Rechnung ${number}`,
  ({ number }) => number,
  ({ number, person }) => `${number} ${person.domain}`,
  ({ number, person }) => `RG ${number} KD ${person.id}`,
  ({ number }) => `Rg.Nr. ${number.replace('-', ' ')} vielen Dank`,
  ({ number }) => `INVOICE ${number.replace('-', '')}`,
  ({ number, service }) => `${service} / ${number}`,
  ({ number }) => `Ihre Rechnung ${number} vom letzten Monat`,
]
const ABROAD: Record<string, (invoice: Invoice) => string> = {
  NL: ({ number }) => `factuur ${number.toLowerCase()}`,
  FR: ({ number }) => `Facture ${number} hébergement`,
  IT: ({ number }) => `Saldo fattura ${number}`,
  ES: ({ number }) => `Pago factura ${number}`,
  GB: ({ number }) => `Invoice ${number} hosting`,
}

/** The many that are simply right. Some invoices stay open: nobody pays everything. */
function plain(book: Book, add: AddLine, dice: Dice): void {
  const say = (invoice: Invoice): void => {
    const abroad = ABROAD[invoice.person.country]
    const way = abroad !== undefined && dice.chance(0.6) ? abroad : dice.pick(WAYS)
    add('named', [invoice], 'auto', 'the number, the amount and the payer agree', { text: way(invoice) })
  }
  for (const invoice of book.singles.splice(0, Math.max(0, book.singles.length - 12))) say(invoice)
  for (const pair of book.doubles.splice(0, Math.max(0, book.doubles.length - 5)))
    for (const invoice of pair) say(invoice)
  for (const pair of book.monthly.splice(0, Math.max(0, book.monthly.length - 2)))
    for (const invoice of pair) say(invoice)
}
