import { AppError } from '../base/errors.ts'
import { isCurrency } from '../base/money.ts'
import type { AccountPart } from './account-parts.ts'
import { looksLikeAmount } from './csv-amounts.ts'
import { followBalances } from './csv-balance.ts'
import { headerScore, plainName } from './csv-columns.ts'
import { dayReader, looksLikeDay } from './csv-days.ts'
import { dayOrder, fileCurrency, preambleAccount, usedMapping, valueDays } from './csv-file.ts'
import { type Money, readMoney } from './csv-money.ts'
import { type Roles, recogniseRoles } from './csv-roles.ts'
import { type HeaderSought, readTable, type Row } from './csv-table.ts'
import { cleanText } from './decode-text.ts'
import { ibanIn } from './iban.ts'
import type { Parsed, Reading } from './reading.ts'
import type { CsvMapping, StatementEntry } from './types.ts'

/** Words by which banks mark rows that are not booked, or never will be. */
const NOT_BOOKED =
  /vorgemerkt|ausstehend|in bearbeitung|pending|authori[sz]ed|declined|failed|reverted|cancel|rejected|en attente|pendiente|in attesa|in behandeling|oczekuj|w toku|reserve|ventende|vantande/i

/** Reads a CSV statement of any bank. Order of day and month, decimal sign and meaning of the signs belong to the column and
 *  are decided once for it, by its own values and by the running balance where there is one. A column that can be read in
 *  two ways is refused (`validation_failed`) until `mapping.date_format` or `mapping.decimal` says which. */
export function readCsv(text: string, reading: Reading): Parsed {
  const { mapping } = reading
  const table = readTable(text, headerOf(mapping), reading.progress)
  const roles = recogniseRoles(table, mapping)
  const rows = table.rows.filter((row) => !repeatsHeader(row, table.header) && isBooked(row, roles))
  const currency = fileCurrency(table, roles, reading)
  const currencies = rows.map((row) => rowCurrency(row, roles, currency))
  const money = readMoney(rows, currencies, roles, table, reading)
  const order = dayOrder(rows, roles, table, mapping, money.chain)
  const days = rows.map((row) => row.cells[roles.date] ?? '').map(dayReader(order))
  const valued = valueDays(rows, roles, order)

  const rejected: Parsed['rejected'] = []
  const groups = new Map<string, { part: AccountPart; rows: number[] }>()
  const fileAccount = roles.account === null ? preambleAccount(table) : null
  rows.forEach((row, at) => {
    reading.progress()
    const account = roles.account === null ? fileAccount : cleanText(row.cells[roles.account] ?? '') || null
    const key = `${account}|${currencies[at]}`
    const group = groups.get(key) ?? { part: newPart(account, currencies[at]!, row.line), rows: [] }
    groups.set(key, group)
    group.rows.push(at)
    const read = toEntry(row, roles, { bookedOn: days[at]!, valueOn: valued[at]! }, money.moved[at]!, currencies[at]!)
    if (typeof read === 'string') rejected.push({ line: row.line, reason: read })
    else group.part.entries.push(read)
  })
  const parts = [...groups.values()]
    .filter(({ part }) => part.entries.length > 0)
    .map((group) => withChain(group, money, days))
  if (parts.length === 0) {
    const why = rejected[0] === undefined ? 'it has no rows' : `line ${rejected[0].line}: ${rejected[0].reason}`
    throw new AppError('validation_failed', `The file was taken for CSV, but no row of it could be read (${why}).`)
  }
  return { format: 'csv', parts, rejected, mapping: usedMapping(table, roles, order, money.decimal) }
}

const newPart = (account: string | null, currency: string, line: number): AccountPart => ({
  account: account === null ? null : (ibanIn(account) ?? account),
  currency: currency === '' ? null : currency,
  id: '',
  entries: [],
  openingMinor: null,
  closingMinor: null,
  openedOn: null,
  line,
})

