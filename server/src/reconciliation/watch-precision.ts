import { addDays } from '../base/clock.ts'
import { getTenant } from '../access/index.ts'
import { openAlert } from '../events/alerts.ts'
import type { Change } from '../events/store.ts'
import { dayIn } from './report/days.ts'
import { countAutomatic } from './report/queries.ts'
import { countChecks } from './spot-checks.ts'

/** Of what is booked without a person, this share is to be right: the engine's own promise. */
const BUDGET_PER_MILLE = 999
const DAYS = 30
/** One may be a change of mind. */
const TAKEN_BACK_MIN = 2

/** Tells a person when too many of the automatic decisions of the last 30 days were taken back, or too many of those that people looked
 *  at: of the others nobody knows. To be called whenever one was taken back. */
export async function watchPrecision(tx: Change): Promise<void> {
  const timezone = (await getTenant(tx))?.settings.timezone ?? 'UTC'
  const today = dayIn(timezone, tx.now)
  const range = { from: addDays(today, 1 - DAYS), to: today }
  const { decided, takenBack } = await countAutomatic(tx, range, timezone)
  const { right, wrong } = await countChecks(tx, range, timezone)
  const found = isTooMany(takenBack, decided)
    ? `${takenBack} of ${decided} payments that Payymo booked by itself in the last ${DAYS} days were taken back`
    : isTooMany(wrong, right + wrong)
      ? `${wrong} of ${right + wrong} spot checks of what Payymo booked by itself were found wrong in the last ${DAYS} days`
      : undefined
  if (found === undefined) return
  await openAlert(tx, {
    code: 'precision_below_budget',
    severity: 'critical',
    subject: { type: 'tenant', id: tx.tenantId },
    message: `${found}; at most 1 in 1,000 should be. Look at what they have in common under Matching, and set matching to "suggest" until you know.`,
  })
}

const isTooMany = (wrong: number, of: number): boolean =>
  wrong >= TAKEN_BACK_MIN && (of - wrong) * 1_000 < of * BUDGET_PER_MILLE
