import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadTenant } from './matching-books.ts'
import { habits } from './matching-habits-all.ts'
import { World } from './matching-habits-world.ts'
import { emptyTally, judge, type Tally } from './matching-judge.ts'
import { describeLine, table } from './matching-report.ts'
import { findBooks, runBook } from './matching-run.ts'

/** Prints how well the engine does on lines of payers whose habits the open books do not have:
 *  `node scripts/matching-habits.ts <books> [seed or first-last] [habit=part] [book=part] [wrong] [missed] [first] [total] [counts]`.
 *  Invoices and clients are those of the books, lines and past decisions are invented, the same for a seed. `wrong` lists what
 *  was applied wrongly, `missed` what should have been applied and was not, `first` where the right reading was not proposed
 *  first, `total` leaves out the table by habit, `counts` prints it as plain numbers (habit, invoices that should be applied, those
 *  that were, lines applied, of them wrong, all lines, applied with nothing due). Hostile are lines that pay nothing and quote an open invoice's digits. */

const [folder, ...words] = process.argv.slice(2)
if (folder === undefined)
  throw new Error(
    'Usage: node scripts/matching-habits.ts <books> [seed or first-last] [habit=part] [book=part] [wrong] [missed] [first] [total] [counts]',
  )
const asked = new Set(words)
const option = (name: string): string => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
const [firstSeed = 1, lastSeed = firstSeed] = (words.find((word) => /^\d+(?:-\d+)?$/.test(word)) ?? '1')
  .split('-')
  .map(Number)

/** How often each habit is tried, by the size of the tenant. */
const rounds: Readonly<Record<string, number>> = { solo: 1, regional: 4, large: 40 }

const homeOf = (path: string): string =>
  (JSON.parse(readFileSync(join(path, 'tenant.json'), 'utf8')) as { home?: string }).home ?? 'GB'

const tallies = new Map<string, Tally>(habits.map(([name]) => [name, emptyTally()]))
const total = emptyTally()
const hostile = emptyTally()
let elapsedMs = 0

for (let seed = firstSeed; seed <= lastSeed; seed += 1) {
  for (const [at, { name, path }] of findBooks(folder).entries()) {
    if (name.startsWith('hostile') || !name.includes(option('book'))) continue
    const base = loadTenant(path)
    const world = new World(base, homeOf(path), seed * 1009 + at)
    for (let round = 0; round < (rounds[base.size] ?? 1); round += 1) {
      for (const [habit, paymentClass, write] of habits) {
        world.habit = { name: habit, class: paymentClass }
        write(world)
      }
    }
    const { tenant, habits: habitOf } = world.finish()
    const book = runBook(`${name}#${seed}`, tenant)
    elapsedMs += book.elapsedMs
    book.verdicts.forEach((verdict, line) => {
      const truth = tenant.truth.get(verdict.transactionId)
      const transaction = tenant.transactions[line]
      const habit = habitOf.get(verdict.transactionId) ?? ''
      if (truth === undefined || transaction === undefined) return
      const weighed = book.weighed.get(verdict.transactionId) ?? []
      const tally = tallies.get(habit) ?? emptyTally()
      const before = tally.firstRight
      const wrong = judge(tally, verdict, truth, weighed)
      judge(habit.startsWith('hostile') ? hostile : total, verdict, truth, weighed)
      const isAuto = truth.expected === 'auto'
      const listed =
        (wrong && asked.has('wrong')) ||
        (isAuto && verdict.decision !== 'auto' && asked.has('missed')) ||
        (isAuto && tally.firstRight === before && asked.has('first'))
      if (listed && habit.includes(option('habit')))
        console.log(`${habit}\n${describeLine(book.name, transaction, verdict, truth)}`)
    })
  }
}

if (asked.has('counts'))
  for (const [name, tally] of tallies)
    console.log(
      [
        '#',
        name,
        tally.autoInvoices,
        tally.coveredInvoices,
        tally.applied,
        tally.applied - tally.appliedRight,
        tally.lines,
        tally.appliedNothingDue,
      ].join('\t'),
    )

const rows = [...tallies].filter(([name, tally]) => tally.lines > 0 && name.includes(option('habit')))
console.log(table([...(asked.has('total') ? [] : rows), ['all but hostile', total], ['hostile', hostile]]))
console.log(`matched in ${(elapsedMs / 1000).toFixed(1)} s`)
