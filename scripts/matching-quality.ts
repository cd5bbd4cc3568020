import { emptyTally, judge, type Tally } from './matching-judge.ts'
import { calibrationTable, describeLine, table } from './matching-report.ts'
import { isDeterministic, runBooks } from './matching-run.ts'

/** Prints how well the engine does on judged books, as the open development set's README measures it:
 *  `node scripts/matching-quality.ts <folder> [development|validation] [wrong] [missed] [bins] [quick]`. The folder is one set
 *  or holds several. `wrong` lists what was applied wrongly, `missed` what should have been applied and was not, `bins` prints
 *  the calibration, `quick` leaves out the second run. */

const [folder, ...words] = process.argv.slice(2)
if (folder === undefined)
  throw new Error('Usage: node scripts/matching-quality.ts <folder> [development|validation] [wrong] [missed] [bins]')
const asked = new Set(words)
const parts = (['development', 'validation'] as const).filter(
  (part) => asked.has(part) || !(asked.has('development') || asked.has('validation')),
)

const { books, partOf } = runBooks(folder)
for (const part of parts) {
  const total = emptyTally()
  const hostile = emptyTally()
  const classes = new Map<string, Tally>()
  const sizes = new Map<string, Tally>()
  const pick = (map: Map<string, Tally>, name: string): Tally => {
    const tally = map.get(name) ?? emptyTally()
    map.set(name, tally)
    return tally
  }
  for (const book of books) {
    const isHostile = book.name.startsWith('hostile/')
    book.verdicts.forEach((verdict, at) => {
      const truth = book.tenant.truth.get(verdict.transactionId)
      if (truth === undefined || partOf(book.name, verdict.transactionId) !== part) return
      const weighed = book.weighed.get(verdict.transactionId) ?? []
      const wrong = judge(isHostile ? hostile : total, verdict, truth, weighed)
      if (!isHostile) {
        judge(pick(classes, `${String(truth.class).padStart(2)} ${truth.className}`), verdict, truth, weighed)
        judge(pick(sizes, `size ${book.tenant.size}`), verdict, truth, weighed)
      }
      const missed = truth.expected === 'auto' && verdict.decision !== 'auto'
      const line = book.tenant.transactions[at]
      if (line !== undefined && ((wrong && asked.has('wrong')) || (missed && asked.has('missed'))))
        console.log(describeLine(book.name, line, verdict, truth))
    })
  }
  const sorted = (map: Map<string, Tally>): [string, Tally][] =>
    [...map].sort(([left], [right]) => (left < right ? -1 : 1))
  console.log(`\n${part}`)
  console.log(table([...sorted(classes), ...sorted(sizes), ['all', total], ['hostile digits', hostile]]))
  console.log(
    `applied with nothing due ${total.appliedNothingDue} + ${hostile.appliedNothingDue} hostile; ambiguous lines applied ${total.appliedAmbiguous}; right but thin ${total.appliedThin}`,
  )
  if (asked.has('bins')) console.log(calibrationTable(total))
}
console.log(`\nmatched in ${(books.reduce((sum, book) => sum + book.elapsedMs, 0) / 1000).toFixed(1)} s`)
if (!asked.has('quick')) {
  const changed = books.filter((book) => !isDeterministic(book)).map((book) => book.name)
  console.log(
    changed.length === 0
      ? 'the same again in another order: yes'
      : `not the same in another order: ${changed.join(', ')}`,
  )
}
