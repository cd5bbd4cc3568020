import { addDays } from '../base/clock.ts'
import type { Statement, StatementAccount, StatementEntry } from '../statements/index.ts'
import type { RecordedLine } from '../transactions/index.ts'

/** Kinds by which no line may be shown: weak ids, and those of the collective entry. */
const NOT_SHOWN = new Set(['end_to_end', 'entry_ref'])

/** The entries of a statement as lines to be recorded, in the order of the file. Details of a collective entry name it, so that
 *  the entry and its details count once whichever came first. Pure. */
export function toRecordedLines(entries: readonly StatementEntry[], currency: string): RecordedLine[] {
  const totals = collectiveTotals(entries)
  return entries.map((entry) => {
    const refs = entryRefs(entry)
    const ids = entry.bankIds.filter((id) => id.kind !== 'entry_ref')
    return {
      status: 'booked' as const,
      amountMinor: entry.amountMinor,
      currency,
      direction: entry.direction,
      bookedOn: entry.bookedOn,
      valueOn: entry.valueOn,
      reference: entry.reference.slice(0, 1_000),
      description: entry.description.slice(0, 4_000),
      counterpartyName: entry.counterparty.name.slice(0, 300),
      counterpartyIban: entry.counterparty.iban,
      aliases: ids,
      externalId: ids.find((id) => !NOT_SHOWN.has(id.kind))?.value ?? null,
      ...(refs.length === 0 ? {} : { collective: { refs, amountMinor: totals.get(collectiveKey(entry))! } }),
    }
  })
}

/** The past days that a file whose balances add up holds in full: those strictly between its first and last booked day. Null
 *  when nobody can say. Notifications and intraday reports are never whole. */
export function completeDays(
  format: Statement['format'],
  account: Pick<StatementAccount, 'balanceCheck' | 'entries'>,
): { from: string; to: string } | null {
  if (account.balanceCheck !== 'ok' || isNotice(format) || account.entries.length === 0) return null
  const days = account.entries.map((entry) => entry.bookedOn).sort()
  const inside = { from: addDays(days[0]!, 1), to: addDays(days.at(-1)!, -1) }
  return inside.from <= inside.to ? inside : null
}

/** Lines of whole days, and the days among them that the file holds in full. */
export interface DayBatch {
  lines: RecordedLine[]
  covers: { from: string; to: string } | null
}

/** The lines in batches of about `most`, none of which splits a day, since days are compared as wholes; with `covers` shared out
 *  so that each of its days belongs to one batch. In the order of the file where one batch is enough. Pure. */
export function batchesByDay(lines: RecordedLine[], covers: DayBatch['covers'], most: number): DayBatch[] {
  if (lines.length <= most) return [{ lines, covers }]
  const batches: RecordedLine[][] = [[]]
  for (const line of lines.toSorted((a, b) => (a.bookedOn < b.bookedOn ? -1 : a.bookedOn > b.bookedOn ? 1 : 0))) {
    const batch = batches.at(-1)!
    if (batch.length >= most && batch.at(-1)!.bookedOn !== line.bookedOn) batches.push([line])
    else batch.push(line)
  }
  return batches.map((batch, at) => {
    const next = batches[at + 1]?.[0]!.bookedOn
    const from = at === 0 ? covers?.from : later(covers?.from, batch[0]!.bookedOn)
    const to = next === undefined ? covers?.to : earlier(covers?.to, addDays(next, -1))
    return { lines: batch, covers: from !== undefined && to !== undefined && from <= to ? { from, to } : null }
  })
}

const later = (day: string | undefined, other: string) => (day === undefined || day > other ? day : other)
const earlier = (day: string | undefined, other: string) => (day === undefined || day < other ? day : other)

/** CAMT.054 and 052 explain and announce what a statement books. */
export const isNotice = (format: Statement['format']): boolean => format === 'camt.054' || format === 'camt.052'

/** Signed sum of the details of each collective entry: they stand in one place of the file under the entry's references. */
function collectiveTotals(entries: readonly StatementEntry[]): Map<string, bigint> {
  const totals = new Map<string, bigint>()
  for (const entry of entries) {
    if (entryRefs(entry).length === 0) continue
    const key = collectiveKey(entry)
    const signed = entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor
    totals.set(key, (totals.get(key) ?? 0n) + signed)
  }
  return totals
}

const entryRefs = (entry: StatementEntry): string[] =>
  entry.bankIds.filter((id) => id.kind === 'entry_ref').map((id) => id.value)

const collectiveKey = (entry: StatementEntry): string => [entry.line, entry.bookedOn, ...entryRefs(entry)].join('|')
