import { AppError } from '../base/errors.ts'
import type { MatchTransaction } from '../matching/index.ts'
import { FirstPlaces } from './first-places.ts'
import { readStatementFile } from './inspect-statement.ts'
import { headOf, isJsonHead } from './json-lines.ts'
import { eachValue } from './json-values.ts'
import { RowFaults } from './row-faults.ts'
import { amount, asRow, currency, day, neededText, type Row, RowFault, text } from './row-fields.ts'
import { entryIds } from './statement-lines.ts'

export interface TransactionFile {
  transactions: MatchTransaction[]
  faults: RowFaults
}

/** Reads bank lines: any statement format, or JSON lines in the shape of contract 5 (a list of such objects is read too). In
 *  the order of the file. `knownCurrency` is that of a statement that names none. Rows that cannot be used are named in `faults`. */
export async function readTransactions(
  file: string,
  knownCurrency: string | null,
  onRow: () => void,
): Promise<TransactionFile> {
  return isJsonHead(await headOf(file))
    ? readTransactionLines(file, onRow)
    : readTransactionStatement(file, knownCurrency)
}

async function readTransactionLines(file: string, onRow: () => void): Promise<TransactionFile> {
  const faults = new RowFaults(file)
  const transactions: MatchTransaction[] = []
  const ids = new FirstPlaces()
  const take = (value: unknown, line: number) => {
    onRow()
    try {
      const transaction = toTransaction(asRow(value))
      if (ids.knownPlace(transaction.id) !== -1)
        throw new RowFault(`The id ${JSON.stringify(transaction.id)} occurs a second time.`)
      transactions.push(transaction)
    } catch (error) {
      faults.add(line, faultOf(error))
    }
  }
  await eachValue(file, take, (line, reason) => faults.add(line, reason))
  return { transactions, faults }
}

/** A transaction in the shape of contract 5. Throws RowFault naming the field. */
export function toTransaction(row: Row): MatchTransaction {
  const id = neededText(row, 'id')
  const code = currency(row)
  const amountMinor = amount(row, 'amount', code)
  if (amountMinor === undefined) throw new RowFault('"amount" is missing.')
  if (amountMinor <= 0n) throw new RowFault('"amount" is not above zero; "direction" says which way the money went.')
  const direction = directionOf(text(row, 'direction'))
  const date = day(row, 'date')
  if (date === null) throw new RowFault('"date" is missing.')
  const payer =
    row.counterparty === undefined || row.counterparty === null ? {} : asRow(row.counterparty, '"counterparty"')
  return {
    id,
    amountMinor,
    currency: code,
    direction,
    date,
    reference: text(row, 'reference'),
    description: text(row, 'description'),
    counterparty: { name: text(payer, 'name'), iban: text(payer, 'iban') || null },
  }
}

function directionOf(written: string): MatchTransaction['direction'] {
  if (written === 'credit' || written === '') return 'credit'
  if (written === 'debit') return 'debit'
  throw new RowFault('"direction" is neither "credit" nor "debit".')
}

async function readTransactionStatement(file: string, knownCurrency: string | null): Promise<TransactionFile> {
  const statement = await readStatementFile(file, knownCurrency === null ? {} : { currency: knownCurrency })
  const faults = new RowFaults(file)
  for (const { line, reason } of statement.rejected) faults.add(line, reason)
  const ids = entryIds(statement)
  const entries = statement.accounts.flatMap((account, a) =>
    account.entries.map((entry, e) => ({ entry, id: ids[a]![e]! })),
  )
  // A CSV may mix its accounts; other formats hold one after the other.
  if (statement.format === 'csv') entries.sort((one, other) => one.entry.line - other.entry.line)
  if (entries.some(({ entry }) => entry.currency === '')) {
    throw new AppError(
      'validation_failed',
      `${file}: the file does not name its currency. Say it with --currency, for example --currency EUR.`,
    )
  }
  const transactions = entries.map(({ entry, id }) => ({
    id,
    amountMinor: entry.amountMinor,
    currency: entry.currency,
    direction: entry.direction,
    date: entry.bookedOn,
    reference: entry.reference,
    description: entry.description,
    counterparty: entry.counterparty,
  }))
  return { transactions, faults }
}

/** The sentence for a row that could not be used. A fault of our own is not one of the row. */
export function faultOf(error: unknown): string {
  if (error instanceof RowFault) return error.message
  throw error
}
