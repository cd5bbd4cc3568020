import type { MatchInvoice } from '../server/src/matching/index.ts'
import { addDays, domainOf, firstName, label, lastName, plain, serviceOf, type World } from './matching-habits-world.ts'
import { named, type Habit } from './matching-habits-payers.ts'
import { slips } from './matching-habits-slips.ts'

/** What payers write. The payer is the client under the own name unless a habit says otherwise. */

const own = (invoice: MatchInvoice, world: World): string =>
  invoice.client.company !== '' && world.hasOwnCompany(invoice.client) && world.chance(0.6)
    ? invoice.client.company
    : invoice.client.name

const stranger = (world: World): string => {
  const { first, last } = world.person()
  return `${first} ${last}`
}

/** A client with several open invoices of its own, made for the story. Each has another amount unless told. */
export function several(
  world: World,
  count: number,
  options: { equal?: boolean; services?: 'one' | 'many'; monthly?: boolean; near?: boolean } = {},
) {
  const words = world.words()
  const person = world.person(words)
  const like = world.any()
  const client = world.client(
    `${person.first} ${person.last}`,
    world.chance(0.4) ? `${person.last} ${world.pick(['Handel', 'Trading', 'Services', 'Studio'])}` : '',
  )
  const base = world.chance(0.5) ? world.freshAmount() : like.balanceMinor
  const service = serviceOf(like)
  const invoices: MatchInvoice[] = []
  for (let at = 0; at < count; at += 1) {
    const date =
      options.monthly === true ? monthsBack(like.date, count - 1 - at) : addDays(like.date, -9 * (count - 1 - at))
    // A month's service begins on its first day, so that the month's name means one invoice only.
    const from = options.monthly === true ? `${addDays(date, 12).slice(0, 7)}-01` : date
    const site =
      options.services === 'many'
        ? `${plain(person.last).replace(/[^a-z]/g, '')}-${['shop', 'blog', 'mail', 'club', 'fest', 'jobs'][at]}.eu`
        : `${plain(person.last).replace(/[^a-z]/g, '')}.eu`
    if (options.near !== true && at > 0) world.skipNumbers(1 + world.below(7))
    invoices.push(
      world.invoice(client, {
        amountMinor: options.equal === true ? base : base + BigInt(at * 211 + world.below(150)),
        currency: like.currency,
        date,
        description: `${service} - ${site} (${from} - ${addDays(from, 27)})`,
      }),
    )
  }
  return {
    client,
    invoices,
    words,
    payer: client.company || client.name,
    account: world.chance(0.6) ? world.account() : null,
    date: addDays(invoices.at(-1)?.date ?? like.date, 2 + world.below(10)),
  }
}

/** The twentieth of a month some months before a day: the next month is billed. */
function monthsBack(date: string, months: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 - months, 20)).toISOString().slice(0, 10)
}

