/** The beginning of a CSV file as the columns are chosen by it. */
export interface CsvHead {
  delimiter: string
  /** Names as the file prints them; `column 1` and so on where it prints none, as the server calls them. */
  columns: string[]
  rows: string[][]
}

/** Which column holds what, as the API takes it. */
export interface Mapping {
  date: string
  amount?: string
  credit?: string
  debit?: string
  description?: string
  reference?: string
  counterparty_name?: string
  counterparty_iban?: string
  currency?: string
  date_format?: string
  decimal?: '.' | ','
  delimiter?: string
}

const DELIMITERS = [';', ',', '\t', '|']
const ROWS_LOOKED_AT = 60
const ROWS_KEPT = 20

/** Undefined for what is no table of text, such as XML, a PDF or a picture. */
export function readHead(text: string): CsvHead | undefined {
  if (text.includes('\0') || isStatement(text) || /^\s*(<|%PDF)/.test(text)) return undefined
  const tables = DELIMITERS.map((delimiter) => {
    const rows = split(text, delimiter).slice(0, ROWS_LOOKED_AT)
    const width = commonWidth(rows)
    return { delimiter, width, rows: rows.filter(({ length }) => length === width) }
  })
  const best = tables
    .filter(({ width, rows }) => width > 1 && rows.length > 1)
    .toSorted((one, other) => other.rows.length * other.width - one.rows.length * one.width)[0]
  if (!best) return undefined
  const [first, ...others] = best.rows as [string[], ...string[][]]
  const named = !first.some((cell) => looksLikeDay(cell) || looksLikeAmount(cell))
  return {
    delimiter: best.delimiter,
    columns: named ? first : first.map((_, at) => `column ${at + 1}`),
    rows: (named ? others : best.rows).slice(0, ROWS_KEPT),
  }
}

/** Whether the text begins as CAMT, MT940, OFX or a ZIP of them do. */
export const isStatement = (text: string): boolean =>
  /^\s*(PK|:\d\d[A-Z]?:|\{1:|OFXHEADER|<OFX)|^[^\0]{0,2000}(camt\.05[234]|BkToCstmr)/i.test(text)

/** What most rows have: lines above the table have fewer cells, and a stray sign makes more. */
function commonWidth(rows: string[][]): number {
  const counts = new Map<number, number>()
  for (const { length } of rows) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1)
  return [...counts].toSorted((one, other) => other[1] - one[1] || other[0] - one[0])[0]?.[0] ?? 0
}

function split(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = () => {
    row.push(cell.trim())
    if (row.some((one) => one !== '')) rows.push(row)
    row = []
    cell = ''
  }
  for (let at = 0; at < text.length && rows.length < ROWS_LOOKED_AT; at += 1) {
    const sign = text[at]!
    if (sign === '"') {
      if (quoted && text[at + 1] === '"') cell += text[(at += 1)]!
      else quoted = !quoted
    } else if (quoted) cell += sign
    else if (sign === delimiter) {
      row.push(cell.trim())
      cell = ''
    } else if (sign === '\n') endRow()
    else if (sign !== '\r') cell += sign
  }
  if (cell !== '' || row.length > 0) endRow()
  return rows
}

export const looksLikeDay = (cell: string): boolean =>
  /^(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\s?\d{1,2}[-./]\s?(\d{4}|\d{2})|\d{8}|\d{1,2}[ -][A-Za-z]{3,9}\.?[ -]\d{2,4})(?:$|[ T])/.test(
    cell,
  )

export const looksLikeAmount = (cell: string): boolean =>
  /^[(+\-−]?\s?(?:[A-Z]{3}|[€$£])?\s?\d{1,3}(?:[.,'’ \u00a0]?\d{3})*[.,]\d{2}\)?\s?[-−]?\s?(?:[A-Za-z]{1,3}|[€$£])?$/.test(
    cell,
  )

const NAMES: Partial<Record<keyof Mapping, RegExp>> = {
  date: /date|datum|buchung|fecha|data|day/i,
  credit: /credit|haben|gutschrift|paid in|money in|deposit|eingang|bij/i,
  debit: /debit|soll|lastschrift|belastung|paid out|money out|withdraw|ausgang|af$/i,
  amount: /amount|betrag|umsatz|bedrag|montant|importe|importo|kwota|belopp/i,
  description:
    /verwendungszweck|description|details|remittance|omschrijving|libell|concepto|causale|text|memo|narrative/i,
  counterparty_name: /auftraggeber|empf|name|payee|payer|counterparty|beneficiar|zahlungs/i,
  counterparty_iban: /iban/i,
  reference: /reference|referenz|kenmerk|end.to.end/i,
  currency: /currency|w(ä|ae)hrung|valuta|devise|divisa|ccy/i,
}

/** A proposal, for a person to look at: by what the cells hold, then by what the columns are called. */
export function proposeMapping({ columns, rows, delimiter }: CsvHead): Partial<Mapping> {
  const taken = new Set<string>()
  // A stray row does not make another column of it.
  const mostly = (at: number, suits: (cell: string) => boolean): boolean => {
    const cells = rows.map((row) => row[at] ?? '').filter((cell) => cell !== '')
    return cells.length === 0 || cells.filter(suits).length * 2 > cells.length
  }
  const find = (role: keyof Mapping, suits: (cell: string) => boolean = () => true): string | undefined => {
    const fits = columns.filter((name, at) => !taken.has(name) && name !== '' && mostly(at, suits))
    const found = fits.find((name) => NAMES[role]?.test(name))
    if (found !== undefined) taken.add(found)
    return found
  }
  const date = find('date', looksLikeDay) ?? columns.find((_, at) => mostly(at, looksLikeDay))
  if (date !== undefined) taken.add(date)
  const credit = find('credit', looksLikeAmount)
  const debit = credit === undefined ? undefined : find('debit', looksLikeAmount)
  const pair = credit !== undefined && debit !== undefined
  if (!pair && credit !== undefined) taken.delete(credit)
  const amount = pair
    ? undefined
    : (find('amount', looksLikeAmount) ?? columns.find((name, at) => !taken.has(name) && mostly(at, looksLikeAmount)))
  if (amount !== undefined) taken.add(amount)
  const rest = {
    description: find('description'),
    counterparty_iban: find('counterparty_iban'),
    counterparty_name: find('counterparty_name'),
    reference: find('reference'),
    currency: find('currency', (cell) => /^[A-Z]{3}$/.test(cell)),
  }
  return withoutHoles({ date, amount, ...(pair ? { credit, debit } : {}), ...rest, delimiter })
}

export const withoutHoles = (mapping: { [K in keyof Mapping]?: Mapping[K] | undefined }): Partial<Mapping> =>
  Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== undefined && value !== ''))

const HEAD_BYTES = 64 * 1024

/** The beginning of a file as text: UTF-8, UTF-16 by its mark, or else as Windows in the West writes it. */
export async function readText(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
