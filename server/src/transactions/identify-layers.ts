import { referencesDiffer, trustworthyId, usableId } from './identify-evidence.ts'
import {
  type Candidate,
  candidates,
  content,
  dateless,
  dayNumber,
  evidence,
  free,
  gap,
  inSpan,
  isComplete,
  least,
  moneyOf,
  open,
  push,
  type Run,
  settle,
  WEAK_KINDS,
} from './identify-run.ts'
import type { Alias, IncomingRow, StoredRow } from './identify.ts'

/** An entry whose details are stored, or details whose entry is: the money is there already. The references may be short
 *  and local, so total and day must agree too. */
export function collectives(run: Run): void {
  const groups = new Map<string, number[]>()
  for (const [place, row] of run.batch.rows.entries()) {
    if (row.collective)
      push(groups, `${row.collective.refs.join('|')}|${row.collective.amountMinor}|${row.bookedOn}`, place)
  }
  for (const places of groups.values()) {
    const rows = places.map((place) => run.batch.rows[place]!)
    const { refs, amountMinor } = rows[0]!.collective!
    const sum = rows.reduce((total, row) => total + row.amountMinor, 0n)
    if (sum !== amountMinor) continue
    const entry = refs
      .filter(usableId)
      .flatMap((ref) => run.byValue.get(ref.trim()) ?? [])
      .find(
        (row) =>
          free(run, row) && row.amountMinor === sum && row.currency === rows[0]!.currency && gap(row, rows[0]!) <= 3,
      )
    if (!entry) continue
    // A single detail is the entry itself, told better.
    if (places.length === 1) {
      settle(run, places[0]!, entry, 'C')
      continue
    }
    run.used.add(entry.id)
    for (const place of places) run.found.set(place, { covered: [entry.id] })
  }
  for (const [place, row] of run.batch.rows.entries()) {
    if (row.collective) continue
    for (const { value } of row.aliases.filter((alias) => usableId(alias.value))) {
      const parts = (run.byAlias.get(`collective|${value.trim()}`) ?? []).filter(
        (part) => free(run, part) && part.currency === row.currency && gap(part, row) <= 3,
      )
      const sum = parts.reduce((total, part) => total + part.amountMinor, 0n)
      if (parts.length === 0 || sum !== row.amountMinor) continue
      if (parts.length === 1) {
        settle(run, place, parts[0]!, 'C')
        break
      }
      for (const part of parts) run.used.add(part.id)
      run.found.set(place, { covered: parts.map((part) => part.id) })
      break
    }
  }
}

/** Layers A, B and C. */
export function byId(run: Run, layer: 'A' | 'B' | 'C'): void {
  for (const [place, row] of open(run)) {
    const partners = row.aliases
      .filter((alias) => counts(run, alias, layer))
      .flatMap(({ kind, value }) =>
        layer === 'C' ? (run.byValue.get(value.trim()) ?? []) : (run.byAlias.get(`${kind}|${value.trim()}`) ?? []),
      )
      .filter((stored) => free(run, stored) && moneyOf(stored) === moneyOf(row) && nearEnough(run, layer, stored, row))
    const best = least(partners, (stored) => gap(stored, row))
    if (best) settle(run, place, best, layer)
  }
}

function counts(run: Run, { kind, value }: Alias, layer: 'A' | 'B' | 'C'): boolean {
  if (kind === 'collective' || (layer === 'A') !== (kind === 'internal')) return false
  if (layer === 'B' && WEAK_KINDS.has(kind)) return false
  if (run.batch.untrustedKinds?.includes(kind)) return false
  if ((run.timesInBatch.get(`${kind}|${value.trim()}`) ?? 0) > 1) return false
  return trustworthyId(value) || (layer === 'C' && run.batch.notice === true && usableId(value))
}

/** Some banks give every instalment the id of the first, so an id of theirs reaches to another day only if the batch holds
 *  the old row's day too and could have told it again there; beyond ten days only if it says it holds that day whole. Then
 *  the old row is gone, which is a bank correcting the day. A pending line has no day of its own yet. */
function nearEnough(run: Run, layer: 'A' | 'B' | 'C', stored: StoredRow, row: IncomingRow): boolean {
  if (layer === 'A') return true
  const days = gap(stored, row)
  const seen = isComplete(run, stored.bookedOn)
  if (days > (layer === 'C' ? 3 : 10) && !(layer === 'B' && seen)) return false
  return days === 0 || seen || inSpan(run, stored) || stored.status === 'pending' || run.batch.notice === true
}

/** Layer D. Twins pair in order; on a day not held whole, two different ledger or payer references are two payments. */
export function byContent(run: Run): void {
  const waiting = new Map<string, StoredRow[]>()
  // Reading a text costs far more than comparing day and money, in which most stored rows differ from all of the batch.
  const wanted = new Set<string>()
  for (const [, row] of open(run)) wanted.add(`${row.bookedOn}|${moneyOf(row)}`)
  for (const row of run.stored) {
    if (!free(run, row) || !wanted.has(`${row.bookedOn}|${moneyOf(row)}`)) continue
    push(waiting, `${row.status}|${content(run, row)}`, row)
  }
  for (const [place, row] of open(run)) {
    const twins = waiting.get(`${row.status}|${content(run, row)}`) ?? []
    // Twins that share an id pair first; what is left of them is alike in all we know.
    const alike = twins.findIndex((twin) => !referencesDiffer(row.aliases, twin.aliases))
    const index = alike >= 0 ? alike : isComplete(run, row.bookedOn) && twins.length > 0 ? 0 : -1
    const twin = twins[index]
    if (!twin) continue
    twins.splice(index, 1)
    settle(run, place, twin, 'D')
  }
}

