import type { Writable } from 'node:stream'
import { Command, Option } from 'commander'
import { AppError } from '../base/errors.ts'
import { readCurrency } from './inspect-statement.ts'
import { progressOn } from './progress.ts'
import { openBooks, printing, type ReconcileOptions, readBooks } from './reconcile-books.ts'
import { lookTogether, startHelper } from './reconcile-helper.ts'
import { newCounter } from './shared-lines.ts'
import { OUTPUT_FORMATS, verdictWriter } from './verdict-output.ts'
import { VerdictTally } from './verdict-tally.ts'
import { writeVerdicts } from './write-verdicts.ts'

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
    progress.done()
    const tally = new VerdictTally()
    const texts = transactions.values().map((one) => {
      const { decision, text } = printed.get(one) ?? tell(one, nothingToSay(one))
      tally.add(one, decision)
      return text
    })
    await writeVerdicts(out, verdictWriter(options.format, invoices), texts)
    notes.write(tally.summary(faults.reduce((sum, { count }) => sum + count, 0)))
  } finally {
    await helper?.end()
  }
}
