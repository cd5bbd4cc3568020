import type { Scaled } from '../../base/clock.ts'
import type { Id } from '../../base/ids.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import type { BillingError } from '../billing-system.ts'
import { lockInstance } from '../instances/queries.ts'
import { MIRROR_JOB } from './job-name.ts'
import { setFailed, setPostponed, setRead } from './queries.ts'

const INTERVAL_MS = 5 * 60_000
/** Faults that only a person can mend are asked after less often: firewalls ban those who keep knocking. */
const FAULT_INTERVAL_MS = 15 * 60_000
const BUSY_INTERVAL_MS = 30_000

/** Time to the next reading, spread by a tenth either way, so that installations do not all come at once. */
export const nextInMs = (scaled: Scaled, plannedMs = INTERVAL_MS): number =>
  Math.round(scaled(plannedMs * (0.9 + 0.2 * Math.random())))

export const alertCode = (errorCode: string): string => `whmcs_${errorCode}`

/** Notes a reading that ended well. An incomplete one goes on at once. */
export async function settleRead(
  tx: Change,
  id: Id<'whm'>,
  run: { complete: boolean; closedListed: boolean; slowestAnswerMs: number },
  scaled: Scaled,
): Promise<void> {
  const before = await lockInstance(tx, id)
  if (!before || before.status === 'disconnected') return
  await setRead(tx, id, { ...run, at: tx.now, nextInMs: nextInMs(scaled) })
  if (before.errorCode !== null) await closeAlert(tx, alertCode(before.errorCode), id)
  if (!run.complete) tx.job(MIRROR_JOB, { instanceId: id }, { onlyOne: id })
  // From now on decisions may be taken without a person.
  else if (before.mirroredAt === null) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
}

/** Notes a reading that failed, for the tenant to see, and when it is tried again. */
export async function settleFailed(tx: Change, id: Id<'whm'>, error: BillingError, scaled: Scaled): Promise<void> {
  const before = await lockInstance(tx, id)
  if (!before || before.status === 'disconnected') return
  if (error.code === 'busy') return setPostponed(tx, id, scaled(BUSY_INTERVAL_MS))
  const { code, message } = error
  const plannedMs = error.temporary ? INTERVAL_MS : FAULT_INTERVAL_MS
  await setFailed(tx, id, { code, message, nextInMs: nextInMs(scaled, plannedMs) })
  if (before.errorCode !== null && before.errorCode !== code) await closeAlert(tx, alertCode(before.errorCode), id)
  await openAlert(tx, {
    code: alertCode(code),
    severity: error.temporary ? 'warning' : 'critical',
    subject: { type: 'whmcs_instance', id },
    message: `Invoices of ${before.installation} cannot be read: ${message}`,
  })
}
