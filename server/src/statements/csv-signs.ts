import { type CellAmount, type DecimalSign, markOf, readCell } from './csv-amounts.ts'

/** The columns that hold money, by index. */
export type MoneyColumns =
  | { kind: 'one'; amount: number; fee: number | null }
  | { kind: 'pair'; credit: number; debit: number }

/** What a row moved, positive for money in: null where its cells cannot be read, 0n where they are empty or nought. */
export type Moved = (bigint | null)[]

export interface MoneyRow {
  cells: string[]
  currency: string
  mark: string
}

/** All readings of the signs that occur in practice, the likeliest first. Without a running balance the first one counts; with
 *  one, the first that the balances prove. One at a time, as a file may have a million rows. */
export function* signReadings(rows: MoneyRow[], columns: MoneyColumns, decimals: DecimalSign[]): Generator<Moved> {
  if (columns.kind === 'pair') yield* pairReadings(rows, columns, decimals)
  else yield* oneReadings(rows, columns, decimals[0]!)
}

function* oneReadings(
  rows: MoneyRow[],
  columns: { amount: number; fee: number | null },
  decimal: DecimalSign,
): Generator<Moved> {
  const read = (row: MoneyRow) => readCell(row.cells[columns.amount] ?? '', decimal, row.currency)
  const hasMinus = rows.some((row) => {
    const cell = read(row)
    return cell?.sign === '-' && cell.amountMinor !== 0n
  })
  const signed = rows.map((row) => signedCell(read(row), hasMinus ? null : markOf(row.mark)))
  yield signed
  if (columns.fee !== null) {
    const fees = rows.map(
      (row) => signedCell(readCell(row.cells[columns.fee!] ?? '', decimal, row.currency), null) ?? 0n,
    )
    yield signed.map((moved, at) => (moved === null ? null : moved - fees[at]!))
    yield signed.map((moved, at) => (moved === null ? null : moved + fees[at]!))
  }
  // Card exports count purchases up.
  yield signed.map((moved) => (moved === null ? null : -moved))
}

/** A minus of its own counts, then a mark in the cell (`12.00 DR`), then the marker column. */
function signedCell(cell: CellAmount | null, mark: 'credit' | 'debit' | null): bigint | null {
  if (cell === null) return null
  const isOut = cell.sign === '-' || (cell.mark ?? mark) === 'debit'
  return isOut ? -cell.amountMinor : cell.amountMinor
}

/** Two columns. Where every debit carries a minus of its own the minus is decoration; where only some do, those were taken
 *  back. The same for credits. */
function* pairReadings(
  rows: MoneyRow[],
  columns: { credit: number; debit: number },
  decimals: DecimalSign[],
): Generator<Moved> {
  const side = (column: number, decimal: DecimalSign) =>
    rows.map((row) => {
      const text = row.cells[column]?.trim() ?? ''
      return text === '' || text === '-' ? 0n : signedCell(readCell(text, decimal, row.currency), null)
    })
  const credits = side(columns.credit, decimals[0]!)
  const debits = side(columns.debit, decimals[1] ?? decimals[0]!)
  const decorated = (amounts: Moved) =>
    amounts.some((one) => one !== null && one !== 0n) && amounts.every((one) => one === null || one <= 0n)
  const combine = (creditSign: bigint, debitSign: bigint) =>
    credits.map((credit, at) =>
      credit === null || debits[at] === null ? null : credit * creditSign + debits[at]! * debitSign,
    )
  yield combine(decorated(credits) ? -1n : 1n, decorated(debits) ? 1n : -1n)
  yield combine(1n, -1n)
  yield combine(1n, 1n)
}
