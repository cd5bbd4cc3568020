import { AppError } from '../base/errors.ts'
import { isCurrency } from '../base/money.ts'
import { looksLikeAmount, markOf } from './csv-amounts.ts'
import { columnsFor, plainName, type Role } from './csv-columns.ts'
import { looksLikeDay } from './csv-days.ts'
import type { MoneyColumns } from './csv-signs.ts'
import type { Table } from './csv-table.ts'
import { ibanIn } from './iban.ts'
import type { CsvMapping } from './types.ts'

/** Which column holds what, by index. */
export interface Roles {
  date: number
  money: MoneyColumns
  valueDate: number | null
  balance: number | null
  currency: number | null
  account: number | null
  name: number | null
  iban: number | null
  description: number[]
  reference: number | null
  status: number | null
  mark: number | null
}

const SAMPLE_ROWS = 500

/** Recognises the columns by their names, checked against their values. A given mapping comes first; only what it leaves open
 *  is recognised. Throws `validation_failed` naming the columns that are missing and those that are there. */
export function recogniseRoles(table: Table, mapping: CsvMapping | null): Roles {
  const header = table.header.cells.map((cell) => cell.trim())
  const sample = table.rows.slice(0, SAMPLE_ROWS)
  const used = new Set<number>()
  const valuesOf = (column: number) =>
    sample.map((row) => row.cells[column]?.trim() ?? '').filter((value) => value !== '')
  const take = (column: number | undefined): number | null => {
    if (column === undefined) return null
    used.add(column)
    return column
  }
  const share = (column: number, suits: (value: string) => boolean) => {
    const values = valuesOf(column)
    return values.length === 0 ? 0 : values.filter(suits).length / values.length
  }
  const pick =
    (role: Role, suits: (value: string) => boolean, emptyIsFine = false) =>
    (name?: string) =>
      name !== undefined
        ? take(named(header, name))
        : take(
            columnsFor(role, header).find(
              (column) =>
                !used.has(column) && (share(column, suits) >= 0.5 || (emptyIsFine && valuesOf(column).length === 0)),
            ),
          )
  const any = () => true
  const bare = (column: number, suits: (value: string) => boolean) => !used.has(column) && share(column, suits) >= 0.8
  const columns = header.map((_, column) => column)

  const date =
    pick('date', looksLikeDay)(mapping?.date) ??
    take(table.hasHeader ? undefined : columns.find((column) => bare(column, looksLikeDay)))
  const valueDate = pick('value_date', looksLikeDay)()
  const isMoney = (value: string) => looksLikeAmount(value)
  let money = givenMoney(header, mapping)
  if (money === null) {
    const amount = pick('amount', isMoney)()
    const credit = pick('credit', isMoney, true)()
    const debit = pick('debit', isMoney, true)()
    const pairCounts = credit !== null && debit !== null && valuesOf(credit).length + valuesOf(debit).length > 0
    const amountIsSigned = amount !== null && valuesOf(amount).some((value) => /[-\u2212(]/.test(value))
    if (pairCounts && !amountIsSigned) money = { kind: 'pair', credit, debit }
    else if (amount !== null) money = { kind: 'one', amount, fee: null }
    else if (!table.hasHeader) {
      const found = columns.find((column) =>
        bare(column, (value) => isMoney(value) && !looksLikeDay(value) && /[.,]/.test(value)),
      )
      if (found !== undefined) money = { kind: 'one', amount: take(found)!, fee: null }
    }
  }
  if (date === null || money === null) throw missing(header, date === null, money === null)
  for (const column of money.kind === 'pair' ? [money.credit, money.debit] : [money.amount]) used.add(column)
  const balance =
    pick('balance', isMoney)() ?? take(table.hasHeader ? undefined : columns.find((column) => bare(column, isMoney)))
  if (money.kind === 'one') money.fee = pick('fee', isMoney)()
  const currency = pick('currency', (value) => isCurrency(value.toUpperCase()))(mapping?.currency)
  const status = pick('status', any)()
  const iban = pick('iban', any)(mapping?.counterparty_iban)
  const name = pick('name', any)(mapping?.counterparty_name)
  const description = descriptions(header, mapping?.description, (role) => pick(role, any)(), take)
  const reference = pick('reference', any)(mapping?.reference)
  let account = pick('account', any)()
  // Last, so that a text column of one-letter words is not taken for the side of the account.
  const mark =
    money.kind === 'one' ? take(columns.find((column) => bare(column, (value) => markOf(value) !== null))) : null
  let counterpartyIban = iban
  if (account === null && iban !== null && mapping?.counterparty_iban === undefined && isConstantIban(valuesOf(iban))) {
    account = iban
    counterpartyIban = null
  }
  if (!table.hasHeader && description.length === 0) {
    description.push(
      ...columns.filter((column) => !used.has(column) && share(column, (value) => /[a-z]{3}/i.test(value)) > 0.3),
    )
  }
  return {
    date,
    money,
    valueDate,
    balance,
    currency,
    account,
    name,
    iban: counterpartyIban,
    description,
    reference,
    status,
    mark,
  }
}

function givenMoney(header: string[], mapping: CsvMapping | null): MoneyColumns | null {
  if (mapping?.amount !== undefined) return { kind: 'one', amount: named(header, mapping.amount), fee: null }
  if (mapping?.credit === undefined || mapping.debit === undefined) return null
  return { kind: 'pair', credit: named(header, mapping.credit), debit: named(header, mapping.debit) }
}

/** The column of a name in a mapping. Throws `validation_failed` when there is none. */
function named(header: string[], name: string): number {
  const exact = header.indexOf(name.trim())
  const column = exact !== -1 ? exact : header.findIndex((cell) => plainName(cell) === plainName(name))
  if (column !== -1) return column
  throw new AppError(
    'validation_failed',
    `The file has no column "${name}". Its columns: ${header.join(', ').slice(0, 500)}.`,
  )
}

/** One text column, or all of a numbered series such as Omschrijving-1, -2, -3. Several names in a mapping are joined by ` + `. */
function descriptions(
  header: string[],
  given: string | undefined,
  recognise: (role: Role) => number | null,
  take: (column: number) => number | null,
): number[] {
  if (given !== undefined) return given.split(' + ').map((name) => take(named(header, name))!)
  const first = recognise('description')
  if (first === null) return []
  const stem = /^(.*?) ?\d$/.exec(plainName(header[first]!))?.[1]
  if (stem === undefined || stem === '') return [first]
  return header
    .map((name, column) => (plainName(name).replace(/ ?\d$/, '') === stem ? column : -1))
    .filter((column) => column !== -1)
    .map((column) => take(column)!)
}

/** A column named IBAN that says the same in every row is the account itself. */
const isConstantIban = (values: string[]): boolean =>
  values.length > 2 && ibanIn(values[0]!) !== null && values.every((value) => value === values[0])

function missing(header: string[], date: boolean, money: boolean): AppError {
  const what = [date ? 'the day' : '', money ? 'the amount' : ''].filter((part) => part !== '').join(' and ')
  return new AppError(
    'validation_failed',
    `No column of the CSV was recognised as ${what}. Its columns: ${header.join(', ').slice(0, 500)}. Say which in the mapping.`,
  )
}
