import { addDays } from '../base/clock.ts'
import { getTenant } from '../access/index.ts'
import { openAlert } from '../events/alerts.ts'
import type { Change } from '../events/store.ts'
import { dayIn } from './report/days.ts'
import { countAutomatic } from './report/queries.ts'

/** Of what is booked without a person, this share is to be right: the engine's own promise. */
const BUDGET_PER_MILLE = 999
const DAYS = 30
/** One may be a change of mind. */
const TAKEN_BACK_MIN = 2

/** Tells a person when too many of the automatic decisions of the last 30 days were taken back. To be called whenever one was. */
export async function watchPrecision(tx: Change): Promise<void> {
  const timezone = (await getTenant(tx))?.settings.timezone ?? 'UTC'
  const today = dayIn(timezone, tx.now)
  const { decided, takenBack } = await countAutomatic(tx, { from: addDays(today, 1 - DAYS), to: today }, timezone)
  if (takenBack < TAKEN_BACK_MIN || (decided - takenBack) * 1_000 >= decided * BUDGET_PER_MILLE) return
  await openAlert(tx, {
    code: 'precision_below_budget',
    severity: 'critical',
    subject: { type: 'tenant', id: tx.tenantId },
    message: `${takenBack} of ${decided} payments that Payymo booked by itself in the last ${DAYS} days were taken back; at most 1 in 1,000 should be. Look at what they have in common under Matching, and set matching to "suggest" until you know.`,
  })
}
