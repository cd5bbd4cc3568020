import type { ReconciliationDay } from '@payymo/sdk'
import { sumOf } from '../../design/money.ts'

/** What became of money, as it is drawn: from the bottom of the bars to their top. */
export const PARTS = ['automatic', 'byHand', 'underWay', 'open', 'other'] as const
export type Part = (typeof PARTS)[number]

export interface Sum {
  amount: string
  count: number
}

export interface Day {
  date: string
  parts: Record<Part, Sum>
  moneyIn: Sum
}

/** The currencies of the rows, the one with most lines first. */
export function currenciesOf(rows: readonly ReconciliationDay[]): string[] {
  const lines = new Map<string, number>()
  for (const { currency, money_in: sum } of rows) lines.set(currency, (lines.get(currency) ?? 0) + sum.count)
  return [...lines].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([currency]) => currency)
}

const add = (sums: readonly Sum[]): Sum => ({
  amount: sumOf(sums.map(({ amount }) => amount)),
  count: sums.reduce((count, sum) => count + sum.count, 0),
})

function dayOf(row: ReconciliationDay): Day {
  return {
    date: row.date,
    moneyIn: row.money_in,
    parts: {
      automatic: row.applied_automatically,
      byHand: row.applied_by_hand,
      underWay: row.matched,
      open: row.open,
      other: add([row.already_booked, row.transfers, row.ignored]),
    },
  }
}

/** Every day of the range in one currency, the oldest first; on days that the report leaves out nothing came. */
export function daysOf(
  rows: readonly ReconciliationDay[],
  currency: string,
  range: { from: string; to: string },
): Day[] {
  const known = new Map(rows.filter((row) => row.currency === currency).map((row) => [row.date, dayOf(row)]))
  const decimals = /\.(\d+)$/.exec([...known.values()][0]?.moneyIn.amount ?? '')?.[1]?.length ?? 0
  const none = { amount: decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}`, count: 0 }
  const empty = Object.fromEntries(PARTS.map((part) => [part, none])) as Record<Part, Sum>
  const days: Day[] = []
  for (const at = new Date(`${range.from}T00:00:00Z`); ; at.setUTCDate(at.getUTCDate() + 1)) {
    const date = at.toISOString().slice(0, 10)
    if (date > range.to) return days
    days.push(known.get(date) ?? { date, parts: empty, moneyIn: none })
  }
}

/** The sums of all days, to the cent. */
export const totalsOf = (days: readonly Day[]): { moneyIn: Sum; parts: Record<Part, Sum> } => ({
  moneyIn: add(days.map(({ moneyIn }) => moneyIn)),
  parts: Object.fromEntries(PARTS.map((part) => [part, add(days.map(({ parts }) => parts[part]))])) as Record<
    Part,
    Sum
  >,
})
