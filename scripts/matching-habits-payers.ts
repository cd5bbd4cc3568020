import type { MatchInvoice } from '../server/src/matching/index.ts'
import { nicknames } from './matching-habits-words.ts'
import { addDays, domainOf, firstName, label, lastName, plain, serviceOf, type World } from './matching-habits-world.ts'

/** Who pays, and under what name. Each habit writes one story into the world, or none where the book has no fitting client. */

export type Habit = readonly [name: string, paymentClass: number, write: (world: World) => void]

export const forms =
  / (?:GmbH(?: & Co\. KG)?|UG(?: \(haftungsbeschränkt\))?|AG|OHG|e\.K\.|KG|GbR|Ltd\.?|Limited|LLP|CIC|Inc\.?|LLC|Corp\.?|SARL|SAS|SASU|EURL|SA|S\.r\.l\.|S\.p\.A\.|S\.n\.c\.|S\.L\.|B\.V\.|V\.O\.F\.|N\.V\.|Sp\. z o\.o\.(?: sp\.k\.)?|S\.A\.|s\.c\.|s\.r\.o\.|a\.s\.|AB|HB|AS|ENK|ANS|ApS|Sàrl)$/i

const isPerson = ({ client }: MatchInvoice): boolean => client.company === ''
const empty = [
  '',
  'Zahlung',
  'payment',
  '.',
  '-',
  'Überweisung',
  'virement',
  'bonifico',
  'przelew',
  'betaling',
  'transfer',
]

/** The number as payers write it, most with a word in front. */
export function named(world: World, invoice: MatchInvoice): string {
  return world.chance(0.25) ? label(invoice) : `${world.pick(world.words().invoice)} ${label(invoice)}`
}

const greeting = (world: World): string => {
  const words = world.words()
  return world.pick([...words.thanks, ...words.agreed, ...empty])
}

/** The same first name and another surname, or the other way round. */
function relative(world: World, invoice: MatchInvoice): string {
  const words = world.words()
  return `${world.person(words).first} ${lastName(invoice.client.name)}`
}

