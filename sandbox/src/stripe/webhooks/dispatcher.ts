import { render } from '../api/render.ts'
import { makeDice } from '../ledger/dice.ts'
import type { Event } from '../ledger/objects.ts'
import type { World } from '../world/world.ts'
import { type Endpoint, isFor } from './endpoints.ts'
import { type SignatureMode, signatureHeader } from './sign.ts'

/** One attempt to deliver. */
export interface Attempt {
  event: string
  type: string
  endpoint: string
  attempt: number
  /** The receiver's status; 0 when there was no answer. */
  status: number
  atMs: number
  tookMs: number
}

/** How events go out. */
export interface DeliveryWays {
  /** Silent: nothing is sent; events wait for `flush`. */
  paused: boolean
  /** How often each event is sent. */
  copies: number
  signature: SignatureMode
  /** Requests under way at once. */
  parallel: number
  /** Seconds until a failed delivery is tried again, one after the other. Live, Stripe tries for three days. */
  retryAfterSeconds: number[]
  timeoutMs: number
}

interface Job {
  event: Event
  endpoint: Endpoint
  attempt: number
  /** Instead of the event's own JSON. */
  body?: string
  signature?: SignatureMode
}

const KEPT = 20_000

/** Sends events to endpoints, as many at once as allowed, and tries again as the simulator's clock turns. */
export class Dispatcher {
  readonly ways: DeliveryWays = {
    paused: false,
    copies: 1,
    signature: 'good',
    parallel: 8,
    retryAfterSeconds: [60, 600, 3600, 10_800, 36_000, 86_400],
    timeoutMs: 20_000,
  }
  readonly attempts: Attempt[] = []
  /** Due later: Unix seconds of the simulator. */
  #retries: { at: number; job: Job }[] = []
  #held: Job[] = []
  #queue: Job[] = []
  #next = 0
  #under = 0
  #idle: (() => void)[] = []
  readonly #open = new Map<string, number>()
  readonly #failed = new Set<string>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** An event has happened. */
  take(event: Event, onlyPlatform?: string): void {
    for (const job of this.#jobsFor(event, onlyPlatform)) {
      this.#count(job, 1)
      if (this.ways.paused) this.#held.push(job)
      else for (let n = 0; n < this.ways.copies; n++) this.#push(job)
    }
  }

  /** Sends these events to every endpoint that wants them, whatever happened to them before. */
  resend(
    events: readonly Event[],
    options: { copies?: number; shuffle?: string; signature?: SignatureMode } = {},
  ): number {
    const jobs = events.flatMap((event) => this.#jobsFor(event))
    for (const job of jobs) this.#count(job, 1)
    return this.#release(jobs, options)
  }

  /** Sends what was held while silent. `shuffle`: a seed; in any order. */
  flush(options: { copies?: number; shuffle?: string; signature?: SignatureMode } = {}): number {
    return this.#release(this.#held.splice(0), options)
  }

  /** Sends a body that no event has. */
  forge(endpoint: Endpoint, event: Event, body: string | null, signature: SignatureMode = 'good'): void {
    this.#push({ event, endpoint, attempt: 1, signature, ...(body === null ? {} : { body }) })
  }

  get heldCount(): number {
    return this.#held.length
  }

  drop(): void {
    for (const job of this.#held.splice(0)) this.#count(job, -1)
    this.#retries = []
  }

  /** Tries again what is due. */
  turn(now: number): void {
    const due = this.#retries.filter((one) => one.at <= now)
    if (due.length === 0) return
    this.#retries = this.#retries.filter((one) => one.at > now)
    for (const { job } of due) if (job.endpoint.status === 'enabled') this.#push(job)
  }

  /** Resolves when nothing is under way; what waits for the clock or for `flush` does not count. */
  async settled(): Promise<void> {
    if (this.#under === 0 && this.#next === this.#queue.length) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  pendingOf = (eventId: string): number => this.#open.get(eventId) ?? 0

  /** As the list filter of events means it. */
  isDelivered = (eventId: string): boolean => this.pendingOf(eventId) === 0 && !this.#failed.has(eventId)

  #jobsFor(event: Event, onlyPlatform?: string): Job[] {
    const fitting = this.#world.endpoints.filter((endpoint) => isFor(this.#world, endpoint, event, onlyPlatform))
    return fitting.map((endpoint) => ({ event, endpoint, attempt: 1 }))
  }

  #release(jobs: Job[], options: { copies?: number; shuffle?: string; signature?: SignatureMode }): number {
    const { copies = 1, shuffle, signature } = options
    const all = jobs.flatMap((job) =>
      Array.from({ length: copies }, () => (signature === undefined ? job : { ...job, signature })),
    )
    if (shuffle !== undefined) {
      const dice = makeDice(shuffle)
      for (let n = all.length - 1; n > 0; n--) {
        const other = dice.upTo(n)
        ;[all[n], all[other]] = [all[other]!, all[n]!]
      }
    }
    for (const job of all) this.#push(job)
    return all.length
  }

  #count({ event }: Job, change: 1 | -1): void {
    this.#open.set(event.id, Math.max(0, this.pendingOf(event.id) + change))
  }

  #push(job: Job): void {
    this.#queue.push(job)
    this.#pump()
  }

  #pump(): void {
    if (this.#next === this.#queue.length) {
      this.#queue = []
      this.#next = 0
      if (this.#under === 0) for (const tell of this.#idle.splice(0)) tell()
    }
    while (this.#under < this.ways.parallel && this.#next < this.#queue.length) {
      const job = this.#queue[this.#next++]!
      this.#under += 1
      void this.#send(job).finally(() => {
        this.#under -= 1
        this.#pump()
      })
    }
  }

  async #send(job: Job): Promise<void> {
    const { event, endpoint } = job
    const body = job.body ?? this.#bodyOf(job)
    const signature = signatureHeader(
      job.signature ?? this.ways.signature,
      endpoint.secrets,
      body,
      this.#world.clock.now(),
    )
    const begun = performance.now()
    let status = 0
    try {
      const answer = await fetch(endpoint.url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(this.ways.timeoutMs),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          ...(signature === null ? {} : { 'stripe-signature': signature }),
        },
        body,
      })
      status = answer.status
      await answer.arrayBuffer()
    } catch {
      status = 0
    }
    const { id, type } = event
    const tookMs = performance.now() - begun
    this.attempts.push({
      event: id,
      type,
      endpoint: endpoint.id,
      attempt: job.attempt,
      status,
      atMs: Date.now(),
      tookMs,
    })
    if (this.attempts.length > KEPT) this.attempts.shift()
    this.#settle(job, status >= 200 && status < 300)
  }

  #settle(job: Job, good: boolean): void {
    if (job.body !== undefined) return
    const wait = this.ways.retryAfterSeconds[job.attempt - 1]
    if (good) {
      this.#count(job, -1)
      this.#failed.delete(job.event.id)
    } else {
      this.#failed.add(job.event.id)
      if (wait === undefined) this.#count(job, -1)
      else this.#retries.push({ at: this.#world.clock.now() + wait, job: { ...job, attempt: job.attempt + 1 } })
    }
  }

  #bodyOf({ event, endpoint }: Job): string {
    const merchant = this.#world.merchants.get(event.account)!
    const view = {
      book: merchant.books[event.livemode ? 'live' : 'test'],
      now: this.#world.clock.now(),
      namesAccount: endpoint.connect,
      mayExpand: () => {},
      pendingWebhooks: this.pendingOf,
    }
    const shown = render(view, { ...event, api_version: endpoint.apiVersion ?? event.api_version })
    return JSON.stringify(shown, null, 2)
  }
}
