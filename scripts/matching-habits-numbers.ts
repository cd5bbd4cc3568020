import type { MatchInvoice } from '../server/src/matching/index.ts'
import { type Habit, named, several, stranger } from './matching-habits-common.ts'
import { slips } from './matching-habits-slips.ts'
import { addDays, firstName, label, lastName } from './matching-habits-facts.ts'
import type { World } from './matching-habits-world.ts'

/** How payers write numbers, and which. */

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

const announced = (world: World): string => world.pick(world.words().invoice)

/** Countries whose payers write to hosters abroad. */
const abroad = [
  'Fatura no',
  'Számla',
  'Lasku',
  'Τιμολόγιο',
  'Счёт №',
  'Рахунок №',
  'Factura nr',
  'Račun br.',
  'Sąskaita',
  'Rēķins',
  'Arve nr',
  'Hóa đơn',
]

export const numberHabits: readonly Habit[] = [
  [
    'a number taken back',
    1,
    (world) => {
      const invoice = world.takeClear()
      const other = world.take((one) => one.balanceMinor !== invoice?.balanceMinor)
      if (!invoice || !other) return
      world.pay(invoice, {
        payer: invoice.client.name,
        text: world.pick([
          `${label(invoice)} statt ${label(other)}`,
          `nicht ${label(other)} sondern ${label(invoice)}`,
          `${label(invoice)} instead of ${label(other)}`,
          `${label(invoice)} (vorher ${label(other)})`,
        ]),
        why: 'number, payer and amount',
      })
    },
  ],
  [
    'number twice',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: stranger(world),
          text: `${announced(world)} ${label(invoice)} / ${label(invoice)}`,
          why: 'number and amount',
        })
    },
  ],
  [
    'number of another prefix',
    3,
    (world) => {
      const invoice = world.takeClear((one) => /^[A-Z]+-?\d/.test(one.number))
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: label(invoice).replace(/^[A-Z]+/, world.pick(['RG', 'FV', 'INVOICE', 'RECH', 'BILL'])),
          why: 'payer, digits of the number, amount',
        })
    },
  ],
  [
    'number in groups',
    2,
    (world) => {
      const invoice = world.takeClear((one) => label(one).length >= 5)
      if (!invoice) return
      const number = label(invoice)
      const at = number.length - 3
      world.pay(invoice, {
        payer: invoice.client.name,
        text: `${announced(world)} ${number.slice(0, at)}${world.pick([' ', '.', ' - '])}${number.slice(at)}`,
        why: 'payer, number and amount',
      })
    },
  ],
  [
    'number glued to words',
    2,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: world.pick([
            `RE.NR.${label(invoice)}KD.NR.${invoice.client.id}`,
            `Inv${label(invoice)}`,
            `RG${label(invoice)}vom${invoice.date.slice(8)}.${invoice.date.slice(5, 7)}.`,
            `facture${label(invoice)}`,
          ]),
          why: 'payer, number and amount',
        })
    },
  ],
  [
    'number with the amount behind',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const amount = `${invoice.balanceMinor / 100n}${world.pick([',', '.'])}${String(invoice.balanceMinor % 100n).padStart(2, '0')}`
      world.pay(invoice, {
        payer: world.chance(0.5) ? invoice.client.name : stranger(world),
        text: world.pick([
          `${announced(world)} ${label(invoice)} ${amount}`,
          `${announced(world)} ${label(invoice)} / ${amount} ${invoice.currency}`,
          `${announced(world)} ${label(invoice)} ${invoice.currency} ${amount}`,
          `${announced(world)} ${label(invoice)} = ${amount}`,
        ]),
        why: 'number and amount',
      })
    },
  ],
  [
    'announced in a language of far away',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          text: `${world.pick(abroad)} ${label(invoice)}`,
          why: 'payer, number and amount',
        })
    },
  ],
  [
    'server rent of a client, number',
    1,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: world.chance(0.5) ? invoice.client.name : stranger(world),
          text: `${world.pick(['Servermiete', 'server rental', 'location serveur', 'noleggio server', 'huur server', 'Webspace Miete', 'serverhyra'])} ${announced(world)} ${label(invoice)}`,
          why: 'number and amount',
        })
    },
  ],
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
