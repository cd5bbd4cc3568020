import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Baseline, BASELINES, HOSTILE_APPLIED, LADDER_OPT_BY_CLASS } from './matching-baselines.ts'
import { loadTenant } from './matching-books.ts'
import { emptyTally, judge, type Tally } from './matching-judge.ts'
import { findBooks, runBook } from './matching-run.ts'
import { calibrationError, lowerBound } from './matching-statistics.ts'

const SCORERS = ['calibrated', 'rules'] as const

interface Judged {
  all: Tally
  classes: Map<string, Tally>
  /** Lines of which nobody could say what they pay: class 13. */
  unpaying: Tally
}

/** What stands in a row of the table. Percentages; null where there is nothing to divide. */
export interface Measures extends Omit<Baseline, 'coverage'> {
  /** Of lines with one well supported reading. Null where only the README's figure is known. */
  coverage: number | null
  /** As the README counts: see `compareMatchers`. */
  ofDecidable: number | null
  bound: number | null
}

/** Prints what the engine gets right on the judged books beside the specification's scorer (`rules`), run here, and beside what the README of
 *  the books publishes of other matchers; per class beside `ladder-opt`; and the hostile books. On the medium set, where that
 *  is not there on the small one. Returns how many matchers are ahead of the engine: in precision and coverage together, or in
 *  a measure of the suggestions.
 *
 *  Coverage counts lines with one well supported reading, "of decidable" those with thin support too. The README's text defines
 *  its measure as the first, its flag `decidable` as the second; where they differ, the lower of ours is compared. */
export function compareMatchers(folder: string): number {
  const set = ['medium', 'small'].find((name) => existsSync(join(folder, name)))
  if (set === undefined) throw new Error(`${folder} holds neither the medium nor the small set`)
  const [ours, rules] = SCORERS.map((scorer) => judgeSet(join(folder, set), scorer))
  if (ours === undefined || rules === undefined) throw new Error('a scorer did not run')
  const engine = measuresOf('this engine', ours.all)
  const others = [measuresOf('scorer rules', rules.all), ...(BASELINES[set] ?? []).map(published)]

  console.log(
    `\nQuality on the ${set} judged books (${ours.all.lines} lines), in %; nothing due: applied, in 10,000 such lines; † as the README of the books publishes it`,
  )
  console.log(table(HEAD, [engine, ...others].map(rowOf)))
  console.log(`\nPer class, %${set === 'medium' ? '; ladder-opt as published' : ''}`)
  console.log(classTable(ours, rules, set === 'medium'))
  if (existsSync(join(folder, 'hostile'))) {
    console.log('\nHostile digits: applied of the lines that pay nothing')
    const measured = SCORERS.map((scorer, at) => {
      const { applied, lines } = judgeSet(join(folder, 'hostile'), scorer).unpaying
      return [at === 0 ? engine.name : 'scorer rules', `${applied} of ${lines}`]
    })
    const known = HOSTILE_APPLIED.map(({ name, applied, of }) => [`${name} †`, `${applied} of ${of}`])
    console.log(table(['', 'applied'], [...measured, ...known]))
  }
  const ahead = others.flatMap((other) => aheadIn(other, engine).map((what) => `${other.name} is better in ${what}.`))
  console.log(
    `\n${ahead.length === 0 ? 'No baseline is better in precision and coverage together, nor in any suggestion measure.' : ahead.join('\n')}\n`,
  )
  return ahead.length
}

function judgeSet(folder: string, scorer: (typeof SCORERS)[number]): Judged {
  const judged: Judged = { all: emptyTally(), classes: new Map(), unpaying: emptyTally() }
  for (const { name, path } of findBooks(folder)) {
    const book = runBook(name, loadTenant(path), scorer)
    for (const verdict of book.verdicts) {
      const truth = book.tenant.truth.get(verdict.transactionId)
      if (truth === undefined) continue
      judge(judged.all, verdict, truth)
      const key = `${String(truth.class).padStart(2)} ${truth.className}`
      const tally = judged.classes.get(key) ?? emptyTally()
      judged.classes.set(key, tally)
      judge(tally, verdict, truth)
      if (truth.class === 13) judge(judged.unpaying, verdict, truth)
    }
  }
  return judged
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole)

