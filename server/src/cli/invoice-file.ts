import { readFile } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'
import { decodeText } from '../statements/index.ts'
import type { MatchInvoice } from '../matching/index.ts'
import { readInvoiceTable } from './invoice-csv.ts'
import { statusOf } from './invoice-status.ts'
import { beginningOf, eachLine, parseExact } from './json-lines.ts'
import { RowFaults } from './row-faults.ts'
import { amount, asRow, currency, day, neededText, type Row, RowFault, text } from './row-fields.ts'
import { faultOf } from './transaction-file.ts'
import { isWhmcsAnswer, isWhmcsRow, toWhmcsInvoice, whmcsRows } from './whmcs-invoices.ts'

export interface InvoiceFile {
  invoices: MatchInvoice[]
  faults: RowFaults
}

/** Reads invoices: JSON lines in the shape of contract 5, an answer of WHMCS `GetInvoices` (or several, one a line), or CSV. An
 *  id that occurs again counts once, as pages of a live WHMCS overlap. Rows that cannot be used are named in `faults`. Throws
 *  `validation_failed` naming file, line and missing columns when the file is none of these. */
export async function readInvoices(file: string, onRow: () => void): Promise<InvoiceFile> {
  const faults = new RowFaults(file)
  const invoices = new Map<string, MatchInvoice>()
  const keep = (line: number, read: () => MatchInvoice) => {
    onRow()
    try {
      const invoice = read()
      if (!invoices.has(invoice.id)) invoices.set(invoice.id, invoice)
      else if (!sameInvoice(invoices.get(invoice.id)!, invoice)) {
        throw new RowFault(
          `The invoice ${JSON.stringify(invoice.id)} occurs a second time with other values; the first one counts.`,
        )
      }
    } catch (error) {
      faults.add(line, faultOf(error))
    }
  }
  const first = (await beginningOf(file)).slice(0, 1)
  if (first === '' || first === '{' || first === '[') await readJson(file, first, keep)
  else {
    const bytes = await readFile(file)
    readInvoiceTable(file, decodeText(bytes), (line, row) => keep(line, () => toInvoice(row)))
  }
  return { invoices: [...invoices.values()], faults }
}

type Keep = (line: number, read: () => MatchInvoice) => void

/** Line by line where the first line is a whole value, else the file as one document. */
async function readJson(file: string, first: string, keep: Keep): Promise<void> {
  if (first === '') return
  if (first === '{' && (await firstLineIsWhole(file))) {
    await eachLine(file, (source, line) => {
      let value: unknown
      try {
        value = parseExact(source)
      } catch {
        keep(line, notJson)
        return
      }
      keepValue(value, line, keep)
    })
    return
  }
  let document: unknown
  try {
    document = parseExact(decodeText(await readFile(file)))
  } catch (error) {
    throw new AppError(
      'validation_failed',
      `${file}: the file begins like JSON but is not valid (${(error as Error).message.slice(0, 120)}).`,
    )
  }
  const values: unknown[] = Array.isArray(document) ? document : [document]
  values.forEach((value, at) => keepValue(value, at + 1, keep))
}

function notJson(): never {
  throw new RowFault('The line is not valid JSON.')
}

async function firstLineIsWhole(file: string): Promise<boolean> {
  let whole = false
  await eachLine(file, (source) => {
    try {
      parseExact(source)
      whole = true
    } catch {
      whole = false
    }
    return false
  })
  return whole
}

function keepValue(value: unknown, line: number, keep: Keep): void {
  if (isWhmcsAnswer(value)) {
    for (const row of whmcsRows(value)) keep(line, () => toWhmcsInvoice(row))
  } else keep(line, () => (isWhmcsRow(value) ? toWhmcsInvoice(value) : toInvoice(asRow(value))))
}

/** An invoice in the shape of contract 5. Throws RowFault naming the field. */
export function toInvoice(row: Row): MatchInvoice {
  const id = neededText(row, 'id')
  const code = currency(row)
  const total = amount(row, 'total', code)
  const balance = amount(row, 'balance', code)
  if (total === undefined && balance === undefined) throw new RowFault('"total" and "balance" are missing.')
  const client = row.client === undefined || row.client === null ? {} : asRow(row.client, '"client"')
  const items = row.items === undefined || row.items === null ? [] : row.items
  if (!Array.isArray(items)) throw new RowFault('"items" is not a list.')
  const email = text(client, 'email')
  return {
    id,
    number: text(row, 'number'),
    totalMinor: total ?? balance!,
    balanceMinor: balance ?? total!,
    currency: code,
    date: day(row, 'date') ?? '',
    dueDate: day(row, 'due_date') ?? '',
    status: statusOf(text(row, 'status')),
    // Invoices whose client nobody names must not look like those of one client.
    client: {
      id: text(client, 'id') || email || `of invoice ${id}`,
      name: text(client, 'name'),
      company: text(client, 'company'),
      email,
    },
    items: items.map((item: unknown) => ({ description: text(asRow(item, '"items"'), 'description') })),
    payments: [],
    collects: [],
  }
}

const sameInvoice = (one: MatchInvoice, other: MatchInvoice): boolean =>
  one.number === other.number &&
  one.currency === other.currency &&
  one.totalMinor === other.totalMinor &&
  one.balanceMinor === other.balanceMinor &&
  one.status === other.status &&
  one.client.id === other.client.id