const month = (world: World, invoice: MatchInvoice): string => {
  const words = world.words()
  const from = /\((\d{4})-(\d{2})/.exec(invoice.items[0]?.description ?? '')
  const name = words.months[Number(from?.[2] ?? '1') - 1] ?? ''
  return world.pick([name, `${name} ${from?.[1] ?? ''}`, `${world.pick(words.hosting)} ${name}`])
}

/** Another number than the invoice's: nobody's. */
function foreignNumber(world: World, length: number): string {
  for (;;) {
    const made = world.digits(length)
    if (!world.isNumber(made)) return made
  }
}

export const textHabits: readonly Habit[] = [
  [
    'number, two languages mixed',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: own(invoice, world),
          text: `${world.pick(world.words().thanks)} ${named(world, invoice)} ${world.pick(world.words().hosting)}`,
          why: 'number and amount',
        })
    },
  ],
  [
    'number, payer unknown',
    1,
    (world) => {
      const invoice = world.take()
      if (invoice)
        world.pay(invoice, {
          payer: stranger(world),
          text: `${world.pick(world.words().invoice)} ${label(invoice)}`,
          why: 'number and amount',
        })
    },
  ],
  [
    'only the domain, payer unknown',
    5,
    (world) => {
      const invoice = world.takeClear((one) => domainOf(one) !== '')
      if (invoice)
        world.pay(invoice, {
          payer: stranger(world),
          text: world.pick([
            domainOf(invoice),
            `www.${domainOf(invoice)}`,
            `${world.pick(world.words().hosting)} ${domainOf(invoice)}`,
          ]),
          why: 'domain and amount',
        })
    },
  ],
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
    'only the service',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: world.pick([serviceOf(invoice), world.pick(world.words().hosting)]),
          why: 'payer and amount',
        })
    },
  ],
  [
    'only the customer number, payer unknown',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: stranger(world),
          text: `${world.pick(world.words().customer)} ${invoice.client.id}`,
          expected: 'auto-or-review',
          why: 'customer number and amount',
        })
    },
  ],
  [
    'only the customer number, payer known',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: `${world.chance(0.7) ? world.pick(world.words().customer) : ''} ${invoice.client.id}`.trim(),
          why: 'payer, customer number and amount',
        })
    },
  ],
  [
    'greeting or "as agreed" alone',
    5,
    (world) => {
      const invoice = world.takeClear()
      const words = world.words()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: world.pick([...words.thanks, ...words.agreed]),
          why: 'payer and amount',
        })
    },
  ],
  [
    "last month's number copied",
    4,
    (world) => {
      const story = several(world, 1)
      const [invoice] = story.invoices
      if (!invoice) return
      const date = addDays(invoice.date, -31)
      const old = world.invoice(story.client, {
        amountMinor: invoice.totalMinor,
        currency: invoice.currency,
        date,
        description: invoice.items[0]?.description ?? '',
        status: 'paid',
      })
      world.pay(invoice, {
        payer: story.payer,
        account: story.account,
        date: addDays(invoice.date, 3 + world.below(10)),
        text: named(world, old),
        why: 'payer and amount, number of the one before',
      })
    },
  ],
  [
    'number of an order or quote instead',
    4,
    (world) => {
      const invoice = world.takeClear()
      const words = world.words()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: `${world.pick(words.order)} ${foreignNumber(world, 5 + world.below(3))}`,
          why: 'payer and amount',
        })
    },
  ],
  [
    'customer number and invoice number',
    1,
    (world) => {
      const invoice = world.takeClear()
      const words = world.words()
      if (invoice)
        world.pay(invoice, {
          payer: world.chance(0.5) ? invoice.client.name : stranger(world),
          text: world.pick([
            `${world.pick(words.customer)} ${invoice.client.id} ${world.pick(words.invoice)} ${label(invoice)}`,
            `${label(invoice)} / ${invoice.client.id}`,
            `${invoice.client.id}-${label(invoice)}`,
            `${world.pick(words.invoice)} ${label(invoice)} ${world.pick(words.customer)} ${invoice.client.id}`,
          ]),
          why: 'number and amount',
        })
    },
  ],
  [
    'telephone number instead',
    4,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: world.pick([
            `Tel. 0${world.digits(3)} ${world.digits(6)}`,
            `+49 ${world.digits(3)} ${world.digits(7)}`,
            `0${world.digits(3)}/${world.digits(6)}`,
            `mob ${world.digits(9)}`,
          ]),
          why: 'payer and amount',
        })
    },
  ],
  [
    'slipped number, payer known',
    3,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const slip = world.pick(slips)[1](world, label(invoice))
      if (slip === label(invoice) || world.isNumber(slip)) return
      world.pay(invoice, {
        payer: invoice.client.name,
        text: `${world.chance(0.7) ? world.pick(world.words().invoice) : ''} ${slip}`.trim(),
        why: 'payer, almost the number, amount',
      })
    },
  ],
  [
    'slipped number, payer unknown',
    3,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const slip = world.pick(slips)[1](world, label(invoice))
      if (slip === label(invoice) || world.isNumber(slip)) return
      world.pay(invoice, {
        payer: stranger(world),
        text: `${world.pick(world.words().invoice)} ${slip}`,
        expected: 'auto-or-review',
        why: 'almost the number, amount',
      })
    },
  ],
  [
    "slipped number that is another client's, payer known",
    3,
    (world) => {
      const invoice = world.takeClear()
      const other = world.take((one) => one.balanceMinor !== invoice?.balanceMinor)
      if (invoice && other)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: `${world.pick(world.words().invoice)} ${label(other)}`,
          why: "payer and amount; the number is another's, whose amount does not fit",
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
    'initial, surname and slipped number',
    3,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const slip = world.pick(slips)[1](world, label(invoice))
      if (slip === label(invoice) || world.isNumber(slip)) return
      world.pay(invoice, {
        payer: `${firstName(invoice.client.name).slice(0, 1)} ${lastName(invoice.client.name)}`,
        text: slip,
        expected: 'auto-or-review',
        why: "payer's initial and name, almost the number, amount",
      })
    },
  ],
  [
    'number in the file name of a document',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: world.pick([
            `Invoice-${label(invoice)}.pdf`,
            `rechnung_${label(invoice)}.pdf`,
            `${label(invoice)}_scan.pdf`,
          ]),
          why: 'number and amount',
        })
    },
  ],
  [
    'number among the date and the amount',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const [year, mon, day] = invoice.date.split('-')
      const amount = `${invoice.balanceMinor / 100n},${String(invoice.balanceMinor % 100n).padStart(2, '0')}`
      world.pay(invoice, {
        payer: invoice.client.name,
        text: `${world.pick(world.words().invoice)} ${label(invoice)} ${world.words().on === 'für' ? 'vom ' : ''}${day}.${mon}.${year} ${world.chance(0.5) ? amount : ''}`.trim(),
        why: 'number and amount',
      })
    },
  ],
  [
    'mail address of the client, payer unknown',
    5,
    (world) => {
      const invoice = world.takeClear(
        ({ client }) => !client.email.startsWith('info@') && !client.email.startsWith('office@'),
      )
      if (invoice)
        world.pay(invoice, { payer: stranger(world), text: invoice.client.email, why: 'mail address and amount' })
    },
  ],
  [
    'number put in the field for references',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: stranger(world),
          reference: label(invoice),
          text: world.pick(world.words().thanks),
          why: 'number and amount',
        })
    },
  ],
]
