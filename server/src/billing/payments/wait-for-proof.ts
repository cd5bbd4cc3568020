import { type Id, uuidOf } from '../../base/ids.ts'
import type { Change } from '../../events/store.ts'
import { wake } from '../../jobs/wake.ts'
import { type PaymentDeps, REST_MS } from './deps.ts'
import { type Leased, postpone } from './outcome.ts'
import { PAYMENTS_TOPIC } from './request-payment.ts'

const NOT_PROVEN = 'not_proven'

const wordsFor = (id: Id<'whm'>): string =>
  `The WHMCS installation is not proven to be yours at present, so nothing is booked there. Put the proof in place that GET /api/v1/whmcs-instances/${id} shows and call POST /api/v1/whmcs-instances/${id}/verify: then it goes on by itself.`

const OPEN = `state in ('pending', 'unknown') and (lease_until is null or lease_until < now())`

/** Says of all payments of an installation that is no longer proven, and of what takes payments back there, why they wait. */
export async function waitForProof(tx: Change, id: Id<'whm'>): Promise<void> {
  for (const table of ['payments', 'undos']) {
    await tx.run(
      `update ${table} set reason_code = $3, reason = $4, updated_at = now()
        where tenant_id = $1 and instance_id = $2 and ${OPEN}`,
      [tx.tenantUuid, uuidOf(id), NOT_PROVEN, wordsFor(id)],
    )
  }
}

/** The installation is proven (again): what waited for that is due at once. */
export async function resumeProven(tx: Change, id: Id<'whm'>): Promise<void> {
  let resumed = 0
  for (const table of ['payments', 'undos']) {
    resumed += await tx.run(
      `update ${table} set reason_code = null, reason = null, updated_at = now(),
              next_attempt_at = least(next_attempt_at, greatest(now(), settled_at))
        where tenant_id = $1 and instance_id = $2 and reason_code = $3 and ${OPEN}`,
      [tx.tenantUuid, uuidOf(id), NOT_PROVEN],
    )
  }
  if (resumed > 0) await wake(tx, PAYMENTS_TOPIC)
}

/** Nothing is sent to an installation that is not proven: the work on it waits, and says why. */
export const restUnproven = (deps: PaymentDeps, row: Leased, id: Id<'whm'>): Promise<void> =>
  postpone(deps, row, { code: NOT_PROVEN, words: wordsFor(id), delayMs: deps.scaled(REST_MS), failed: false })
