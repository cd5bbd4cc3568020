import { type Book, type Client, type Invoice, squeezed } from './matching-invent-book.ts'
import { daysBetween } from './matching-invent-dice.ts'
import type { Draft } from './matching-invent-plans.ts'
import type { Line, Written } from './matching-invent-text.ts'
import { numberOf } from './matching-invent-text.ts'

/** What a careful bookkeeper would do with a line, who sees the line, the book and the decisions of before, and nothing of how
 *  the line was made beyond what is still readable. */

export interface Shown {
  draft: Draft
  line: Line
  written: Written[]
  structured: boolean
  /** The payer's name as far as the bank shows it, and whether the account can be seen. */
  payer: string
  account: boolean
}
export type Expected = 'auto' | 'auto-or-review' | 'review' | 'none'
export interface Opinion {
  expected: Expected
  why: string
}
const say = (expected: Expected, why: string): Opinion => ({ expected, why })

/** Tracks what is still open while the lines go by. */
export class Bookkeeper {
  private readonly left = new Map<Invoice, number>()
  private readonly accounts = new Map<string, Set<Client>>()
  private readonly names: { client: Client; names: string[]; parts: string[] }[]
  private readonly domains = new Map<string, Client>()
  private readonly ofClientOnly: boolean
  private readonly amounts = new Map<string, Invoice[]>()

  constructor(book: Book, history: readonly { account: string | null; client: Client }[], referenceOfClient: boolean) {
    this.ofClientOnly = referenceOfClient
    for (const invoice of book.invoices) {
      if (invoice.status === 'Unpaid') this.left.set(invoice, invoice.balance)
      const key = `${invoice.currency}${invoice.balance}`
      this.amounts.set(key, [...(this.amounts.get(key) ?? []), invoice])
    }
    for (const { account, client } of history)
      if (account !== null) this.accounts.set(account, (this.accounts.get(account) ?? new Set()).add(client))
    this.names = book.clients.map((client) => ({
      client,
      names: [`${client.first} ${client.last}`, `${client.last} ${client.first}`, client.core]
        .map(squeezed)
        .filter((name) => name.length > 5),
      parts: [client.first, client.last].map(squeezed),
    }))
    for (const client of book.clients) for (const domain of client.domains) this.domains.set(squeezed(domain), client)
  }

  private openOf(clients: readonly Client[], date: string, currency: string): Invoice[] {
    return [...this.left.keys()].filter(
      (one) => clients.includes(one.client) && one.currency === currency && daysBetween(date, one.date) <= 3,
    )
  }

  private balance = (invoice: Invoice): number => this.left.get(invoice) ?? 0

  /** The clients that payer and text point to, and how well. */
  private whoPays({ line, written, structured, draft, payer, account }: Shown): { clients: Client[]; sure: boolean } {
    const said = written.filter((one) => one.seen)
    const spoken = said.flatMap(({ piece }) =>
      piece.is === 'customer' || piece.is === 'client' ? [piece.of] : piece.is === 'domain' ? [piece.of.client] : [],
    )
    if (structured && this.ofClientOnly && draft.structured !== undefined) spoken.push(draft.structured.client)
    const known = account && draft.payer.account !== null ? this.accounts.get(draft.payer.account) : undefined
    const all = squeezed(`${line.counterparty.name ?? ''} ${line.description}`)
    const own = squeezed(payer)
    const bears = ({ names, parts }: { names: string[]; parts: string[] }): boolean =>
      names.some((name) => all.includes(name) || (own.length >= 10 && name.startsWith(own))) ||
      (own.length <= parts.join('').length + 1 && parts.every((part) => own.includes(part)))
    const byName = this.names.filter(bears).map((one) => one.client)
    // A customer's number alone, given by a payer of another name, is thin.
    const alone = said.every(({ piece }) => piece.is !== 'domain' && piece.is !== 'client')
    if (spoken.length > 0)
      return {
        clients: [...new Set(spoken)],
        sure:
          !alone ||
          byName.some((client) => spoken.includes(client)) ||
          (known?.size === 1 && spoken.some((client) => known.has(client))),
      }
    if (known !== undefined && known.size === 1) {
      const both = byName.filter((client) => known.has(client))
      return byName.length === 0 || both.length > 0
        ? { clients: [...known], sure: true }
        : { clients: byName, sure: false }
    }
    return { clients: byName, sure: byName.length > 0 }
  }

  /** Says what to expect, and takes the money off the book. */
  judge(shown: Shown): Opinion {
    const opinion = this.opinionOn(shown)
    for (const { of, minor } of shown.draft.pays) {
      const rest = this.balance(of) - minor
      if (rest > 0 && shown.draft.currency === of.currency) this.left.set(of, rest)
      else this.left.delete(of)
    }
    return opinion
  }