const measuresOf = (name: string, tally: Tally): Measures => ({
  name,
  coverage: share(tally.coveredInvoices, tally.autoInvoices),
  ofDecidable: share(tally.coveredInvoices + tally.thinCoveredInvoices, tally.autoInvoices + tally.thinInvoices),
  precision: share(tally.appliedRight, tally.applied),
  bound: tally.applied === 0 ? null : 100 * lowerBound(tally.appliedRight, tally.applied),
  wrong: tally.applied - tally.appliedRight,
  applied: tally.applied,
  nothingDue: (10_000 * tally.appliedNothingDue) / Math.max(1, tally.nothingDueLines),
  first: share(tally.firstRight, tally.autoLines) ?? 0,
  three: share(tally.threeRight, tally.autoLines) ?? 0,
  refused: share(tally.ambiguousLines - tally.appliedAmbiguous, tally.ambiguousLines) ?? 100,
  calibrationError: calibrationError(tally.forecasts, 20),
})

const published = ({ coverage, name, ...rest }: Baseline): Measures => ({
  ...rest,
  name: `${name} †`,
  coverage: null,
  ofDecidable: coverage,
  bound: null,
})

/** In what a matcher is ahead of the engine. A measure that nobody knows is no lead. */
export function aheadIn(other: Measures, engine: Measures): string[] {
  const coverage = Math.min(engine.coverage ?? 0, engine.ofDecidable ?? 0)
  const theirs = Math.max(other.coverage ?? 0, other.ofDecidable ?? 0)
  const [precision, ourPrecision] = [other.precision ?? 0, engine.precision ?? 0]
  const isBetter = precision >= ourPrecision && theirs >= coverage && (precision > ourPrecision || theirs > coverage)
  return [
    ...(isBetter ? ['precision and coverage together'] : []),
    ...(other.first > engine.first ? ['first suggestions'] : []),
    ...(other.three > engine.three ? ['the first three suggestions'] : []),
  ]
}

const digits = (value: number | null, count: number): string => (value === null ? '–' : value.toFixed(count))

const HEAD = [
  '',
  'coverage',
  'of decidable',
  'precision',
  'bound',
  'wrong of applied',
  'nothing due',
  'first',
  'in three',
  'ambiguous refused',
  'calibration error',
]

const rowOf = (one: Measures): string[] => [
  one.name,
  digits(one.coverage, 1),
  digits(one.ofDecidable, 1),
  digits(one.precision, 2),
  digits(one.bound, 2),
  `${one.wrong} of ${one.applied}`,
  digits(one.nothingDue, 1),
  digits(one.first, 1),
  digits(one.three, 1),
  digits(one.refused, 1),
  digits(one.calibrationError, 4),
]

function classTable(ours: Judged, rules: Judged, withLadder: boolean): string {
  const pair = (tally: Tally | undefined): string[] => [
    digits(tally === undefined ? null : share(tally.coveredInvoices, tally.autoInvoices), 1),
    digits(tally === undefined ? null : share(tally.appliedRight, tally.applied), 2),
  ]
  const rows = [...ours.classes]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, tally]) => {
      const ladder = LADDER_OPT_BY_CLASS[Number.parseInt(key, 10)]
      const theirs = withLadder ? [digits(ladder?.coverage ?? null, 1), digits(ladder?.precision ?? null, 1)] : []
      return [key, String(tally.lines), ...pair(tally), ...pair(rules.classes.get(key)), ...theirs]
    })
  const head = ['', 'lines', 'coverage', 'precision', 'scorer rules: coverage', 'precision']
  return table([...head, ...(withLadder ? ['ladder-opt †: coverage', 'precision'] : [])], rows)
}

/** Columns as wide as what stands in them, the first one to the left. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)))
  return [head, ...rows]
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '))
    .join('\n')
}
