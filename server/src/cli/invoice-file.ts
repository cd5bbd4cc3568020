import { readFile } from 'node:fs/promises'
import { decodeText } from '../statements/index.ts'
import type { MatchInvoice } from '../matching/index.ts'
import { FirstPlaces } from './first-places.ts'
import { readInvoiceTable } from './invoice-csv.ts'
import { statusOf } from './invoice-status.ts'
import { headOf, isJsonHead } from './json-lines.ts'
import { answerRowLines, eachValue, type TakeValue } from './json-values.ts'
import { RowFaults } from './row-faults.ts'
import { amount, asRow, currency, day, neededText, type Row, RowFault, text } from './row-fields.ts'
import { faultOf } from './transaction-file.ts'
import { isWhmcsAnswer, isWhmcsRow, toWhmcsInvoice, whmcsRows } from './whmcs-invoices.ts'

export interface InvoiceFile {
  invoices: MatchInvoice[]
  faults: RowFaults
}

/** Reads invoices: JSON lines in the shape of contract 5, a list of such objects, an answer of WHMCS `GetInvoices` (or several, one
 *  a line), or CSV. An id that occurs again counts once, as pages of a live WHMCS overlap. Rows that cannot be used are named in
 *  `faults`, and so are open invoices whose client has no name and numbers that two invoices bear. Throws `validation_failed`
 *  naming file, line and missing columns when the file is none of these. */
export async function readInvoices(file: string, onRow: () => void): Promise<InvoiceFile> {
  const faults = new RowFaults(file)
  const invoices: MatchInvoice[] = []
  const ids = new FirstPlaces()
  const numbers = new FirstPlaces()
  const keep: Keep = (place, read) => {
    onRow()
    try {
      const invoice = read()
      const earlier = ids.knownPlace(invoice.id)
      const known = earlier === -1 ? undefined : invoices[earlier]
      if (known === undefined) {
        invoices.push(invoice)
        noteOdd(invoice, place, numbers, faults)
      } else if (!sameInvoice(known, invoice)) {
        throw new RowFault(
          `The invoice ${JSON.stringify(invoice.id)} occurs a second time with other values; the first one counts.`,
        )
      }
    } catch (error) {
      faults.add(place.line, place.row + faultOf(error))
    }
  }
  if (isJsonHead(await headOf(file))) {
    const take: TakeValue = (value, line, source) => keepValue(value, line, source, keep)
    await eachValue(file, take, (line, reason) => faults.add(line, reason))
  } else {
    const bytes = await readFile(file)
    readInvoiceTable(file, decodeText(bytes), (line, row) => keep({ line, row: '' }, () => toInvoice(row)))
  }
  return { invoices, faults }
}

function noteOdd(invoice: MatchInvoice, place: Place, numbers: FirstPlaces, faults: RowFaults): void {
  const { client, number, status, balanceMinor } = invoice
  if (client.name === '' && client.company === '' && status === 'unpaid' && balanceMinor > 0n) {
    faults.note(
      'without the name of a client',
      place.line,
      `The client of invoice ${shown(invoice.id)} has no name: only a number, an address or the amount can point to it.`,
    )
  }
  if (number === '') return
  if (numbers.knownPlace(number) !== -1) {
    faults.note(
      'with a number that an earlier invoice bears',
      place.line,
      `Invoice ${shown(invoice.id)} has the number ${shown(number)}, which an earlier one bears: who names it may mean either.`,
    )
  }
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 40))

/** Where a row stands. `row`: what is said before a fault where a line holds several rows. */
interface Place {
  readonly line: number
  readonly row: string
}

type Keep = (place: Place, read: () => MatchInvoice) => void

function keepValue(value: unknown, line: number, source: string, keep: Keep): void {
  const place: Place = { line, row: '' }
  if (!isWhmcsAnswer(value)) {
    keep(place, () => (isWhmcsRow(value) ? toWhmcsInvoice(value) : toInvoice(asRow(value))))
    return
  }
  let rows: unknown[] = []
  try {
    rows = whmcsRows(value)
  } catch (error) {
    keep(place, () => {
      throw error
    })
  }
  let lines: number[] | undefined
  rows.forEach((row, at) => {
    const placed: Place = {
      // Only asked for when there is something to say of the row.
      get line() {
        return (lines ??= answerRowLines(source, line))[at] ?? line
      },
      row: `Row ${at + 1} of the answer: `,
    }
    keep(placed, () => toWhmcsInvoice(asRow(row, 'The row')))
  })
}

/** An invoice in the shape of contract 5. Throws RowFault naming the field. */
export function toInvoice(row: Row): MatchInvoice {
  const id = neededText(row, 'id')
  const code = currency(row)
  const total = amount(row, 'total', code)
  // Most invoices owe all of their total, and it is read once.
  const balance = row.balance === row.total ? total : amount(row, 'balance', code)
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
