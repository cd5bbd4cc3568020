import { type Habit, greeting, isPerson, named, relative, stranger } from './matching-habits-common.ts'
import { domainOf, lastName } from './matching-habits-facts.ts'

/** Who pays for whom: family, firms, accountants, administrators. */

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
]
