import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { Command, Option } from 'commander'
import { AppError } from '../base/errors.ts'
import { formatAmount } from '../base/money.ts'
import type { MatchInvoice, MatchPolicy, MatchTransaction, Verdict } from '../matching/index.ts'
import { fileFault } from './file-fault.ts'
import { readHistory } from './history-file.ts'
import { readCurrency } from './inspect-statement.ts'
import { readInvoices } from './invoice-file.ts'
import { progressOn } from './progress.ts'
import { readTransactions } from './transaction-file.ts'
import { OUTPUT_FORMATS, type OutputFormat, verdictWriter } from './verdict-output.ts'

interface ReconcileOptions {
  transactions: string
  invoices: string
  history?: string
  format: OutputFormat
  scorer: MatchPolicy['scorer']
  currency?: string
}

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
export async function reconcile(options: ReconcileOptions, out: Writable, notes: Writable): Promise<void> {
  const progress = progressOn(notes)
  const book = await named(options.invoices, () => readInvoices(options.invoices, progress.count('invoices')))
  const past =
    options.history === undefined
      ? null
      : await named(options.history, () => readHistory(options.history!, progress.count('past decisions')))
  const currency = options.currency ?? onlyCurrency(book.invoices)
  const bank = await named(options.transactions, () =>
    readTransactions(options.transactions, currency, progress.count('bank lines')),
  )
  const faults = [bank.faults, book.faults, ...(past === null ? [] : [past.faults])]
  progress.done()
  for (const one of faults) notes.write(one.text())
  if (bank.transactions.length === 0 && bank.faults.count > 0) {
    throw new AppError('validation_failed', `${options.transactions}: no line of the file could be used.`)
  }
  if (book.invoices.length === 0 && book.faults.count > 0) {
    throw new AppError('validation_failed', `${options.invoices}: no invoice of the file could be used.`)
  }

  progress.say(`deciding about ${bank.transactions.length} bank lines`)
  const { defaultPolicy, matchAll } = await import('../matching/index.ts')
  const policy: MatchPolicy = { ...defaultPolicy, scorer: options.scorer, acrossCurrencies: true }
  const verdicts = matchAll({
    transactions: bank.transactions,
    invoices: book.invoices,
    history: past?.history ?? [],
    policy,
  })
  progress.done()
  await write(out, options.format, bank.transactions, verdicts, book.invoices)
  notes.write(
    summary(
      bank.transactions,
      verdicts,
      faults.reduce((sum, one) => sum + one.count, 0),
    ),
  )
}

/** Faults of a file carry its name. */
async function named<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof AppError && error.message.startsWith(`${file}: `)) throw error
    throw fileFault(file, error)
  }
}

function onlyCurrency(invoices: readonly MatchInvoice[]): string | null {
  const first = invoices[0]?.currency ?? null
  return first !== null && invoices.every((invoice) => invoice.currency === first) ? first : null
}

const CHUNK_CHARACTERS = 256 * 1024

/** In chunks, waiting for a slow reader: a million verdicts are more than fits into a pipe. */
async function write(
  out: Writable,
  format: OutputFormat,
  transactions: readonly MatchTransaction[],
  verdicts: readonly Verdict[],
  invoices: readonly MatchInvoice[],
): Promise<void> {
  const writer = verdictWriter(format, invoices)
  let chunk = writer.head
  for (const [at, verdict] of verdicts.entries()) {
    chunk += (at === 0 ? '' : writer.separator) + writer.line(transactions[at]!, verdict)
    if (chunk.length < CHUNK_CHARACTERS) continue
    if (!out.write(chunk)) await once(out, 'drain')
    chunk = ''
  }
  out.write(verdicts.length === 0 && format !== 'json' ? chunk : chunk + writer.tail)
}

function summary(transactions: readonly MatchTransaction[], verdicts: readonly Verdict[], faults: number): string {
  const count = (decision: Verdict['decision']) => verdicts.filter((verdict) => verdict.decision === decision).length
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
  return `${parts.join(', ')}.${faults > 0 ? ` ${faults} rows of the files could not be used, see above.` : ''}\n`
}
