import { type Habit, named, several, stranger } from './matching-habits-common.ts'
import { addDays, domainOf, firstName, label, lastName, type World } from './matching-habits-world.ts'

/** What happens seldom: decisions of long ago, numbers that are taken back, administrators, amounts of another mind. */

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

export const rareHabits: readonly Habit[] = [
  [
    'decision of three years ago, other name on the account',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const account = world.account()
      world.past(invoice, invoice.client.name, account, 36)
      world.past(invoice, invoice.client.name, account, 24)
      world.pay(invoice, {
        payer: `${firstName(invoice.client.name)} ${world.person().last}`,
        account,
        text: world.pick(world.words().thanks),
        why: 'account known, amount',
      })
    },
  ],
  [
    'known by name at a bank without accounts',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const payer = stranger(world)
      world.past(invoice, payer, null)
      world.past(invoice, payer, null, 1)
      world.pay(invoice, { payer, account: null, text: world.pick(world.words().hosting), why: 'payer known, amount' })
    },
  ],
  [
    "known account, another client's domain",
    6,
    (world) => {
      const one = world.takeClear()
      const other = world.takeClear((invoice) => domainOf(invoice) !== '' && invoice.balanceMinor !== one?.balanceMinor)
      if (!one || !other) return
      const account = world.account()
      world.past(one, one.client.name, account)
      world.pay(other, {
        payer: one.client.name,
        account,
        date: world.payday(other),
        text: `${world.pick(world.words().hosting)} ${domainOf(other)}`,
        why: 'domain and amount',
      })
    },
  ],
  [
    "known account, another client's name",
    6,
    (world) => {
      const one = world.takeClear()
      const other = world.takeClear((invoice) => invoice.balanceMinor !== one?.balanceMinor)
      if (!one || !other) return
      const account = world.account()
      world.past(one, one.client.name, account)
      world.pay(other, {
        payer: one.client.name,
        account,
        date: world.payday(other),
        text: `${world.words().on} ${other.client.name}`,
        why: 'client named and amount',
      })
    },
  ],
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
    'administrator or estate with the client in the name',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const { name } = invoice.client
      world.pay(invoice, {
        payer: world.pick([
          `Nachlass ${name}`,
          `RA Dr. ${world.person().last} Insolvenzverwalter ${name}`,
          `Estate of ${name}`,
          `Betreuer ${stranger(world)} wg. ${name}`,
          `${stranger(world)} für ${name}`,
        ]),
        text: world.pick(world.words().thanks),
        why: 'client in the name, amount',
      })
    },
  ],
  [
    'club pays for a member who is the client, named',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: world.pick([
            'TSV Nordheim e.V.',
            'Village Hall Committee',
            'Association des Parents',
            'Pro Loco',
            'OSP Rudniki',
          ]),
          text: `${world.pick(world.words().hosting)} ${invoice.client.name}`,
          why: 'client named and amount',
        })
    },
  ],
  [
    'number of the newest, the sum of everything open',
    10,
    (world) => {
      const story = several(world, 3)
      const last = story.invoices.at(-1)
      if (!last) return
      world.line({
        pays: story.invoices.map((invoice) => ({ invoice })),
        expected: 'auto',
        why: 'number and payer, the sum of everything open',
        amountMinor: story.invoices.reduce((sum, one) => sum + one.balanceMinor, 0n),
        currency: last.currency,
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: `${world.pick(story.words.invoice)} ${label(last)}`,
      })
    },
  ],
  [
    'cents left out',
    11,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor > 1000n && one.balanceMinor % 100n > 10n)
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          amountMinor: (invoice.balanceMinor / 100n) * 100n,
          text: named(world, invoice),
          why: 'number, payer, other amount',
        })
    },
  ],
  [
    'point left out, a hundred times too much',
    12,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor < 10_000n)
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          amountMinor: invoice.balanceMinor * 100n,
          text: named(world, invoice),
          expected: 'auto-or-review',
          why: 'number, payer, surplus',
        })
    },
  ],
  [
    'interest on top',
    12,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor > 2000n)
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          amountMinor: invoice.balanceMinor + BigInt(7 + world.below(90)),
          text: `${named(world, invoice)} ${world.pick(['zzgl. Verzugszinsen', 'plus interest', 'avec intérêts', 'con interessi', 'wraz z odsetkami', 'inkl. ränta'])}`,
          why: 'number, payer, surplus',
        })
    },
  ],
  [
    'VAT put on twice',
    12,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          amountMinor: (invoice.balanceMinor * 119n) / 100n,
          text: named(world, invoice),
          why: 'number, payer, surplus',
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
    'cancelled invoice paid all the same',
    4,
    (world) => {
      const story = several(world, 1)
      const [open] = story.invoices
      if (!open) return
      const cancelled = world.invoice(story.client, {
        amountMinor: open.balanceMinor + 777n,
        currency: open.currency,
        date: open.date,
        description: open.items[0]?.description ?? '',
        status: 'paid',
      })
      cancelled.status = 'cancelled'
      world.line({
        pays: [],
        expected: 'none',
        why: 'the invoice is cancelled, the amount fits nothing',
        amountMinor: cancelled.totalMinor,
        currency: open.currency,
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: named(world, cancelled),
      })
    },
  ],
  [
    'paid twice, by the company and its owner',
    12,
    (world) => {
      const invoice = world.takeClear((one) => one.client.company !== '' && world.hasOwnCompany(one.client))
      if (!invoice) return
      const date = world.payday(invoice, 1, 8)
      world.pay(invoice, {
        payer: invoice.client.company,
        date,
        text: world.pick(world.words().hosting),
        // Both lines may be the one that pays.
        expected: 'auto-or-review',
        why: 'payer and amount',
      })
      world.pay(invoice, {
        pays: [],
        payer: invoice.client.name,
        date: addDays(date, 2),
        text: domainOf(invoice),
        expected: 'none',
        why: 'double payment',
      })
    },
  ],
  [
    'paid three times',
    12,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const date = world.payday(invoice, 1, 6)
      const account = world.account()
      for (let at = 0; at < 3; at += 1)
        world.pay(invoice, {
          payer: invoice.client.name,
          account,
          date: addDays(date, at),
          text: named(world, invoice),
          ...(at === 0 ? { why: 'number and amount' } : { pays: [], expected: 'none', why: 'double payment' }),
        })
    },
  ],
  [
    'deposit for an offer by a client who owes something else',
    13,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          pays: [],
          payer: invoice.client.name,
          amountMinor: world.freshAmount(),
          text: world.pick([
            `Anzahlung Angebot ${world.digits(5)}`,
            `deposit quote ${world.digits(5)}`,
            `acompte devis ${world.digits(5)}`,
            `acconto preventivo ${world.digits(4)}`,
          ]),
          expected: 'none',
          why: 'an offer, the amount fits nothing',
        })
    },
  ],
  [
    'surname of a client and another first name, other purpose',
    13,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          pays: [],
          payer: `${world.person().first} ${lastName(invoice.client.name)}`,
          amountMinor: world.chance(0.5) ? invoice.balanceMinor : world.freshAmount(),
          text: world.pick([
            'Unterhalt',
            'Taschengeld',
            'Kindergeld Anteil',
            'commission',
            'Provision',
            'royalties Q2',
            'dividend',
            'Preisgeld',
            'pension',
            'Strom Anteil WG',
            'Umlage',
          ]),
          expected: 'none',
          why: 'another purpose',
        })
    },
  ],
]
