import type { Dice } from './dice.ts'
import { iban } from './iban.ts'
import type { Book, Invoice } from './invoices.ts'
import { decimal } from './lines.ts'
import type { AddLine } from './money-in.ts'

const times = (count: number, work: () => void): void => {
  for (let n = 0; n < count; n++) work()
}

/** Each way in which a payment does not simply name its invoice and pay it. */
export function doubtful(book: Book, add: AddLine, dice: Dice): void {
  const take = (): Invoice => book.singles.shift()!
  severalInvoices(book, add, dice)
  sameAmounts(book, add, dice)
  badTexts(take, add, dice)
  badAmounts(book, take, add)
  wrongInvoices(book, take, add, dice)
}

/** Sums of two, a mass payment, and two months of one service. */
function severalInvoices(book: Book, add: AddLine, dice: Dice): void {
  times(4, () => {
    const [one, other] = book.doubles.shift()!
    add('two_named', [one, other], 'auto', 'both numbers are named and the amount is their sum', {
      text: dice.pick([`${one.number} + ${other.number}`, `Rechnungen ${one.number} und ${other.number}`]),
    })
  })
  times(2, () => {
    const [one, other] = book.doubles.shift()!
    add('two_unnamed', [one, other], 'review', 'the sum of both open invoices of the client, without a number', {
      text: 'beide Rechnungen',
    })
  })
  const { container } = book
  add('mass_payment', [container], 'auto', 'the number of the mass payment and its amount', {
    text: `Sammelzahlung ${container.number}`,
    daysAgo: 5,
  })
  times(2, () => {
    const [older] = book.monthly.shift()!
    add('monthly_oldest', [older], 'auto', 'two months of one service are open; the older is paid first', {
      text: older.service,
    })
  })
  times(2, () => {
    const [, newer] = book.monthly.shift()!
    add('monthly_named', [newer], 'auto', 'two months of one service are open; the text names the newer', {
      text: `Rechnung ${newer.number}`,
    })
  })
}

/** Where one amount fits twice. */
function sameAmounts(book: Book, add: AddLine, dice: Dice): void {
  const equal = ([one, other]: [Invoice, Invoice]): [Invoice, Invoice] => {
    other.totalMinor = one.totalMinor
    other.items[0]!.amountMinor = one.totalMinor
    return [one, other]
  }
  times(2, () => {
    const [one, other] = equal(book.doubles.shift()!)
    // Of two services and of one day: nothing says which comes first.
    other.issuedDaysAgo = one.issuedDaysAgo
    add('two_candidates', [one], 'review', 'two open invoices of the client have this amount', { text: 'Zahlung' })
  })
  const [left, right] = equal([book.singles.shift()!, book.singles.shift()!])
  add('two_clients', [left], 'review', 'no word and no name; invoices of two clients have this amount', {
    text: 'Gutschrift',
    name: 'SAMMELKONTO BARGELDEINZAHLUNG',
    iban: iban('DE', dice),
    daysAgo: Math.min(left.issuedDaysAgo, right.issuedDaysAgo) - 3,
  })
  // A client pays two equal invoices by two equal transfers on one day: both are real.
  for (const invoice of equal(book.doubles.shift()!)) {
    add('twins', [invoice], 'auto', 'two identical transfers on one day, two invoices', {
      text: 'Rechnungen Hosting',
      daysAgo: 8,
    })
  }
}

/** The right money with a text that says it badly. */
function badTexts(take: () => Invoice, add: AddLine, dice: Dice): void {
  times(6, () => {
    const invoice = take()
    add('cut_text', [invoice], 'auto', 'the number is cut off; payer and amount are right', {
      text: `RECHNUNG NR. ${invoice.number.slice(0, 6)}`,
    })
  })
  times(4, () => {
    const invoice = take()
    // A bank that breaks lines after 27 characters does so inside the number here.
    const said = `Webhosting Rechnung ${invoice.number} Kundennummer ${invoice.person.id}`
    add('broken_text', [invoice], 'auto', 'the bank broke the text inside the number', {
      text: [said.slice(0, 27), said.slice(27)],
    })
  })
  times(9, () => {
    const invoice = take()
    add('name_only', [invoice], 'auto', 'no number; payer and amount fit one invoice', {
      text: dice.pick(['hosting', 'danke', 'Webseite', 'bonifico', 'facture hébergement', 'Rechnung']),
    })
  })
  times(2, () => {
    const invoice = take()
    add('no_text', [invoice], 'auto', 'no text at all; payer and amount fit one invoice', { text: '' })
  })
  times(2, () => {
    const invoice = take()
    add('client_number', [invoice], 'auto', 'the number of the client in place of the invoice', {
      text: `Kundennummer ${invoice.person.id}`,
    })
  })
  times(4, () => {
    const invoice = take()
    add('third_party', [invoice], 'auto', 'somebody else pays and names the invoice', {
      text: `Rechnung ${invoice.number} fuer ${invoice.person.payerName}`,
      name: dice.pick(['Heike Sommer', 'Steuerbüro Aldag', 'R. Nováková', 'Treuhand Weber AG']),
      iban: iban('DE', dice),
    })
  })
  times(2, () => {
    const invoice = take()
    add('announced', [invoice], 'none', 'the bank has only announced it; it books tomorrow', {
      text: `Rechnung ${invoice.number}`,
      daysAgo: 0,
      pending: true,
    })
  })
}

