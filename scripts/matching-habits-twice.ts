import { type Habit, named, several, other } from './matching-habits-common.ts'
import { addDays, domainOf, lastName } from './matching-habits-facts.ts'

/** Too much, too early, twice, or for nothing that is owed. */

export const surplusHabits: readonly Habit[] = [
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
  [
    'rounded to tens, number and payer',
    12,
    (world) =>
      other(
        world,
        (one) => (one.balanceMinor / 1000n + 1n) * 1000n,
        (one) => named(world, one),
        'number, payer, other amount',
        500n,
      ),
  ],
  [
    'late, with a reminder fee on top',
    12,
    (world) =>
      other(
        world,
        (one) => one.balanceMinor + BigInt(world.pick([250, 500, 1000, 4000])),
        (one) => `${named(world, one)} ${world.pick(world.words().reminder)}`,
        'number, payer, surplus',
      ),
  ],
  [
    'late, with a reminder fee on top, no number',
    12,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          amountMinor: invoice.balanceMinor + BigInt(world.pick([250, 500, 1000])),
          text: world.pick(world.words().reminder),
          expected: 'auto-or-review',
          why: 'more than the only open invoice',
        })
    },
  ],
  [
    'prepaid, the service named',
    12,
    (world) => {
      const invoice = world.takeClear((one) => domainOf(one) !== '')
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          date: addDays(invoice.date, -(5 + world.below(12))),
          text: `${world.pick(world.words().next)} ${domainOf(invoice)}`,
          why: 'paid before the invoice, service named',
        })
    },
  ],
  [
    'prepaid, nothing named',
    12,
    (world) => {
      const invoice = world.takeClear()
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          date: addDays(invoice.date, -(5 + world.below(12))),
          text: world.pick(world.words().next),
          expected: 'auto-or-review',
          why: 'paid before the invoice',
        })
    },
  ],
  [
    'paid twice',
    12,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const date = world.payday(invoice, 1, 10)
      const text = named(world, invoice)
      const account = world.account()
      world.pay(invoice, { payer: invoice.client.name, account, date, text, why: 'number and amount' })
      world.pay(invoice, {
        pays: [],
        payer: invoice.client.name,
        account,
        date: addDays(date, 1 + world.below(6)),
        text,
        expected: 'none',
        why: 'double payment',
      })
    },
  ],
  [
    'paid twice with another text',
    12,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const date = world.payday(invoice, 1, 10)
      const account = world.account()
      world.pay(invoice, {
        payer: invoice.client.name,
        account,
        date,
        text: named(world, invoice),
        why: 'number and amount',
      })
      world.pay(invoice, {
        pays: [],
        payer: invoice.client.name,
        account,
        date: addDays(date, 1 + world.below(6)),
        text: world.pick([...world.words().hosting, domainOf(invoice)]),
        expected: 'none',
        why: 'double payment',
      })
    },
  ],
  [
    'paid twice, by two people',
    12,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const date = world.payday(invoice, 1, 10)
      const { first, last } = world.person()
      world.pay(invoice, { payer: invoice.client.name, date, text: named(world, invoice), why: 'number and amount' })
      world.pay(invoice, {
        pays: [],
        payer: `${first} ${last}`,
        date: addDays(date, 2 + world.below(6)),
        text: named(world, invoice),
        expected: 'none',
        why: 'double payment',
      })
    },
  ],
  [
    'twice the amount in one line',
    12,
    (world) =>
      other(
        world,
        (one) => one.balanceMinor * 2n,
        (one) => named(world, one),
        'number, payer, surplus',
      ),
  ],
  [
    'the whole invoice although part was paid',
    12,
    (world) => {
      const [invoice] = several(world, 1).invoices
      if (!invoice) return
      invoice.totalMinor = invoice.balanceMinor + 1000n
      world.pay(invoice, {
        payer: invoice.client.name,
        amountMinor: invoice.totalMinor,
        date: addDays(invoice.date, 9),
        text: named(world, invoice),
        why: 'number, payer, surplus',
      })
    },
  ],
]
