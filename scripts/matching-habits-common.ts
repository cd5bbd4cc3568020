import type { MatchInvoice } from '../server/src/matching/index.ts'
import { addDays, label, lastName, plain, serviceOf } from './matching-habits-facts.ts'
import type { World } from './matching-habits-world.ts'

/** What several habits share. A habit writes one story into the world, or none where the book has no fitting client. */

export type Habit = readonly [name: string, paymentClass: number, write: (world: World) => void]

export const isPerson = ({ client }: MatchInvoice): boolean => client.company === ''
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

export const greeting = (world: World): string => {
  const words = world.words()
  return world.pick([...words.thanks, ...words.agreed, ...empty])
}

/** Another first name and the same surname. */
export function relative(world: World, invoice: MatchInvoice): string {
  const words = world.words()
  return `${world.person(words).first} ${lastName(invoice.client.name)}`
}

export const stranger = (world: World): string => {
  const { first, last } = world.person()
  return `${first} ${last}`
}

/** A client with several open invoices of its own, made for the story. Each has another amount unless told. */
export function several(
  world: World,
  count: number,
  options: { equal?: boolean; services?: 'one' | 'many'; monthly?: boolean; near?: boolean } = {},
) {
  const words = world.words()
  const person = world.person(words)
  const like = world.any()
  const client = world.client(
    `${person.first} ${person.last}`,
    world.chance(0.4) ? `${person.last} ${world.pick(['Handel', 'Trading', 'Services', 'Studio'])}` : '',
  )
  const base = world.chance(0.5) ? world.freshAmount() : like.balanceMinor
  const service = serviceOf(like)
  const invoices: MatchInvoice[] = []
  for (let at = 0; at < count; at += 1) {
    const date =
      options.monthly === true ? monthsBack(like.date, count - 1 - at) : addDays(like.date, -9 * (count - 1 - at))
    // A month's service begins on its first day, so that the month's name means one invoice only.
    const from = options.monthly === true ? `${addDays(date, 12).slice(0, 7)}-01` : date
    const site =
      options.services === 'many'
        ? `${plain(person.last).replace(/[^a-z]/g, '')}-${['shop', 'blog', 'mail', 'club', 'fest', 'jobs'][at]}.eu`
        : `${plain(person.last).replace(/[^a-z]/g, '')}.eu`
    if (options.near !== true && at > 0) world.skipNumbers(1 + world.below(7))
    invoices.push(
      world.invoice(client, {
        amountMinor: options.equal === true ? base : base + BigInt(at * 211 + world.below(150)),
        currency: like.currency,
        date,
        description: `${service} - ${site} (${from} - ${addDays(from, 27)})`,
      }),
    )
  }
  return {
    client,
    invoices,
    words,
    payer: client.company || client.name,
    account: world.chance(0.6) ? world.account() : null,
    date: addDays(invoices.at(-1)?.date ?? like.date, 2 + world.below(10)),
  }
}

/** The twentieth of a month some months before a day: the next month is billed. */
function monthsBack(date: string, months: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 - months, 20)).toISOString().slice(0, 10)
}

export const total = (invoices: readonly MatchInvoice[]): bigint =>
  invoices.reduce((sum, one) => sum + one.balanceMinor, 0n)
export const pays = (invoices: readonly MatchInvoice[]) => invoices.map((invoice) => ({ invoice }))

/** One invoice, payer and number known, another amount. */
export function other(
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
