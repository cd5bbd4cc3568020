import { type Habit, greeting, isPerson, named, stranger } from './matching-habits-common.ts'
import { addDays, domainOf, firstName, label, plain, serviceOf } from './matching-habits-facts.ts'
import type { World } from './matching-habits-world.ts'

/** Accounts and past decisions: agencies, households, apps, payers of long ago. */

export const accountHabits: readonly Habit[] = [
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
        text: `${world.pick(['TXN ', 'Ref. ', ''])}${world.chance(0.5) ? `${world.digits(12)} ` : ''}${world.pick(world.words().invoice)} ${label(invoice)}`,
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
