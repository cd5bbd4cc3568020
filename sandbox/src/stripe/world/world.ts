import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Fault } from '../api/faults.ts'
import { API_VERSION, Book } from '../ledger/book.ts'
import { type Dice, makeDice } from '../ledger/dice.ts'
import type { Event } from '../ledger/objects.ts'
import { openBook } from '../ledger/payout-schedule.ts'
import { Dispatcher } from '../webhooks/dispatcher.ts'
import { connectionKey, type Endpoint } from '../webhooks/endpoints.ts'
import { Clock } from './clock.ts'
import { type Key, type Merchant, type MerchantSpec, type Mode, type Platform, type PlatformSpec } from './merchants.ts'

export interface Connection {
  platform: string
  account: string
  mode: Mode
  scope: string
  /** Unix seconds. */
  since: number
}

/** An authorization code and what became of it. */
export interface Code {
  code: string
  platform: string
  account: string
  mode: Mode
  scope: string
  redirectUri: string
  expiresAt: number
  used: boolean
}

/** Behaviours of which nobody is sure, or that a test wants otherwise. */
export interface Switches {
  /** Of an unknown cursor or filter id in a list. */
  missingCursorStatus: 400 | 404
  /** Live mode wants https for redirects and webhooks. Off for tests on loopback. */
  httpsInLive: boolean
  /** Of secret keys: how many calls in a real second; null: no limit. */
  callsPerSecondMax: number | null
}

export interface Counter {
  calls: number
  byStatus: Record<string, number>
}

export interface WorldOptions {
  now?: string
  frozen?: boolean
  seed?: string
  platforms: PlatformSpec[]
  merchants: MerchantSpec[]
  /** Connections, webhook endpoints and keys made by OAuth are kept here over a restart. Ledgers are made anew from their seeds. */
  stateFile?: string
}

/** Everything that the simulator knows. Nothing of it is shared between two simulators. */
export class World {
  readonly clock: Clock
  readonly dice: Dice
  readonly seed: string
  readonly platforms = new Map<string, Platform>()
  readonly merchants = new Map<string, Merchant>()
  readonly keys = new Map<string, Key>()
  readonly connections = new Map<string, Connection>()
  readonly codes = new Map<string, Code>()
  readonly refreshTokens = new Map<string, { platform: string; account: string; mode: Mode; scope: string }>()
  readonly idempotent = new Map<string, { parameters: string; status: number; body: unknown }>()
  endpoints: Endpoint[] = []
  readonly dispatcher: Dispatcher
  readonly faults: Fault[] = []
  readonly counters = new Map<string, Counter>()
  readonly switches: Switches = { missingCursorStatus: 400, httpsInLive: true, callsPerSecondMax: null }
  readonly #stateFile: string | null
  #second = { at: 0, calls: 0 }

  constructor(options: WorldOptions) {
    this.clock = new Clock(options.now, options.frozen)
    this.seed = options.seed ?? 'sandbox'
    this.#stateFile = options.stateFile ?? null
    this.dice = makeDice(`world ${this.seed} ${this.#stateFile === null ? '' : Date.now()}`)
    this.dispatcher = new Dispatcher(this)
    for (const spec of options.platforms) this.addPlatform(spec)
    for (const spec of options.merchants) this.addMerchant(spec)
    this.#load()
    this.catchUp()
  }

  addPlatform(spec: PlatformSpec): Platform {
    const platform: Platform = { ...spec, redirectUris: [...spec.redirectUris], givesNoTokens: false }
    this.platforms.set(spec.id, platform)
    this.addMerchant({ id: spec.id, secretKeys: spec.secretKeys, terms: { businessName: spec.name } })
    return platform
  }

  addMerchant(spec: MerchantSpec): Merchant {
    const bookOf = (mode: Mode): Book => {
      const book = new Book({
        account: spec.id,
        livemode: mode === 'live',
        seed: this.seed,
        ...(spec.terms === undefined ? {} : { terms: spec.terms }),
      })
      book.onEvent = (event, onlyPlatform) => this.dispatcher.take(event, onlyPlatform)
      return book
    }
    const merchant: Merchant = {
      id: spec.id,
      email: spec.email ?? 'accounts@merchant.example',
      controlledByAnother: spec.controlledByAnother ?? false,
      books: { test: bookOf('test'), live: bookOf('live') },
    }
    this.merchants.set(spec.id, merchant)
    for (const mode of ['test', 'live'] as const) {
      const key = spec.secretKeys?.[mode]
      if (key !== undefined) this.keys.set(key, { key, kind: 'secret', account: spec.id, mode })
      spec.history?.[mode]?.(merchant.books[mode], this.clock.now())
    }
    for (const { key, mode, permissions } of spec.restrictedKeys ?? [])
      this.keys.set(key, { key, kind: 'restricted', account: spec.id, mode, permissions })
    return merchant
  }

