import type { Id } from '../base/ids.ts'
import { formatAmount } from '../base/money.ts'
import type { RecordedPayment } from '../billing/index.ts'
import type { TransactionRow } from '../transactions/index.ts'
import type { BookedPart, Recognised } from './plan-line.ts'
import type { Refused } from './queries.ts'

/** How sure a line is that is recognised by an id: its provider gave that id to this money alone. */
const BY_ID = { confidence: '0.9999', logOdds: 9.2102 }

/** Which lines the billing system holds already under an id of theirs, and what is to become of them. Each payment there is one line
 *  at most: the id of the charge itself goes before that of the purchase, of which several charges may be tries. A line may be
 *  several payments, where a gateway shares one charge out. Lines that people said are something else are left alone. Pure; the
 *  order of what is given does not matter. */
export function planRecorded(
  lines: readonly TransactionRow[],
  recorded: readonly RecordedPayment[],
  refused: ReadonlyMap<Id<'txn'>, readonly Refused[]>,
): Map<Id<'txn'>, Recognised> {
  const byId = new Map(lines.map((line) => [line.id, line]))
  const isLetGo = (row: RecordedPayment): boolean =>
    (refused.get(row.transactionId) ?? []).some((one) => one.booked && one.invoices.has(row.invoiceId))
  const ordered = recorded
    .filter((row) => byId.has(row.transactionId) && !isLetGo(row))
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        compare(one.paidOn, other.paidOn) ||
        compare(one.externalId, other.externalId) ||
        compare(one.invoiceId, other.invoiceId) ||
        compare(one.transactionId, other.transactionId),
    )
  const taken = new Set<string>()
  const own = new Map<Id<'txn'>, RecordedPayment[]>()
  for (const row of ordered) {
    const key = `${row.invoiceId}|${row.externalId}`
    if (taken.has(key)) continue
    taken.add(key)
    own.set(row.transactionId, [...(own.get(row.transactionId) ?? []), row])
  }
  return new Map([...own].map(([id, rows]) => [id, planOf(byId.get(id)!, rows)]))
}

/** The most telling ids first. */
const KINDS = ['ch_', 'py_', 'txn_', 'pi_', 'cs_']
const rank = ({ knownAs }: RecordedPayment): number => {
  const at = KINDS.findIndex((kind) => knownAs.startsWith(kind))
  return at < 0 ? KINDS.length : at
}
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

function planOf(line: TransactionRow, rows: readonly RecordedPayment[]): Recognised {
  // An invoice stands in a match once: of what is booked twice on one, the first is the line.
  const first = rows.filter((row, at) => rows.findIndex((other) => other.invoiceId === row.invoiceId) === at)
  let leftMinor = line.amountMinor
  const parts: BookedPart[] = []
  for (const row of first) {
    // Of another currency it cannot be said how much of the line it is: all of it.
    const same = row.currency === line.currency
    const amountMinor = same && row.amountMinor > leftMinor ? leftMinor : row.amountMinor
    if (same && amountMinor === 0n) continue
    if (same) leftMinor -= amountMinor
    parts.push({
      invoiceId: row.invoiceId,
      paymentId: row.externalId,
      paidMinor: row.amountMinor,
      amountMinor,
      currency: row.currency,
    })
  }
  return {
    do: 'recognise',
    parts,
    confidence: BY_ID.confidence,
    reason: { code: 'already_booked', weight: BY_ID.logOdds, text: textOf(line, rows) },
  }
}

/** What stands where, and in how far that is not what the line says. */
function textOf(line: TransactionRow, rows: readonly RecordedPayment[]): string {
  const shown = rows.map((row) => `${money(row)} on invoice ${row.invoiceNumber} of ${row.paidOn} as ${row.transid}`)
  const known = [...new Set(rows.map((row) => row.knownAs))].join(', ')
  const text = `The billing system holds this card payment (${known}): ${shown.join('; ')}.`
  const brought = money({ amountMinor: line.amountMinor, currency: line.currency })
  if (rows.some((row) => row.currency !== line.currency)) return `${text} The charge is ${brought}.`
  const sumMinor = rows.reduce((sum, row) => sum + row.amountMinor, 0n)
  if (sumMinor === line.amountMinor) return text
  const twice = rows.length > 1 ? ', so that it may be booked twice' : ''
  return `${text} The charge is ${brought}, not ${money({ amountMinor: sumMinor, currency: line.currency })}${twice}: compare the two.`
}

const money = ({ amountMinor, currency }: { amountMinor: bigint; currency: string }): string =>
  `${formatAmount(amountMinor, currency)} ${currency}`
