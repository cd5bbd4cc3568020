import type { MatchInvoice } from '../server/src/matching/index.ts'
import { addDays, domainOf, firstName, label, lastName, serviceOf, type World } from './matching-habits-world.ts'
import { type Habit, named, several, stranger } from './matching-habits-common.ts'
import { slips } from './matching-habits-slips.ts'

/** What payers write. The payer is the client under the own name unless a habit says otherwise. */

const own = (invoice: MatchInvoice, world: World): string =>
  invoice.client.company !== '' && world.hasOwnCompany(invoice.client) && world.chance(0.6)
    ? invoice.client.company
    : invoice.client.name

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
