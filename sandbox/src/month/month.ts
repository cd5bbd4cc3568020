import type { GocardlessSeed, SeedTransaction } from '../gocardless/seed.ts'
import type { SeedInvoice, SeedPayment, WhmcsSeed } from '../whmcs/seed.ts'
import { makeDice } from './dice.ts'
import { iban } from './iban.ts'
import { makeInvoices, type OpenInvoice } from './invoices.ts'
import { moneyIn } from './money-in.ts'
import { moneyOut } from './money-out.ts'
import { makePeople } from './people.ts'

/** What a bank line really pays, for those who want to check. */
export interface LineTruth {
  /** The key of the bank line. */
  line: string
  /** Ids of the invoices in WHMCS. */
  invoiceIds: number[]
  /** `auto`: one reading, well supported. `review`: a person decides. `none`: pays no invoice. `already_booked`: somebody
   *  booked it by hand before. */
  expected: 'auto' | 'review' | 'none' | 'already_booked'
  kind: string
  why: string
}

export interface Month {
  company: { name: string; domain: string; currency: string; iban: string; bank: string; institutionId: string }
  /** First day of the month that the bank shows. */
  from: string
  today: string
  whmcs: WhmcsSeed
  bank: GocardlessSeed
  truth: LineTruth[]
}

/** A bank line with its truth, before it becomes the bank's. */
export interface Line {
  kind: string
  /** Days before today. */
  daysAgo: number
  /** In cents; money out is below zero. */
  amountMinor: number
  name?: string
  iban?: string
  text: string
  endToEndId?: string
  pending?: boolean
  truth: Omit<LineTruth, 'line' | 'kind'>
}

export const DAYS = 31
const CLIENTS = 172

/** One month of an invented hosting company: its clients, their invoices in WHMCS, and the lines of its bank, with each kind
 *  of doubt that the job knows. Pure: the same day and seed give the same month. */
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
  const day = (daysAgo: number): string =>
    new Date(Date.parse(`${today}T00:00:00Z`) - daysAgo * 86_400_000).toISOString().slice(0, 10)
  const { open, settled, extra } = makeInvoices(people, dice)
  const lines = [...moneyIn(open, settled, extra, dice), ...moneyOut(dice)].sort(
    (one, other) => other.daysAgo - one.daysAgo,
  )
  const keyed = lines.map((line, n) => ({ ...line, key: `month-${String(n + 1).padStart(3, '0')}` }))
  const invoices: SeedInvoice[] = [...open, ...settled.map((one) => one.invoice)].map((invoice) =>
    seedInvoice(invoice, day),
  )
  const payments: SeedPayment[] = settled.map(({ invoice, paidDaysAgo, transid }) => ({
    invoice: invoice.id,
    amount: decimal(invoice.totalMinor),
    transid,
    gateway: 'banktransfer',
    date: `${day(paidDaysAgo)} 09:12:00`,
  }))
  const opening = 1_845_017
  const closing = keyed.filter((line) => !line.pending).reduce((sum, line) => sum + line.amountMinor, opening)
  return {
    company,
    from: day(DAYS),
    today,
    whmcs: {
      currencies: [
        { id: 1, code: 'EUR', prefix: '€', suffix: ' EUR', format: 1, rate: '1.00000' },
        { id: 2, code: 'USD', prefix: '$', suffix: ' USD', format: 1, rate: '1.08420' },
      ],
      clients: people.map(({ id, firstname, lastname, company: companyname, email, country, domain }) => ({
        id,
        firstname,
        lastname,
        companyname,
        email,
        country,
        currency: extra.dollarInvoice.clientId === id ? 'USD' : 'EUR',
        notes: `Main domain ${domain}`,
      })),
      invoices,
      payments,
      configuration: { CompanyName: company.name },
    },
    bank: {
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
          currency: 'EUR',
          iban: company.iban,
          ownerName: company.name,
          name: 'Geschäftskonto',
          product: 'Business Current',
          cashAccountType: 'CACC',
          usage: 'ORGA',
          balance: decimal(closing),
          transactions: keyed.map((line) => seedTransaction(line, day)),
        },
      ],
    },
    truth: keyed.map((line) => ({ line: line.key, kind: line.kind, ...line.truth })),
  }
}

function seedInvoice(invoice: OpenInvoice, day: (daysAgo: number) => string): SeedInvoice {
  return {
    id: invoice.id,
    client: invoice.clientId,
    number: invoice.number,
    date: day(invoice.issuedDaysAgo),
    due: day(invoice.issuedDaysAgo - 14),
    status: invoice.status,
    items: invoice.items.map((item) => ({
      type: item.type,
      description: item.description,
      amount: decimal(item.amountMinor),
      ...(item.relid === undefined ? {} : { relid: item.relid }),
    })),
  }
}

function seedTransaction(line: Line & { key: string }, day: (daysAgo: number) => string): SeedTransaction {
  return {
    key: line.key,
    amount: decimal(line.amountMinor),
    ...(line.pending
      ? { pending: true, valueDate: day(line.daysAgo) }
      : { bookingDate: day(line.daysAgo), valueDate: day(line.daysAgo) }),
    counterparty: {
      ...(line.name === undefined ? {} : { name: line.name }),
      ...(line.iban === undefined ? {} : { iban: line.iban }),
    },
    text: line.text,
    ...(line.endToEndId === undefined ? {} : { endToEndId: line.endToEndId }),
    code: line.amountMinor > 0 ? 'PMNT-RCDT-ESCT' : 'PMNT-ICDT-ESCT',
  }
}

/** Cents as plain decimal text. */
export function decimal(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
