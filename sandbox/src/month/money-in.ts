import type { Dice } from './dice.ts'
import { iban } from './iban.ts'
import type { ExtraInvoices, OpenInvoice, SettledInvoice } from './invoices.ts'
import type { Line } from './month.ts'
import type { Person } from './people.ts'

type Expected = Line['truth']['expected']

/** What clients paid this month: most name their invoice well, and then each way in which they do not. Takes open invoices one
 *  after the other, so that no two lines mean the same money unless they are meant to. */
export function moneyIn(open: OpenInvoice[], settled: SettledInvoice[], extra: ExtraInvoices, dice: Dice): Line[] {
  const lines: Line[] = []
  const { container, dollarInvoice } = extra
  const apart = new Set([container.clientId, dollarInvoice.clientId])
  const payable = open.filter((invoice) => invoice.status === 'Unpaid' && !apart.has(invoice.clientId))
  const byClient = Map.groupBy(payable, (invoice) => invoice.clientId)
  const singles = payable.filter((invoice) => byClient.get(invoice.clientId)!.length === 1)
  const doubles = [...byClient.values()].filter((invoices) => invoices.length === 2)
  const take = (): OpenInvoice => singles.shift()!
  const takeTwo = (): [OpenInvoice, OpenInvoice] => doubles.shift() as [OpenInvoice, OpenInvoice]

  const add = (
    kind: string,
    invoices: OpenInvoice[],
    expected: Expected,
    why: string,
    line: {
      text: string
      amountMinor?: number
      name?: string
      iban?: string
      daysAgo?: number
      pending?: boolean
      payer?: Person
    },
  ): void => {
    const { person } = invoices[0]!
    const youngest = Math.min(...invoices.map((invoice) => invoice.issuedDaysAgo))
    lines.push({
      kind,
      daysAgo: line.daysAgo ?? dice.upTo(Math.max(0, Math.min(youngest - 2, 29))),
      amountMinor: line.amountMinor ?? invoices.reduce((sum, invoice) => sum + invoice.totalMinor, 0),
      name: line.name ?? person.payerName,
      iban: line.iban ?? person.iban,
      text: line.text,
      ...(line.pending ? { pending: true } : {}),
      truth: { invoiceIds: invoices.map((invoice) => invoice.id), expected, why },
    })
  }

  // The sum for both invoices of a client, named in one text.
  for (let n = 0; n < 4; n++) {
    const [one, other] = takeTwo()
    add('two_named', [one, other], 'auto', 'both numbers are named and the amount is their sum', {
      text: `${one.number} + ${other.number}`,
    })
  }
  // Nothing said, and two invoices of equal amount of one client: only a person knows.
  for (let n = 0; n < 2; n++) {
    const [one, other] = takeTwo()
    other.totalMinor = one.totalMinor
    other.items[0]!.amountMinor = one.totalMinor
    add('two_candidates', [one], 'review', 'two open invoices of the client have this amount', { text: 'Zahlung' })
  }
  // A client pays two equal invoices by two equal transfers on one day: both are real.
  const [first, second] = takeTwo()
  second.totalMinor = first.totalMinor
  second.items[0]!.amountMinor = first.totalMinor
  for (const invoice of [first, second]) {
    add('twins', [invoice], 'auto', 'two identical transfers on one day, two invoices', {
      text: 'Rechnungen Hosting',
      daysAgo: 8,
    })
  }

  for (let n = 0; n < 10; n++) {
    const invoice = take()
    add('cut_text', [invoice], 'auto', 'the number is cut off; payer and amount are right', {
      text: `RECHNUNG NR. ${invoice.number.slice(0, 5)}`,
    })
  }
  for (let n = 0; n < 10; n++) {
    const invoice = take()
    add('name_only', [invoice], 'auto', 'no number; payer and amount fit one invoice', {
      text: dice.pick(['hosting', 'danke', 'Webseite', 'bonifico', 'facture hébergement', 'Rechnung']),
    })
  }
  for (let n = 0; n < 4; n++) {
    const invoice = take()
    add('third_party', [invoice], 'auto', 'somebody else pays and names the invoice', {
      text: `Rechnung ${invoice.number} fuer ${invoice.person.payerName}`,
      name: dice.pick(['Heike Sommer', 'Steuerbüro Aldag', 'R. Nováková', 'Treuhand Weber AG']),
      iban: iban('DE', dice),
    })
  }
  for (let n = 0; n < 2; n++) {
    const invoice = take()
    add('part_payment', [invoice], 'review', 'half of the amount', {
      text: `Teilzahlung ${invoice.number}`,
      amountMinor: Math.floor(invoice.totalMinor / 2),
    })
  }
  for (let n = 0; n < 2; n++) {
    const invoice = take()
    add('bank_fee', [invoice], 'review', 'a bank on the way kept a fee', {
      text: `INV ${invoice.number} OUR CHARGES SHA`,
      amountMinor: invoice.totalMinor - 250,
    })
  }
  for (let n = 0; n < 2; n++) {
    const invoice = take()
    add('surplus', [invoice], 'review', 'more than is open', {
      text: invoice.number,
      amountMinor: invoice.totalMinor + 1_000,
    })
  }
  const twice = take()
  add('double_payment', [twice], 'auto', 'the first of two equal payments', {
    text: `${twice.number} Hosting`,
    daysAgo: 11,
  })
  add('double_payment', [twice], 'none', 'the invoice is paid already', { text: `${twice.number} Hosting`, daysAgo: 7 })
  for (let n = 0; n < 2; n++) {
    const [right, named] = [take(), take()]
    add('wrong_number', [right], 'review', "the number is another client's invoice; payer and amount are this one's", {
      text: `Rechnung ${named.number}`,
    })
  }
  for (let n = 0; n < 2; n++) {
    const invoice = take()
    add('amount_only', [invoice], 'review', 'an unknown payer, no word, an amount that happens to be open', {
      text: 'Überweisung',
      name: dice.pick(['Kowalski', 'M. Okonkwo']),
      iban: iban('NL', dice),
    })
  }
  for (let n = 0; n < 2; n++) {
    const invoice = take()
    add('announced', [invoice], 'none', 'the bank has only announced it', {
      text: `Rechnung ${invoice.number}`,
      daysAgo: 0,
      pending: true,
    })
  }
  add('other_currency', [dollarInvoice], 'review', 'euros came for an invoice in dollars, at a rate of the bank', {
    text: `USD ${(dollarInvoice.totalMinor / 100).toFixed(2)} EX RATE 1.0842 ${dollarInvoice.number}`,
    amountMinor: Math.round(dollarInvoice.totalMinor / 1.0842),
  })
  add('mass_payment', [container], 'auto', 'the number of the mass payment and its amount', {
    text: `Sammelzahlung ${container.number}`,
    daysAgo: 5,
  })

  for (const { invoice, paidDaysAgo } of settled.slice(60)) {
    add('booked_by_hand', [invoice], 'already_booked', 'somebody booked this money in WHMCS before', {
      text: `Rechnung ${invoice.number}`,
      daysAgo: paidDaysAgo + dice.upTo(2),
    })
  }
  // The many that are simply right, in the ways people write.
  const ways: ((invoice: OpenInvoice) => string)[] = [
    ({ number }) => `Rechnung ${number}`,
    ({ number }) => number,
    ({ number, person }) => `${number} ${person.domain}`,
    ({ number, person }) => `SVWZ+RG ${number} KD ${person.id}`,
    ({ number }) => `Rg.Nr. ${number.replace('-', ' ')} vielen Dank`,
    ({ number }) => `INVOICE ${number.replace('-', '')}`,
    ({ number, service }) => `${service} / ${number}`,
    ({ number }) => `factuur ${number.toLowerCase()}`,
  ]
  while (singles.length > 14) {
    const invoice = take()
    add('named', [invoice], 'auto', 'the number, the amount and the payer agree', { text: dice.pick(ways)(invoice) })
  }
  return lines
}
