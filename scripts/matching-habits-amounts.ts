import { type Habit, named, other } from './matching-habits-common.ts'
import { addDays, lastName } from './matching-habits-facts.ts'

/** Amounts that are not the balance of one invoice. */

export const amountHabits: readonly Habit[] = [
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
    'less a credit note',
    9,
    (world) =>
      other(
        world,
        (one) => one.balanceMinor - BigInt(300 + world.below(500)),
        (one) => `${named(world, one)} ${world.pick(world.words().credit)}`,
        'number, payer, other amount',
      ),
  ],
  [
    'early-payment discount',
    11,
    (world) =>
      other(
        world,
        (one) => (one.balanceMinor * BigInt(world.pick([97, 98]))) / 100n,
        (one) => `${named(world, one)} ${world.pick(world.words().discount)}`,
        'number, payer, other amount',
      ),
  ],
  [
    'bank fee kept, number and payer',
    11,
    (world) =>
      other(
        world,
        (one) => one.balanceMinor - BigInt(world.pick([500, 700, 1000, 1250, 1500, 2500, 3000])),
        (one) => named(world, one),
        'number, payer, other amount',
        6000n,
      ),
  ],
  [
    'bank fee kept, payer alone',
    11,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor > 6000n)
      if (invoice)
        world.pay(invoice, {
          payer: invoice.client.name,
          amountMinor: invoice.balanceMinor - BigInt(world.pick([500, 700, 1250, 1500])),
          text: world.pick(world.words().thanks),
          expected: 'auto-or-review',
          why: 'less than the only open invoice',
        })
    },
  ],
  [
    'bank fee kept, number, payer unknown',
    11,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor > 6000n)
      const { first, last } = world.person()
      if (invoice)
        world.pay(invoice, {
          payer: `${first} ${last}`,
          amountMinor: invoice.balanceMinor - BigInt(world.pick([500, 700, 1250, 1500])),
          text: named(world, invoice),
          expected: 'auto-or-review',
          why: 'number and amount disagree, payer not known',
        })
    },
  ],
  [
    'rounded up to whole units, number and payer',
    11,
    (world) =>
      other(
        world,
        (one) => (one.balanceMinor / 100n + 1n) * 100n,
        (one) => named(world, one),
        'number, payer, other amount',
        500n,
      ),
  ],
  [
    'VAT left out',
    11,
    (world) =>
      other(
        world,
        (one) => (one.balanceMinor * 100n + 60n) / 119n,
        (one) =>
          `${named(world, one)} ${world.pick(['', 'reverse charge', 'ohne MwSt', 'net', 'hors TVA', '0% VAT'])}`.trim(),
        'number, payer, other amount',
      ),
  ],
  [
    'three instalments',
    9,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor >= 3000n)
      if (!invoice) return
      const words = world.words()
      const part = invoice.balanceMinor / 3n
      const date = world.payday(invoice, 1, 5)
      for (let at = 0; at < 3; at += 1) {
        const amountMinor = at < 2 ? part : invoice.balanceMinor - 2n * part
        world.pay(invoice, {
          pays: [{ invoice, amountMinor }],
          payer: invoice.client.name,
          amountMinor,
          date: addDays(date, at * 7),
          account: null,
          text: `${world.pick(words.instalment)} ${at + 1}/3 ${named(world, invoice)}`,
          why: 'number, payer, part',
        })
      }
    },
  ],
  [
    'half now, remainder without number',
    9,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor >= 3000n)
      if (!invoice) return
      const words = world.words()
      const half = invoice.balanceMinor / 2n
      const date = world.payday(invoice, 1, 5)
      world.pay(invoice, {
        pays: [{ invoice, amountMinor: half }],
        payer: invoice.client.name,
        amountMinor: half,
        date,
        account: null,
        text: named(world, invoice),
        why: 'number, payer, part',
      })
      world.pay(invoice, {
        pays: [{ invoice, amountMinor: invoice.balanceMinor - half }],
        payer: invoice.client.name,
        amountMinor: invoice.balanceMinor - half,
        date: addDays(date, 9),
        account: null,
        text: world.pick(words.remainder),
        why: 'payer and remainder',
      })
    },
  ],
  [
    'other currency, instructed amount printed',
    11,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const currency = invoice.currency === 'USD' ? 'EUR' : 'USD'
      const rate = 1_0812n
      const amount = `${invoice.balanceMinor / 100n}.${String(invoice.balanceMinor % 100n).padStart(2, '0')}`
      world.pay(invoice, {
        payer: invoice.client.name,
        currency,
        amountMinor: (invoice.balanceMinor * rate) / 10000n,
        fx: true,
        text: `${named(world, invoice)} ${world.pick([`${invoice.currency} ${amount}`, `OCMT ${invoice.currency}${amount}`, `ORIG ${amount} ${invoice.currency} RATE 1.0812`, `${amount} ${invoice.currency}`])}`,
        why: 'number and instructed amount',
      })
    },
  ],
  [
    'other currency, nothing printed',
    11,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      const currency = invoice.currency === 'USD' ? 'EUR' : 'USD'
      world.pay(invoice, {
        payer: invoice.client.name,
        currency,
        amountMinor: (invoice.balanceMinor * 1_0812n) / 10000n,
        fx: true,
        text: named(world, invoice),
        expected: 'auto-or-review',
        why: 'other currency, no rate in the data',
      })
    },
  ],
  [
    'digits of the amount swapped',
    11,
    (world) => {
      const invoice = world.takeClear((one) => one.balanceMinor > 2000n)
      if (!invoice) return
      const digits = String(invoice.balanceMinor)
      const at = world.below(digits.length - 1)
      const swapped = BigInt(`${digits.slice(0, at)}${digits[at + 1]}${digits[at]}${digits.slice(at + 2)}`)
      if (swapped === invoice.balanceMinor || swapped * 3n < invoice.balanceMinor) return
      world.pay(invoice, {
        payer: invoice.client.name,
        amountMinor: swapped,
        text: named(world, invoice),
        why: 'number, payer, other amount',
      })
    },
  ],
  [
    'couple, each pays half',
    9,
    (world) => {
      const invoice = world.takeClear((one) => one.client.company === '' && one.balanceMinor >= 2000n)
      if (!invoice) return
      const half = invoice.balanceMinor / 2n
      const date = world.payday(invoice, 1, 8)
      const rest = invoice.balanceMinor - half
      world.pay(invoice, {
        pays: [{ invoice, amountMinor: half }],
        payer: invoice.client.name,
        amountMinor: half,
        date,
        text: named(world, invoice),
        why: 'number, payer, part',
      })
      world.pay(invoice, {
        pays: [{ invoice, amountMinor: rest }],
        payer: `${world.person().first} ${lastName(invoice.client.name)}`,
        amountMinor: rest,
        date: addDays(date, 1),
        text: named(world, invoice),
        why: 'number and remainder',
        expected: 'auto-or-review',
      })
    },
  ],
  [
    'same digits in another currency',
    11,
    (world) => {
      const invoice = world.takeClear()
      if (!invoice) return
      world.pay(invoice, {
        payer: invoice.client.name,
        currency: invoice.currency === 'USD' ? 'EUR' : 'USD',
        fx: true,
        text: named(world, invoice),
        expected: 'auto-or-review',
        why: 'other currency, no rate in the data',
      })
    },
  ],
]
