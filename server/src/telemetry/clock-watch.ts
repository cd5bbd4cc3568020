import type { Clock, Scaled } from '../base/clock.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { OPERATOR_TENANT } from '../http/route.ts'
import type { Sweep } from '../http/slice.ts'
import type { Census } from './metrics.ts'

/** Reliability 45. The ends of keys, sessions and links, signatures and codes are judged by this machine's clock; leases and due times by
 *  the database's. So far apart they may be. */
const SKEW_MS_MAX = 2_000
const EVERY_MS = 3_600_000
const CODE = 'clock_skewed'

/** How far this machine's clock is from the database's, and what follows from it. */
export interface ClockWatch {
  /** For `/metrics`, measured when somebody looks. */
  census: Census
  /** Once an hour, in every process: an alert of the operator while the clocks are apart, one for each machine. */
  sweep: Sweep
}

/** `host` names this machine, for the operator to find it. */
export function createClockWatch(deps: {
  store: Pick<Store, 'directory' | 'change'>
  clock: Clock
  scaled: Scaled
  host: string
}): ClockWatch {
  const { store, clock, host } = deps
  return {
    census: {
      name: 'payymo_clock_skew_seconds',
      help: "How far this machine's clock is ahead of the database's",
      labels: [],
      count: async () => [{ labels: {}, count: (await measure(store, clock)).aheadMs / 1000 }],
    },
    sweep: {
      name: 'clock',
      everyMs: deps.scaled(EVERY_MS),
      run: async () => {
        const { aheadMs, unsureMs } = await measure(store, clock)
        const apart = Math.abs(aheadMs) > SKEW_MS_MAX + unsureMs
        await store.change(OPERATOR_TENANT, systemActor('clock'), (tx) =>
          apart
            ? openAlert(tx, {
                code: CODE,
                severity: 'critical',
                subject: { type: 'machine', id: host },
                message: `The clock of ${host} is ${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock of the database. Keys, sessions and links end too ${aheadMs > 0 ? 'early' : 'late'} there, and signatures may be refused. Set both clocks by NTP.`,
              })
            : closeAlert(tx, CODE, host),
        )
      },
    },
  }
}

/** The database says its time once between our asking and its answer: half of that is how unsure we are. */
async function measure(store: Pick<Store, 'directory'>, clock: Clock): Promise<{ aheadMs: number; unsureMs: number }> {
  return store.directory(async (tx) => {
    const asked = clock.now().getTime()
    const begun = performance.now()
    const { ms } = await tx.one<{ ms: number }>('select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms')
    const unsureMs = (performance.now() - begun) / 2
    return { aheadMs: asked + unsureMs - ms, unsureMs }
  })
}
