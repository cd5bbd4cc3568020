import { parse } from 'csv-parse/sync'
import { AppError } from '../base/errors.ts'

export interface Row {
  cells: string[]
  /** Line in the file, from 1. */
  line: number
}

export interface Table {
  delimiter: string
  header: Row
  /** False where the file has no header and the names are made up: "column 1", "column 2". */
  hasHeader: boolean
  /** What stands above the header: names of account and bank, dates, balances. */
  preamble: Row[]
  rows: Row[]
}

/** The name of a column as the header prints it. */
export const nameOf = (table: Table, column: number): string => table.header.cells[column]?.trim() ?? ''

const DELIMITERS = [';', ',', '\t', '|']
const HEADER_WITHIN_ROWS = 60
const SAMPLE_CHARACTERS = 64_000
const RECORD_CHARACTERS_MAX = 100_000

/** What makes a row the header, and how to call it when there is none. */
export interface HeaderSought {
  /** Above nought for a row that may be the header; the highest is it. */
  score: (cells: string[]) => number
  what: string
  /** Rows of data without a header will do. */
  isData?: (cells: string[]) => boolean
  delimiter?: string
}

/** Finds delimiter and header by trying: the delimiter is the one under which some row reads as the header that is sought, or,
 *  where that will do, under which rows read as data. Throws `validation_failed` when nothing of the kind is found. */
export function readTable(text: string, sought: HeaderSought, onRow: () => void): Table {
  const sample = text.length > SAMPLE_CHARACTERS ? text.slice(0, text.lastIndexOf('\n', SAMPLE_CHARACTERS)) : text
  const declared = /^sep=(.)\r?\n/.exec(text)?.[1]
  const given = sought.delimiter === '\\t' || sought.delimiter === 'tab' ? '\t' : (sought.delimiter ?? declared)
  const delimiters = given === undefined ? DELIMITERS : [given]
  let best = { score: 0, delimiter: '', at: -1 }
  for (const delimiter of delimiters) {
    split(sample, delimiter, HEADER_WITHIN_ROWS, () => {}).forEach((row, at) => {
      const score = sought.score(row.cells)
      if (score > best.score) best = { score, delimiter, at }
    })
  }
  if (best.at === -1 && sought.isData !== undefined) best = withoutHeader(sample, delimiters, sought.isData)
  if (best.at === -1) {
    const first = sample.split('\n', 1)[0]!.trim().slice(0, 100)
    throw new AppError(
      'validation_failed',
      `The file was taken for CSV, but none of its first lines names ${sought.what}. It begins: "${first}"`,
    )
  }
  const all = split(text, best.delimiter, 0, onRow)
  const hasHeader = best.score > 0
  const width = Math.max(...all.slice(best.at, best.at + HEADER_WITHIN_ROWS).map((row) => row.cells.length))
  const header = hasHeader
    ? all[best.at]!
    : { line: 0, cells: Array.from({ length: width }, (_, n) => `column ${n + 1}`) }
  return {
    delimiter: best.delimiter,
    header,
    hasHeader,
    preamble: all.slice(0, best.at),
    rows: all.slice(best.at + (hasHeader ? 1 : 0)),
  }
}

/** A file without header: the first row from which on a day and an amount stand in the same columns. */
function withoutHeader(
  sample: string,
  delimiters: string[],
  isData: (cells: string[]) => boolean,
): { score: number; delimiter: string; at: number } {
  for (const delimiter of delimiters) {
    const rows = split(sample, delimiter, HEADER_WITHIN_ROWS, () => {})
    const at = rows.findIndex((row) => isData(row.cells))
    if (at !== -1 && rows.slice(at).filter((row) => isData(row.cells)).length * 2 > rows.length - at) {
      return { score: 0, delimiter, at }
    }
  }
  return { score: 0, delimiter: '', at: -1 }
}

/** Rows as cells. A quotation mark that never closes would swallow the file, so such a file is read without quotation. */
function split(text: string, delimiter: string, rowsMax: number, onRow: () => void): Row[] {
  const read = (quote: '"' | null): Row[] =>
    parse<Row, Row>(text, {
      delimiter,
      quote,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_CHARACTERS_MAX,
      ...(rowsMax > 0 ? { to: rowsMax } : {}),
      on_record: (cells: string[], context: { lines: number }) => {
        onRow()
        return cells.some((cell) => cell.trim() !== '') ? { cells, line: context.lines } : null
      },
    } as never)
  try {
    return read('"')
  } catch {
    return read(null)
  }
}
