import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { Command, Option } from 'commander'
import { AppError } from '../base/errors.ts'
import { formatAmount } from '../base/money.ts'
import { readCurrency } from './inspect-statement.ts'
import { progressOn } from './progress.ts'
import { type Books, openBooks, type Printed, printing, type ReconcileOptions, readBooks } from './reconcile-books.ts'
import { lookTogether, startHelper } from './reconcile-helper.ts'
import { newCounter } from './shared-lines.ts'
import { OUTPUT_FORMATS, verdictWriter } from './verdict-output.ts'

/** `payymo reconcile`: the engine of the server on files, without a server (contract 5). */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description('Says which invoices the lines of a bank statement pay, how sure that is, and why. Changes nothing.')
    .requiredOption('--transactions <file>', 'bank lines: CAMT, MT940, OFX, CSV, or JSON lines')
    .requiredOption('--invoices <file>', 'invoices: CSV, WHMCS GetInvoices JSON, or JSON lines')
    .option('--history <file>', 'past decisions: JSON lines')
    .addOption(new Option('--format <format>', 'what to print').choices(OUTPUT_FORMATS).default('table'))
    .addOption(new Option('--scorer <scorer>', 'how to judge').choices(['calibrated', 'rules']).default('calibrated'))
    .option('--currency <code>', 'currency of a statement that does not name it', readCurrency)
    .action(async (options: ReconcileOptions) => {
      await reconcile(options, process.stdout, process.stderr)
    })
}

/** Reads the files, decides, writes one verdict per line in the order of the input to `out`, and to `notes` the rows that could
 *  not be used and a summary. Throws `validation_failed` with one sentence when a file cannot be used at all. */
export async function reconcile(
  options: ReconcileOptions,
  out: Writable,
  notes: Writable,
  helping: { bytesMin?: number; processors?: number } = {},
): Promise<void> {
  const counter = newCounter()
  const helper = await startHelper(options, counter, helping)
  try {
    const progress = progressOn(notes)
    const books = await readBooks(options, progress)
    progress.done()
    const { faults, transactions, invoices } = books
    for (const one of faults) notes.write(one.text())
    const [ofBank, ofBook] = faults
    if (transactions.length === 0 && ofBank !== undefined && ofBank.count > 0)
      throw new AppError('validation_failed', `${options.transactions}: no line of the file could be used.`)
    if (invoices.length === 0 && ofBook !== undefined && ofBook.count > 0)
      throw new AppError('validation_failed', `${options.invoices}: no invoice of the file could be used.`)
    progress.say(`deciding about ${transactions.length} bank lines`)
    const run = await openBooks(books, options)
    const tell = printing(books, options)
    const { nothingToSay, settle } = await import('../matching/index.ts')
    const before = helper === null ? {} : await lookTogether(run, tell, counter, helper)
    const printed = settle(run, tell, before)
    const verdicts = transactions.map((one) => printed.get(one) ?? tell(one, nothingToSay(one)))
    progress.done()
    await write(out, options, books, verdicts)
    notes.write(
      summary(
        books,
        verdicts,
        faults.reduce((sum, { count }) => sum + count, 0),
      ),
    )
  } finally {
    await helper?.end()
  }
}

const CHUNK_CHARACTERS = 256 * 1024

/** In chunks, waiting for a slow reader: a million verdicts are more than fits into a pipe. */
async function write(
  out: Writable,
  { format }: ReconcileOptions,
  { invoices }: Books,
  verdicts: readonly Printed[],
): Promise<void> {
  const { head, separator, tail } = verdictWriter(format, invoices)
  let chunk = head
  for (const [at, { text }] of verdicts.entries()) {
    chunk += at === 0 ? text : separator + text
    if (chunk.length < CHUNK_CHARACTERS) continue
    if (!out.write(chunk)) await once(out, 'drain')
    chunk = ''
  }
  out.write(verdicts.length === 0 && format !== 'json' ? chunk : chunk + tail)
}

function summary({ transactions }: Books, verdicts: readonly Printed[], faults: number): string {
  const count = (decision: Printed['decision']) => verdicts.filter((verdict) => verdict.decision === decision).length
  const debits = transactions.filter((transaction) => transaction.direction === 'debit').length
  const sums = new Map<string, bigint>()
  verdicts.forEach((verdict, at) => {
    if (verdict.decision !== 'auto') return
    const { currency, amountMinor } = transactions[at]!
    sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor)
  })
  const money = [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, sum]) => `${formatAmount(sum, code)} ${code}`)
  const parts = [
    `${verdicts.length} bank ${verdicts.length === 1 ? 'line' : 'lines'}: ${count('auto')} sure${money.length > 0 ? ` (${money.join(', ')})` : ''}`,
    `${count('review')} to be looked at`,
    `${count('none')} without an invoice${debits > 0 ? ` (${debits} of them money out)` : ''}`,
  ]
  return `${parts.join(', ')}.${faults > 0 ? ` ${faults} ${faults === 1 ? 'row' : 'rows'} of the files could not be used, see above.` : ''}\n`
}
