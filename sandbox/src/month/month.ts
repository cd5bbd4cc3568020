import type { GocardlessSeed, SeedTransaction } from '../gocardless/seed.ts'
import type { SeedInvoice, WhmcsSeed } from '../whmcs/seed.ts'
import { CARD_GATEWAY, type Cards, makeCards, payoutLines } from './cards.ts'
import { makeDice } from './dice.ts'
import { iban } from './iban.ts'
import { type Book, type Invoice, makeBook } from './invoices.ts'
import { decimal, type Line, type LineTruth } from './lines.ts'
import { moneyIn } from './money-in.ts'
import { moneyOut, otherIncome } from './money-out.ts'
import { makePeople, type Person } from './people.ts'

export interface Month {
  company: { name: string; domain: string; currency: string; iban: string; bank: string; institutionId: string }
  /** First day of the month that the bank shows. */
  from: string
  today: string
  whmcs: WhmcsSeed
  bank: GocardlessSeed
  cards: Cards
  truth: LineTruth[]
}

type KeyedLine = Line & { key: string; day: string }

const DAYS = 31
const CLIENTS = 158
/** Of further clients, who pay by card. */
const CARD_CLIENTS = 30
const OPENING_MINOR = 1_845_017n

/** One month of an invented hosting company: its clients, their invoices in WHMCS, and the lines of its bank, with each kind
 *  of doubt that the job knows. Pure: the same day and seed give the same month. `today` as YYYY-MM-DD. */
export function buildMonth({ today, seed = 20_260 }: { today: string; seed?: number }): Month {
  const dice = makeDice(seed)
  const people = makePeople(CLIENTS, dice)
  const company = {
    name: 'Fjordlicht Hosting GmbH',
    domain: 'fjordlicht.example',
    currency: 'EUR',
    iban: iban('DE', dice),
    bank: 'Hansa Handelsbank (simulated)',
    institutionId: 'HANSA_HANSDEHH',
  }
  const day = (daysAgo: number): string => dayBefore(today, daysAgo)
  const book = makeBook(people, dice, day)
  // Money goes back to two clients who paid by card long ago; nothing on the statement belongs to it.
  const refunded = book.all.filter((invoice) => invoice.status === 'Paid').slice(4, 6)
  const cardDice = makeDice(seed + 1)
  const cardPeople = makePeople(CARD_CLIENTS, cardDice, people)
  const cards = makeCards(book, cardPeople, { today: day(0), day, dice: cardDice, bankIban: company.iban })
  const lines = [
    ...moneyIn(book, dice),
    ...moneyOut(refunded, today, dice),
    ...otherIncome(company.name, dice),
    ...payoutLines(cards, today, cardDice),
  ]
  const keyed = lines
    .map((line) => ({ ...line, day: line.pending ? day(-1) : bankDay(today, line.daysAgo) }))
    .sort((one, other) => (one.day === other.day ? 0 : one.day < other.day ? -1 : 1))
    .map((line, n): KeyedLine => ({ ...line, key: `month-${String(n + 1).padStart(3, '0')}` }))
  return {
    company,
    from: day(DAYS),
    today,
    whmcs: whmcsSeed(book, [...people, ...cardPeople], { companyName: company.name, cards, day }),
    bank: bankSeed(keyed, company),
    cards,
    truth: keyed.map((line) => ({ line: line.key, kind: line.kind, ...line.truth })),
  }
}

const dayBefore = (today: string, daysAgo: number): string =>
  new Date(Date.parse(`${today}T00:00:00Z`) - daysAgo * 86_400_000).toISOString().slice(0, 10)

/** Banks book on working days: what falls on a weekend comes on Monday, or on the Friday before when Monday is yet to come. */
function bankDay(today: string, daysAgo: number): string {
  const wanted = dayBefore(today, daysAgo)
  const weekday = new Date(`${wanted}T00:00:00Z`).getUTCDay()
  const wait = weekday === 6 ? 2 : weekday === 0 ? 1 : 0
  return wait <= daysAgo ? dayBefore(today, daysAgo - wait) : dayBefore(today, daysAgo + 3 - wait)
}

function whmcsSeed(
  book: Book,
  people: Person[],
  { companyName, cards, day }: { companyName: string; cards: Cards; day: (daysAgo: number) => string },
): WhmcsSeed {
  const seedInvoice = (invoice: Invoice): SeedInvoice => ({
    id: invoice.id,
    client: invoice.clientId,
    number: invoice.number,
    date: day(invoice.issuedDaysAgo),
    due: day(invoice.issuedDaysAgo - 14),
    status: invoice.status,
    items: invoice.items.map(({ amountMinor, ...item }) => ({ ...item, amount: decimal(amountMinor) })),
    ...(invoice.gateway === undefined ? {} : { paymentmethod: invoice.gateway }),
  })
  return {
    currencies: [
      { id: 1, code: 'EUR', prefix: '€', suffix: ' EUR', format: 1, rate: '1.00000' },
      { id: 2, code: 'USD', prefix: '$', suffix: ' USD', format: 1, rate: '1.08420' },
    ],
    clients: people.map(({ id, firstname, lastname, company, email, country, domain }) => ({
      id,
      firstname,
      lastname,
      companyname: company,
      email,
      country,
      currency: book.dollars.clientId === id ? 'USD' : 'EUR',
      notes: `Main domain ${domain}`,
    })),
    invoices: book.all.map(seedInvoice),
    payments: [
      ...book.payments.map(({ invoice, amountMinor, paidDaysAgo, transid }) => ({
        invoice: invoice.id,
        amount: decimal(amountMinor),
        transid,
        gateway: 'banktransfer',
        date: `${day(paidDaysAgo)} 09:12:00`,
      })),
      ...cards.recorded.map(({ invoiceId, amountMinor, feeMinor, transid, date }) => ({
        invoice: invoiceId,
        amount: decimal(amountMinor),
        fees: decimal(feeMinor),
        transid,
        gateway: CARD_GATEWAY,
        date,
      })),
    ],
    configuration: { CompanyName: companyName },
  }
}

function bankSeed(lines: KeyedLine[], company: Month['company']): GocardlessSeed {
  const booked = lines.filter((line) => !line.pending)
  return {
    institutions: [
      {
        id: company.institutionId,
        name: company.bank,
        bic: 'HANSDEHHXXX',
        countries: ['DE', 'GB', 'NL', 'AT'],
        transactionTotalDays: '730',
        maxAccessValidForDays: '180',
      },
    ],
    accounts: [
      {
        key: 'business',
        institutionId: company.institutionId,
        currency: company.currency,
        iban: company.iban,
        ownerName: company.name,
        name: 'Geschäftskonto',
        product: 'Business Current',
        cashAccountType: 'CACC',
        usage: 'ORGA',
        balance: decimal(booked.reduce((sum, line) => sum + line.amountMinor, OPENING_MINOR)),
        transactions: lines.map(seedTransaction),
      },
    ],
  }
}

const seedTransaction = (line: KeyedLine): SeedTransaction => ({
  key: line.key,
  amount: decimal(line.amountMinor),
  bookingDate: line.day,
  valueDate: line.day,
  ...(line.pending ? { pendingUntil: line.day } : {}),
  counterparty: {
    ...(line.name === undefined ? {} : { name: line.name }),
    ...(line.iban === undefined ? {} : { iban: line.iban }),
  },
  text: line.text,
  ...(line.endToEndId === undefined ? {} : { endToEndId: line.endToEndId }),
  code: line.amountMinor > 0n ? 'PMNT-RCDT-ESCT' : 'PMNT-ICDT-ESCT',
})
