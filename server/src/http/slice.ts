import type { JobKind } from '../jobs/queue.ts'
import type { SlotWorker } from '../jobs/slots.ts'
import type { Subscriber } from '../events/store.ts'
import type { Route } from './route.ts'

/** Something a slice looks after from time to time, in every worker process; running twice must do no harm. */
export interface Sweep {
  name: string
  /** Planned pause between runs, already divided by PAYYMO_TIME_SCALE. */
  everyMs: number
  run(): Promise<void>
}

/** One turn of the sweep, unless the former one still goes on: a slow database must not gather turns that all wait for it. Never
 *  rejects; `report` hears of what went wrong. */
export function oneAtATime(sweep: Sweep, report: (name: string, error: unknown) => void): () => Promise<void> {
  let running = false
  return async () => {
    if (running) return
    running = true
    try {
      await sweep.run()
    } catch (error) {
      report(sweep.name, error)
    } finally {
      running = false
    }
  }
}

/** What a slice offers. main.ts lists the slices; deleting one is deleting a folder and a line. */
export interface Slice {
  routes?: Route[]
  jobs?: JobKind[]
  subscribers?: Subscriber[]
  /** Workers on tables of their own, started in worker processes. */
  workers?: (() => SlotWorker)[]
  sweeps?: Sweep[]
}