/** Layer E. */
export function byPending(run: Run): void {
  const pairs: { place: number; pending: StoredRow; rank: number }[] = []
  for (const [place, row] of open(run)) {
    if (row.status !== 'booked') continue
    for (const pending of run.byAmount.get(moneyOf(row)) ?? []) {
      if (pending.status !== 'pending' || !free(run, pending)) continue
      const later = dayNumber(row.bookedOn) - dayNumber(pending.bookedOn)
      if (later < -1 || later > 7) continue
      const { verdict } = evidence(run, row, pending)
      if (verdict === 'contrary') continue
      pairs.push({
        place,
        pending,
        rank: Math.abs(later) * 4 + (verdict === 'alike' ? 0 : verdict === 'apart' ? 2 : 1),
      })
    }
  }
  for (const { place, pending } of pairs.sort((a, b) => a.rank - b.rank || a.place - b.place)) {
    if (!run.found.has(place) && free(run, pending)) settle(run, place, pending, 'E')
  }
}

/** Layer F: first the same day, then, between sources, up to two days; a stored row only if its own day lies within the
 *  batch, for otherwise nobody can say that the batch does not hold it. The best pairs of the whole batch come first, so
 *  that of two payers of one amount neither takes the other's place. */
export function nearby(run: Run): void {
  for (const days of [0, 1, 2]) {
    const bestOf = (row: IncomingRow): Candidate | undefined =>
      least(
        candidates(run, row, days).filter((partner) => partner.days === days && suits(run, row, partner)),
        ({ score }) => -score,
      )
    const waiting: { place: number; row: IncomingRow; best: Candidate }[][] = []
    for (const [place, row] of open(run)) {
      const best = bestOf(row)
      if (best) (waiting[best.score] ??= []).push({ place, row, best })
    }
    for (let score = waiting.length - 1; score >= 0; score -= 1) {
      for (const { place, row, best } of waiting[score] ?? []) {
        const next = free(run, best.stored) ? best : bestOf(row)
        if (next?.score === score) settle(run, place, next.stored, 'F')
        else if (next) (waiting[next.score] ??= []).push({ place, row, best: next })
      }
    }
  }
}

function suits(run: Run, row: IncomingRow, { stored, verdict, score }: Candidate): boolean {
  if (!foreignOrSure(run, stored, score) || referencesDiffer(row.aliases, stored.aliases)) return false
  if (stored.bookedOn === row.bookedOn) return verdict === 'alike' || verdict === 'bare'
  return verdict === 'alike' && stored.source !== run.batch.source && inSpan(run, stored)
}

/** Another source writes the same payment otherwise; the same source only if more than the payer agrees. */
const foreignOrSure = (run: Run, stored: StoredRow, score: number): boolean =>
  stored.source !== run.batch.source || score >= 3

/** What is left of a day on both sides. On a day the batch holds whole, a stored row that is gone and a new one of the same
 *  amount are one that the bank tells otherwise. From another source the same holds when every row of the day finds one. */
export function byRestOfDay(run: Run): void {
  const days = new Map<string, [number, IncomingRow][]>()
  for (const [place, row] of open(run)) if (row.status === 'booked') push(days, row.bookedOn, [place, row])
  for (const [day, rows] of days) {
    const leftOf = (row: IncomingRow): StoredRow[] =>
      (run.byDay.get(`${moneyOf(row)}|${day}`) ?? []).filter(
        (stored) => free(run, stored) && stored.status === 'booked' && stored.bookedOn === day,
      )
    const whole = isComplete(run, day)
    const wanted = new Map<string, number>()
    for (const [, row] of rows) wanted.set(moneyOf(row), (wanted.get(moneyOf(row)) ?? 0) + 1)
    const contained = rows.every(([, row]) => {
      const left = leftOf(row)
      return left.length >= wanted.get(moneyOf(row))! && left.every((stored) => stored.source !== run.batch.source)
    })
    if (!whole && !contained) continue
    const choice = new Map(
      rows.map(([, row]) => [moneyOf(row), Math.max(leftOf(row).length, wanted.get(moneyOf(row))!)]),
    )
    for (const [place, row] of rows) {
      const partner = leftOf(row).find((stored) => {
        const { verdict } = evidence(run, row, stored)
        if (verdict === 'contrary' || verdict === 'apart') return false
        return whole || !referencesDiffer(row.aliases, stored.aliases)
      })
      // Of several alike only their number is certain: facts and ids must not change hands.
      if (partner) settle(run, place, partner, 'day', choice.get(moneyOf(row))! > 1)
    }
  }
}

/** A row gone from a day held whole, and its like within three days: the bank gave it another day. */
export function moved(run: Run): void {
  for (const [place, row] of open(run)) {
    if (row.status !== 'booked') continue
    const partners = candidates(run, row, 3).filter(
      ({ stored }) =>
        isComplete(run, stored.bookedOn) && stored.status === 'booked' && dateless(run, stored) === dateless(run, row),
    )
    const best = least(partners, ({ days }) => days)
    if (best) settle(run, place, best.stored, 'moved')
  }
}
