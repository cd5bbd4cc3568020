import { AppError } from '../base/errors.ts'
import { plainName, readTable, possibleDecimals, possibleOrders, readCell, readDay } from '../statements/index.ts'
import { formatAmount, isCurrency } from '../base/money.ts'
import type { Row } from './row-fields.ts'

/** Column names by field: ours, those of the WHMCS export, and what other billing programs print. In the form of `plainName`. */
const COLUMNS = {
  id: 'id; invoice id; invoiceid; rechnungs id',
  number:
    'number; invoice number; invoice no; invoice; invoicenum; invoice num; rechnungsnummer; rechnung nr; rechnungs nr; belegnummer; factuurnummer; numero de facture; numero factura; numero fattura',
  total:
    'total; total amount; amount; gross; brutto; betrag; rechnungsbetrag; gesamtbetrag; summe; totaal; montant; importe; importo',
  balance:
    'balance; balance due; amount due; due; open amount; outstanding; offen; offener betrag; restbetrag; saldo; openstaand',
  currency: 'currency; currency code; currencycode; ccy; wahrung; waehrung; valuta; devise; moneda',
  date: 'date; invoice date; issued on; date created; created; issue date; datum; rechnungsdatum; factuurdatum; fecha; data',
  due_date:
    'due date; duedate; due on; date due; falligkeitsdatum; faellig am; fallig am; vervaldatum; echeance; vencimiento; scadenza',
  status: 'status; state; zustand; estado; stato',
  client_id: 'client id; clientid; userid; user id; customer id; kundennummer; kunden id; klantnummer',
  client_name: 'client name; client; customer; customer name; name; kunde; kundenname; klant; cliente',
  company: 'company; company name; companyname; client company; firma; bedrijf; societe; empresa; azienda',
  email: 'email; e mail; client email; mail',
  description: 'description; items; item; beschreibung; omschrijving; descripcion; descrizione; notes',
} as const

type Field = keyof typeof COLUMNS

/** Reads a CSV of invoices and hands each row over in the shape of JSON lines. Needs a column for the id or the number, one for
 *  the currency, and one for total or balance. Decimal sign and order of days belong to the column, as in statements. Throws
 *  `validation_failed` naming the file and what is missing. */
export function readInvoiceTable(file: string, source: string, take: (line: number, row: Row) => void): void {
  const table = readTable(source, { score: headerScore, what: 'the columns of invoices' }, () => {})
  const header = table.header.cells
  const columns = Object.fromEntries(
    Object.entries(COLUMNS).map(([field, names]) => [field, columnOf(names, header)]),
  ) as Record<Field, number>
  const missing = [
    columns.id === -1 && columns.number === -1 ? 'id (or number)' : '',
    columns.currency === -1 && currencyOfAll(header) === '' ? 'currency' : '',
    columns.total === -1 && columns.balance === -1 ? 'total (or balance)' : '',
  ].filter((name) => name !== '')
  if (missing.length > 0) {
    throw new AppError(
      'validation_failed',
      `${file}: line ${table.header.line} names no column for ${missing.join(', ')}. Its columns: ${header.join(', ').slice(0, 300)}.`,
    )
  }
  const cell = (cells: string[], field: Field) => (columns[field] === -1 ? '' : (cells[columns[field]]?.trim() ?? ''))
  const amounts = amountReader(
    file,
    table.rows.map((row) => row.cells),
    columns,
    header,
  )
  const days = dayReader(
    file,
    table.rows.map((row) => row.cells),
    columns,
    header,
  )
  for (const { cells, line } of table.rows) {
    const code = (cell(cells, 'currency') || currencyOfAll(header)).toUpperCase()
    take(line, {
      id: cell(cells, 'id') || cell(cells, 'number'),
      number: columns.id === -1 ? '' : cell(cells, 'number'),
      currency: code,
      total: amounts(cells, 'total', code),
      balance: amounts(cells, 'balance', code),
      date: days(cells, 'date'),
      due_date: days(cells, 'due_date'),
      status: cell(cells, 'status'),
      client: {
        id: cell(cells, 'client_id'),
        name: cell(cells, 'client_name'),
        company: cell(cells, 'company'),
        email: cell(cells, 'email'),
      },
      items: cell(cells, 'description') === '' ? [] : [{ description: cell(cells, 'description') }],
    })
  }
}

/** A header names at least two of the columns. */
function headerScore(cells: string[]): number {
  const found = Object.values(COLUMNS).filter((names) => columnOf(names, cells) !== -1).length
  return found < 2 ? 0 : found
}

function columnOf(names: string, header: string[]): number {
  const plain = header.map((name) => plainName(name))
  for (const name of names.split('; ')) {
    const column = plain.indexOf(name)
    if (column !== -1) return column
  }
  return -1
}

/** The currency that the amount columns name, as in "Total (EUR)". */
function currencyOfAll(header: string[]): string {
  const codes = new Set(
    header.flatMap((name) => name.split(/[^A-Za-z]+/)).filter((word) => /^[A-Z]{3}$/.test(word) && isCurrency(word)),
  )
  return codes.size === 1 ? [...codes][0]! : ''
}

type CellReader = (cells: string[], field: Field, currency?: string) => string

/** Amounts as plain decimals; a cell that holds none is passed on as it stands and refused with its row. */
function amountReader(
  file: string,
  rows: string[][],
  columns: Record<Field, number>,
  header: string[],
): (cells: string[], field: 'total' | 'balance', currency: string) => string {
  const signs = (['total', 'balance'] as const).map((field) =>
    possibleDecimals(
      rows.map((cells) => cells[columns[field]] ?? '').filter((text) => text.trim() !== ''),
      '',
    ),
  )
  const decided = signs.find((choices) => choices.length === 1)?.[0]
  if (decided === undefined && signs.some((choices) => choices.length > 1)) {
    throw new AppError(
      'validation_failed',
      `${file}: the amounts in "${header[columns.total] ?? header[columns.balance]}" can be read with either decimal sign.`,
    )
  }
  return (cells, field, currency) => {
    const source = columns[field] === -1 ? '' : (cells[columns[field]]?.trim() ?? '')
    const own = signs[field === 'total' ? 0 : 1]!
    const read = readCell(source, (own.length === 1 ? own[0] : decided) ?? '.', currency)
    return read === null ? source : formatAmount(read.sign === '-' ? -read.amountMinor : read.amountMinor, currency)
  }
}

function dayReader(file: string, rows: string[][], columns: Record<Field, number>, header: string[]): CellReader {
  const orders = (['date', 'due_date'] as const).map((field) => {
    const cells =
      columns[field] === -1
        ? []
        : rows.map((row) => row[columns[field]]?.trim() ?? '').filter((text) => text !== '' && !text.startsWith('0000'))
    return cells.length === 0 ? [] : possibleOrders(cells)
  })
  const decided = orders.find((choices) => choices.length === 1)?.[0]
  if (decided === undefined && orders.some((choices) => choices.length > 1)) {
    throw new AppError(
      'validation_failed',
      `${file}: the days in "${header[columns.date] ?? header[columns.due_date]}" can be read day first or month first; write them as 2026-03-31.`,
    )
  }
  return (cells, field) => {
    const source = columns[field] === -1 ? '' : (cells[columns[field]]?.trim() ?? '')
    const own = orders[field === 'date' ? 0 : 1]!
    return readDay(source, (own.length === 1 ? own[0] : decided) ?? 'ymd') ?? source
  }
}
