import type { MatchInvoice } from '../server/src/matching/index.ts'
import { type Habit, several } from './matching-habits-common.ts'
import { slips } from './matching-habits-slips.ts'
import { addDays, domainOf, label } from './matching-habits-facts.ts'
import type { World } from './matching-habits-world.ts'

/** Which of a client's equal invoices is paid, and how the payer says so. */

const month = (world: World, invoice: MatchInvoice): string => {
  const words = world.words()
  const from = /\((\d{4})-(\d{2})/.exec(invoice.items[0]?.description ?? '')
  const name = words.months[Number(from?.[2] ?? '1') - 1] ?? ''
  // Three letters mean the month in few languages: Czech pro means for, French jui is two months.
  const short = words.months[0]?.startsWith('Janua') === true ? name.slice(0, 3) : name
  return world.pick([
    short,
    `${short}. ${from?.[1] ?? ''}`,
    name,
    `${name} ${from?.[1] ?? ''}`,
    `${world.pick(words.hosting)} ${name}`,
  ])
}

const latest = [
  'aktuelle Rechnung',
  'letzte Rechnung',
  'latest invoice',
  'newest invoice',
  'current bill',
  'dernière facture',
  'ultima fattura',
  'última factura',
  'laatste factuur',
  'ostatnia faktura',
  'poslední faktura',
  'senaste fakturan',
  'siste faktura',
]

/** A day as people write it. */
function written(world: World, date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return world.pick([
    `${day}.${month}.${year}`,
    `${day}/${month}/${year}`,
    `${Number(day)}.${Number(month)}.${year}`,
    `${day}.${month}.${year.slice(2)}`,
    date,
  ])
}

/** Equal invoices for one service with other periods: quarters or years that begin in their first month. */
function periods(world: World, count: number, months: number) {
  const story = several(world, count, { equal: true, services: 'one', monthly: true })
  const last = story.invoices.at(-1)
  const [year = 2024, month = 1] = (last?.date ?? '2024-01-01').split('-').map(Number)
  const first = months === 12 ? 0 : Math.floor((month - 1) / 3) * 3
  story.invoices.forEach((invoice, at) => {
    const from = new Date(Date.UTC(year, first - months * (count - 1 - at), 1)).toISOString().slice(0, 10)
    invoice.items = [
      {
        description: (invoice.items[0]?.description ?? '').replace(
          /\([^)]*\)/,
          `(${from} - ${addDays(from, months * 30)})`,
        ),
      },
    ]
    invoice.date = addDays(from, -8)
    invoice.dueDate = addDays(from, 6)
  })
  return { ...story, date: addDays(story.invoices.at(-1)?.date ?? story.date, 4 + world.below(8)) }
}

