import { AppError } from '../base/errors.ts'
import type { DecimalSign } from './csv-amounts.ts'
import type { Chain } from './csv-balance.ts'
import { currencyInHeader } from './csv-columns.ts'
import { DAY_FORMATS, type DayOrder, dayReader, orderOf, possibleOrders } from './csv-days.ts'
import type { Roles } from './csv-roles.ts'
import { nameOf, type Row, type Table } from './csv-table.ts'
import { ibanIn } from './iban.ts'
import type { Reading } from './reading.ts'
import type { CsvMapping } from './types.ts'

/** The order of day and month of the date column. When its values allow both, the running balance may prove the order of the
 *  rows, and with it the one order under which the days rise or fall with them. */
export function dayOrder(
  rows: Row[],
  roles: Roles,
  table: Table,
  mapping: CsvMapping | null,
  chain: Chain | null,
): DayOrder {
  if (mapping?.date_format !== undefined) {
    const order = orderOf(mapping.date_format)
    if (order !== null) return order
    throw new AppError(
      'validation_failed',
      `mapping.date_format "${mapping.date_format.slice(0, 30)}" names no order of day, month and year.`,
    )
  }
  const cells = rows.map((row) => row.cells[roles.date] ?? '')
  const orders = possibleOrders(cells)
  if (orders.length === 1) return orders[0]!
  if (chain !== null && chain.breaks === 0 && chain.links > 1) {
    const sorted = orders.filter((order) => {
      const days = cells.map(dayReader(order)).filter((day) => day !== null)
      return days.every((day, at) => at === 0 || (chain.order === 'up' ? day <= days[at - 1]! : day >= days[at - 1]!))
    })
    if (sorted.length === 1) return sorted[0]!
  }
  throw new AppError(
    'validation_failed',
    `Column "${nameOf(table, roles.date)}" can be read day first or month first, as in "${cells[0]?.trim().slice(0, 30)}": say mapping.date_format DD/MM/YYYY or MM/DD/YYYY.`,
    { details: [{ field: 'mapping.date_format', issue: 'This field is required' }] },
  )
}

/** The value days, in the order that their own column shows, else in that of the booking days. */
export function valueDays(rows: Row[], roles: Roles, order: DayOrder): (string | null)[] {
  const { valueDate } = roles
  if (valueDate === null) return rows.map(() => null)
  const cells = rows.map((row) => row.cells[valueDate] ?? '')
  const orders = possibleOrders(cells)
  return cells.map(dayReader(orders.length === 1 ? orders[0]! : order))
}

/** The currency that a header, the lines above it, the caller, or else the kind of account names; empty when none does. */
export function fileCurrency(table: Table, roles: Roles, reading: Reading): string {
  const columns = roles.money.kind === 'pair' ? [roles.money.credit, roles.money.debit] : [roles.money.amount]
  for (const column of columns) {
    const code = currencyInHeader(table.header.cells[column] ?? '')
    if (code !== null) return code
  }
  const named = new Set(
    table.preamble.flatMap((row) => row.cells.map(currencyInHeader)).filter((code) => code !== null),
  )
  if (named.size === 1) return [...named][0]!
  const account = roles.account === null ? preambleAccount(table) : table.rows[0]?.cells[roles.account]
  return reading.currency ?? currencyOfAccount(account ?? '')
}

const EURO_COUNTRIES = new Set('AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK'.split(' '))

/** What an account is kept in when nobody says otherwise: a British sort code means pounds, an IBAN of the euro area euros.
 *  Elsewhere accounts in foreign currency are too common to say. */
function currencyOfAccount(account: string): string {
  if (/^\s*\d\d-\d\d-\d\d\s+\d{8}\s*$/.test(account)) return 'GBP'
  const iban = ibanIn(account)
  return iban !== null && EURO_COUNTRIES.has(iban.slice(0, 2)) ? 'EUR' : ''
}

/** The one IBAN that stands above the header. */
export function preambleAccount(table: Table): string | null {
  const found = new Set(table.preamble.flatMap((row) => row.cells.map(ibanIn)).filter((iban) => iban !== null))
  return found.size === 1 ? [...found][0]! : null
}

export function usedMapping(table: Table, roles: Roles, order: DayOrder, decimal: DecimalSign): CsvMapping {
  const name = (column: number | null) => (column === null ? undefined : nameOf(table, column))
  const { money } = roles
  const mapping: CsvMapping = {
    date: nameOf(table, roles.date),
    ...(money.kind === 'pair'
      ? { credit: nameOf(table, money.credit), debit: nameOf(table, money.debit) }
      : { amount: nameOf(table, money.amount) }),
    ...(roles.description.length > 0
      ? { description: roles.description.map((column) => nameOf(table, column)).join(' + ') }
      : {}),
    date_format: DAY_FORMATS[order],
    decimal,
    delimiter: table.delimiter,
  }
  const optional = {
    reference: name(roles.reference),
    counterparty_name: name(roles.name),
    counterparty_iban: name(roles.iban),
    currency: name(roles.currency),
  }
  for (const [key, value] of Object.entries(optional)) if (value !== undefined) mapping[key as keyof CsvMapping] = value
  return mapping
}
