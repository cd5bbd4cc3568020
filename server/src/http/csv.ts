/** The first characters that a spreadsheet takes for the beginning of a formula (reliability 23). */
const FORMULA = /^[=+\-@\t\r]/

/** The columns of an export: paths into the resource as the API shows it, `counterparty.name`. */
export type CsvColumns = readonly string[]

/** One line of RFC 4180, with its line end. Texts that a spreadsheet would take for a formula get an apostrophe in front;
 *  numbers, amounts among them, stay as they are. */
export const csvLine = (cells: readonly unknown[]): string => `${cells.map(cell).join(',')}\r\n`

/** The cells of a presented resource. */
export const cellsOf = (resource: unknown, columns: CsvColumns): unknown[] =>
  columns.map((path) =>
    path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], resource),
  )

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return quoted(FORMULA.test(value) ? `'${value}` : value)
  // An amount is JSON already, with the digits of its currency.
  return quoted(JSON.stringify(value))
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
