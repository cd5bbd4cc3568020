import { LaterError } from './later.ts'

export interface Bulkhead {
  /** Runs the call if its key has a free place, else throws LaterError (`full`) without calling. */
  run<T>(key: string, call: () => Promise<T>): Promise<T>
  /** Calls now running under this key. */
  running(key: string): number
}

export interface BulkheadOptions {
  /** Calls that may run at once under one key. */
  limit: number
  /** When to ask again, ms. Default 1 s. */
  retryInMs?: number
  /** Monotonic, ms. */
  clock?: () => number
}

/** Gives each key (tenant and provider) its own few places, so that one slow server holds only its own. It does not queue:
 *  waiting is the job queue's task, where it survives a restart. */
export function createBulkhead({
  limit,
  retryInMs = 1_000,
  clock = () => performance.now(),
}: BulkheadOptions): Bulkhead {
  const places = new Map<string, number>()
  return {
    async run(key, call) {
      const taken = places.get(key) ?? 0
      if (taken >= limit) throw new LaterError('full', clock(), retryInMs)
      places.set(key, taken + 1)
      try {
        return await call()
      } finally {
        const left = (places.get(key) ?? 1) - 1
        if (left > 0) places.set(key, left)
        else places.delete(key)
      }
    },
    running: (key) => places.get(key) ?? 0,
  }
}
