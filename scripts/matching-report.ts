import type { MatchTransaction, Verdict } from '../server/src/matching/index.ts'
import type { Truth } from './matching-books.ts'
import { isRight, type Tally } from './matching-judge.ts'
import { calibrationBins, calibrationError, lowerBound } from './matching-statistics.ts'

/** Prints tallies as plain tables. */

export const percent = (part: number, whole: number, digits = 2): string =>
  whole === 0 ? '–' : ((100 * part) / whole).toFixed(digits)

const columns: readonly (readonly [head: string, width: number, value: (tally: Tally) => string])[] = [
  ['lines', 6, (tally) => String(tally.lines)],
  ['cover%', 7, (tally) => percent(tally.coveredInvoices, tally.autoInvoices)],
  ['precis%', 7, (tally) => percent(tally.appliedRight, tally.applied)],
  ['bound', 6, (tally) => percent(lowerBound(tally.appliedRight, tally.applied), tally.applied === 0 ? 0 : 1)],
  ['wrong', 6, (tally) => String(tally.applied - tally.appliedRight)],
  ['of', 6, (tally) => String(tally.applied)],
  [
    'nodue',
    6,
    (tally) =>
      tally.nothingDueLines === 0 ? '–' : ((10_000 * tally.appliedNothingDue) / tally.nothingDueLines).toFixed(1),
  ],
  ['first%', 7, (tally) => percent(tally.firstRight, tally.autoLines)],
  ['three%', 7, (tally) => percent(tally.threeRight, tally.autoLines)],
  ['sums%', 7, (tally) => percent(tally.sumFound, tally.sumLines)],
  ['2nd%', 6, (tally) => percent(tally.sumAmbiguousLines - tally.sumAmbiguousApplied, tally.sumAmbiguousLines, 1)],
  ['ambig%', 7, (tally) => percent(tally.ambiguousLines - tally.appliedAmbiguous, tally.ambiguousLines)],
  ['recall%', 7, (tally) => percent(tally.soughtFound, tally.soughtLines)],
  ['ECE', 7, (tally) => calibrationError(tally.forecasts, 20).toFixed(4)],
  ['ECEauto', 8, (tally) => calibrationError(tally.autoForecasts, 5).toFixed(5)],
]

const nameWidth = 44

/** A table with one row for each tally. */
export function table(rows: readonly (readonly [name: string, tally: Tally])[]): string {
  const head = ''.padEnd(nameWidth) + columns.map(([name, width]) => name.padStart(width)).join(' ')
  const lines = rows.map(
    ([name, tally]) =>
      name.slice(0, nameWidth - 1).padEnd(nameWidth) +
      columns.map(([, width, value]) => value(tally).padStart(width)).join(' '),
  )
  return [head, ...lines].join('\n')
}

/** Twenty bins over all proposals and five over what was applied: mean confidence and share that was right. */
export function calibrationTable(tally: Tally): string {
  const row = (bin: { size: number; mean: number; right: number }): string =>
    `${bin.mean.toFixed(4)} said, ${bin.right.toFixed(4)} right (${bin.size})`
  return [
    'all proposals:',
    ...calibrationBins(tally.forecasts, 20).map((bin) => `  ${row(bin)}`),
    'applied:',
    ...calibrationBins(tally.autoForecasts, 5).map((bin) => `  ${row(bin)}`),
  ].join('\n')
}

/** A line, what was decided of it and what is true. `book`: the name of its book. */
export function describeLine(book: string, transaction: MatchTransaction, verdict: Verdict, truth: Truth): string {
  const { id, date, amountMinor, currency, reference, description, counterparty } = transaction
  const list = (all: readonly { invoiceId: string; amountMinor: bigint }[]): string =>
    all.map((one) => `${one.invoiceId}:${one.amountMinor}`).join(' ') || 'nothing'
  return [
    `${book} ${id} ${date} ${amountMinor} ${currency} | ${reference} | ${description} | ${counterparty.name} | ${counterparty.iban ?? ''}`,
    `   ${verdict.decision} ${verdict.best?.confidence ?? ''} ${list(verdict.best?.allocations ?? [])}; true ${list(truth.allocations)} (${truth.className}, ${truth.kind}, ${truth.expected}: ${truth.why})${isRight(verdict.best, truth) ? '' : ' FALSE'}`,
    `   ${verdict.best?.reasons.map((reason) => `${reason.code} ${reason.weight}`).join(', ') ?? ''} ! ${verdict.withheld.map((reason) => reason.code).join(' ')}`,
    ...verdict.alternatives
      .slice(0, 2)
      .map(
        (other) =>
          `   or ${other.confidence} ${list(other.allocations)}: ${other.reasons.map((reason) => `${reason.code} ${reason.weight}`).join(', ')}`,
      ),
  ].join('\n')
}
