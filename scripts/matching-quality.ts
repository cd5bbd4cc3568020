import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defaultPolicy, matchAll } from '../server/src/matching/index.ts'
import { loadTenant } from './matching-books.ts'
import { emptyTally, judge, type Tally } from './matching-judge.ts'

/** Prints how well the engine does on a folder of judged books: `node scripts/matching-quality.ts <folder> [wrong]`. With
 *  `wrong` every wrongly applied line is listed. */

const folder = process.argv[2]
if (folder === undefined) throw new Error('Usage: node scripts/matching-quality.ts <folder> [wrong]')
const listWrong = process.argv[3] === 'wrong'
const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`)

const total = emptyTally()
const classes = new Map<string, Tally>()
let elapsedMs = 0
for (const entry of readdirSync(folder, { withFileTypes: true })
  .filter((item) => item.isDirectory())
  .sort((a, b) => (a.name < b.name ? -1 : 1))) {
  const tenant = loadTenant(join(resolve(folder), entry.name))
  const from = performance.now()
  const verdicts = matchAll({ ...tenant, policy: { ...defaultPolicy, acrossCurrencies: true } })
  elapsedMs += performance.now() - from
  verdicts.forEach((verdict, at) => {
    const truth = tenant.truth.get(verdict.transactionId)
    const transaction = tenant.transactions[at]
    if (truth === undefined || transaction === undefined) return
    const label = `${String(truth.class).padStart(2)} ${truth.className}`
    const tally = classes.get(label) ?? emptyTally()
    classes.set(label, tally)
    const wrong = judge(total, verdict, truth)
    judge(tally, verdict, truth)
    if (wrong && listWrong) {
      const { date, amountMinor, currency, reference, description, counterparty } = transaction
      console.log(
        `${transaction.id} ${date} ${amountMinor} ${currency} | ${reference} | ${description} | ${counterparty.name}`,
      )
      console.log(
        `   said ${verdict.best?.allocations.map((a) => `${a.invoiceId}:${a.amountMinor}`).join(' ')}; true ${truth.allocations.map((a) => `${a.invoiceId}:${a.amountMinor}`).join(' ') || 'nothing'} (${truth.className}, ${truth.kind}, ${truth.expected}: ${truth.why})`,
      )
      console.log(`   ${verdict.best?.reasons.map((reason) => `${reason.code} ${reason.weight}`).join(', ')}`)
    }
  })
}

const line = (name: string, tally: Tally): string =>
  [
    name.padEnd(58),
    `coverage ${percent(tally.coveredInvoices, tally.autoInvoices).padStart(9)}`,
    `precision ${percent(tally.appliedRight, tally.applied).padStart(9)}`,
    `wrong ${String(tally.applied - tally.appliedRight).padStart(4)} of ${String(tally.applied).padStart(5)}`,
    `first ${percent(tally.firstRight, tally.autoLines).padStart(9)}`,
  ].join('  ')
for (const [name, tally] of [...classes].sort(([left], [right]) => (left < right ? -1 : 1)))
  console.log(line(name, tally))
console.log(line('all', total))
console.log(
  `lines ${total.lines}; applied with nothing due ${total.appliedNothingDue}; ambiguous lines applied ${total.appliedAmbiguous}; ` +
    `right but thin ${total.appliedThin}; ${(elapsedMs / 1000).toFixed(1)} s`,
)
