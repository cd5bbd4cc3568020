import { compare, type Evidence, look, type Looked } from './identify-evidence.ts'
import { datelessOf } from './identify-text.ts'
import type { IncomingBatch, IncomingRow, Layer, RowFacts, StoredRow } from './identify.ts'

/** Kinds that payers and banks give to several lines: never proof by themselves. */
export const WEAK_KINDS: ReadonlySet<string> = new Set([
  'end_to_end',
  'entry_reference',
  'ntry_ref',
  'bank_ref',
  'customer_ref',
])

/** `only`: the row is known, but which of several it is cannot be told, so nothing of it is written. */
export type Finding = { stored: StoredRow; layer: Layer; only?: boolean } | { covered: string[] }

export interface Run {
  stored: readonly StoredRow[]
  batch: IncomingBatch
  /** What each incoming row was found to be; a hole means not yet known. */
  found: Map<number, Finding>
  used: Set<string>
  /** Stored rows by `kind|value`, and by value alone. */
  byAlias: Map<string, StoredRow[]>
  byValue: Map<string, StoredRow[]>
  /** Stored rows by amount and day, under the booking and the value day. */
  byDay: Map<string, StoredRow[]>
  byAmount: Map<string, StoredRow[]>
  /** How many rows of this batch carry `kind|value`. */
  timesInBatch: Map<string, number>
  /** What comparing needs, once for each row and shared by rows that say the same. */
  looks: Map<RowFacts, Looked>
  looksBySaying: Map<string, Looked>
  span: { from: string; to: string }
}

export function startRun(stored: readonly StoredRow[], batch: IncomingBatch): Run {
  const run: Run = {
    stored,
    batch,
    found: new Map(),
    used: new Set(),
    byAlias: new Map(),
    byValue: new Map(),
    byDay: new Map(),
    byAmount: new Map(),
    timesInBatch: new Map(),
    looks: new Map(),
    looksBySaying: new Map(),
    span: { from: '9999-12-31', to: '0000-01-01' },
  }
  for (const row of stored) {
    for (const { kind, value } of row.aliases) {
      push(run.byAlias, `${kind}|${value.trim()}`, row)
      if (kind !== 'internal' && kind !== 'collective') push(run.byValue, value.trim(), row)
    }
    push(run.byAmount, moneyOf(row), row)
    for (const day of new Set([row.bookedOn, row.valueOn ?? row.bookedOn]))
      push(run.byDay, `${moneyOf(row)}|${day}`, row)
  }
  for (const row of batch.rows) {
    for (const key of new Set(row.aliases.map(({ kind, value }) => `${kind}|${value.trim()}`))) {
      run.timesInBatch.set(key, (run.timesInBatch.get(key) ?? 0) + 1)
    }
    if (row.bookedOn < run.span.from) run.span.from = row.bookedOn
    if (row.bookedOn > run.span.to) run.span.to = row.bookedOn
  }
  return run
}

export interface Candidate extends Evidence {
  stored: StoredRow
  days: number
}

/** Free stored rows of equal amount and state, at most `reach` days away. */
export function candidates(run: Run, row: IncomingRow, reach: number): Candidate[] {
  if (!run.byAmount.has(moneyOf(row))) return []
  const seen = new Set<StoredRow>()
  for (const day of new Set([row.bookedOn, row.valueOn ?? row.bookedOn])) {
    for (let step = -reach; step <= reach; step += 1) {
      for (const stored of run.byDay.get(`${moneyOf(row)}|${dayText(dayNumber(day) + step)}`) ?? []) {
        if (free(run, stored) && stored.status === row.status) seen.add(stored)
      }
    }
  }
  let last: Looked | undefined
  let result: Evidence = { verdict: 'weak', score: 0 }
  return [...seen].map((stored) => {
    // Twins stand side by side and compare alike.
    if (lookOnce(run, stored) !== last) result = evidence(run, row, stored)
    last = lookOnce(run, stored)
    return { stored, days: gap(stored, row), verdict: result.verdict, score: result.score }
  })
}

export function evidence(run: Run, row: RowFacts, stored: StoredRow): Evidence {
  return compare(lookOnce(run, row), lookOnce(run, stored))
}

export function lookOnce(run: Run, row: RowFacts): Looked {
  const known = run.looks.get(row)
  if (known) return known
  const saying = `${row.counterpartyIban ?? ''}|${row.counterpartyName}|${row.text}`
  let looked = run.looksBySaying.get(saying)
  if (!looked) run.looksBySaying.set(saying, (looked = look(row)))
  run.looks.set(row, looked)
  return looked
}

/** As in identify-text.ts, from what is looked up once. */
export function dateless(run: Run, row: RowFacts): string {
  const { iban, name, compact } = lookOnce(run, row)
  return datelessOf(row, iban ?? name, compact)
}

export const content = (run: Run, row: RowFacts): string => `${row.bookedOn}|${dateless(run, row)}`

/** Incoming rows not yet known, booked ones first: a pending line that lingers must not take its booked self's partner. */
export function* open(run: Run): Generator<[number, IncomingRow]> {
  for (const status of ['booked', 'pending'] as const) {
    for (const [place, row] of run.batch.rows.entries()) {
      if (row.status === status && !run.found.has(place)) yield [place, row]
    }
  }
}

export function settle(run: Run, place: number, stored: StoredRow, layer: Layer, only = false): void {
  run.found.set(place, { stored, layer, only })
  run.used.add(stored.id)
}

export const free = (run: Run, row: StoredRow): boolean => !run.used.has(row.id)
export const moneyOf = (row: RowFacts): string => `${row.amountMinor} ${row.currency}`
export const dayNumber = (day: string): number =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / 86_400_000
export const dayText = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10)

/** Days between two rows, by whichever of their booking and value days lie nearest. */
export function gap(a: RowFacts, b: RowFacts): number {
  if (a.bookedOn === b.bookedOn) return 0
  const [left, right] = [dayNumber(a.bookedOn), dayNumber(b.bookedOn)]
  const leftValue = a.valueOn === null ? left : dayNumber(a.valueOn)
  const rightValue = b.valueOn === null ? right : dayNumber(b.valueOn)
  return Math.min(
    Math.abs(left - right),
    Math.abs(left - rightValue),
    Math.abs(leftValue - right),
    Math.abs(leftValue - rightValue),
  )
}

/** Whether the row's day lies between the first and the last day of the batch. */
export const inSpan = (run: Run, row: RowFacts): boolean => row.bookedOn >= run.span.from && row.bookedOn <= run.span.to

export function isComplete(run: Run, day: string): boolean {
  const days = run.batch.completeDays
  return days !== null && day >= days.from && day <= days.to
}

/** The first of the items for which the measure is least. */
export function least<T>(items: T[], measure: (item: T) => number): T | undefined {
  let best: T | undefined
  for (const item of items) if (best === undefined || measure(item) < measure(best)) best = item
  return best
}

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
