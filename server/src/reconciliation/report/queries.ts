import { idOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { DayRange } from './days.ts'

/** What became of money in, each line in one of them. `unallocated` is what no invoice took of lines in others. */
export const PARTS = [
  'applied_automatically',
  'applied_by_hand',
  'already_booked',
  'matched',
  'open',
  'transfers',
  'ignored',
] as const
export type Part = (typeof PARTS)[number]

export interface Sum {
  amountMinor: bigint
  count: number
}

/** Money in of one day in one currency. `moneyIn` is the sum of all parts and of `unallocated`. */
export interface DayRow {
  date: string
  currency: string
  moneyIn: Sum
  parts: Record<Part, Sum>
  /** Counted among the parts already: these are lines of theirs. */
  unallocated: Sum
  createdAt: Date
  updatedAt: Date
}

/** Which part a line is of. Announced money, and money that did not stay, is none. */
const PART_OF = `case
    when t.status = 'ignored' then 'ignored'
    when t.match_status = 'transfer' then 'transfers'
    when t.match_status = 'applied' and m.decided_by = 'system:auto' then 'applied_automatically'
    when t.match_status = 'applied' then 'applied_by_hand'
    when t.match_status = 'matched' and m.match_reason = 'already_booked' then 'already_booked'
    when t.match_status = 'matched' then 'matched'
    else 'open' end`

/** Days with money in, newest first, currencies in the order of their codes. The day of a line is the one its bank gave; no time
 *  zone moves it. */
export async function listDays(tx: TenantTx, range: DayRange, currency: string | undefined): Promise<DayRow[]> {
  const rows = await tx.many<DayRecord>(
    `with lines as (
       select t.booked_on, t.currency, ${PART_OF} as part, t.amount_minor,
              case when t.match_status = 'applied' or (t.match_status = 'matched' and m.match_reason = 'already_booked')
                   then t.amount_minor - t.allocated_minor else 0 end as rest_minor,
              t.created_at, greatest(t.updated_at, m.updated_at) as updated_at
         from transactions t left join matches m
           on m.tenant_id = t.tenant_id and m.transaction_id = t.id and m.status in ('approved', 'applied', 'failed')
        where t.tenant_id = $1 and t.direction = 'credit' and t.status <> 'pending' and not t.void
          and t.booked_on between $2::date and $3::date
          -- The index knows the moment, at most a day from the day.
          and t.booked_at >= $2::date - interval '2 days' and t.booked_at < $3::date + interval '3 days'
          and ($4::text is null or t.currency = $4)
     )
     select booked_on::text as date, currency, part, sum(amount_minor - rest_minor)::text as amount, count(*)::int as count,
            sum(rest_minor)::text as rest, count(*) filter (where rest_minor > 0)::int as rest_count,
            min(created_at) as created_at, max(updated_at) as updated_at
       from lines group by booked_on, lines.currency, part order by booked_on desc, currency`,
    [tx.tenantUuid, range.from, range.to, currency ?? null],
  )
  const days = new Map<string, DayRow>()
  for (const row of rows) {
    const key = `${row.date} ${row.currency}`
    const day = days.get(key) ?? emptyDay(row)
    days.set(key, day)
    const [amountMinor, restMinor] = [BigInt(row.amount), BigInt(row.rest)]
    day.parts[row.part] = { amountMinor, count: row.count }
    day.unallocated.amountMinor += restMinor
    day.unallocated.count += row.rest_count
    day.moneyIn.amountMinor += amountMinor + restMinor
    day.moneyIn.count += row.count
    if (row.created_at < day.createdAt) day.createdAt = row.created_at
    if (row.updated_at > day.updatedAt) day.updatedAt = row.updated_at
  }
  return [...days.values()]
}

const nothing = (): Sum => ({ amountMinor: 0n, count: 0 })

const emptyDay = (row: DayRecord): DayRow => ({
  date: row.date,
  currency: row.currency,
  moneyIn: nothing(),
  parts: Object.fromEntries(PARTS.map((part) => [part, nothing()])) as Record<Part, Sum>,
  unallocated: nothing(),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

interface DayRecord {
  date: string
  currency: string
  part: Part
  amount: string
  count: number
  rest: string
  rest_count: number
  created_at: Date
  updated_at: Date
}

/** Money that waits, by its age in days. */
export const AGES = ['days_0_2', 'days_3_7', 'days_8_30', 'days_over_30'] as const
export type Age = (typeof AGES)[number]

/** All money that nobody decided yet, whatever day it came, by currency and age on `today`. */
export async function listAgeing(tx: TenantTx, today: string): Promise<{ currency: string; ages: Record<Age, Sum> }[]> {
  const rows = await tx.many<{ currency: string; age: Age; amount: string; count: number }>(
    `select t.currency, case when $2::date - t.booked_on <= 2 then 'days_0_2' when $2::date - t.booked_on <= 7 then 'days_3_7'
                             when $2::date - t.booked_on <= 30 then 'days_8_30' else 'days_over_30' end as age,
            sum(t.amount_minor)::text as amount, count(*)::int as count
       from transactions t
      where t.tenant_id = $1 and t.direction = 'credit' and t.status = 'processed' and t.match_status in ('unmatched', 'suggested')
        and not t.void
      group by 1, 2 order by 1`,
    [tx.tenantUuid, today],
  )
  const currencies = [...new Set(rows.map((row) => row.currency))]
  return currencies.map((currency) => ({
    currency,
    ages: Object.fromEntries(
      AGES.map((age) => {
        const row = rows.find((one) => one.currency === currency && one.age === age)
        return [age, row ? { amountMinor: BigInt(row.amount), count: row.count } : nothing()]
      }),
    ) as Record<Age, Sum>,
  }))
}

/** What waits for a person: lines with and without a proposal, and payments that nobody is sure of. */
export async function countWaiting(
  tx: TenantTx,
): Promise<{ suggested: number; unmatched: number; quarantined: number }> {
  return tx.one(
    `select (select count(*)::int from transactions t where t.tenant_id = $1 and t.direction = 'credit' and t.status = 'processed'
               and t.match_status = 'suggested' and not t.void) as suggested,
            (select count(*)::int from transactions t where t.tenant_id = $1 and t.direction = 'credit' and t.status = 'processed'
               and t.match_status = 'unmatched' and not t.void) as unmatched,
            (select count(*)::int from payments p where p.tenant_id = $1 and p.state = 'quarantined') as quarantined`,
    [tx.tenantUuid],
  )
}

/** Matches that Payymo approved by itself in these days of the time zone, and how many of them people took back since. Who approved
 *  first is known from the audit trail: the match itself names whoever decided last. */
export async function countAutomatic(
  tx: TenantTx,
  range: DayRange,
  timezone: string,
): Promise<{ decided: number; takenBack: number }> {
  const reversed = await tx.many<{ id: string }>(
    "select id from matches where tenant_id = $1 and status = 'reversed' and decided_at >= $2::date - interval '2 days'",
    [tx.tenantUuid, range.from],
  )
  return tx.one(
    `select count(distinct a.resource_id)::int as decided,
            (count(distinct a.resource_id) filter (where a.resource_id = any($2::text[])))::int as "takenBack"
       from audit_events a
      where a.tenant_id = $1 and a.action = 'match.approve' and a.actor_type = 'system'
        and a.entry -> 'changes' -> 'after' ->> 'decided_by' = 'system:auto'
        and a.at >= $3::date::timestamp at time zone $5 and a.at < ($4::date + 1)::timestamp at time zone $5`,
    [tx.tenantUuid, reversed.map(({ id }) => idOf('match', id)), range.from, range.to, timezone],
  )
}