const startOf = (invoice: MatchInvoice): { year: string; month: number } => {
  const found = /\((\d{4})-(\d{2})/.exec(invoice.items[0]?.description ?? '')
  return { year: found?.[1] ?? '', month: Number(found?.[2] ?? '1') }
}

export const choiceHabits: readonly Habit[] = [
  [
    'only the domain, chooses between the client’s equal invoices',
    7,
    (world) => {
      const story = several(world, 2, { equal: true, services: 'many' })
      const invoice = world.pick(story.invoices)
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: `${world.pick([...story.words.hosting, ''])} ${domainOf(invoice)}`.trim(),
        why: 'payer, domain and amount',
      })
    },
  ],
  [
    'equal invoices of two services, nothing said',
    7,
    (world) => {
      const story = several(world, 2, { equal: true, services: 'many' })
      const invoice = world.pick(story.invoices)
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: world.pick([...story.words.thanks, ...story.words.hosting]),
        expected: 'review',
        why: 'equal invoices for different services',
      })
    },
  ],
  [
    'equal invoices of one service, nothing said',
    8,
    (world) => {
      const story = several(world, 3, { equal: true, services: 'one', monthly: true })
      const [invoice] = story.invoices
      if (invoice)
        world.pay(invoice, {
          payer: story.payer,
          account: story.account,
          date: story.date,
          text: world.pick([...story.words.thanks, ...story.words.hosting]),
          why: 'equal invoices of one service: the oldest',
        })
    },
  ],
  [
    'equal invoices of one service, the month named',
    8,
    (world) => {
      const story = several(world, 3, { equal: true, services: 'one', monthly: true })
      const invoice = world.pick(story.invoices)
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: month(world, invoice),
        why: 'payer, month and amount',
      })
    },
  ],
  [
    'slipped number chooses between equal invoices',
    3,
    (world) => {
      const story = several(world, 2, { equal: true, services: 'many' })
      const invoice = world.pick(story.invoices)
      const slip = world.pick(slips)[1](world, label(invoice))
      if (slip === label(invoice) || world.isNumber(slip)) return
      // Which of the two is meant can be seen only if the other is not as near: a person would rather ask.
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: `${world.pick(story.words.invoice)} ${slip}`,
        expected: 'auto-or-review',
        why: 'payer, almost its number, amount',
      })
    },
  ],
  [
    'equal invoices of one service, "the latest"',
    8,
    (world) => {
      const story = several(world, 3, { equal: true, services: 'one', monthly: true })
      const invoice = story.invoices.at(-1)
      if (invoice)
        world.pay(invoice, {
          payer: story.payer,
          account: story.account,
          date: story.date,
          text: world.pick(latest),
          expected: 'auto-or-review',
          why: 'payer, amount, the latest',
        })
    },
  ],
  [
    'equal invoices of one service, the day of the invoice',
    8,
    (world) => {
      const story = several(world, 3, { equal: true, services: 'one', monthly: true })
      const invoice = world.pick(story.invoices)
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: `${world.pick(story.words.invoice)} ${world.pick(['vom', 'of', 'du', 'del', 'z dnia', 'ze dne', 'dated', 'av', 'd.d.'])} ${written(world, invoice.date)}`,
        why: 'payer, amount, day of the invoice',
      })
    },
  ],
  [
    'equal invoices of two services, the day of the invoice',
    7,
    (world) => {
      const story = several(world, 2, { equal: true, services: 'many' })
      const invoice = world.pick(story.invoices)
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: `${world.pick(story.words.invoice)} ${world.pick(['vom', 'of', 'du', 'del', 'z dnia', 'ze dne', 'dated', 'av', 'd.d.'])} ${written(world, invoice.date)}`,
        why: 'payer, amount, day of the invoice',
      })
    },
  ],
  [
    'equal invoices of one service, the quarter',
    8,
    (world) => {
      const story = periods(world, 3, 3)
      const invoice = world.pick(story.invoices)
      const { year, month: begins } = startOf(invoice)
      const quarter = (begins + 2) / 3
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: world.pick([
          `Q${quarter} ${year}`,
          `${quarter}. Quartal ${year}`,
          `Q${quarter}/${year.slice(2)}`,
          `${quarter}Q${year}`,
          `T${quarter} ${year}`,
          `${quarter} kwartał ${year}`,
          `${world.pick(story.words.hosting)} Q${quarter}`,
        ]),
        why: 'payer, amount, quarter',
      })
    },
  ],
  [
    'equal invoices of one service, the year',
    8,
    (world) => {
      const story = periods(world, 2, 12)
      const invoice = world.pick(story.invoices)
      const { year } = startOf(invoice)
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: `${world.pick([...story.words.hosting, 'Domain', domainOf(invoice)])} ${year}`,
        why: 'payer, amount, year',
      })
    },
  ],
  [
    'two of three equal months named',
    10,
    (world) => {
      const story = several(world, 3, { equal: true, services: 'one', monthly: true })
      const paid = world.chance(0.5) ? story.invoices.slice(1) : story.invoices.slice(0, 2)
      const names = paid.map((invoice) => story.words.months[startOf(invoice).month - 1])
      const [first] = paid
      if (!first) return
      world.line({
        pays: paid.map((invoice) => ({ invoice })),
        expected: 'auto',
        why: 'payer, months and sum',
        amountMinor: first.balanceMinor * 2n,
        currency: first.currency,
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: names.join(world.pick([' + ', ` ${story.words.and} `, ', ', '/'])),
      })
    },
  ],
  [
    'two of three equal ones, nothing named',
    10,
    (world) => {
      const story = several(world, 3, { equal: true, services: 'one', monthly: true })
      const paid = story.invoices.slice(0, 2)
      const [first] = paid
      if (first)
        world.line({
          pays: paid.map((invoice) => ({ invoice })),
          expected: 'auto',
          why: 'payer, sum, the oldest',
          amountMinor: first.balanceMinor * 2n,
          currency: first.currency,
          date: story.date,
          payer: story.payer,
          account: story.account,
          text: world.pick(story.words.thanks),
        })
    },
  ],
  [
    'equal invoices of one service, the period as people write it',
    8,
    (world) => {
      const story = several(world, 3, { equal: true, services: 'one', monthly: true })
      const invoice = world.pick(story.invoices)
      const { year, month: number } = startOf(invoice)
      const mm = String(number).padStart(2, '0')
      const yy = year.slice(2)
      const name = story.words.months[number - 1] ?? ''
      const last = String(new Date(Date.UTC(Number(year), number, 0)).getUTCDate())
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: story.date,
        text: world.pick([
          `${world.pick(story.words.hosting)} ${mm}/${yy}`,
          `${year}-${mm}`,
          `${mm}.${year}`,
          `${mm}${year}`,
          `${name} ${yy}`,
          `${name}'${yy}`,
          `${name}rechnung`,
          `01.${mm}.${year}-${last}.${mm}.${year}`,
          `01.${mm}.-${last}.${mm}.${year}`,
          `${world.pick(story.words.hosting)} 01/${mm}/${year} - ${last}/${mm}/${year}`,
          `${world.pick(story.words.hosting)} from 1 ${name} to ${last} ${name}`,
          `${name.toUpperCase()} ${year} ${world.pick(story.words.thanks)}`,
        ]),
        why: 'payer, period and amount',
      })
    },
  ],
]
