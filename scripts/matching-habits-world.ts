import type { MatchClient, MatchInvoice, MatchTransaction, PastDecision } from '../server/src/matching/index.ts'
import type { Tenant, Truth } from './matching-books.ts'
import { addDays, label, lastName, makeRandom, plain } from './matching-habits-facts.ts'
import { languagesOf, type Words } from './matching-habits-words.ts'

/** A judged book whose invoices and clients stay and whose lines are invented anew. Habits take invoices out of it, add clients
 *  and invoices of their own, and write lines with their truth. A client serves one line (or one story) only, so that what is
 *  true of a line does not depend on another. */

export interface Line {
  /** What is paid; nothing for lines that pay nothing. */
  pays: readonly { invoice: MatchInvoice; amountMinor?: bigint }[]
  expected: Truth['expected']
  why: string
  amountMinor: bigint
  currency: string
  date: string
  payer: string
  account?: string | null
  text: string
  reference?: string
  direction?: 'credit' | 'debit'
  /** Only the invoice must be right. */
  fx?: boolean
}

const lengths: Readonly<Record<string, number>> = {
  DE: 22,
  FR: 27,
  NO: 15,
  SE: 24,
  GB: 22,
  PL: 28,
  CZ: 24,
  AT: 20,
  CH: 21,
  IT: 27,
  NL: 18,
}

export class World {
  readonly random: () => number
  readonly invoices: MatchInvoice[]
  readonly history: PastDecision[]
  readonly languages: Words[]
  readonly home: string
  readonly lines: (Line & { habit: string; class: number })[] = []
  habit = { name: '', class: 0 }

  readonly #open: MatchInvoice[]
  readonly #owed = new Map<string, MatchInvoice[]>()
  readonly #amounts = new Map<string, number>()
  readonly #bearers = new Map<string, Set<string>>()
  readonly #used = new Set<string>()
  readonly #numbers = new Set<string>()
  readonly #surnames = new Set<string>()
  #nextClient: number
  #nextId: number
  #nextNumber: number
  readonly #numberPattern: string
  readonly #tenant: Tenant

  constructor(tenant: Tenant, home: string, seed: number) {
    this.random = makeRandom(seed)
    this.home = home
    this.languages = languagesOf(home)
    this.invoices = [...tenant.invoices]
    this.history = [...tenant.history]
    this.#tenant = tenant
    this.#nextClient = Math.max(...tenant.invoices.map(({ client }) => Number(client.id))) + 7
    this.#nextId = Math.max(...tenant.invoices.map(({ id }) => Number(id))) + 3
    const last = tenant.invoices.findLast(({ number }) => number !== '')?.number ?? ''
    this.#numberPattern = last
    const sameHead = tenant.invoices.filter(({ number }) => number.replace(/\d+$/, '') === last.replace(/\d+$/, ''))
    this.#nextNumber =
      last === '' ? 0 : Math.max(...sameHead.map(({ number }) => Number(/\d+$/.exec(number)?.[0] ?? '0'))) + 3
    this.#open = tenant.invoices.filter(({ status, balanceMinor }) => status === 'unpaid' && balanceMinor > 0n)
    for (const invoice of tenant.invoices) this.#know(invoice)
  }

  #know(invoice: MatchInvoice): void {
    const { client } = invoice
    this.#numbers.add(label(invoice)).add(invoice.id).add(client.id)
    for (const word of plain(`${client.name} ${client.company} ${client.email.split('@')[0] ?? ''}`).split(
      /[^\p{L}\p{N}]+/u,
    )) {
      const bearers = this.#bearers.get(word) ?? new Set()
      this.#bearers.set(word, bearers.add(client.id))
    }
    if (invoice.status !== 'unpaid' || invoice.balanceMinor === 0n) return
    const owed = this.#owed.get(client.id) ?? []
    this.#owed.set(client.id, [...owed, invoice])
    const key = `${invoice.currency}${invoice.balanceMinor}`
    this.#amounts.set(key, (this.#amounts.get(key) ?? 0) + 1)
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  words(): Words {
    return this.pick(this.languages)
  }

  digits(length: number): string {
    return Array.from({ length }, (_, at) => String(at === 0 ? 1 + this.below(9) : this.below(10))).join('')
  }

  /** How many clients bear a word in name, company or mail address. */
  bearers(word: string): number {
    return this.#bearers.get(plain(word))?.size ?? 0
  }

