import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { jsonAmount } from '../../base/json.ts'
import { listExample, listQuery, listSchema } from '../../http/list.ts'
import { currencySchema, isRealDay } from '../../http/validate.ts'
import { AGES, type Age, type DayRow, PARTS, type Part, type Sum } from './queries.ts'
import type { ReportSummary } from './read-report.ts'

const reportDay = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isRealDay(text), 'Must be a day such as 2025-04-10')
  .meta({ examples: ['2025-04-10'] })

/** A list of one report: pages and order as everywhere, and its days. */
export const rangeQuery = listQuery({
  filters: {},
  sortable: { date: { sql: '', kind: 'day' } },
  times: { created: '', updated: '' },
}).extend({
  from: reportDay.describe('The first day; 30 days before the end unless given.').optional(),
  to: reportDay
    .describe('The last day; today in the time zone of the tenant unless given. At most 400 days in all.')
    .optional(),
})
export const reportQuery = rangeQuery.extend({ currency: currencySchema.optional() })

const sumSchema = z.object({ amount: z.number(), count: z.int() })

const WORDS: Record<Part, string> = {
  applied_automatically: 'Decided by Payymo, all payments confirmed.',
  applied_by_hand: 'Decided by a person, all payments confirmed.',
  already_booked: 'Somebody had booked it in the billing system; Payymo booked nothing.',
  matched: 'Decided, and not all payments are confirmed.',
  open: 'Nobody has decided it.',
  transfers: 'Between own accounts, payouts among them.',
  ignored: 'Set aside by a person.',
}

const daySchema = z
  .object({
    date: z.string().describe('The day the bank booked it.'),
    currency: z.string(),
    money_in: sumSchema.describe('The sum of everything that follows.'),
    ...(Object.fromEntries(PARTS.map((part) => [part, sumSchema.describe(WORDS[part])])) as Record<
      Part,
      typeof sumSchema
    >),
    unallocated: sumSchema.describe(
      'What no invoice took of lines that are applied or already booked; they are counted there.',
    ),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'ReconciliationDay' })

const summarySchema = z
  .object({
    from: z.string(),
    to: z.string(),
    timezone: z.string(),
    precision_of_automatic_decisions: z
      .object({
        decided: z.int(),
        reversed_or_rejected: z.int(),
        share: z.number().nullable().describe('Of those decided, the share that stands; null where none was decided.'),
      })
      .describe('Matches that Payymo approved by itself in these days, and what people took back since.'),
    spot_checks: z
      .object({ waiting: z.int(), right: z.int(), wrong: z.int() })
      .describe(
        'Automatic matches that were drawn by lot for a look: those that wait for one now, and what people found in these days.',
      ),
    ageing: z
      .array(
        z.object({
          currency: z.string(),
          ...(Object.fromEntries(AGES.map((age) => [age, sumSchema])) as Record<Age, typeof sumSchema>),
        }),
      )
      .describe('All money that is open now, whenever it came, by its age in days.'),
    waiting: z
      .object({ suggested: z.int(), unmatched: z.int(), quarantined: z.int() })
      .describe('What waits for a person now: lines with and without a proposal, and payments that are not certain.'),
  })
  .meta({ id: 'ReconciliationSummary' })

export const reportSchema = listSchema(daySchema).extend({ summary: summarySchema })

const presentSum = ({ amountMinor, count }: Sum, currency: string) => ({
  amount: jsonAmount(amountMinor, currency),
  count,
})

export const presentDay = (day: DayRow) => ({
  date: day.date,
  currency: day.currency,
  money_in: presentSum(day.moneyIn, day.currency),
  ...Object.fromEntries(PARTS.map((part) => [part, presentSum(day.parts[part], day.currency)])),
  unallocated: presentSum(day.unallocated, day.currency),
  created_at: isoSeconds(day.createdAt),
  updated_at: isoSeconds(day.updatedAt),
})

export const presentSummary = (summary: ReportSummary) => ({
  from: summary.range.from,
  to: summary.range.to,
  timezone: summary.timezone,
  precision_of_automatic_decisions: {
    decided: summary.automatic.decided,
    reversed_or_rejected: summary.automatic.takenBack,
    share: shareOf(summary.automatic),
  },
  spot_checks: summary.checks,
  ageing: summary.ageing.map(({ currency, ages }) => ({
    currency,
    ...Object.fromEntries(AGES.map((age) => [age, presentSum(ages[age], currency)])),
  })),
  waiting: summary.waiting,
})

/** Four decimals. */
const shareOf = ({ decided, takenBack }: { decided: number; takenBack: number }): number | null =>
  decided === 0 ? null : Math.round(((decided - takenBack) / decided) * 10_000) / 10_000

export const REPORT_CSV = {
  file: 'reconciliation',
  columns: [
    'date',
    'currency',
    ...['money_in', ...PARTS, 'unallocated'].flatMap((part) => [`${part}.amount`, `${part}.count`]),
  ],
}

const none = { amount: 0, count: 0 }

export const reportExample = {
  ...(listExample({
    date: '2025-04-10',
    currency: 'GBP',
    money_in: { amount: 3210.5, count: 41 },
    applied_automatically: { amount: 2640.5, count: 36 },
    applied_by_hand: { amount: 320, count: 3 },
    already_booked: none,
    matched: none,
    open: { amount: 250, count: 2 },
    transfers: none,
    ignored: none,
    unallocated: none,
    created_at: '2025-04-10T06:02:11Z',
    updated_at: '2025-04-10T14:35:22Z',
  }) as object),
  summary: {
    from: '2025-03-12',
    to: '2025-04-10',
    timezone: 'Europe/London',
    precision_of_automatic_decisions: { decided: 1180, reversed_or_rejected: 1, share: 0.9992 },
    spot_checks: { waiting: 2, right: 11, wrong: 0 },
    ageing: [
      {
        currency: 'GBP',
        days_0_2: { amount: 250, count: 2 },
        days_3_7: { amount: 49, count: 1 },
        days_8_30: none,
        days_over_30: none,
      },
    ],
    waiting: { suggested: 2, unmatched: 1, quarantined: 0 },
  },
}
