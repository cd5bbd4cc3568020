import type { Store } from '../../events/store.ts'
import { cellsOf, csvLine } from '../../http/csv.ts'
import { listBody } from '../../http/list.ts'
import { wantsCsv } from '../../http/list-answer.ts'
import { cataloguePage } from '../../http/list-catalogue.ts'
import { type Answer, ok, type Route, tenantRoute } from '../../http/route.ts'
import type { DayRow } from './queries.ts'
import { readReport } from './read-report.ts'
import { presentDay, presentSummary, REPORT_CSV, reportExample, reportQuery, reportSchema } from './schemas.ts'

/** How money in was reconciled, day by day. */
export function reportRoutes({ store, now }: { store: Store; now(): Date }): Route[] {
  return [
    tenantRoute({
      operationId: 'reportReconciliation',
      method: 'GET',
      path: '/reports/reconciliation',
      tag: 'Reports',
      summary: 'Money in and what became of it, by day',
      description:
        'One row for each day and currency with money in, newest first: what was applied automatically and by hand, what is still under way, open, or no payment of an invoice. `money_in` is the sum of the rest. Announced money, and money that did not stay, is left out. Beside the rows stands how matching does. With `Accept: text/csv` all rows come as one file.',
      permission: 'reports:read',
      query: reportQuery,
      csv: true,
      answers: {
        200: { description: 'A page of days, and a summary', schema: reportSchema, example: reportExample },
        422: { description: 'The range ends before it begins, or holds more than 400 days' },
      },
      handle: async ({ caller, query, requestId, header }) => {
        const { days, summary } = await store.read(caller.tenantId, (tx) => readReport(tx, query, now()))
        const since = query.updated_since === undefined ? -Infinity : Date.parse(query.updated_since)
        const rows = days.filter(({ updatedAt }) => updatedAt.getTime() >= since)
        if (wantsCsv(header('accept'))) return file(query.sort === 'date' ? rows.toReversed() : rows)
        const page = cataloguePage(
          {
            name: `reconciliation ${summary.range.from} ${summary.range.to}`,
            rows,
            id: (day) => `${day.date} ${day.currency}`,
            sortable: { date: (day) => day.date },
          },
          query,
        )
        const body = listBody(page, presentDay, requestId) as object
        return { ...ok({ ...body, summary: presentSummary(summary) }), headers: { vary: 'accept' } }
      },
    }),
  ]
}

const file = (days: readonly DayRow[]): Answer => ({
  status: 200,
  body: [csvLine(REPORT_CSV.columns), ...days.map((day) => csvLine(cellsOf(presentDay(day), REPORT_CSV.columns)))].join(
    '',
  ),
  headers: {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${REPORT_CSV.file}.csv"`,
    vary: 'accept',
  },
})
