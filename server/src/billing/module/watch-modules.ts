import { eachApart } from '../../base/each-apart.ts'
import type { Id } from '../../base/ids.ts'
import { openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import type { Sweep } from '../../http/slice.ts'
import { lockInstance } from '../instances/queries.ts'
import { alertCode } from '../mirror/settle-run.ts'
import { type ModuleDeps, SILENT_MS } from './deps.ts'
import { endExhausted, endInDoubt } from './end-exhausted.ts'
import { forgetOld, listForgettable } from './event-queries.ts'
import { getModule, listToWatch, setSilent } from './queries.ts'

const ACTOR = systemActor('watch-modules')
const WATCH_MS = 60_000
const SWEEP_MS_MIN = 250
const FORGET_ROWS = 1_000
/** Of an installation that does not call any more. */
const SILENT = 'module_silent'

/** Looks after modules that do not call: silent ones get an alert, which their next call closes; payments given away too often
 *  or by a tenant that is gone are put before a person; and what need not be remembered is forgotten. */
export function moduleSweep(deps: ModuleDeps): Sweep {
  const silentMs = deps.scaled(SILENT_MS)
  return {
    name: 'watch-modules',
    everyMs: Math.max(SWEEP_MS_MIN, deps.scaled(WATCH_MS)),
    run: async () => {
      await eachApart(
        await deps.store.directory((tx) => listToWatch(tx, silentMs)),
        async ({ tenantId, instanceId, deleted }) => {
          if (deleted) return endInDoubt(deps, tenantId, instanceId)
          await endExhausted(deps, tenantId, instanceId)
          await deps.store.change(tenantId, ACTOR, (tx) => noteSilence(tx, instanceId, silentMs))
        },
      )
      await eachApart(await deps.store.directory(listForgettable), async (tenantId) => {
        let forgotten: number
        do {
          forgotten = await deps.store.change(tenantId, ACTOR, (tx) => forgetOld(tx, FORGET_ROWS))
        } while (forgotten >= FORGET_ROWS)
      })
    },
  }
}

async function noteSilence(tx: Change, id: Id<'whm'>, silentMs: number): Promise<void> {
  const instance = await lockInstance(tx, id)
  const module = await getModule(tx, id, { silentMs })
  if (!instance || instance.mode !== 'module' || ['disconnected', 'error'].includes(instance.status)) return
  if (!module?.silent) return
  const message = `The module in ${instance.installation} has not called for a day, so that nothing is read or booked there. See in WHMCS whether its cron runs, and what the page of the Payymo module says.`
  await setSilent(tx, id, SILENT, message)
  await openAlert(tx, {
    code: alertCode(SILENT),
    severity: 'critical',
    subject: { type: 'whmcs_instance', id },
    message: `WHMCS cron or module silent: ${message}`,
  })
}
