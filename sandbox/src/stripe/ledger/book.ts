import { Agenda } from './agenda.ts'
import { makeDice, fingerprint, type Dice } from './dice.ts'
import { defaultTerms, type MerchantTerms, type TermChanges } from './merchant.ts'
import type {
  BalanceTransaction,
  BankAccount,
  Charge,
  CheckoutSession,
  Customer,
  Dispute,
  Event,
  PaymentIntent,
  Payout,
  Refund,
} from './objects.ts'
import type { Pool } from './pool.ts'
import { type Stored, Table } from './table.ts'
import { Truth } from './truth.ts'

export const API_VERSION = '2026-10-28.endive'

/** An order that cannot be carried out: the caller's mistake. */
export class Impossible extends Error {}

export interface BookOptions {
  account: string
  livemode: boolean
  /** Makes ids and texts; the same words give the same book. */
  seed: string
  terms?: TermChanges
}

/** Everything one Stripe account has in one mode. It has a time of its own, which never goes back: what is due happens in order as
 *  the time moves. `payout-schedule.ts` fills the agenda from the first second on. */
export class Book {
  readonly account: string
  readonly livemode: boolean
  readonly dice: Dice
  terms: MerchantTerms
  /** Unix seconds; 0 until the book is opened. */
  now = 0
  readonly agenda = new Agenda()
  readonly truth = new Truth()
  /** What waits to be paid out, by currency and sub-balance. */
  readonly pools = new Map<string, Pool>()

  readonly transactions = new Table<BalanceTransaction>({
    source: (row) => row.source,
    type: (row) => row.type,
    currency: (row) => row.currency,
  })
  readonly charges = new Table<Charge>({ customer: (row) => row.customer, payment_intent: (row) => row.payment_intent })
  readonly intents = new Table<PaymentIntent>({ customer: (row) => row.customer })
  readonly refunds = new Table<Refund>({ charge: (row) => row.charge, payment_intent: (row) => row.payment_intent })
  readonly disputes = new Table<Dispute>({ charge: (row) => row.charge, payment_intent: (row) => row.payment_intent })
  readonly payouts = new Table<Payout>()
  readonly customers = new Table<Customer>({ email: (row) => row.email })
  readonly sessions = new Table<CheckoutSession>({
    payment_intent: (row) => row.payment_intent,
    customer: (row) => row.customer,
  })
  readonly events = new Table<Event>({ type: (row) => row.type })
  readonly bankAccounts = new Table<BankAccount>({ currency: (row) => row.currency })

  /** Told of each event after it is stored. `onlyPlatform`: the one platform whose connection it is about. */
  onEvent: (event: Event, onlyPlatform?: string) => void = () => {}
  /** Off: no events are made, for ledgers whose size alone matters. */
  makesEvents = true

  readonly #mark: string
  #ids = 0

  constructor(options: BookOptions) {
    this.account = options.account
    this.livemode = options.livemode
    const words = `${options.seed} ${options.account} ${options.livemode ? 'live' : 'test'}`
    this.dice = makeDice(words)
    this.#mark = fingerprint(words).slice(0, 4)
    this.terms = defaultTerms(options.terms)
  }

  /** A new id, unique among all books. */
  id(prefix: string): string {
    this.#ids += 1
    return `${prefix}_3${this.#mark}${this.#ids.toString(36).padStart(5, '0')}${this.dice.letters(8)}`
  }

  get isEmpty(): boolean {
    return this.charges.rows.length === 0 && this.transactions.rows.length === 0
  }

  /** Lets the time pass until `to`, Unix seconds, and everything due happen. A time that is past already changes nothing. */
  catchUp(to: number): void {
    for (let next = this.agenda.nextAt; next !== null && next <= to; next = this.agenda.nextAt) {
      const due = this.agenda.take()!
      this.now = Math.max(this.now, due.at)
      due.act()
    }
    this.now = Math.max(this.now, to)
  }

  /** Puts an act down for later; now when the second has passed. */
  later(seconds: number, act: () => void): void {
    this.agenda.put(this.now + Math.max(0, seconds), act)
  }

  /** `id`: of what is no part of this account's own story, so that the ids that follow do not depend on it. */
  emit(
    type: string,
    object: object,
    previous?: Record<string, unknown>,
    { onlyPlatform, id }: { onlyPlatform?: string; id?: string } = {},
  ): Event | null {
    if (!this.makesEvents) return null
    const event: Event = {
      id: id ?? this.id('evt'),
      object: 'event',
      account: this.account,
      api_version: API_VERSION,
      created: this.now,
      data: previous === undefined ? { object } : { object, previous_attributes: previous },
      livemode: this.livemode,
      request: { id: null, idempotency_key: null },
      type,
    }
    this.events.add(event)
    this.onEvent(event, onlyPlatform)
    return event
  }

  /** Puts a new version of an object and tells of it with what was there before. */
  change<T extends Stored>(table: Table<T>, before: T, changes: Partial<T>, type?: string): T {
    const after = table.put({ ...before, ...changes })
    if (type !== undefined) {
      const previous = Object.fromEntries(Object.keys(changes).map((name) => [name, before[name as keyof T] ?? null]))
      this.emit(type, after, type.endsWith('.updated') ? previous : undefined)
    }
    return after
  }

  /** The object of that id, whatever it is. */
  find(id: string): Stored | undefined {
    for (const table of this.#tables) {
      const found = table.get(id)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The object of that id in the table. Throws `Impossible`. */
  need<T extends Stored>(table: Table<T>, id: string): T {
    const found = table.get(id)
    if (found === undefined) throw new Impossible(`${this.account} has no ${id}`)
    return found
  }

  get #tables(): Table<Stored>[] {
    return [
      this.charges,
      this.transactions,
      this.intents,
      this.refunds,
      this.disputes,
      this.payouts,
      this.customers,
      this.sessions,
      this.bankAccounts,
    ] as unknown as Table<Stored>[]
  }
}
