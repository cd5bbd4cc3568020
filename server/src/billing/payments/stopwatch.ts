/** Measures answers on the monotonic clock. */
export interface Stopwatch {
  /** Runs the call; how long its answer took counts, a thrown failure is no answer. */
  time<T>(call: () => Promise<T>): Promise<T>
  /** The slowest answer so far, ms; 0 before the first. */
  slowestMs(): number
}

export function stopwatch(): Stopwatch {
  let slowest = 0
  return {
    time: async (call) => {
      const startedAt = performance.now()
      const answer = await call()
      slowest = Math.max(slowest, performance.now() - startedAt)
      return answer
    },
    slowestMs: () => slowest,
  }
}
