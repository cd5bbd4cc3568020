import { toInvoice } from '../../server/src/cli/invoice-file.ts'
import { parseExact } from '../../server/src/cli/json-lines.ts'
import { asRow } from '../../server/src/cli/row-fields.ts'
import { toTransaction } from '../../server/src/cli/transaction-file.ts'
import { defaultPolicy, matchWith, prepare } from '../../server/src/matching/index.ts'
import { percentile, quickestOf } from './figure.ts'
import { invoiceLine, transactionLine } from './invented-books.ts'

/** P2, in a process of its own: loads a book of as many open invoices as the argument says, then matches new lines one by one.
 *  Prints `{"p50","p99","floor99","loadedS"}`, delays in ms. The floor reads the line's JSON and finds one invoice by its id. */
const size = Number(process.argv[2])
const LINES = 3_000
const PASSES = 3

const startedAt = performance.now()
const invoices = Array.from({ length: size }, (_, at) => toInvoice(asRow(parseExact(invoiceLine(at, size)))))
const book = prepare(invoices, [])
const loadedS = (performance.now() - startedAt) / 1000

/** Lines from all over the book. */
const sources = Array.from({ length: LINES }, (_, at) => transactionLine(at, (at * 104_729) % size, size))
const rowOf = (at: number) => toTransaction(asRow(parseExact(sources[at] ?? '')))

const floors = quickestOf(PASSES, LINES, (at) => {
  const from = performance.now()
  rowOf(at)
  book.invoices.get(invoices[(at * 104_729) % size]?.id ?? '')
  return performance.now() - from
})
const delays = quickestOf(PASSES, LINES, (at) => {
  const from = performance.now()
  matchWith(book, [rowOf(at)], defaultPolicy)
  return performance.now() - from
})
console.log(
  JSON.stringify({
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    floor99: percentile(floors, 0.99),
    loadedS,
  }),
)
