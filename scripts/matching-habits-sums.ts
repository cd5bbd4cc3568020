import type { MatchInvoice } from '../server/src/matching/index.ts'
import { addDays, domainOf, label, lastName, type World } from './matching-habits-world.ts'
import { type Habit, named, several } from './matching-habits-common.ts'

/** Amounts that are not the balance of one invoice. */

const total = (invoices: readonly MatchInvoice[]): bigint => invoices.reduce((sum, one) => sum + one.balanceMinor, 0n)
const pays = (invoices: readonly MatchInvoice[]) => invoices.map((invoice) => ({ invoice }))

/** The number's last digits, as far as they differ from the first of the list. */
function short(first: string, other: string): string {
  let same = 0
  while (same < other.length - 1 && first[same] === other[same]) same += 1
  return first.length === other.length ? other.slice(same) : other
}

/** Every other set of the client's invoices that gives the same sum. */
function hasSecondSet(all: readonly MatchInvoice[], amount: bigint): boolean {
  let found = 0
  for (let mask = 1; mask < 1 << all.length; mask += 1)
    if (total(all.filter((_one, at) => (mask >> at) & 1)) === amount) found += 1
  return found > 1
}

type Story = ReturnType<typeof several>

function list(
  world: World,
  story: Story,
  invoices: readonly MatchInvoice[],
  text: string,
  why: string,
  more: { unknown?: boolean } = {},
): void {
  const payer = more.unknown === true ? world.person() : undefined
  world.line({
    pays: pays(invoices),
    expected: 'auto',
    why,
    amountMinor: total(invoices),
    currency: invoices[0]?.currency ?? '',
    date: story.date,
    payer: payer ? `${payer.first} ${payer.last}` : story.payer,
    account: story.account,
    text,
  })
}

/** One invoice, payer and number known, another amount. */
function other(
  world: World,
  amount: (invoice: MatchInvoice) => bigint,
  text: (invoice: MatchInvoice) => string,
  why: string,
  least = 1500n,
): void {
  const invoice = world.takeClear((one) => one.balanceMinor >= least)
  if (invoice)
    world.pay(invoice, { payer: invoice.client.name, amountMinor: amount(invoice), text: text(invoice), why })
}

