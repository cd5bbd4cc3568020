import fc from 'fast-check'
import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import { addDays } from '../../src/base/clock.ts'

/** A line of a bank, and what it is: `booked`, money that somebody booked by hand before Payymo came, or `pays`, money for an
 *  invoice that is still open. */
export interface HistoryLine {
  is: 'booked' | 'pays'
  invoiceId: number
  client: number
  cents: number
  date: string
  text: string
  name: string
  style: Style
}

/** The books of a hoster on the day Payymo comes: every client pays the same sum every month, so that each invoice has twins. */
export interface History {
  seed: WhmcsSeed
  lines: HistoryLine[]
  /** Days on which an equal sum of the client was booked by hand, and by whatever way. */
  bookedOn(client: number): string[]
  paidOn(client: number): string[]
  /** Invoices that somebody paid, by hand or by card. */
  settled: Set<number>
}

/** What clients write: the number, their name alone, or the month they mean as well. */
export type Style = 'number' | 'name' | 'month'

interface Habits {
  cents: number
  day: number
  style: Style
  months: { how: 'by hand' | 'by card' | 'line' | 'open'; delay: number; shift: number }[]
}

const NAMES = ['Marlow Hosting', 'Keller Media', 'Dupont Travaux', 'Novak Servis', 'Ostrava Tisk'] as const
const MONTHS = ['2024-11', '2024-12', '2025-01', '2025-02', '2025-03', '2025-04']
const WINDOW_DAYS = 90

const habits: fc.Arbitrary<Habits> = fc.record({
  // Few sums: clients are twins of each other as well.
  cents: fc.constantFrom(1900, 4900, 11_900),
  day: fc.integer({ min: 1, max: 28 }),
  style: fc.constantFrom<Style>('number', 'name', 'month'),
  months: fc.array(
    fc.record({
      how: fc.oneof(
        { weight: 5, arbitrary: fc.constant('by hand' as const) },
        { weight: 1, arbitrary: fc.constant('by card' as const) },
        { weight: 2, arbitrary: fc.constant('line' as const) },
        { weight: 2, arbitrary: fc.constant('open' as const) },
      ),
      delay: fc.integer({ min: 0, max: 45 }),
      // The desk books up to five days after the money, or before it: from a note of the client's.
      shift: fc.integer({ min: -5, max: 5 }),
    }),
    { minLength: 2, maxLength: MONTHS.length },
  ),
})

/** Histories that end on `today`. */
export const histories = (today: string): fc.Arbitrary<History> =>
  fc.array(habits, { minLength: 1, maxLength: NAMES.length }).map((clients) => historyOf(clients, today))

function historyOf(clients: Habits[], today: string): History {
  const invoices: NonNullable<WhmcsSeed['invoices']> = []
  const payments: NonNullable<WhmcsSeed['payments']> = []
  const lines: HistoryLine[] = []
  const booked = new Map<number, string[]>()
  const anyhow = new Map<number, string[]>()
  const settled = new Set<number>()
  for (const [n, { cents, day, style, months }] of clients.entries()) {
    const client = n + 1
    const name = NAMES[n]!
    const amount = `${cents / 100}.00`
    for (const [m, { how, delay, shift }] of months.entries()) {
      const month = MONTHS[MONTHS.length - months.length + m]!
      const issued = `${month}-${String(day).padStart(2, '0')}`
      if (issued > today) continue
      const invoiceId = 1000 + m * 10 + client
      const number = `INV-${invoiceId}`
      const paidOn = addDays(issued, delay)
      const came = (how === 'by hand' || how === 'line') && paidOn <= today
      if (came && paidOn >= addDays(today, -WINDOW_DAYS)) {
        const text = { number: `Rechnung ${number}`, name, month: `${name} hosting ${month}` }[style]
        const is = how === 'line' ? 'pays' : 'booked'
        lines.push({ is, invoiceId, client, cents, date: paidOn, text, name, style })
      }
      const byHand = how === 'by hand' && came
      const paid = byHand || (how === 'by card' && paidOn <= today)
      if (paid) {
        const at = byHand ? addDays(paidOn, shift) : paidOn
        const date = at > today ? today : at
        const transid = byHand ? `desk ${invoiceId}` : `ch_${invoiceId}`
        payments.push({ invoice: invoiceId, amount, transid, date, gateway: byHand ? 'banktransfer' : 'stripe' })
        anyhow.set(client, [...(anyhow.get(client) ?? []), date])
        if (byHand) booked.set(client, [...(booked.get(client) ?? []), date])
        settled.add(invoiceId)
      }
      const items = [{ description: `Web hosting (${month}-01 - ${month}-28)`, amount, type: 'Hosting' }]
      const due = addDays(issued, 14)
      invoices.push({ id: invoiceId, client, number, date: issued, due, items, status: paid ? 'Paid' : 'Unpaid' })
    }
  }
  const seed: WhmcsSeed = {
    gateways: [
      { module: 'banktransfer', displayname: 'Bank Transfer' },
      { module: 'stripe', displayname: 'Card' },
    ],
    clients: clients.map((_, n) => ({
      id: n + 1,
      name: `Person ${NAMES[n]}`,
      companyname: NAMES[n]!,
      currency: 'EUR',
    })),
    invoices: invoices.toSorted((one, other) => one.id! - other.id!),
    payments,
  }
  return {
    seed,
    lines,
    settled,
    bookedOn: (client) => booked.get(client) ?? [],
    paidOn: (client) => anyhow.get(client) ?? [],
  }
}
