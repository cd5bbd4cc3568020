import { type CardMonth, cardMonth, type CardSale, type MerchantSpec, type TermChanges } from '../stripe/index.ts'
import type { Dice } from './dice.ts'
import { iban } from './iban.ts'
import { type Book, invoiceWriter } from './invoices.ts'
import type { Line } from './lines.ts'
import type { Person } from './people.ts'

/** The name of the gateway in WHMCS. */
export const CARD_GATEWAY = 'stripe'

/** What clients paid by card: what the gateway in WHMCS recorded of it, what it missed, and what Stripe paid out. */
export interface Cards extends Pick<CardMonth, 'recorded' | 'missing' | 'truth'> {
  /** The day the simulated Stripe is told from, YYYY-MM-DD: the one before today, so that it has passed at whatever hour one starts. */
  toldOn: string
  sales: CardSale[]
  terms: TermChanges
}

/** The oldest card payment is younger than what a new Stripe connection is read back: 30 days. */
const PAID_DAYS_AGO = { from: 2, to: 26 }

/** One card payment of each of these clients. Their invoices are paid in WHMCS where the gateway recorded the payment, and open where
 *  it missed it. */
export function makeCards(
  book: Book,
  people: readonly Person[],
  { today, day, dice, bankIban }: { today: string; day: (daysAgo: number) => string; dice: Dice; bankIban: string },
): Cards {
  const write = invoiceWriter(book.all, day)
  const sales = people.map((person): CardSale => {
    const paidDaysAgo = PAID_DAYS_AGO.from + dice.upTo(PAID_DAYS_AGO.to - PAID_DAYS_AGO.from)
    const invoice = write(person, 0, paidDaysAgo + 1 + dice.upTo(7), 'Paid')
    invoice.gateway = CARD_GATEWAY
    return {
      invoiceId: invoice.id,
      clientId: person.id,
      name: person.payerName,
      email: person.email,
      amountMinor: invoice.totalMinor,
      // Told from the day before.
      paidDaysAgo: paidDaysAgo - 1,
    }
  })
  const toldOn = new Date(Date.parse(`${today}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
  const terms: TermChanges = { bankLast4: { eur: bankIban.slice(-4) } }
  const { recorded, missing, truth } = cardMonth({ today: toldOn, sales, terms })
  const open = new Set(missing.map(({ invoiceId }) => invoiceId))
  for (const invoice of book.all) if (open.has(invoice.id)) invoice.status = 'Unpaid'
  return { toldOn, sales, terms, recorded, missing, truth }
}

/** The account for the simulated Stripe, with this month as its past. What it has told before it was started again is not told anew:
 *  its past has happened by the time it looks for whom to tell. */
export function merchantOf({ toldOn, sales, terms }: Pick<Cards, 'toldOn' | 'sales' | 'terms'>): MerchantSpec {
  const { merchant } = cardMonth({ today: toldOn, sales, terms })
  return {
    ...merchant,
    history: {
      test: (account, now) => {
        merchant.history?.test?.(account, now)
        account.catchUp(now)
      },
    },
  }
}

/** The payouts as the bank shows them. */
export function payoutLines({ truth }: Cards, today: string, dice: Dice): Line[] {
  const from = iban('DE', dice)
  return truth.bankLines.map((line) => ({
    kind: 'card_payout',
    daysAgo: (Date.parse(today) - Date.parse(line.day)) / 86_400_000,
    amountMinor: line.amountMinor,
    name: line.name,
    iban: from,
    text: line.text,
    truth: { invoiceIds: [], expected: 'none', why: 'payout of the card processor: the net of many charges' },
  }))
}
