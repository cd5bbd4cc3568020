import { type Entry, isPending, movedBy, type Reading, textOf, writeEntry } from './entries.ts'
import { hashOf } from './state.ts'

export interface Window {
  /** YYYY-MM-DD, both days included. */
  from: string
  to: string
}

/** The transactions answer for one window: written by the bank's habits, in the bank's order, never paged. */
export function writeStatement(
  reading: Reading,
  window: Window,
): { transactions: Record<string, Entry[]>; last_updated?: string } {
  const { habits, account, today } = reading
  const booked: Entry[] = []
  const pending: Entry[] = []
  for (const tx of account.transactions) {
    // A movement that is booked only later than today does not exist yet.
    const announced = isPending(tx, today)
    if (!announced && (tx.bookingDate ?? tx.valueDate ?? today) > today) continue
    if (habits.drift === 'gaps' && Number.parseInt(hashOf(tx.key, reading.readCount).slice(0, 4), 16) % 7 === 0)
      continue
    const entry = writeEntry(tx, reading)
    if (announced) {
      pending.push(entry)
      continue
    }
    for (const one of doubled(entry, Number.parseInt(hashOf(tx.key).slice(0, 4), 16) % 5 === 0, reading)) {
      if (inWindow(one, window)) booked.push(one)
    }
  }
  const ordered = inOrder(booked, reading)
  const transactions: Record<string, Entry[]> = habits.pendingList ? { booked: ordered, pending } : { booked: ordered }
  return { transactions, ...(habits.lastUpdated ? { last_updated: `${today}T06:00:00Z` } : {}) }
}

/** Either date lies in the window. Entries without any date are skipped (reference 1.9). */
function inWindow(entry: Entry, { from, to }: Window): boolean {
  const dates = [entry['bookingDate'], entry['valueDate']]
  return dates.some((date) => typeof date === 'string' && date >= from && date <= to)
}

/** The same event twice in one answer, at banks that do so. */
function doubled(entry: Entry, chosen: boolean, { habits }: Reading): Entry[] {
  if (habits.twice === 'never' || !chosen) return [entry]
  if (habits.twice === 'verbatim') return [entry, { ...entry }]
  const internal = entry['internalTransactionId']
  const second = {
    ...entry,
    ...(internal === undefined ? {} : { internalTransactionId: hashOf('second', textOf(internal)).slice(0, 32) }),
  }
  if (habits.twice === 'other_day') {
    const day = entry['bookingDate']
    return typeof day === 'string' ? [entry, { ...second, bookingDate: movedBy(day, -1) }] : [entry]
  }
  return [entry, { ...second, bookingDateTime: entry['valueDateTime'], valueDateTime: entry['bookingDateTime'] }]
}

function inOrder(entries: Entry[], { habits, readCount }: Reading): Entry[] {
  const dayOf = (entry: Entry): string => textOf(entry['bookingDate'] ?? entry['valueDate'])
  if (habits.order === 'shuffled') {
    const rank = (entry: Entry, index: number): string => hashOf(textOf(entry['transactionId']), index, readCount)
    return entries
      .map((entry, index) => ({ entry, rank: rank(entry, index) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .map(({ entry }) => entry)
  }
  const sign = habits.order === 'newest_first' ? -1 : 1
  return [...entries].sort((a, b) => (dayOf(a) === dayOf(b) ? 0 : dayOf(a) < dayOf(b) ? -sign : sign))
}