  private opinionOn(shown: Shown): Opinion {
    const { draft, written, line } = shown
    if (draft.pays.length === 0) return say('none', 'nothing due')
    const named = new Set(
      written.flatMap(({ piece, seen }) =>
        seen && piece.is === 'number' && piece.as !== 'slip' && piece.as !== 'tail' ? [piece.of] : [],
      ),
    )
    if (shown.structured && !this.ofClientOnly && draft.structured !== undefined) named.add(draft.structured)
    const who = this.whoPays(shown)
    const only = draft.pays.length === 1 ? draft.pays[0]?.of : undefined
    if (only === undefined) return this.several(shown, named, who)
    const { clients } = who
    const agrees = clients.includes(only.client)
    if (line.currency !== only.currency)
      return draft.instructed !== undefined &&
        squeezed(line.description).includes(squeezed(draft.instructed)) &&
        (agrees || named.has(only))
        ? say('auto', 'instructed amount')
        : say('auto-or-review', 'another currency')
    const other = draft.minor !== this.balance(only)
    const rivals = this.openOf(clients, draft.date, only.currency).filter(
      (one) => one !== only && this.balance(one) === draft.minor,
    )
    if (named.has(only) && other)
      return agrees && rivals.length === 0
        ? say('auto', 'number, other amount')
        : say(rivals.length > 0 ? 'review' : 'auto-or-review', 'number and amount disagree')
    if (other) {
      const near = Math.abs(draft.minor - this.balance(only)) <= 5
      const open = this.openOf(clients, draft.date, only.currency)
      return agrees && open.length === 1 && near && who.sure
        ? say('auto', 'a few cents off')
        : say(agrees && open.length === 1 ? 'auto-or-review' : 'review', 'less or more than what is open')
    }
    if (named.has(only)) {
      if (clients.length > 0 && !agrees && rivals.length > 0) return say('review', 'number of one, amount of another')
      return numberOf(only).replaceAll(/\D/g, '').length < 4 && !agrees
        ? say('auto-or-review', 'a short number')
        : say('auto', 'number and amount')
    }
    return agrees ? this.byPayer(shown, only, who) : this.byAmount(shown, only)
  }

  /** Both names are there, one of them perhaps cut. */
  private readonly isLike = (payer: string, client: Client): boolean => {
    const [first = '', last = ''] = [client.first, client.last].map(squeezed)
    return squeezed(payer).includes(first) && squeezed(payer).includes(last.slice(0, 6))
  }

  private byPayer(
    { draft, written }: Shown,
    only: Invoice,
    { clients, sure }: { clients: Client[]; sure: boolean },
  ): Opinion {
    const has = (is: string): boolean =>
      written.some((one) => one.seen && one.piece.is === is && 'of' in one.piece && one.piece.of === only)
    const item = only.items[0]
    let fits = this.openOf(clients, draft.date, only.currency).filter((one) => this.balance(one) === draft.minor)
    const early = !fits.includes(only)
    if (early)
      return has('domain') || has('product')
        ? say(fits.length === 0 ? 'auto' : 'review', 'before the invoice, service named')
        : say('auto-or-review', 'before the invoice')
    if (!sure) return say('auto-or-review', 'payer and name disagree')
    if (fits.length === 1) return say('auto', 'payer and amount')
    if (has('domain')) fits = fits.filter((one) => one.items[0]?.domain === item?.domain)
    if (has('product')) fits = fits.filter((one) => one.items[0]?.product === item?.product)
    if (has('month')) fits = fits.filter((one) => one.items[0]?.from.slice(0, 7) === item?.from.slice(0, 7))
    if (fits.length === 1) return say('auto', 'payer, amount and service')
    if (
      written.some(
        (one) => one.piece.is === 'number' && one.piece.of === only && (one.piece.as === 'slip' || one.text !== ''),
      )
    )
      return say('auto-or-review', 'equal invoices, a number that can half be read')
    if (written.some((one) => !one.seen && 'of' in one.piece && one.piece.of === only))
      return say('auto-or-review', 'what would choose is cut off')
    if (new Set(fits.map((one) => one.client)).size > 1) return say('review', 'namesakes with equal invoices')
    const oneService = fits.every(
      (one) => one.items[0]?.domain === item?.domain && one.items[0]?.product === item?.product,
    )
    if (!oneService) return say('review', 'equal invoices for different services')
    return fits.every((one) => one.date >= only.date)
      ? say('auto', 'equal invoices of one service: the oldest')
      : say('review', 'not the oldest, and nothing says so')
  }

  private byAmount({ draft, written, payer }: Shown, only: Invoice): Opinion {
    if (draft.payer.account !== null && this.accounts.get(draft.payer.account)?.has(only.client) === true)
      return say('auto-or-review', 'the account of the client, the name of another')
    if (this.isLike(payer, only.client)) return say('auto-or-review', "a name like the client's")
    const fits = (this.amounts.get(`${only.currency}${draft.minor}`) ?? []).filter(
      (one) => this.left.get(one) === draft.minor && daysBetween(draft.date, one.date) <= 3,
    )
    if (fits.length <= 1) return say('auto-or-review', 'only the amount')
    return written.some((one) => one.piece.is === 'number' && one.piece.of === only)
      ? say('auto-or-review', 'a number that can half be read')
      : say('review', 'only the amount, and several have it')
  }

  private several(
    { draft }: Shown,
    named: Set<Invoice>,
    { clients, sure }: { clients: Client[]; sure: boolean },
  ): Opinion {
    const paid = draft.pays.map((one) => one.of)
    if (paid.every((one) => named.has(one))) return say('auto', 'numbers and sum')
    const [first] = paid
    if (first === undefined || !clients.includes(first.client) || paid.some((one) => one.client !== first.client))
      return say('auto-or-review', 'nothing visible points to it')
    const open = this.openOf(clients, draft.date, first.currency)
    if (open.some((one) => this.balance(one) === draft.minor))
      return say('review', 'one invoice has the amount as well')
    const must = paid.filter((one) => named.has(one))
    let sets = 0
    for (const client of clients) {
      const own = open.filter((one) => one.client === client).slice(0, 14)
      for (let mask = 1; mask < 1 << own.length; mask += 1) {
        const set = own.filter((_one, at) => (mask & (1 << at)) !== 0)
        if (
          set.length <= 6 &&
          set.reduce((sum, one) => sum + this.balance(one), 0) === draft.minor &&
          must.every((one) => set.includes(one))
        )
          sets += 1
      }
    }
    if (sets > 1) return say('review', 'several sets give this sum')
    return sure ? say('auto', 'payer, the only set with this sum') : say('auto-or-review', 'payer half known')
  }
}
