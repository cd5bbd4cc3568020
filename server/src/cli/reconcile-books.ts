import { AppError } from '../base/errors.ts'
import type { Run, Tell } from '../matching/index.ts'
import type { MatchInvoice, MatchPolicy, MatchTransaction, PastDecision, Verdict } from '../matching/index.ts'
import { fileFault } from './file-fault.ts'
import { readHistory } from './history-file.ts'
import { readInvoices } from './invoice-file.ts'
import type { Progress } from './progress.ts'
import type { RowFaults } from './row-faults.ts'
import { readTransactions } from './transaction-file.ts'
import { type OutputFormat, verdictWriter } from './verdict-output.ts'

export interface ReconcileOptions {
  transactions: string
  invoices: string
  history?: string
  format: OutputFormat
  scorer: MatchPolicy['scorer']
  currency?: string
}

/** What the files hold, in the order of the files. */
export interface Books {
  transactions: MatchTransaction[]
  invoices: MatchInvoice[]
  history: PastDecision[]
  faults: RowFaults[]
}

/** Throws `validation_failed` with one sentence when a file cannot be read at all. */
export async function readBooks(options: ReconcileOptions, progress: Progress): Promise<Books> {
  const book = await named(options.invoices, () => readInvoices(options.invoices, progress.count('invoices')))
  const past =
    options.history === undefined
      ? null
      : await named(options.history, () =>
          readHistory(options.history!, book.invoices, progress.count('past decisions')),
        )
  const currency = options.currency ?? onlyCurrency(book.invoices)
  const bank = await named(options.transactions, () =>
    readTransactions(options.transactions, currency, progress.count('bank lines')),
  )
  return {
    transactions: bank.transactions,
    invoices: book.invoices,
    history: past?.history ?? [],
    faults: [bank.faults, book.faults, ...(past === null ? [] : [past.faults])],
  }
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

/** What is kept of a verdict until it is printed: the text itself, which takes the least room. */
export interface Printed {
  decision: Verdict['decision']
  text: string
}

/** The run of the engine over the books. */
export async function openBooks(books: Books, options: ReconcileOptions): Promise<Run> {
  const { defaultPolicy, openRun, prepare } = await import('../matching/index.ts')
  const policy: MatchPolicy = { ...defaultPolicy, scorer: options.scorer, acrossCurrencies: true }
  return openRun(prepare(books.invoices, books.history), books.transactions, policy)
}

/** How a verdict is printed in the format that was asked for. */
export function printing({ invoices }: Books, { format }: ReconcileOptions): Tell<Printed> {
  const writer = verdictWriter(format, invoices)
  return (transaction, verdict) => ({ decision: verdict.decision, text: writer.line(transaction, verdict) })
}
