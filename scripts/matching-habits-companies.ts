import { type Habit, greeting, isPerson } from './matching-habits-common.ts'
import { firstName, lastName } from './matching-habits-facts.ts'

/** Under what name a company pays. */

const forms =
  / (?:GmbH(?: & Co\. KG)?|UG(?: \(haftungsbeschränkt\))?|AG|OHG|e\.K\.|KG|GbR|Ltd\.?|Limited|LLP|CIC|Inc\.?|LLC|Corp\.?|SARL|SAS|SASU|EURL|SA|S\.r\.l\.|S\.p\.A\.|S\.n\.c\.|S\.L\.|B\.V\.|V\.O\.F\.|N\.V\.|Sp\. z o\.o\.(?: sp\.k\.)?|S\.A\.|s\.c\.|s\.r\.o\.|a\.s\.|AB|HB|AS|ENK|ANS|ApS|Sàrl)$/i

export const companyHabits: readonly Habit[] = [
  [
    'company cut by the bank',
    5,
    (world) => {
      const invoice = world.take(
        (one) =>
          one.client.company.length >= 22 && world.hasOwnCompany(one.client) && world.owes(one.client).length === 1,
      )
      if (!invoice) return
      const payer = invoice.client.company.slice(0, 18).trim()
      world.pay(invoice, {
        payer,
        text: greeting(world),
        // A letter or two of the next word may begin anything.
        expected: /(?:^| )\S{1,2}$/.test(payer) ? 'auto-or-review' : 'auto',
        why: 'payer and amount',
      })
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
    'owner behind a trading name',
    5,
    (world) => {
      const invoice = world.takeClear(isPerson)
      if (invoice)
        world.pay(invoice, {
          payer: `${world.pick(['Dachbau', 'Salon', 'Garage', 'Atelier', 'Taxi'])} ${world.pick(['Inh.', 'Inhaber', 't/a', 'owner', 'di', 'EI'])} ${invoice.client.name}`,
          text: greeting(world),
          why: 'payer and amount',
        })
    },
  ],
  [
    'company with its town or branch',
    5,
    (world) => {
      const invoice = world.take(
        (one) =>
          forms.test(one.client.company) && world.hasOwnCompany(one.client) && world.owes(one.client).length === 1,
      )
      if (invoice)
        world.pay(invoice, {
          payer: `${invoice.client.company}${world.pick([', ', ' ', ' - '])}${world.pick(['Filiale Nord', 'Linz', 'Branch Leeds', 'Zweigniederlassung', 'agence Lyon', 'Store 12'])}`,
          text: greeting(world),
          expected: /^\S+ \S+$/.test(invoice.client.company.replace(forms, ' x')) ? 'auto-or-review' : 'auto',
          why: 'payer and amount',
        })
    },
  ],
  [
    'company and its owner in one',
    5,
    (world) => {
      const invoice = world.takeClear((one) => !isPerson(one) && world.hasOwnCompany(one.client))
      if (invoice)
        world.pay(invoice, {
          payer: `${invoice.client.company} ${world.chance(0.5) ? invoice.client.name : lastName(invoice.client.name)}`,
          text: greeting(world),
          expected: /^\S+ \S+$/.test(invoice.client.company.replace(forms, ' x')) ? 'auto-or-review' : 'auto',
          why: 'payer and amount',
        })
    },
  ],
  [
    'holding with the company’s first word',
    6,
    (world) => {
      const invoice = world.take(
        (one) =>
          world.hasOwnCompany(one.client) &&
          world.owes(one.client).length === 1 &&
          /^\p{L}{5,} /u.test(one.client.company),
      )
      if (invoice)
        world.pay(invoice, {
          payer: `${firstName(invoice.client.company)} ${world.pick(['Holding AG', 'Group Ltd', 'Beteiligungs GmbH', 'Participations SA'])}`,
          text: greeting(world),
          expected: 'auto-or-review',
          why: 'payer only half known',
        })
    },
  ],
]