/** The right invoice, another amount. */
function badAmounts(book: Book, take: () => Invoice, add: AddLine): void {
  times(2, () => {
    const invoice = take()
    add('part_payment', [invoice], 'review', 'half of the amount', {
      text: `Teilzahlung ${invoice.number}`,
      amountMinor: invoice.totalMinor / 2n,
    })
  })
  for (const { invoice, leftMinor } of book.begun) {
    add('rest', [invoice], 'auto', 'what was left after a first part', {
      text: `Restzahlung ${invoice.number}`,
      amountMinor: leftMinor,
    })
  }
  times(2, () => {
    const invoice = take()
    add('bank_fee', [invoice], 'review', 'a bank on the way kept a fee', {
      text: `INV ${invoice.number} OUR CHARGES SHA`,
      amountMinor: invoice.totalMinor - 250n,
    })
  })
  times(2, () => {
    const invoice = take()
    add('surplus', [invoice], 'review', 'more than is open', {
      text: invoice.number,
      amountMinor: invoice.totalMinor + 1000n,
    })
  })
  const { dollars } = book
  add('other_currency', [dollars], 'review', 'euros came for an invoice in dollars, at a rate of the bank', {
    text: `USD ${decimal(dollars.totalMinor)} EX RATE 1.0842 ${dollars.number}`,
    amountMinor: (dollars.totalMinor * 10_000n) / 10_842n,
  })
}

/** Money whose text speaks of an invoice that it does not, or no longer, pay. */
function wrongInvoices(book: Book, take: () => Invoice, add: AddLine, dice: Dice): void {
  const twice = take()
  for (const [daysAgo, expected, why] of [
    [11, 'auto', 'the first of two equal payments'],
    [7, 'none', 'the invoice is paid already'],
  ] as const) {
    add('double_payment', [twice], expected, why, { text: `${twice.number} Hosting`, daysAgo })
  }
  times(2, () => {
    const [right, named] = [take(), take()]
    add('wrong_number', [right], 'review', "the number is another client's invoice; payer and amount are this one's", {
      text: `Rechnung ${named.number}`,
    })
  })
  times(2, () => {
    const at = book.singles.findIndex(({ number }) => number.at(-1) !== number.at(-2))
    const invoice = book.singles.splice(at, 1)[0]!
    const [a, b] = [invoice.number.at(-2)!, invoice.number.at(-1)!]
    add('swapped_digits', [invoice], 'review', 'two digits of the number are swapped', {
      text: `RG ${invoice.number.slice(0, -2)}${b}${a}`,
      daysAgo: 3,
    })
  })
  times(2, () => {
    const invoice = take()
    add('amount_only', [invoice], 'review', 'an unknown payer, no word, an amount that happens to be open', {
      text: 'Überweisung',
      name: dice.pick(['Kowalski', 'M. Okonkwo']),
      iban: iban('NL', dice),
    })
  })
  for (const { cancelled, replacement } of book.replaced) {
    add('replaced', [replacement], 'review', 'the invoice named was cancelled and written anew', {
      text: `Rechnung ${cancelled.number}`,
    })
  }
  const { cancelled } = book
  const gone = 'the invoice named was cancelled, and nothing else of the client is open'
  add('cancelled', [], 'none', gone, {
    text: `Rechnung ${cancelled.number}`,
    payer: cancelled.person,
    amountMinor: cancelled.totalMinor,
    daysAgo: 4,
  })
}
