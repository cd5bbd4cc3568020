import { learned } from '../server/src/matching/parameters.ts'
import { emptyTally, judge } from './matching-judge.ts'
import { table } from './matching-report.ts'
import { runBooks } from './matching-run.ts'

/** What each kind of evidence is worth: `node scripts/matching-ablation.ts <folder>` runs the validation books with one kind
 *  after the other left out (its weights set to nothing, the others as they are). */

const folder = process.argv[2]
if (folder === undefined) throw new Error('Usage: node scripts/matching-ablation.ts <folder>')

const kinds: readonly (readonly [name: string, pattern: RegExp | null])[] = [
  ['everything', null],
  ['without numbers', /^number\./],
  ['without names', /^(?:link|more)\.(?:payer_name|payer_name_partly|named_in_text|partly_in_text|name)$/],
  ['without payer memory', /^(?:link\.known|more\.account|payer\.refused)/],
  ['without domains and mail', /^(?:link\.(?:domain|email)|more\.address)$/],
  ['without customer numbers', /customer/],
  ['without numbers of closed invoices', /^(?:link\.closed_number|more\.number)$/],
  ['without slips and cut numbers', /^(?:slip|cut)\./],
  ['without service, domain and month', /^(?:service|domain|month)\./],
  ['without namesakes', /^(?:namesakes|client)\./],
  ['without oldest first', /^older\./],
  ['without days', /^(?:before|tooOld)\./],
  ['without foreign purposes', /^(?:other\.purpose|collector)$/],
  ['without the amount', /^amount\./],
]
const weights: Record<string, number> = learned.weights
const kept = { ...weights }
const rows = kinds.map(([name, pattern]): [string, ReturnType<typeof emptyTally>] => {
  for (const signal of Object.keys(weights)) weights[signal] = pattern?.test(signal) ? 0 : (kept[signal] ?? 0)
  const { books, partOf } = runBooks(folder)
  const total = emptyTally()
  for (const book of books) {
    if (book.name.startsWith('hostile/')) continue
    for (const verdict of book.verdicts) {
      const truth = book.tenant.truth.get(verdict.transactionId)
      if (truth !== undefined && partOf(book.name, verdict.transactionId) === 'validation')
        judge(total, verdict, truth, book.weighed.get(verdict.transactionId) ?? [])
    }
  }
  return [name, total]
})
console.log(table(rows))