  /** The open book of a merchant, at the simulator's time. Throws for an unknown account. */
  book(account: string, mode: Mode): Book {
    const merchant = this.merchants.get(account)
    if (merchant === undefined) throw new Error(`no account ${account}`)
    const book = merchant.books[mode]
    if (book.now === 0) openBook(book, this.clock.now())
    book.catchUp(this.clock.now())
    return book
  }

  /** Lets everything due happen. */
  catchUp(): void {
    const now = this.clock.now()
    for (const { books } of this.merchants.values()) {
      for (const book of [books.test, books.live]) if (book.now !== 0) book.catchUp(now)
    }
    this.dispatcher.turn(now)
  }

  connect(platform: string, account: string, mode: Mode, scope: string): Connection {
    const connection = { platform, account, mode, scope, since: this.clock.now() }
    this.connections.set(connectionKey(platform, account, mode === 'live'), connection)
    this.#tell('account.application.authorized', connection)
    return connection
  }

  /** Ends a connection: calls answer 403 from now on and the platform is told. False when there is none. */
  disconnect(platform: string, account: string, mode: Mode): boolean {
    const key = connectionKey(platform, account, mode === 'live')
    const connection = this.connections.get(key)
    if (connection === undefined) return false
    this.connections.delete(key)
    for (const [name, one] of this.keys)
      if (one.platform === platform && one.account === account && one.mode === mode) this.keys.delete(name)
    this.#tell('account.application.deauthorized', connection)
    this.save()
    return true
  }

  #tell(type: string, { platform, account, mode }: Connection): void {
    const { clientIds, name } = this.platforms.get(platform)!
    const application = { id: clientIds[mode], object: 'application', name }
    const book = this.merchants.get(account)!.books[mode]
    // Not one of the account's own ids: its past is told anew at each start, without what people did, and has the same ids again.
    const id = `evt_4${this.dice.letters(22)}`
    if (book.now !== 0) {
      book.emit(type, application, undefined, { onlyPlatform: platform, id })
      return
    }
    const event: Event = {
      id,
      object: 'event',
      account,
      api_version: API_VERSION,
      created: this.clock.now(),
      data: { object: application },
      livemode: mode === 'live',
      request: { id: null, idempotency_key: null },
      type,
    }
    this.dispatcher.take(event, platform)
  }

  isConnected(platform: string, account: string, mode: Mode): boolean {
    return this.connections.has(connectionKey(platform, account, mode === 'live'))
  }

  count(endpoint: string, status: number | 'dropped'): void {
    const counter = this.counters.get(endpoint) ?? { calls: 0, byStatus: {} }
    counter.calls += 1
    counter.byStatus[status] = (counter.byStatus[status] ?? 0) + 1
    this.counters.set(endpoint, counter)
  }

  /** Whether this call is one too many in the current real second. */
  isOverLimit(): boolean {
    const at = Math.floor(Date.now() / 1000)
    if (this.#second.at !== at) this.#second = { at, calls: 0 }
    this.#second.calls += 1
    return this.switches.callsPerSecondMax !== null && this.#second.calls > this.switches.callsPerSecondMax
  }

  /** Keeps what OAuth and webhook endpoints have made. */
  save(): void {
    if (this.#stateFile === null) return
    const kept: Kept = {
      connections: [...this.connections.values()],
      endpoints: this.endpoints,
      keys: [...this.keys.values()].filter((key) => key.kind === 'connect'),
      refreshTokens: [...this.refreshTokens],
      copies: [...this.merchants.keys()].filter((id) => id.includes('Second')),
    }
    writeFileSync(`${this.#stateFile}.new`, JSON.stringify(kept), { mode: 0o600 })
    renameSync(`${this.#stateFile}.new`, this.#stateFile)
  }

  #load(): void {
    if (this.#stateFile === null) return
    let text: string
    try {
      text = readFileSync(this.#stateFile, 'utf8')
    } catch {
      return
    }
    const kept = JSON.parse(text) as Kept
    for (const id of kept.copies) this.addMerchant({ id })
    for (const one of kept.connections)
      this.connections.set(connectionKey(one.platform, one.account, one.mode === 'live'), one)
    for (const one of kept.keys) this.keys.set(one.key, one)
    for (const [token, one] of kept.refreshTokens) this.refreshTokens.set(token, one)
    this.endpoints = kept.endpoints
  }
}

interface Kept {
  connections: Connection[]
  endpoints: Endpoint[]
  keys: Key[]
  refreshTokens: [string, { platform: string; account: string; mode: Mode; scope: string }][]
  /** Accounts that connecting made in place of controlled ones. */
  copies: string[]
}
