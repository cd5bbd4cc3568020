import type { FaultMode } from './faults.ts'
import type { Happening } from './install.ts'

/** One request as it was seen. Secrets are left out. */
export interface CallRecord {
  /** Counts the calls of this action from 1. */
  n: number
  at: string
  action: string
  peer: string
  parameters: Record<string, string>
  fault: FaultMode | null
  /** `success`, the error's message, or `not run`: nothing has happened (yet). */
  outcome: string
}

export interface Count {
  calls: number
  /** The most that were under way at one moment. */
  parallelMax: number
}

const KEPT = 10_000

/** Remembers what callers did: the counts of all, the last ten thousand of the rest. Not kept over a restart. */
export class Watch {
  readonly #counts = new Map<string, Count & { now: number }>()
  readonly calls: CallRecord[] = []
  readonly warnings: { at: string; action: string; text: string }[] = []
  readonly happenings: (Happening & { at: string })[] = []

  /** A call begins. Returns its record; `left` must be called once when it is over. */
  enter(call: Omit<CallRecord, 'n' | 'at' | 'outcome' | 'fault'>): { record: CallRecord; left: () => void } {
    const counts = [this.#count(call.action), this.#count('total')]
    for (const count of counts) {
      count.calls += 1
      count.now += 1
      count.parallelMax = Math.max(count.parallelMax, count.now)
    }
    const record = { n: counts[0]!.calls, at: new Date().toISOString(), ...call, fault: null, outcome: 'not run' }
    keep(this.calls, record)
    return { record, left: () => counts.forEach((count) => (count.now -= 1)) }
  }

  warn(action: string, text: string): void {
    keep(this.warnings, { at: new Date().toISOString(), action, text })
  }

  happen(happening: Happening): void {
    keep(this.happenings, { at: new Date().toISOString(), ...happening })
  }

  /** By action in lower case; `total` counts all together, `proof` the module's page. */
  counts(): Record<string, Count> {
    return Object.fromEntries(
      [...this.#counts].map(([action, { calls, parallelMax }]) => [action, { calls, parallelMax }]),
    )
  }

  #count(action: string): Count & { now: number } {
    const count = this.#counts.get(action) ?? { calls: 0, parallelMax: 0, now: 0 }
    this.#counts.set(action, count)
    return count
  }
}

function keep<Item>(items: Item[], item: Item): void {
  items.push(item)
  if (items.length > KEPT) items.shift()
}
