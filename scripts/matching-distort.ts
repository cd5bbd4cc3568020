import { loadTenant, type Tenant } from './matching-books.ts'
import { withOtherForms } from './matching-distort-forms.ts'
import { numberDistortions } from './matching-distort-numbers.ts'
import { withNothingDue } from './matching-distort-nothing.ts'
import { type Change, textDistortions } from './matching-distort-texts.ts'
import { emptyTally, isRight, judge } from './matching-judge.ts'
import { describeLine, percent } from './matching-report.ts'
import { findBooks, runBook } from './matching-run.ts'

/** Prints how well the engine does on judged books that were distorted as another bank, another numbering scheme or other
 *  payers would have it: `node scripts/matching-distort.ts <books> [part of a name] [wrong]`. Every line of a tenant is
 *  distorted alike, and the same at every run. `wrong` lists what was applied wrongly,
 *  guesses that happened to be right among it; the column `mislaid` counts those that paid what was not paid: where a text
 *  says less than before, the truth of the books still knows what it said. Nothing is learned from this. */

const distortions: Readonly<Record<string, Change>> = {
  'as it is': (tenant: Tenant) => tenant,
  ...textDistortions,
  ...numberDistortions,
  'other legal forms': withOtherForms,
  'other lines that pay nothing': withNothingDue,
}

const [folder, ...words] = process.argv.slice(2)
if (folder === undefined) throw new Error('Usage: node scripts/matching-distort.ts <books> [part of a name] [wrong]')
const listed = words.includes('wrong')
const part = words.find((word) => word !== 'wrong') ?? ''
const found = findBooks(folder).map(({ name, path }) => ({ name, tenant: loadTenant(path) }))

console.log(
  `${''.padEnd(36)}${['cover%', 'precis%', 'wrong', 'mislaid', 'of', 'nodue', '/10,000', 'ambig', 'hostile'].map((head) => head.padStart(8)).join('')}`,
)
for (const [title, change] of Object.entries(distortions)) {
  if (!title.includes(part)) continue
  const total = emptyTally()
  let mislaid = 0
  const hostile = emptyTally()
  for (const { name, tenant } of found) {
    const book = runBook(name, change(tenant))
    const tally = name.includes('hostile') ? hostile : total
    const lines = new Map(book.tenant.transactions.map((line) => [line.id, line]))
    for (const verdict of book.verdicts) {
      const truth = book.tenant.truth.get(verdict.transactionId)
      const line = lines.get(verdict.transactionId)
      if (truth === undefined || line === undefined) continue
      if (tally === total && verdict.decision === 'auto' && !isRight(verdict.best, truth)) mislaid += 1
      if (judge(tally, verdict, truth) && listed) console.log(describeLine(name, line, verdict, truth))
    }
  }
  const cells = [
    percent(total.coveredInvoices, total.autoInvoices),
    percent(total.appliedRight, total.applied, 3),
    total.applied - total.appliedRight,
    mislaid,
    total.applied,
    total.appliedNothingDue,
    ((10_000 * total.appliedNothingDue) / Math.max(1, total.nothingDueLines)).toFixed(1),
    total.appliedAmbiguous,
    hostile.applied - hostile.appliedRight,
  ]
  console.log(`${title.padEnd(36)}${cells.map((cell) => String(cell).padStart(8)).join('')}`)
}
