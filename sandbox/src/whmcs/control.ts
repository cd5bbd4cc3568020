import type { Access } from './access.ts'
import type { Books, Settings } from './books.ts'
import { nowOf, type ClockSetting } from './clock.ts'
import { Faults, type FaultPlan, type FaultRule } from './faults.ts'
import type { Install } from './install.ts'
import type { JournalEntry } from './journal.ts'
import { balanceOf, currencyCode } from './ledger.ts'
import { money } from './money.ts'
import { plant, type WhmcsSeed } from './seed.ts'
import { withSwitches, type Switches } from './switches.ts'
import { totalOf } from './totals.ts'
import type { Watch } from './watch.ts'

/** The books in figures a person can read: amounts as decimal text. */
export interface BooksView {
  clients: { id: number; name: string; companyname: string; currency: string; credit: string }[]
  invoices: {
    id: number
    invoicenum: string
    clientid: number
    status: string
    duedate: string
    currency: string
    total: string
    credit: string
    balance: string
  }[]
  transactions: {
    id: number
    invoiceid: number
    clientid: number
    transid: string
    gateway: string
    date: string
    amountin: string
    amountout: string
  }[]
}

/** Everything a suite may do to the simulator or ask of it, beside calling its API. */
export class Control {
  readonly #books: Books
  readonly #systemUrl: string
  readonly #watch: Watch
  readonly #late: Set<() => void>
  readonly faults = new Faults()

  constructor(books: Books, systemUrl: string, watch: Watch, late: Set<() => void>) {
    this.#books = books
    this.#systemUrl = systemUrl
    this.#watch = watch
    this.#late = late
  }

  /** Plants rows; returns the ids of clients and invoices in the order given. All or nothing. */
  seed(seed: WhmcsSeed): { clients: number[]; invoices: number[] } {
    return this.#books.commit(() => plant(this.#install(), seed))
  }

  setSwitches(change: Partial<Switches>): Switches {
    return this.#change({ switches: withSwitches(this.#books.settings.switches, change) }).switches
  }

  /** Replaces the parts given (a list as a whole). */
  setAccess(change: Partial<Access>): void {
    this.#change({ access: { ...this.#books.settings.access, ...change } })
  }

  /** webhookSecret: what the module answers proofs with, null takes the module away. wellKnown: tokens to serve (added) as
   *  `/.well-known/payymo-<token>.txt`; the file holds the text given, normally the token itself. */
  setProof(change: { webhookSecret?: string | null; wellKnown?: Record<string, string> }): void {
    const { proof } = this.#books.settings
    this.#change({
      proof: {
        webhookSecret: change.webhookSecret === undefined ? proof.webhookSecret : change.webhookSecret,
        wellKnown: { ...proof.wellKnown, ...change.wellKnown },
      },
    })
  }

  /** frozenAt stops the install's clock at a moment (null lets it run); advanceMs moves it on; zone is its PHP zone. */
  setClock(change: Partial<ClockSetting> & { advanceMs?: number }): void {
    const { advanceMs = 0, ...given } = change
    const clock = { ...this.#books.settings.clock, ...given }
    const moved =
      clock.frozenAt === null
        ? { ...clock, offsetMs: clock.offsetMs + advanceMs }
        : { ...clock, frozenAt: new Date(nowOf(clock).getTime() + advanceMs).toISOString() }
    this.#change({ clock: moved })
  }

  addFaults(...rules: FaultRule[]): void {
    this.faults.add(...rules)
  }

  /** A random plan for a suite; null ends it. */
  setFaultPlan(plan: FaultPlan | null): void {
    this.faults.plan(plan)
  }

  clearFaults(): void {
    this.faults.clear()
  }

  /** Runs now all effects that `commit_late` holds back. Returns how many there were. */
  commitLate(): number {
    const held = [...this.#late]
    for (const run of held) run()
    return held.length
  }

  /** What was really booked, after the entry numbered `since`. */
  journal(since = 0): JournalEntry[] {
    return this.#books.journal.filter((entry) => entry.seq > since)
  }

  books(): BooksView {
    const install = this.#install()
    return {
      clients: this.#books
        .table('clients')
        .all()
        .map(({ id, firstname, lastname, companyname, creditMinor }) => ({
          id,
          name: `${firstname} ${lastname}`.trim(),
          companyname,
          currency: currencyCode(install, id),
          credit: money(creditMinor),
        })),
      invoices: this.#books
        .table('invoices')
        .all()
        .map((invoice) => ({
          id: invoice.id,
          invoicenum: invoice.invoicenum,
          clientid: invoice.clientId,
          status: invoice.status,
          duedate: invoice.duedate,
          currency: currencyCode(install, invoice.clientId),
          total: money(totalOf(invoice)),
          credit: money(invoice.creditMinor),
          balance: money(balanceOf(install, invoice)),
        })),
      transactions: this.#books
        .table('transactions')
        .all()
        .map((row) => ({
          id: row.id,
          invoiceid: row.invoiceId,
          clientid: row.clientId,
          transid: row.transid,
          gateway: row.gateway,
          date: row.date,
          amountin: money(row.amountInMinor),
          amountout: money(row.amountOutMinor),
        })),
    }
  }

  settings(): Settings {
    return structuredClone(this.#books.settings)
  }

  counts(): ReturnType<Watch['counts']> {
    return this.#watch.counts()
  }

  /** The calls seen, of one action (any case) or of all, oldest first. */
  calls(action?: string): Watch['calls'] {
    return this.#watch.calls.filter((call) => action === undefined || call.action === action.toLowerCase())
  }

  warnings(): Watch['warnings'] {
    return [...this.#watch.warnings]
  }

  /** The hooks WHMCS would have run and the payment e-mails it would have sent. */
  happenings(): Watch['happenings'] {
    return [...this.#watch.happenings]
  }

  #install(): Install {
    return {
      books: this.#books,
      action: 'seed',
      systemUrl: this.#systemUrl,
      warn: (text) => this.#watch.warn('seed', text),
      happen: () => undefined,
    }
  }

  #change(change: Partial<Settings>): Settings {
    this.#books.commit(() => this.#books.changeSettings(change))
    return this.#books.settings
  }
}