export const payerHabits: readonly Habit[] = [
  [
    'spouse of the same surname, number',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (invoice)
        world.pay(invoice, { payer: relative(world, invoice), text: named(world, invoice), why: 'number and amount' })
    },
  ],
  [
    'spouse of the same surname, nothing else',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (invoice)
        world.pay(invoice, {
          payer: relative(world, invoice),
          text: greeting(world),
          expected: 'auto-or-review',
          why: 'payer only half known',
        })
    },
  ],
  [
    'parent of another surname, client named',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (!invoice) return
      const words = world.words()
      const parent = world.person(words)
      world.pay(invoice, {
        payer: `${parent.first} ${parent.last}`,
        text: world.pick([
          `${words.on} ${invoice.client.name}`,
          `${world.pick(words.hosting)} ${invoice.client.name}`,
          `${invoice.client.name} ${world.pick(words.thanks)}`,
        ]),
        why: 'client named and amount',
      })
    },
  ],
  [
    'parent of another surname, domain named',
    6,
    (world) => {
      const invoice = world.takeClear((one) => domainOf(one) !== '')
      if (!invoice) return
      const words = world.words()
      const parent = world.person(words)
      world.pay(invoice, {
        payer: `${parent.first} ${parent.last}`,
        text: `${world.pick([...words.hosting, ''])} ${domainOf(invoice)}`.trim(),
        why: 'domain and amount',
      })
    },
  ],
  [
    'payer who paid for the client before, nothing said',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const words = world.words()
      const person = world.person(words)
      const account = world.account()
      const payer = `${person.first} ${person.last}`
      world.past(invoice, payer, account)
      world.past(invoice, payer, account, 1)
      world.pay(invoice, { payer, account, text: greeting(world), why: 'account known, amount' })
    },
  ],
  [
    'owner pays for the company',
    6,
    (world) => {
      const invoice = world.takeClear((one) => !isPerson(one))
      if (invoice)
        world.pay(invoice, { payer: invoice.client.name, text: greeting(world), why: "contact's name and amount" })
    },
  ],
  [
    'company pays for the owner, number',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (!invoice) return
      const trade = world.pick(['Dachbau', 'Consulting', 'Elektro', 'Design', 'Immobilien', 'Garage', 'Catering'])
      world.pay(invoice, {
        payer: `${lastName(invoice.client.name)} ${trade} ${world.pick(['GmbH', 'Ltd', 'SARL', 'S.r.l.', 'AB'])}`,
        text: named(world, invoice),
        why: 'number and amount',
      })
    },
  ],
  [
    'company pays for the owner, nothing else',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (!invoice) return
      const trade = world.pick(['Dachbau', 'Consulting', 'Elektro', 'Design', 'Immobilien', 'Garage', 'Catering'])
      world.pay(invoice, {
        payer: `${lastName(invoice.client.name)} ${trade} ${world.pick(['GmbH', 'Ltd', 'SARL', 'S.r.l.', 'AB'])}`,
        text: greeting(world),
        expected: 'auto-or-review',
        why: 'payer only half known',
      })
    },
  ],
  [
    'agency for several clients, one line each, client named',
    6,
    (world) => {
      const words = world.words()
      const agency = `${world.person(words).last} ${world.pick(['Media', 'Werbeagentur', 'Webstudio', 'Digital', 'Communications'])}`
      const account = world.account()
      for (let count = 0; count < 3; count += 1) {
        const invoice = world.takeClear((one) => !isPerson(one) && world.hasOwnCompany(one.client))
        if (!invoice) return
        world.pay(invoice, {
          payer: agency,
          account,
          text: `${world.pick([world.pick(words.hosting), words.on, world.pick(words.invoice)])} ${invoice.client.company}`,
          why: 'client named and amount',
        })
      }
    },
  ],
  [
    'agency for several clients, one line each, number',
    6,
    (world) => {
      const words = world.words()
      const agency = `${world.person(words).last} ${world.pick(['Media', 'Werbeagentur', 'Webstudio', 'Digital', 'Communications'])}`
      const account = world.account()
      for (let count = 0; count < 3; count += 1) {
        const invoice = world.takeClear()
        if (!invoice) return
        world.pay(invoice, {
          payer: agency,
          account,
          text: `${named(world, invoice)} ${world.pick([firstName(invoice.client.name), '', domainOf(invoice)])}`.trim(),
          why: 'number and amount',
        })
      }
    },
  ],
  [
    'agency for several clients, all in one line',
    10,
    (world) => {
      const words = world.words()
      const agency = `${world.person(words).last} ${world.pick(['Media', 'Werbeagentur', 'Webstudio'])}`
      const invoices = [world.takeClear(), world.takeClear()]
      const [first, second] = invoices
      if (!first || !second || first.currency !== second.currency) return
      const date = [world.payday(first), world.payday(second)].sort().at(-1) ?? ''
      world.line({
        pays: [{ invoice: first }, { invoice: second }],
        expected: 'auto',
        why: 'numbers and sum',
        amountMinor: first.balanceMinor + second.balanceMinor,
        currency: first.currency,
        date,
        payer: agency,
        account: world.account(),
        text: `${world.pick(words.invoice)} ${label(first)} ${world.pick([words.and, '+', '&', ','])} ${label(second)}`,
      })
    },
  ],
  [
    'accountant for the client, number',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const words = world.words()
      world.pay(invoice, {
        payer: `${world.pick(['Steuerkanzlei', 'Cabinet comptable', 'Studio', 'Biuro Rachunkowe', 'Accountants'])} ${world.person(words).last}`,
        text: `${named(world, invoice)} i.A. ${invoice.client.company || invoice.client.name}`,
        why: 'number, client and amount',
      })
    },
  ],
  [
    'maiden name, customer number',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (!invoice) return
      const words = world.words()
      world.pay(invoice, {
        payer: `${firstName(invoice.client.name)} ${world.person(words).last}`,
        text: `${world.pick(words.customer)} ${invoice.client.id}`,
        expected: 'auto-or-review',
        why: 'customer number and amount',
      })
    },
  ],
  [
    'maiden name, nothing else',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (!invoice) return
      const words = world.words()
      const unique = world.equals(invoice.balanceMinor, invoice.currency) === 1
      world.pay(invoice, {
        payer: `${firstName(invoice.client.name)} ${world.person(words).last}`,
        text: greeting(world),
        expected: unique ? 'auto-or-review' : 'review',
        why: 'only the amount and a first name',
      })
    },
  ],
  [
    'double name with the client’s in it',
    6,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (!invoice) return
      const other = world.person().last
      const last = lastName(invoice.client.name)
      world.pay(invoice, {
        payer: `${firstName(invoice.client.name)} ${world.chance(0.5) ? `${last}-${other}` : `${other}-${last}`}`,
        text: greeting(world),
        why: 'first and last name, amount',
      })
    },
  ],
  [
    'nickname',
    5,
    (world) => {
      const [formal, short] = world.pick(nicknames)
      const last = world.person().last
      const like = world.any()
      const client = world.client(`${formal} ${last}`)
      const invoice = world.invoice(client, {
        amountMinor: world.chance(0.5) ? world.freshAmount() : like.balanceMinor,
        currency: like.currency,
        date: like.date,
        description: `${serviceOf(like)} - ${plain(last)}-${world.digits(2)}.eu`,
      })
      world.pay(invoice, {
        payer: `${short} ${last}`,
        text: greeting(world),
        expected: 'auto-or-review',
        why: 'payer only half known',
      })
    },
  ],
  [
    'nickname and number',
    6,
    (world) => {
      const [formal, short] = world.pick(nicknames)
      const last = world.person().last
      const like = world.any()
      const client = world.client(`${formal} ${last}`)
      const invoice = world.invoice(client, {
        amountMinor: like.balanceMinor,
        currency: like.currency,
        date: like.date,
        description: `${serviceOf(like)} - ${plain(last)}-${world.digits(2)}.eu`,
      })
      world.pay(invoice, { payer: `${short} ${last}`, text: named(world, invoice), why: 'number and amount' })
    },
  ],
  [
    'initial and surname',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const { name } = invoice.client
      const initial = name.slice(0, 1)
      world.pay(invoice, {
        payer: world.pick([
          `${initial}. ${lastName(name)}`,
          `${initial} ${lastName(name)}`,
          `${lastName(name)} ${initial}.`,
          `Mr ${initial} ${lastName(name)}`,
        ]),
        text: greeting(world),
        expected: 'auto-or-review',
        why: 'payer only half known',
      })
    },
  ],
  [
    'names turned round',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const { name } = invoice.client
      world.pay(invoice, {
        payer: `${lastName(name)}${world.pick([', ', ' '])}${firstName(name)}`.toUpperCase(),
        text: greeting(world),
        why: 'payer and amount',
      })
    },
  ],
  [
    'middle names and titles',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const { name } = invoice.client
      const middle = world.person().first
      const title = world.pick(['', 'Dr. ', 'Dipl.-Ing. ', 'Mrs ', 'Herr ', 'M. ', 'Prof. Dr. '])
      world.pay(invoice, {
        payer: `${title}${firstName(name)} ${middle} ${lastName(name)}`,
        text: greeting(world),
        why: 'payer and amount',
      })
    },
  ],
  [
    'accents written otherwise',
    5,
    (world) => {
      const invoice = world.takeClear(({ client }) => /[äöüßéèçñåøæłśżźćńóřščžěů]/i.test(client.name))
      if (!invoice) return
      const { name } = invoice.client
      const german = name
        .replace(/ä/g, 'ae')
        .replace(/ö/g, 'oe')
        .replace(/ü/g, 'ue')
        .replace(/ß/g, 'ss')
        .replace(/å/g, 'aa')
        .replace(/ø/g, 'oe')
        .replace(/æ/g, 'ae')
      const payer = world.pick([plain(german), plain(name), plain(name).toUpperCase()])
      world.pay(invoice, { payer, text: greeting(world), why: 'payer and amount' })
    },
  ],
  [
    'Cyrillic name in another transliteration',
    5,
    (world) => {
      const like = world.any()
      const [native, one, two] = world.pick([
        ['Юлія Гайворонська', 'Yuliia Haivoronska', 'Julija Gajvoronska'],
        ['Сергій Щербань', 'Serhii Shcherban', 'Sergij Scherban'],
        ['Олександр Жулинський', 'Oleksandr Zhulynskyi', 'Oleksandr Zhulinskiy'],
        ['Євген Хоменчук', 'Yevhen Khomenchuk', 'Evgen Homenchuk'],
        ['Ганна Цимбалістa', 'Hanna Tsymbalista', 'Ganna Cymbalista'],
        ['Димитър Желязков', 'Dimitar Zhelyazkov', 'Dimitar Jeliazkov'],
      ] as const)
      if (world.bearers(lastName(native)) > 0) return
      const client = world.client(native)
      const invoice = world.invoice(
        { ...client, email: `kontakt${client.id}@mail.example` },
        {
          amountMinor: world.freshAmount(),
          currency: like.currency,
          date: like.date,
          description: `${serviceOf(like)} - site-${client.id}.com`,
        },
      )
      world.pay(invoice, {
        payer: world.pick([one, two]).toUpperCase(),
        text: greeting(world),
        why: 'payer and amount',
      })
    },
  ],
  [
    'name cut by the bank',
    5,
    (world) => {
      const invoice = world.takeClear(({ client }) => client.name.length >= 13)
      if (!invoice) return
      const { name } = invoice.client
      world.pay(invoice, {
        payer: name.slice(0, name.length - 1 - world.below(2)),
        text: greeting(world),
        why: 'payer and amount',
      })
    },
  ],
  [
    'company cut by the bank',
    5,
    (world) => {
      const invoice = world.take(
        (one) =>
          one.client.company.length >= 22 && world.hasOwnCompany(one.client) && world.owes(one.client).length === 1,
      )
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.company.slice(0, 18).trim(),
          text: greeting(world),
          why: 'payer and amount',
        })
    },
  ],
  [
    'joint account',
    5,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (!invoice) return
      const { name } = invoice.client
      const words = world.words()
      const other = world.person(words).first
      const both = world.pick([
        `${firstName(name)} ${words.and} ${other} ${lastName(name)}`,
        `${other} ${words.and} ${firstName(name)} ${lastName(name)}`,
        `${lastName(name)} ${firstName(name)} / ${lastName(name)} ${other}`,
        `${firstName(name)} ${lastName(name)} o. ${other} ${lastName(name)}`,
        `MR ${firstName(name)} & MRS ${other} ${lastName(name)}`,
      ])
      world.pay(invoice, { payer: both, text: greeting(world), why: 'payer and amount' })
    },
  ],
  [
    'legal form left out',
    5,
    (world) => {
      const invoice = world.take(
        (one) =>
          forms.test(one.client.company) && world.hasOwnCompany(one.client) && world.owes(one.client).length === 1,
      )
      if (!invoice) return
      const bare = invoice.client.company.replace(forms, '')
      world.pay(invoice, {
        payer: world.chance(0.5) ? bare : bare.toUpperCase(),
        text: greeting(world),
        why: 'payer and amount',
      })
    },
  ],
  [
    'legal form translated',
    5,
    (world) => {
      const invoice = world.take(
        (one) =>
          forms.test(one.client.company) && world.hasOwnCompany(one.client) && world.owes(one.client).length === 1,
      )
      if (!invoice) return
      const bare = invoice.client.company.replace(forms, '')
      world.pay(invoice, {
        payer: `${bare} ${world.pick(['Limited', 'Limited Liability Company', 'Gesellschaft mit beschränkter Haftung', 'Private Ltd', 'Société à responsabilité limitée', 'spółka z ograniczoną odpowiedzialnością', 'Aktiebolag', 'Besloten Vennootschap'])}`,
        text: greeting(world),
        why: 'payer and amount',
      })
    },
  ],
  [
    'trading name unlike the client’s, domain',
    6,
    (world) => {
      const invoice = world.takeClear((one) => domainOf(one) !== '')
      if (!invoice) return
      const words = world.words()
      world.pay(invoice, {
        payer: `${world.pick(['Café', 'Salon', 'Hotel', 'Praxis', 'Atelier', 'Bistro'])} ${world.person(words).last}`,
        text: `${world.pick([...words.hosting, ...words.invoice, ''])} ${domainOf(invoice)}`.trim(),
        why: 'domain and amount',
      })
    },
  ],
  [
    'trading name unlike the client’s, only the amount',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const alone = world.equals(invoice.balanceMinor, invoice.currency) === 1
      world.pay(invoice, {
        payer: `${world.pick(['Café', 'Salon', 'Hotel', 'Praxis', 'Atelier', 'Bistro'])} ${world.person().last}`,
        text: greeting(world),
        expected: alone ? 'auto-or-review' : 'review',
        why: 'only the amount',
      })
    },
  ],
  [
    'payment app as the payer, client in the text',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const app = world.pick([
        'Revolut Bank UAB',
        'Wise Payments Ltd',
        'PAYPAL EUROPE',
        'N26 Bank',
        'Lydia Solutions',
        'Satispay',
        'TransferWise',
        'Curve UK',
        'Paysera LT',
      ])
      world.pay(invoice, {
        payer: app,
        account: world.account(),
        text: world.pick([
          `From ${invoice.client.name}`,
          `${invoice.client.name} sent you money`,
          `${invoice.client.name} / ${world.pick(world.words().hosting)}`,
          `Sender: ${invoice.client.name}`,
        ]),
        why: 'payer in the text and amount',
      })
    },
  ],
  [
    'payment app as the payer, number',
    6,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const app = world.pick([
        'Revolut Bank UAB',
        'Wise Payments Ltd',
        'PAYPAL EUROPE',
        'N26 Bank',
        'Klarna Bank AB',
        'Sofort GmbH',
        'Trustly Group',
        'Paysafe',
      ])
      world.pay(invoice, {
        payer: app,
        account: world.account(),
        text: `${world.pick(['TXN ', 'Ref. ', ''])}${world.chance(0.5) ? `${world.digits(12)} ` : ''}${named(world, invoice)}`,
        why: 'number and amount',
      })
    },
  ],
  [
    'collecting account of several payers, client in the text',
    6,
    (world) => {
      const account = world.account()
      const payer = world.pick([
        'Sammelkonto Raiffeisen',
        'Western Union Business',
        'Postfinance Einzahlung',
        'Currency Cloud',
        'Convera',
      ])
      for (let count = 0; count < 3; count += 1) {
        const invoice = world.takeClear()
        if (!invoice) return
        if (count === 0) world.past(invoice, payer, account)
        world.pay(invoice, {
          payer,
          account,
          text: world.chance(0.5) ? `B/O ${invoice.client.name}` : named(world, invoice),
          why: 'client or number, and amount',
        })
      }
    },
  ],
  [
    'household of two clients, one account, named',
    6,
    (world) => {
      const pair = couple(world, 2)
      if (!pair) return
      for (const invoice of pair.invoices) {
        const numbered = world.chance(0.5)
        // The payer's own name beneath may be a signature only.
        const signed = pair.payer.includes(firstName(invoice.client.name))
        world.pay(invoice, {
          payer: pair.payer,
          account: pair.account,
          date: pair.date,
          text: numbered ? named(world, invoice) : invoice.client.name,
          expected: numbered || !signed ? 'auto' : 'auto-or-review',
          why: 'named and amount',
        })
      }
    },
  ],
  [
    'household of two clients, one account, equal amounts, nothing said',
    6,
    (world) => {
      const pair = couple(world, 1)
      const [invoice] = pair?.invoices ?? []
      if (pair && invoice)
        world.pay(invoice, {
          payer: pair.payer,
          account: pair.account,
          date: pair.date,
          text: greeting(world),
          expected: 'review',
          why: 'one account pays for two clients with equal invoices',
        })
    },
  ],
  [
    'household of two clients, one account, amounts differ',
    6,
    (world) => {
      const pair = couple(world, 2, true)
      const [invoice] = pair?.invoices ?? []
      if (pair && invoice)
        world.pay(invoice, {
          payer: pair.payer,
          account: pair.account,
          date: pair.date,
          text: greeting(world),
          why: 'account known for both, only one of them owes this',
        })
    },
  ],
  [
    'known payer from a new account',
    5,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const payer = invoice.client.company || invoice.client.name
      if (invoice.client.company && !world.hasOwnCompany(invoice.client)) return
      world.past(invoice, payer, world.account())
      world.past(invoice, payer, world.account(), 1)
      world.pay(invoice, { payer, account: world.account(), text: greeting(world), why: 'payer and amount' })
    },
  ],
  [
    'known account pays for another client, number',
    6,
    (world) => {
      const one = world.takeClear()
      const other = world.takeClear((invoice) => invoice.balanceMinor !== one?.balanceMinor)
      if (!one || !other) return
      const account = world.account()
      const payer = one.client.company || one.client.name
      world.past(one, payer, account)
      world.pay(other, {
        payer,
        account,
        date: world.payday(other),
        text: `${named(world, other)} ${world.words().on} ${other.client.company || other.client.name}`,
        why: 'number, client and amount',
      })
    },
  ],
  [
    'known account, number of another client with the same amount',
    6,
    (world) => {
      const one = world.takeClear()
      const other =
        one &&
        world.takeClear((invoice) => invoice.balanceMinor === one.balanceMinor && invoice.currency === one.currency)
      if (!one || !other) return
      const account = world.account()
      const payer = one.client.company || one.client.name
      world.past(one, payer, account)
      const date = [addDays(one.date, 5), addDays(other.date, 5)].sort().at(-1) ?? ''
      world.pay(one, {
        payer,
        account,
        date,
        text: named(world, other),
        expected: 'review',
        why: 'number of one client, payer and amount of another',
      })
    },
  ],
]

/** Two clients of one surname with one account that paid for both, each with one open invoice. */
function couple(world: World, lines: number, differ = false) {
  const words = world.words()
  const { last } = world.person(words)
  const [woman, man] = world.pick(words.firstNames)
  const like = world.any()
  const account = world.account()
  const payer = world.pick([`${woman} ${last}`, `${man} ${words.and} ${woman} ${last}`])
  const amountMinor = world.freshAmount()
  const invoices = [woman, man].map((first, at) => {
    const client = world.client(`${first} ${last}`)
    const invoice = world.invoice(client, {
      amountMinor: differ ? amountMinor + BigInt(at * 317) : amountMinor,
      currency: like.currency,
      date: like.date,
      description: `${serviceOf(like)} - ${plain(first)}-${plain(last).replace(/[^a-z]/g, '')}.eu`,
    })
    world.past(invoice, payer, account)
    return invoice
  })
  return { invoices: invoices.slice(0, lines), payer, account, date: world.payday(like, 2) }
}
