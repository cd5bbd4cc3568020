import { AppError } from '../base/errors.ts'
import { type DecimalSign, possibleDecimals, readCell } from './csv-amounts.ts'
import { type Chain, followBalances } from './csv-balance.ts'
import type { Roles } from './csv-roles.ts'
import { type Moved, signReadings } from './csv-signs.ts'
import { nameOf, type Row, type Table } from './csv-table.ts'
import type { Reading } from './reading.ts'

export interface Money {
  moved: Moved
  balances: Moved
  /** The running balance of the whole file; null where there is none. */
  chain: Chain | null
  decimal: DecimalSign
}

/** What each row moved, in the reading that the running balance proves, else in the likeliest. */
export function readMoney(rows: Row[], currencies: string[], roles: Roles, table: Table, reading: Reading): Money {
  const { mapping, progress } = reading
  const columns = roles.money
  const currency = currencies.find((code) => code !== '') ?? ''
  const cellsOf = (column: number) =>
    rows.map((row) => {
      progress()
      return row.cells[column] ?? ''
    })
  const given: DecimalSign[] | null = mapping?.decimal === ',' || mapping?.decimal === '.' ? [mapping.decimal] : null
  const decimalsOf = (column: number) => given ?? possibleDecimals(cellsOf(column), currency)
  const moneyColumns = columns.kind === 'pair' ? [columns.credit, columns.debit] : [columns.amount]
  // One bank writes one sign in both columns of a pair: each is read by its own values, an undecided one as its neighbour.
  const choices = decimalChoices(moneyColumns.map(decimalsOf))
  const moneyRows = rows.map((row, at) => ({
    cells: row.cells,
    currency: currencies[at]!,
    mark: roles.mark === null ? '' : (row.cells[roles.mark] ?? ''),
  }))
  const balanceOwn = roles.balance === null ? [] : decimalsOf(roles.balance)
  const balanceChoices: DecimalSign[] = roles.balance !== null && balanceOwn.length === 0 ? ['.'] : balanceOwn
  let first: Money | null = null
  for (const decimals of choices) {
    let rank = 0
    for (const moved of signReadings(moneyRows, columns, decimals)) {
      for (const decimal of balanceChoices) {
        const balances = cellsOf(roles.balance!).map((cell, at) => signed(readCell(cell, decimal, currencies[at]!)))
        const chain = followBalances(
          moved.map((one, at) => ({ movedMinor: one, balanceMinor: balances[at]!, day: null })),
        )
        first ??= { moved, balances, chain, decimal: decimals[0]! }
        if (chain.breaks === 0 && chain.links >= (rank === 0 ? 1 : 2))
          return { moved, balances, chain, decimal: decimals[0]! }
      }
      first ??= { moved, balances: moved.map(() => null), chain: null, decimal: decimals[0]! }
      if (roles.balance === null) break
      rank++
    }
  }
  if (choices.length > 1) throw undecidedDecimal(table, moneyColumns[0]!, cellsOf(moneyColumns[0]!))
  return first!
}

function decimalChoices(perColumn: DecimalSign[][]): DecimalSign[][] {
  const decided = perColumn.find((choices) => choices.length === 1)?.[0]
  const isOpen = decided === undefined && perColumn.some((choices) => choices.length > 1)
  const choices: DecimalSign[] = isOpen ? ['.', ','] : [decided ?? '.']
  return choices.map((sign) => perColumn.map((own) => (own.length === 1 ? own[0]! : sign)))
}

const signed = (cell: ReturnType<typeof readCell>): bigint | null =>
  cell === null ? null : cell.sign === '-' || cell.mark === 'debit' ? -cell.amountMinor : cell.amountMinor

function undecidedDecimal(table: Table, column: number, cells: string[]): AppError {
  const example = cells.find((cell) => possibleDecimals([cell], '').length > 1) ?? cells[0] ?? ''
  return new AppError(
    'validation_failed',
    `Column "${nameOf(table, column)}" can be read with either decimal sign, as in "${example.trim().slice(0, 30)}": say mapping.decimal "." or ",".`,
    { details: [{ field: 'mapping.decimal', issue: 'This field is required' }] },
  )
}
