import { referencesDiffer, trustworthyId, usableId } from './identify-evidence.ts'
import {
  candidates,
  content,
  free,
  gap,
  inSpan,
  isComplete,
  least,
  moneyOf,
  type Run,
  WEAK_KINDS,
} from './identify-run.ts'
import { keyOf, printOf } from './identify-text.ts'
import type { Alias, Decision, Identification, IncomingRow, RowUpdate, StoredRow } from './identify.ts'

const isInternal = (alias: Alias): boolean => alias.kind === 'internal'

/** Writes the findings down: updates for known rows, keys for new ones, marks for doubtful ones (layer G). */
export function decide(run: Run): Identification {
  const keys = new Set(run.stored.map((row) => row.identityKey))
  const lastOf = new Map<string, number>()
  const internalOf = new Set(
    run.stored.flatMap((row) => row.aliases.filter(isInternal).map((alias) => alias.value.trim())),
  )
  const decisions = run.batch.rows.map((row, place): Decision => {
    const finding = run.found.get(place)
    if (finding && 'covered' in finding) return { verdict: 'covered', by: finding.covered }
    // An internal id belongs to one row of the account for ever; the database insists on it.
    const own = aliasesOf(row).filter((alias) => !isInternal(alias) || !internalOf.has(alias.value))
    for (const alias of own) if (isInternal(alias)) internalOf.add(alias.value)
    if (finding) {
      const { stored, layer, only } = finding
      if (only) return { verdict: 'same', id: stored.id, layer, update: {}, aliases: [] }
      const has = new Set(stored.aliases.map(({ kind, value }) => `${kind}|${value.trim()}`))
      const aliases = own.filter(({ kind, value }) => !has.has(`${kind}|${value}`))
      return { verdict: 'same', id: stored.id, layer, update: updateOf(run, stored, row), aliases }
    }
    const print = printOf(content(run, row))
    let ordinal = (lastOf.get(print) ?? 0) + 1
    while (keys.has(keyOf(print, ordinal))) ordinal += 1
    lastOf.set(print, ordinal)
    return {
      verdict: 'new',
      ordinal,
      identityKey: keyOf(print, ordinal),
      possibleDuplicateOf: doubtOf(run, row),
      aliases: own,
    }
  })
  const missing = run.stored.filter(
    (row) =>
      free(run, row) &&
      row.status === 'booked' &&
      (row.source === 'bank' || row.source === 'file') &&
      isComplete(run, row.bookedOn),
  )
  return { decisions, missingAtBank: missing.map((row) => row.id) }
}

/** The stored row that this new one might after all be: of equal amount, left over, near, and from another source or gone
 *  from its day; or the owner of its id, near but on another day, or with another amount and gone from its day. */
function doubtOf(run: Run, row: IncomingRow): string | null {
  if (row.status === 'pending') return null
  const gone = (stored: StoredRow): boolean => isComplete(run, stored.bookedOn)
  const near = candidates(run, row, 2).filter(
    ({ stored, verdict }) =>
      stored.status === 'booked' &&
      verdict !== 'contrary' &&
      (gone(stored) ||
        (stored.source !== run.batch.source && inSpan(run, stored)) ||
        (verdict === 'alike' && stored.bookedOn === row.bookedOn)) &&
      !(referencesDiffer(row.aliases, stored.aliases) && !gone(stored)),
  )
  const best = least(near, ({ days, score }) => days * 100 - score)
  if (best) return best.stored.id
  for (const { kind, value } of row.aliases) {
    const key = `${kind}|${value.trim()}`
    if (WEAK_KINDS.has(kind) || !trustworthyId(value) || (run.timesInBatch.get(key) ?? 0) > 1) continue
    const owner = (run.byAlias.get(key) ?? []).find((stored) => {
      if (!free(run, stored)) return false
      if (moneyOf(stored) === moneyOf(row)) return gap(stored, row) <= 10
      return kind === 'internal' || run.batch.notice === true || gone(stored)
    })
    if (owner) return owner.id
  }
  return null
}

/** Ids worth keeping; the entry of a detail is kept as kind `collective`. */
function aliasesOf(row: IncomingRow): Alias[] {
  const refs = (row.collective?.refs ?? []).map((value) => ({ kind: 'collective', value }))
  const kept = new Map<string, Alias>()
  for (const { kind, value } of [...row.aliases, ...refs]) {
    if (usableId(value)) kept.set(`${kind}|${value.trim()}`, { kind, value: value.trim() })
  }
  return [...kept.values()]
}

/** What the row says that the stored one does not. Nothing is blanked; another source only fills what is empty; a pending
 *  row says nothing about a booked one. */
function updateOf(run: Run, stored: StoredRow, row: IncomingRow): RowUpdate {
  if (stored.status === 'booked' && row.status === 'pending') return {}
  const booked = stored.status === 'pending' && row.status === 'booked'
  const overwrite = booked || stored.source === run.batch.source
  const update: RowUpdate = booked ? { status: 'booked' } : {}
  const says = (field: 'valueOn' | 'counterpartyName' | 'counterpartyIban' | 'text'): void => {
    if (row[field] && row[field] !== stored[field] && (overwrite || !stored[field])) update[field] = row[field]
  }
  if (overwrite && row.bookedOn !== stored.bookedOn) update.bookedOn = row.bookedOn
  says('valueOn')
  says('counterpartyName')
  says('counterpartyIban')
  says('text')
  return update
}