function toEntry(
  row: Row,
  roles: Roles,
  days: { bookedOn: string | null; valueOn: string | null },
  moved: bigint | null,
  currency: string,
): StatementEntry | string {
  const cell = (column: number | null) => (column === null ? '' : cleanText(row.cells[column] ?? ''))
  const code = cell(roles.currency)
  // A sign or a word may stand for the account's currency; three letters name another one, of which nobody knows the decimals.
  if (/^[A-Z]{3}$/.test(code) && !isCurrency(code)) return `"${code}" is no currency.`
  if (days.bookedOn === null) return `"${cell(roles.date).slice(0, 40)}" is not a day.`
  if (moved === null) {
    const columns = roles.money.kind === 'pair' ? [roles.money.credit, roles.money.debit] : [roles.money.amount]
    return `"${columns.map(cell).join(' ').trim().slice(0, 40)}" is not an amount${currency === '' ? '' : ` in ${currency}`}.`
  }
  if (moved === 0n) return 'The amount is not above zero.'
  const told = roles.description.map((column) => row.cells[column] ?? '').join(' ')
  // Barclays prints payer, tab and text in one field.
  const tab = roles.name === null ? told.indexOf('\t') : -1
  const description = cleanText(told.slice(tab + 1)) || cleanText(told)
  const reference = cell(roles.reference)
  return {
    line: row.line,
    amountMinor: moved < 0n ? -moved : moved,
    currency,
    direction: moved < 0n ? 'debit' : 'credit',
    bookedOn: days.bookedOn,
    valueOn: days.valueOn,
    reference: /^(notprovided|nonref)?$/i.test(reference) ? description : reference,
    description,
    counterparty: { name: tab > 0 ? cleanText(told.slice(0, tab)) : cell(roles.name), iban: ibanIn(cell(roles.iban)) },
    bankIds: [],
  }
}

/** One account of the file with its balances checked row by row. */
function withChain(group: { part: AccountPart; rows: number[] }, money: Money, days: (string | null)[]): AccountPart {
  const chain = followBalances(
    group.rows.map((at) => ({ movedMinor: money.moved[at]!, balanceMinor: money.balances[at]!, day: days[at]! })),
  )
  return {
    ...group.part,
    openingMinor: chain.openingMinor,
    closingMinor: chain.closingMinor,
    rowCheck: { check: chain.check, differenceMinor: chain.differenceMinor },
  }
}

/** The header of a statement: it names a day and money, or all the columns of a given mapping. */
function headerOf(mapping: CsvMapping | null): HeaderSought {
  if (mapping === null) return { score: headerScore, what: 'a day and an amount', isData }
  const names = [mapping.date, mapping.amount, mapping.credit, mapping.debit].filter((name) => name !== undefined)
  const score = (cells: string[]) => {
    const found = new Set(cells.flatMap((cell) => [cell.trim(), plainName(cell)]))
    return names.every((name) => found.has(name.trim()) || found.has(plainName(name))) ? 1 : 0
  }
  const { delimiter } = mapping
  return {
    score,
    what: `the columns of the mapping (${names.join(', ')})`,
    ...(delimiter === undefined ? {} : { delimiter }),
  }
}

const isData = (cells: string[]): boolean =>
  cells.length > 2 && cells.some(looksLikeDay) && cells.some((cell) => !looksLikeDay(cell) && looksLikeAmount(cell))

const repeatsHeader = (row: Row, header: Row): boolean =>
  row.cells.length === header.cells.length && row.cells.every((cell, at) => cell.trim() === header.cells[at]!.trim())

const isBooked = (row: Row, roles: Roles): boolean =>
  roles.status === null || !NOT_BOOKED.test(row.cells[roles.status] ?? '')

const rowCurrency = (row: Row, roles: Roles, otherwise: string): string => {
  const code = roles.currency === null ? '' : (row.cells[roles.currency]?.trim().toUpperCase() ?? '')
  return isCurrency(code) ? code : otherwise
}