  /** How many open invoices owe just this. */
  equals(amountMinor: bigint, currency: string): number {
    return this.#amounts.get(`${currency}${amountMinor}`) ?? 0
  }

  owes(client: MatchClient): MatchInvoice[] {
    return this.#owed.get(client.id) ?? []
  }

  isNumber(text: string): boolean {
    return this.#numbers.has(text)
  }

  /** An open invoice of a client that no line has used; the client is used from then on. */
  take(where: (invoice: MatchInvoice) => boolean = () => true): MatchInvoice | undefined {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      const invoice = this.pick(this.#open)
      if (this.#used.has(invoice.client.id) || !where(invoice)) continue
      this.#used.add(invoice.client.id)
      return invoice
    }
    return undefined
  }

  /** An invoice with a client of two Latin names, both the client's alone, that owes nothing else. */
  takeClear(where: (invoice: MatchInvoice) => boolean = () => true): MatchInvoice | undefined {
    return this.take((invoice) => this.isClear(invoice) && where(invoice))
  }

  isClear(invoice: MatchInvoice): boolean {
    return this.owes(invoice.client).length === 1 && this.hasOwnName(invoice.client)
  }

  /** Two or more Latin names, of which the last one is nobody else's. */
  hasOwnName({ name }: MatchClient): boolean {
    return (
      /^[\p{Script=Latin}'’-]{2,}(?: [\p{Script=Latin}.'’-]+)* [\p{Script=Latin}'’-]{4,}$/u.test(name) &&
      this.bearers(lastName(name)) === 1
    )
  }

  /** Whether the company's first long word is nobody else's. */
  hasOwnCompany({ company }: MatchClient): boolean {
    const word = plain(company)
      .split(/[^a-z]+/)
      .find((one) => one.length >= 5)
    return word !== undefined && this.bearers(word) === 1
  }

  /** Any open invoice, used or not: for digits and amounts of lines that pay nothing. */
  any(): MatchInvoice {
    return this.pick(this.#open)
  }

  person(words: Words = this.words(), man = this.chance(0.5)): { first: string; last: string } {
    const [woman, other] = this.pick(words.firstNames)
    for (let attempt = 0; ; attempt += 1) {
      const last = this.pick(words.surnames)
      // A large book needs more surnames than there are: heads and tails of others, then with a syllable between them.
      const tail = this.pick(words.surnames).slice(3).toLowerCase()
      const middle = attempt < 60 ? '' : this.pick(['ber', 'lin', 'mo', 'sta', 'ru', 'den', 'ka', 'vi'])
      const made = attempt < 10 ? last : `${last.slice(0, 4)}${middle}${tail}`
      if ((this.bearers(made) > 0 || this.#surnames.has(made)) && attempt < 300) continue
      this.#surnames.add(made)
      return { first: man ? other : woman, last: made }
    }
  }

  /** A client that the book did not have. Its name counts as known from then on. */
  client(name: string, company = ''): MatchClient {
    this.#nextClient += 1 + this.below(3)
    const id = String(this.#nextClient)
    this.#used.add(id)
    return {
      id,
      name,
      company,
      email: `${plain(name).replace(/[^a-z]+/g, '.')}@${plain(company || lastName(name)).replace(/[^a-z0-9]+/g, '')}.eu`,
    }
  }

  /** Another open invoice, numbered as the tenant numbers. */
  invoice(
    client: MatchClient,
    like: { amountMinor: bigint; currency: string; date: string; description: string; status?: 'paid' | 'unpaid' },
  ): MatchInvoice {
    this.#nextId += 1
    this.#nextNumber += 1
    const tail = /\d+$/.exec(this.#numberPattern)?.[0] ?? ''
    const number =
      this.#numberPattern === ''
        ? ''
        : this.#numberPattern.slice(0, -tail.length) + String(this.#nextNumber).padStart(tail.length, '0')
    const invoice: MatchInvoice = {
      id: String(this.#nextId),
      number,
      totalMinor: like.amountMinor,
      balanceMinor: like.status === 'paid' ? 0n : like.amountMinor,
      currency: like.currency,
      date: like.date,
      dueDate: addDays(like.date, 14),
      status: like.status ?? 'unpaid',
      client,
      items: [{ description: like.description }],
      payments: [],
      collects: [],
    }
    this.invoices.push(invoice)
    this.#know(invoice)
    return invoice
  }

  /** Leaves some numbers out, as other clients' invoices would. */
  skipNumbers(count: number): void {
    this.#nextId += count
    this.#nextNumber += count
  }

  /** An amount of two decimals that no open invoice owes. */
  freshAmount(low = 800, high = 30_000): bigint {
    for (;;) {
      const amount = BigInt(low + this.below(high - low))
      if (amount % 100n !== 0n && this.#tenant.invoices.every(({ totalMinor }) => totalMinor !== amount)) return amount
    }
  }

  account(): string {
    const country = lengths[this.home] === undefined ? 'DE' : this.home
    const length = lengths[country] ?? 22
    const letters = country === 'GB' || country === 'NL' ? this.pick(['ABNA', 'BUKB', 'INGB', 'LOYD', 'RABO']) : ''
    const body = letters + this.digits(length - 4 - letters.length)
    const numeric = [...`${body}${country}00`]
      .map((one) => (/\d/.test(one) ? one : String(one.charCodeAt(0) - 55)))
      .join('')
    return `${country}${String(98n - (BigInt(numeric) % 97n)).padStart(2, '0')}${body}`
  }

  /** A day on which the invoice would be paid. */
  payday(invoice: MatchInvoice, least = 1, most = 20): string {
    return addDays(invoice.date, least + this.below(most - least + 1))
  }

  /** A decision a person took: this payer paid an invoice of this client some months ago. */
  past(invoice: MatchInvoice, payer: string, account: string | null, months = 2 + this.below(9), text = ''): void {
    const date = addDays(invoice.date, -30 * months)
    const earlier = this.invoice(invoice.client, {
      amountMinor: invoice.totalMinor,
      currency: invoice.currency,
      date: addDays(date, -6),
      description: invoice.items[0]?.description ?? '',
      status: 'paid',
    })
    this.history.push({
      transaction: {
        id: `past-${this.history.length}`,
        amountMinor: earlier.totalMinor,
        currency: earlier.currency,
        direction: 'credit',
        date,
        reference: '',
        description: text || label(earlier),
        counterparty: { name: payer, iban: account },
      },
      invoiceIds: [earlier.id],
      accepted: true,
    })
  }

  /** Writes a line. What it pays is the whole balance unless said. */
  line(line: Line): void {
    this.lines.push({ ...line, habit: this.habit.name, class: this.habit.class })
  }

  /** A line for one invoice with its very amount, where nothing else is said. */
  pay(invoice: MatchInvoice, line: Partial<Line> & Pick<Line, 'payer' | 'text' | 'why'>): void {
    this.line({
      pays: [{ invoice }],
      expected: 'auto',
      amountMinor: invoice.balanceMinor,
      currency: invoice.currency,
      date: this.payday(invoice),
      account: this.chance(0.6) ? this.account() : null,
      ...line,
    })
  }

  /** The book with the invented lines, oldest first. */
  finish(): { tenant: Tenant; habits: Map<string, string> } {
    const sorted = [...this.lines].sort((left, right) => (left.date < right.date ? -1 : left.date > right.date ? 1 : 0))
    const truth = new Map<string, Truth>()
    const habits = new Map<string, string>()
    const transactions = sorted.map((line, at): MatchTransaction => {
      const id = `habit-${String(at).padStart(5, '0')}`
      habits.set(id, line.habit)
      let left = line.amountMinor
      truth.set(id, {
        class: line.class,
        className: '',
        kind: line.habit,
        expected: line.expected,
        why: line.why,
        fx: line.fx ?? false,
        allocations: line.pays.map(({ invoice, amountMinor }) => {
          const most = amountMinor ?? invoice.balanceMinor
          const paid = line.fx === true || most < left ? most : left
          left -= paid
          return { invoiceId: invoice.id, amountMinor: paid }
        }),
      })
      return {
        id,
        amountMinor: line.amountMinor,
        currency: line.currency,
        direction: line.direction ?? 'credit',
        date: line.date,
        reference: line.reference ?? '',
        description: line.text,
        counterparty: { name: line.payer, iban: line.account ?? null },
      }
    })
    return { tenant: { ...this.#tenant, transactions, invoices: this.invoices, history: this.history, truth }, habits }
  }
}
