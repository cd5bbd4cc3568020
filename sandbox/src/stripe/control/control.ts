import { type Fault, FAULT_KINDS, type FaultRequest } from '../api/faults.ts'
import { Impossible } from '../ledger/book.ts'
import { assertInvariants } from '../ledger/invariants.ts'
import { allow, deny, readAsked } from '../oauth/authorize.ts'
import { type Forgery, forge } from '../webhooks/forgeries.ts'
import type { Attempt, DeliveryWays } from '../webhooks/dispatcher.ts'
import { type SignatureMode, SIGNATURE_MODES } from '../webhooks/sign.ts'
import type { Merchant, MerchantSpec, Mode, Permissions } from '../world/merchants.ts'
import type { Connection, Counter, Switches, World } from '../world/world.ts'
import { Desk } from './desk.ts'

export interface Sending {
  copies?: number
  /** A seed: in any order. Absent: in order. */
  shuffle?: string
  signature?: SignatureMode
}

/** What a test or a presenter does to the simulated Stripe. Every method has its JSON twin under `/__control/`. */
export class Control {
  readonly #world: World
  #faultId = 0

  constructor(world: World) {
    this.#world = world
  }

  /** What happens in one account. Throws for an unknown one. */
  on(account: string, mode: Mode = 'test'): Desk {
    if (!this.#world.merchants.has(account)) throw new Impossible(`no account ${account}`)
    return new Desk(this.#world, account, mode)
  }

  now(): string {
    return new Date(this.#world.clock.nowMs()).toISOString()
  }

  /** Sets the clock and lets everything due happen. It runs on from there unless frozen. Never back. */
  setClock(to: { now?: string; advanceMs?: number; frozen?: boolean }): string {
    const { clock } = this.#world
    const wantedMs = to.now === undefined ? clock.nowMs() : Date.parse(to.now)
    const atMs = wantedMs + (to.advanceMs ?? 0)
    if (Number.isNaN(atMs)) throw new Impossible('now must be an ISO time')
    if (atMs < clock.nowMs() - 1000) throw new Impossible('the clock does not go back')
    clock.set(atMs, to.frozen ?? clock.isFrozen)
    this.#world.catchUp()
    return this.now()
  }

  addMerchant(spec: MerchantSpec): Merchant {
    if (this.#world.merchants.has(spec.id)) throw new Impossible(`${spec.id} exists`)
    return this.#world.addMerchant(spec)
  }

  /** Registers where the platform's users come back to, and how its token endpoint answers. */
  setPlatform(changes: { platform?: string; redirectUri?: string; givesNoTokens?: boolean }): string[] {
    const platform = this.#platform(changes.platform)
    if (changes.redirectUri !== undefined && !platform.redirectUris.includes(changes.redirectUri))
      platform.redirectUris.push(changes.redirectUri)
    if (changes.givesNoTokens !== undefined) platform.givesNoTokens = changes.givesNoTokens
    return [...platform.redirectUris]
  }

  /** Gives an account a key, changes what it may, or (null) takes it away. Without permissions it is a secret key. */
  setKey(key: string, to: { account: string; mode: Mode; permissions?: Permissions } | null): void {
    if (to === null) {
      this.#world.keys.delete(key)
      return
    }
    this.on(to.account, to.mode)
    this.#world.keys.set(key, { key, kind: to.permissions === undefined ? 'secret' : 'restricted', ...to })
  }

  /** What the user does on the authorize page of that URL. Returns where the browser is sent. Throws what the page would show. */
  authorize(url: string, account: string, decision: 'connect' | 'deny' = 'connect'): string {
    const asked = readAsked(this.#world, new URL(url).searchParams)
    return decision === 'connect' ? allow(this.#world, asked, account) : deny(asked)
  }

  /** Connects without asking anybody. */
  connect(account: string, mode: Mode = 'test', scope = 'read_write', platform?: string): Connection {
    this.on(account, mode)
    const made = this.#world.connect(this.#platform(platform).id, account, mode, scope)
    this.#world.save()
    return made
  }

  /** The merchant disconnects the platform in the Dashboard. False when it was not connected. */
  disconnect(account: string, mode: Mode = 'test', platform?: string): boolean {
    return this.#world.disconnect(this.#platform(platform).id, account, mode)
  }

  /** How events go out from now on. */
  webhooks(changes: Partial<DeliveryWays> = {}): DeliveryWays {
    const { ways } = this.#world.dispatcher
    const stray = Object.keys(changes).find((name) => !(name in ways))
    if (stray !== undefined) throw new Impossible(`no way ${stray}`)
    if (changes.signature !== undefined && !SIGNATURE_MODES.includes(changes.signature))
      throw new Impossible(`signature must be one of ${SIGNATURE_MODES.join(', ')}`)
    return Object.assign(ways, changes)
  }

  /** Sends what was held while `paused`. Returns how many deliveries. */
  flush(sending: Sending = {}): number {
    return this.#world.dispatcher.flush(sending)
  }

  /** Forgets what was held and what would be tried again. */
  dropHeld(): void {
    this.#world.dispatcher.drop()
  }

  /** Sends an account's events (again), also those from before there was an endpoint. */
  resend(account: string, mode: Mode = 'test', sending: Sending & { types?: string[]; ids?: string[] } = {}): number {
    const { types, ids, ...options } = sending
    const events = this.on(account, mode).book.events.rows.filter(
      (event) => (types === undefined || types.includes(event.type)) && (ids === undefined || ids.includes(event.id)),
    )
    return this.#world.dispatcher.resend(events, options)
  }

  /** Sends something that no event is, to every Connect endpoint or to one. Returns the ids of the bodies sent. */
  forge(kind: Forgery, endpoint?: string): string[] {
    return forge(this.#world, kind, endpoint)
  }

  /** Adds a second secret to an endpoint, as while it is rolled: one `v1` each. Returns all, the newest first. */
  rollSecret(endpoint: string, keepOld = true): string[] {
    const found = this.#world.endpoints.find((one) => one.id === endpoint)
    if (found === undefined) throw new Impossible(`no endpoint ${endpoint}`)
    found.secrets = [`whsec_${this.#world.dice.letters(32)}`, ...(keepOld ? found.secrets : [])]
    this.#world.save()
    return [...found.secrets]
  }

  attempts(): Attempt[] {
    return [...this.#world.dispatcher.attempts]
  }

  /** Resolves when no delivery is under way. */
  settled(): Promise<void> {
    return this.#world.dispatcher.settled()
  }

  addFault(request: FaultRequest): Fault {
    if (!FAULT_KINDS.includes(request.kind)) throw new Impossible(`kind must be one of ${FAULT_KINDS.join(', ')}`)
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

  /** Calls by endpoint (`charges`, `charges/id`, `oauth/token` …) since the last reset. */
  counters(): Record<string, Counter> {
    return structuredClone(Object.fromEntries(this.#world.counters))
  }

  resetCounters(): void {
    this.#world.counters.clear()
  }

  switches(changes: Partial<Switches> = {}): Switches {
    const stray = Object.keys(changes).find((name) => !(name in this.#world.switches))
    if (stray !== undefined) throw new Impossible(`no switch ${stray}`)
    return { ...Object.assign(this.#world.switches, changes) }
  }

  /** Checks the books of all accounts. */
  assertInvariants(): void {
    for (const { books } of this.#world.merchants.values()) {
      for (const book of Object.values(books)) assertInvariants(book)
    }
  }

  state() {
    const world = this.#world
    return {
      now: this.now(),
      platforms: [...world.platforms.values()].map(({ secretKeys: _hidden, ...shown }) => shown),
      accounts: [...world.merchants.values()].map(({ id, email, books }) => ({
        id,
        email,
        businessName: books.test.terms.businessName,
        counts: Object.fromEntries(
          Object.entries(books).map(([mode, book]) => [
            mode,
            {
              balance_transactions: book.transactions.rows.length,
              charges: book.charges.rows.length,
              payouts: book.payouts.rows.length,
              events: book.events.rows.length,
            },
          ]),
        ),
      })),
      connections: [...world.connections.values()],
      endpoints: world.endpoints.map(({ secrets: _hidden, ...shown }) => shown),
      deliveriesHeld: world.dispatcher.heldCount,
    }
  }

  #platform(id?: string) {
    const found = id === undefined ? [...this.#world.platforms.values()][0] : this.#world.platforms.get(id)
    if (found === undefined) throw new Impossible(`no platform ${id ?? ''}`)
    return found
  }
}