export const sumHabits: readonly Habit[] = [
  [
    'list "1001, 1005, 1009"',
    10,
    (world) => {
      const story = several(world, 3)
      list(
        world,
        story,
        story.invoices,
        `${world.pick(story.words.invoice)} ${story.invoices.map(label).join(world.pick([', ', ' ', ' / ', '; ', ' + ']))}`,
        'numbers and sum',
        { unknown: world.chance(0.4) },
      )
    },
  ],
  [
    'list "1001,2,3"',
    10,
    (world) => {
      const story = several(world, 3, { near: true })
      const [first] = story.invoices
      if (!first) return
      const tails = story.invoices.slice(1).map((one) => short(label(first), label(one)))
      list(
        world,
        story,
        story.invoices,
        `${world.pick(story.words.invoice)} ${[label(first), ...tails].join(world.pick([',', ', ', '/', '+', ' & ']))}`,
        'numbers and sum',
      )
    },
  ],
  [
    'list "1001 & 02"',
    10,
    (world) => {
      const story = several(world, 2, { near: true })
      const [first, second] = story.invoices
      if (!first || !second) return
      list(
        world,
        story,
        story.invoices,
        `${world.pick(story.words.invoice)} ${label(first)} ${world.pick(['&', '+', story.words.and, 'u.'])} ${label(second).slice(-2)}`,
        'numbers and sum',
      )
    },
  ],
  [
    'range "1001 bis 1003"',
    10,
    (world) => {
      const story = several(world, 3, { near: true })
      const [first, , last] = story.invoices
      if (!first || !last) return
      list(
        world,
        story,
        story.invoices,
        `${world.pick(story.words.invoice)} ${label(first)}${world.pick([` ${story.words.to} `, '-', ' - ', ' bis ', '..'])}${world.chance(0.5) ? label(last) : short(label(first), label(last))}`,
        'numbers and sum',
      )
    },
  ],
  [
    'list, two of three open',
    10,
    (world) => {
      const story = several(world, 3)
      const paid = story.invoices.slice(0, 2)
      list(
        world,
        story,
        paid,
        `${paid.map(label).join(world.pick([' + ', '+', ' und ', ', ']))} ${world.pick(story.words.thanks)}`,
        'numbers and sum',
      )
    },
  ],
  [
    'everything open, nothing named',
    10,
    (world) => {
      const story = several(world, 3)
      if (hasSecondSet(story.invoices, total(story.invoices))) return
      list(
        world,
        story,
        story.invoices,
        world.pick([...story.words.thanks, ...story.words.hosting, '']),
        'payer, the sum of everything open',
      )
    },
  ],
  [
    'two of four, nothing named',
    10,
    (world) => {
      const story = several(world, 4, { services: 'many' })
      const paid = [story.invoices[0], story.invoices[2]].filter((one) => one !== undefined)
      if (hasSecondSet(story.invoices, total(paid))) return
      list(
        world,
        story,
        paid,
        world.pick([...story.words.thanks, ...story.words.hosting, '']),
        'payer, the only set with this sum',
      )
    },
  ],
  [
    'two sets with one sum, nothing named',
    10,
    (world) => {
      const story = several(world, 4, { services: 'many' })
      const [first, second, third, fourth] = story.invoices
      if (!first || !second || !third || !fourth) return
      // The fourth is made so that it and the first give what the second and third give.
      const amount = second.balanceMinor + third.balanceMinor - first.balanceMinor
      if (amount <= 0n) return
      fourth.balanceMinor = amount
      fourth.totalMinor = amount
      world.line({
        pays: pays([second, third]),
        expected: 'review',
        why: 'several sets give this sum',
        amountMinor: second.balanceMinor + third.balanceMinor,
        currency: second.currency,
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: world.pick(story.words.thanks),
      })
    },
  ],
  [
    'list named with one too many',
    10,
    (world) => {
      const story = several(world, 3)
      const paid = story.invoices.slice(0, 2)
      world.line({
        pays: pays(paid),
        expected: 'auto-or-review',
        why: 'three numbers, the sum of two of them',
        amountMinor: total(paid),
        currency: paid[0]?.currency ?? '',
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: `${world.pick(story.words.invoice)} ${story.invoices.map(label).join(', ')}`,
      })
    },
  ],
  [
    'list with one number left out',
    10,
    (world) => {
      const story = several(world, 3)
      world.line({
        pays: pays(story.invoices),
        expected: 'auto-or-review',
        why: 'two numbers named, the sum of everything open',
        amountMinor: total(story.invoices),
        currency: story.invoices[0]?.currency ?? '',
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: `${world.pick(story.words.invoice)} ${story.invoices.slice(0, 2).map(label).join(', ')} ${world.pick(['', 'usw.', 'etc', '...'])}`.trim(),
      })
    },
  ],
  [
    'list less a credit note',
    10,
    (world) => {
      const story = several(world, 2)
      const credit = BigInt(200 + world.below(300))
      const sum = total(story.invoices)
      world.line({
        pays: pays(story.invoices),
        expected: 'review',
        why: 'which of the two stays short is not said',
        amountMinor: sum - credit,
        currency: story.invoices[0]?.currency ?? '',
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: `${world.pick(story.words.invoice)} ${story.invoices.map(label).join(', ')} ${world.pick(story.words.credit)}`,
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
  [
    'list rounded up',
    10,
    (world) => {
      const story = several(world, 2)
      const sum = total(story.invoices)
      world.line({
        pays: pays(story.invoices),
        expected: 'auto',
        why: 'numbers, payer, surplus',
        amountMinor: (sum / 100n + 1n) * 100n,
        currency: story.invoices[0]?.currency ?? '',
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: `${world.pick(story.words.invoice)} ${story.invoices.map(label).join(' + ')}`,
      })
    },
  ],
  [
    'everything but one that is named',
    10,
    (world) => {
      const story = several(world, 3)
      const [left, ...paid] = story.invoices
      if (!left) return
      world.line({
        pays: pays(paid),
        expected: 'auto-or-review',
        why: 'the sum of the others',
        amountMinor: total(paid),
        currency: left.currency,
        date: story.date,
        payer: story.payer,
        account: story.account,
        text: `${world.pick(['ohne', 'except', 'sauf', 'senza', 'bez', 'utom'])} ${label(left)}`,
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
