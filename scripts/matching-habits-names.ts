import { type Habit, greeting, isPerson, named } from './matching-habits-common.ts'
import { nicknames } from './matching-habits-words.ts'
import { domainOf, firstName, lastName, plain, serviceOf } from './matching-habits-facts.ts'

/** Under what name a person pays. */

export const nameHabits: readonly Habit[] = [
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
    'family',
    5,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (invoice)
        world.pay(invoice, {
          payer: `${world.pick(['Familie', 'Fam.', 'Eheleute', 'The', 'Famille', 'Famiglia'])} ${lastName(invoice.client.name)}`,
          text: greeting(world),
          expected: 'auto-or-review',
          why: 'payer only half known',
        })
    },
  ],
  [
    'mail address as the payer',
    5,
    (world) => {
      const invoice = world.takeClear(({ client }) => !/^(?:info|office|hello|kontakt|admin)@/.test(client.email))
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.email,
          account: null,
          text: greeting(world),
          why: 'mail address and amount',
        })
    },
  ],
  [
    'name without a blank',
    5,
    (world) => {
      const invoice = world.takeClear(({ client }) => client.name.length >= 12)
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name.replace(/ /g, ''),
          text: greeting(world),
          why: 'payer and amount',
        })
    },
  ],
  [
    'first name and the domain',
    5,
    (world) => {
      const invoice = world.takeClear((one) => domainOf(one) !== '')
      if (invoice)
        world.pay(invoice, { payer: firstName(invoice.client.name), text: domainOf(invoice), why: 'domain and amount' })
    },
  ],
  [
    'name with a slip of the pen',
    5,
    (world) => {
      const invoice = world.takeClear(({ client }) => lastName(client.name).length >= 6)
      if (!invoice) return
      const last = lastName(invoice.client.name)
      const at = 2 + world.below(last.length - 4)
      const slipped = world.pick([
        last.slice(0, at) + last.slice(at + 1),
        `${last.slice(0, at)}${last[at + 1]}${last[at]}${last.slice(at + 2)}`,
      ])
      world.pay(invoice, {
        payer: `${firstName(invoice.client.name)} ${slipped}`,
        text: greeting(world),
        expected: 'auto-or-review',
        why: 'payer almost known',
      })
    },
  ],
]
