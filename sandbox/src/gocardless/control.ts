import { type Decision, decide } from './consents.ts'
import type { Fault, FaultRequest } from './faults.ts'
import type { Habits } from './habits.ts'
import { Refusal, ROWS } from './refusals.ts'
import type { GocardlessSeed, SeedTransaction } from './seed.ts'
import {
  type BankAccount,
  credentialsOf,
  dayOf,
  findAccount,
  habitsOf,
  isoOf,
  reseed,
  type Requisition,
  type Switches,
  type World,
} from './state.ts'

export interface EndpointCount {
  calls: number
  byStatus: Record<string, number>
}

/** A transaction as the control surface shows it, with where the clock has it. */
export interface AccountView {
  key: string
  institutionId: string
  iban: string | null
  currency: string
  generation: number
  idGeneration: number
  /** Every id it has had, with the company that knows it and whether it still works. */
  ids: {
    id: string
    company: string
    generation: number
    current: boolean
    failures: number
    suspended: boolean
    readsToday: Record<string, number>
  }[]
  transactions: SeedTransaction[]
}

const wrong = (error: string, status = 400): Refusal => new Refusal(status, { error })

/** What a test or a presenter does to the simulated bank. Every method has its JSON twin under `/__control/`. */
export class Control {
  readonly #world: World
  #faultId = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Starts again from this seed; consents, faults and counters are gone. */
  seed(seed: GocardlessSeed): void {
    if (!Array.isArray(seed.accounts)) throw wrong('a seed needs accounts')
    reseed(this.#world, seed)
  }

  now(): string {
    return isoOf(this.#world.nowMs())
  }

  /** Sets the clock. It runs on from there unless frozen; `advanceMs` moves it on top. */
  setClock(to: { now?: string; advanceMs?: number; frozen?: boolean }): string {
    const { clock } = this.#world.kept
    const wantedMs = to.now === undefined ? this.#world.nowMs() : Date.parse(to.now)
    if (Number.isNaN(wantedMs)) throw wrong('now must be an ISO time')
    const atMs = wantedMs + (to.advanceMs ?? 0)
    const frozen = to.frozen ?? clock.frozenAtMs !== null
    clock.frozenAtMs = frozen ? atMs : null
    clock.offsetMs = atMs - Date.now()
    return isoOf(atMs)
  }

  addFault(request: FaultRequest): Fault {
    const kinds = ['slow', 'slow_body', 'drop', 'drop_after', 'cut_body', '500', '503', 'html', 'empty', 'error']
    if (!kinds.includes(request.kind)) throw wrong(`kind must be one of ${kinds.join(', ')}`)
    if (request.kind === 'error' && (request.row === undefined || !Object.hasOwn(ROWS, request.row))) {
      throw wrong(`row must be one of ${Object.keys(ROWS).join(', ')}`)
    }
    const fault: Fault = { ...request, id: ++this.#faultId, met: 0 }
    this.#world.faults.push(fault)
    return fault
  }

  faults(): Fault[] {
    return this.#world.faults.map((one) => ({ ...one }))
  }

  clearFaults(): void {
    this.#world.faults.length = 0
  }

  /** Calls by endpoint name (`accounts/transactions` …) since the last reset; dropped ones count under status `dropped`. */
  counters(): Record<string, EndpointCount> {
    return structuredClone(Object.fromEntries(this.#world.calls))
  }

  resetCounters(): void {
    this.#world.calls.clear()
  }

  switches(changes: Partial<Switches> = {}): Switches {
    const stray = Object.keys(changes).find((name) => !(name in this.#world.kept.switches))
    if (stray !== undefined) throw wrong(`no switch ${stray}`)
    Object.assign(this.#world.kept.switches, changes)
    return { ...this.#world.kept.switches }
  }

  /** Changes how a bank shows its entries, from the next read on. */
  setHabits(institutionId: string, habits: Partial<Habits>): void {
    if (!this.#world.institutions.has(institutionId)) throw wrong(`no institution ${institutionId}`, 404)
    this.#world.kept.habits[institutionId] = { ...this.#world.kept.habits[institutionId], ...habits }
  }

  /** The bank issues everything anew. By default as at a reconnect: the account's id stops working (`AccessExpiredError`), and
   *  the next link gives a new account id with new transaction and internal ids. With `keepAccount` the account id stays and only
   *  the ids of the transactions change. */
  reissueIds(account: string, options: { keepAccount?: boolean } = {}): AccountView {
    const found = this.#account(account)
    if (options.keepAccount === true) found.idGeneration += 1
    else found.generation += 1
    return this.account(account)
  }

  /** Adds movements; a key that exists is replaced, which is how a bank corrects its history. */
  addTransactions(account: string, ...transactions: SeedTransaction[]): AccountView {
    const found = this.#account(account)
    for (const tx of transactions) {
      if (typeof tx.key !== 'string' || !/^-?\d+(\.\d+)?$/.test(tx.amount))
        throw wrong('a transaction needs a key and an amount such as "-95.35"')
      const at = found.seed.transactions.findIndex((one) => one.key === tx.key)
      if (at === -1) found.seed.transactions.push(structuredClone(tx))
      else found.seed.transactions[at] = structuredClone(tx)
    }
    return this.account(account)
  }

  /** Books a pending movement, with whatever the bank changes on that occasion. */
  book(account: string, key: string, changes: Partial<SeedTransaction> = {}): AccountView {
    const tx = this.#account(account).seed.transactions.find((one) => one.key === key)
    if (tx === undefined) throw wrong(`no transaction ${key}`, 404)
    const { pending: _pending, pendingUntil: _until, ...kept } = tx
    return this.addTransactions(account, { ...kept, bookingDate: dayOf(this.#world.nowMs()), ...changes })
  }

  removeTransaction(account: string, key: string): AccountView {
    const { seed } = this.#account(account)
    seed.transactions = seed.transactions.filter((one) => one.key !== key)
    return this.account(account)
  }

  /** Revokes the bank's access before its end, or gives the account a status of its own (null: the computed one again). */
  setAccount(account: string, changes: { revoked?: boolean; status?: string | null; balance?: string }): AccountView {
    const found = this.#account(account)
    for (const handle of Object.values(this.#world.kept.handles)) {
      if (handle.account !== found.seed.key || handle.generation !== found.generation) continue
      if (changes.revoked !== undefined) handle.revoked = changes.revoked
      if (changes.status !== undefined) handle.status = changes.status
    }
    if (changes.balance !== undefined) found.seed.balance = changes.balance
    return this.account(account)
  }

  /** What the user at the bank would do, without a browser. `requisition` is its id or reference. Returns where the browser would
   *  be sent. */
  decide(requisition: string, decision: Decision, accounts?: string[]): { redirect_to: string; status: string } {
    const found = this.#requisition(requisition)
    const redirectTo = decide(this.#world, found, decision, accounts)
    return { redirect_to: redirectTo, status: found.status }
  }

  /** Puts a requisition into any state, also the undocumented ones. */
  setRequisition(requisition: string, status: Requisition['status']): void {
    const found = this.#requisition(requisition)
    found.status = status
    found.history.push({ status, at: this.now() })
  }

  account(account: string): AccountView {
    const found = this.#account(account)
    const sinceMs = this.#world.nowMs() - 86_400_000
    const handles = Object.values(this.#world.kept.handles).filter((one) => one.account === found.seed.key)
    return structuredClone({
      key: found.seed.key,
      institutionId: found.seed.institutionId,
      iban: found.seed.iban ?? null,
      currency: found.seed.currency,
      generation: found.generation,
      idGeneration: found.idGeneration,
      ids: handles.map((one) => ({
        id: one.id,
        company: one.company,
        generation: one.generation,
        current: one.generation === found.generation && !one.revoked,
        failures: one.failures,
        suspended: one.suspended,
        readsToday: Object.fromEntries(
          Object.entries(one.reads).map(([scope, at]) => [scope, at.filter((ms) => ms > sinceMs).length]),
        ),
      })),
      transactions: found.seed.transactions,
    })
  }

  /** All there is to see, without the secrets' keys. */
  state() {
    const { kept, institutions } = this.#world
    return structuredClone({
      now: this.now(),
      companies: credentialsOf(this.#world).map((one) => one.secretId),
      switches: kept.switches,
      requisitions: Object.values(kept.requisitions),
      agreements: Object.values(kept.agreements).map(({ cached: _cached, ...shown }) => shown),
      accounts: Object.keys(kept.accounts).map((key) => {
        const { transactions, ...view } = this.account(key)
        return { ...view, transactionCount: transactions.length, habits: habitsOf(this.#world, kept.accounts[key]!) }
      }),
      institutionCount: institutions.size,
    })
  }

  #account(keyOrId: string): BankAccount {
    const found = findAccount(this.#world, keyOrId)
    if (found === undefined) throw wrong(`no account ${keyOrId}`, 404)
    return found
  }

  #requisition(idOrReference: string): Requisition {
    const { requisitions } = this.#world.kept
    const found =
      requisitions[idOrReference] ?? Object.values(requisitions).find((one) => one.reference === idOrReference)
    if (found === undefined) throw wrong(`no requisition ${idOrReference}`, 404)
    return found
  }
}
