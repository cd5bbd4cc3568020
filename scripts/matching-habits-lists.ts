import type { MatchInvoice } from '../server/src/matching/index.ts'
import { type Habit, several, total, pays } from './matching-habits-common.ts'
import { label } from './matching-habits-facts.ts'
import type { World } from './matching-habits-world.ts'

/** One payment for several invoices. */

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

export const listHabits: readonly Habit[] = [
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
]
