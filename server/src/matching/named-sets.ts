import type { Book } from './book.ts'
import type { Gathering } from './gathering.ts'
import type { Mention } from './references.ts'
import { setsOfSum } from './sums.ts'
import type { MatchInvoice } from './types.ts'

/** An open invoice, and where the text names it. */
export interface Named {
  mention: Mention
  invoice: MatchInvoice
}

/** Invoices whose numbers lie between two that are joined to a range, at most ten. */
function between(book: Book, from: MatchInvoice, to: MatchInvoice): MatchInvoice[] {
  const printed = from.number || from.id
  const digits = /\d+$/.exec(printed)?.[0]
  const end = /\d+$/.exec(to.number || to.id)?.[0]
  if (digits === undefined || end === undefined || BigInt(end) <= BigInt(digits) || BigInt(end) - BigInt(digits) > 10n)
    return []
  const found: MatchInvoice[] = []
  for (let number = BigInt(digits) + 1n; number < BigInt(end); number += 1n) {
    const key = (printed.slice(0, -digits.length) + String(number).padStart(digits.length, '0'))
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
    const entry = book.references.keys.get(key)?.find((candidate) => candidate.coverage !== 'tail')
    const invoice = entry === undefined ? undefined : book.invoices.get(entry.invoiceId)
    if (invoice !== undefined) found.push(invoice)
  }
  return found
}

/** What the text names together: each list, and the ranges in it filled up. */
export function addNamedSets(found: Gathering, named: readonly Named[]): void {
  const { book } = found
  const solid = named.filter(({ mention }) => mention.coverage !== 'tail' || mention.announced === 'invoice')
  const list = [...solid].sort(
    (left, right) => left.mention.field - right.mention.field || left.mention.start - right.mention.start,
  )
  const first = list[0]
  if (first === undefined || list.length < 2) return
  // One field is enough: the others repeat it in another reading of its breaks.
  const fields = Map.groupBy(list, ({ mention }) => mention.field)
  for (const field of fields.values()) {
    const spans = new Map(field.map((entry) => [entry.mention.start, entry]))
    if (spans.size < 2) continue
    const entries = [...spans.values()]
    const filled = entries.flatMap((entry, at) => {
      const next = entries[at + 1]
      return entry.mention.opensRange && next !== undefined
        ? [entry.invoice, ...between(book, entry.invoice, next.invoice).filter((one) => found.isOpen(one))]
        : [entry.invoice]
    })
    const sets = filled.length > entries.length ? [filled, entries.map((entry) => entry.invoice)] : [filled]
    for (const set of sets)
      if (new Set(set.map((invoice) => invoice.currency)).size === 1)
        found.several(set, { ranged: set.length > entries.length })
  }
}

/** A list whose end was cut off: the named invoices and others of their client that give the amount together. */
export function addCompleted(found: Gathering, listed: readonly MatchInvoice[]): void {
  const { book, ledger, limits, reading } = found
  const first = listed[0]
  const rest = listed.reduce((left, invoice) => left - ledger.left(invoice), reading.transaction.amountMinor)
  if (first === undefined || rest <= 0n || listed.some((invoice) => invoice.client.id !== first.client.id)) return
  const others = (book.byClient.get(first.client.id) ?? []).filter(
    (other) =>
      !listed.includes(other) &&
      found.isOpen(other) &&
      other.currency === first.currency &&
      !book.collects.has(other.id),
  )
  const sets = setsOfSum(others, rest, (other) => ledger.left(other), 1)
  if (sets === null) limits.add('sums')
  for (const set of sets ?? []) found.several([...listed, ...set], { completed: true })
}
