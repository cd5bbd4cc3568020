import { getTenant } from '../../access/index.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { countChecks } from '../spot-checks.ts'
import { type DayRange, dayIn, readRange } from './days.ts'
import { countAutomatic, countWaiting, type DayRow, listAgeing, listDays } from './queries.ts'

export interface ReportSummary {
  range: DayRange
  timezone: string
  automatic: Awaited<ReturnType<typeof countAutomatic>>
  checks: Awaited<ReturnType<typeof countChecks>>
  ageing: Awaited<ReturnType<typeof listAgeing>>
  waiting: Awaited<ReturnType<typeof countWaiting>>
}

/** Money in by day and currency, newest first, and how matching does. What a day is where none is given by a bank, the time zone of
 *  the tenant decides. Throws `validation_failed` for a range that cannot be. */
export async function readReport(
  tx: TenantTx,
  asked: { from?: string | undefined; to?: string | undefined; currency?: string | undefined },
  now: Date,
): Promise<{ days: DayRow[]; summary: ReportSummary }> {
  const timezone = (await getTenant(tx))?.settings.timezone ?? 'UTC'
  const today = dayIn(timezone, now)
  const range = readRange(asked, today)
  return {
    days: await listDays(tx, range, asked.currency),
    summary: {
      range,
      timezone,
      automatic: await countAutomatic(tx, range, timezone),
      checks: await countChecks(tx, range, timezone),
      ageing: await listAgeing(tx, today),
      waiting: await countWaiting(tx),
    },
  }
}
