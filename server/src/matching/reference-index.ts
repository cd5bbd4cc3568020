import { fold } from './text.ts'

/** How much of a printed number a text shows. `whole`: all of it, letters included, or all digits of a number of seven and
 *  more; `digits`: all digits, without the letters before them, or a short plain number; `tail`: only the running part. */
export type Coverage = 'whole' | 'digits' | 'tail'

export interface Entry {
  invoiceId: string
  coverage: Coverage
}

export interface ReferenceIndex {
  keys: Map<string, Entry[]>
  /** Letters that numbers begin with, such as INV or F. */
  prefixes: Set<string>
  /** Numbers of digits and marks as they are printed, 26-0123: with its marks a number is whole however short. */
  marked: Set<string>
}

/** A run of letters or of digits, and where it stands. */
export interface Piece {
  text: string
  start: number
  end: number
  digits: boolean
}

/** Splits folded text into runs of letters and runs of digits. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  let kind = other
  for (let at = 0; at <= text.length; at += 1) {
    const next = kindOf(text.charCodeAt(at))
    if (next === kind) continue
    if (kind !== other) pieces.push({ text: text.slice(start, at), start, end: at, digits: kind === digit })
    start = at
    kind = next
  }
  return pieces
}

const other = 0
const letter = 1
const digit = 2
const kindOf = (code: number): number => (code >= 65 && code <= 90 ? letter : code >= 48 && code <= 57 ? digit : other)

/** Zeros in front are padding. */
export const unpadded = (digits: string): string => digits.replace(/^0+(?=\d)/, '')
/** Runs joined with bars, digits without padding: the key of a number whose parts are written apart. */
export const grouped = (pieces: readonly { text: string; digits: boolean }[]): string =>
  pieces.map((piece) => (piece.digits ? unpadded(piece.text) : piece.text)).join('|')

/** The keys under which a number of these pieces is found, each with what it covers of it. */
function keysOf(pieces: readonly Piece[]): [string, Coverage][] {
  const digits = pieces.filter((piece) => piece.digits)
  const last = digits.at(-1)
  if (last === undefined) return []
  const compact = pieces.map((piece) => piece.text).join('')
  const onlyDigits = digits.map((piece) => piece.text).join('')
  const whole: Coverage = pieces.length > digits.length || unpadded(onlyDigits).length >= 7 ? 'whole' : 'digits'
  const keys: [string, Coverage][] = []
  const add = (key: string, coverage: Coverage): void => {
    if (!keys.some(([known]) => known === key)) keys.push([key, coverage])
  }
  add(compact, whole)
  add(grouped(pieces), whole)
  // Few digits with letters among them are not what anybody would write: W45B2 is not 452.
  const isMixed = onlyDigits.length < 5 && /\d[A-Z]+\d/.test(compact)
  if (isMixed) return keys
  add(unpadded(onlyDigits), unpadded(onlyDigits).length >= 7 ? 'whole' : 'digits')
  add(grouped(digits), 'digits')
  if (digits.length > 1 || pieces.length > digits.length) add(unpadded(last.text), 'tail')
  return keys
}

/** At least five digits, in groups that marks part. */
const isMarked = (printed: string): boolean =>
  /^\d+(?:[-/.]\d+)+$/.test(printed) && printed.replace(/\D/g, '').length >= 5

/** Indexes invoices by everything that a payer may write for their number. A number and an id that clash are both kept. */
export function indexReferences(invoices: readonly { id: string; number: string; alias?: string }[]): ReferenceIndex {
  const index: ReferenceIndex = { keys: new Map(), prefixes: new Set(), marked: new Set() }
  // Lists of one are shared by the keys of an invoice: nearly all lists are, and there are four for each invoice.
  let alone: Partial<Record<Coverage, Entry[]>> = {}
  const add = (key: string, invoiceId: string, coverage: Coverage): void => {
    const entries = index.keys.get(key)
    if (entries === undefined) index.keys.set(key, (alone[coverage] ??= [{ invoiceId, coverage }]))
    else if (entries.some((entry) => entry.invoiceId === invoiceId)) return
    else if (entries.length === 1) index.keys.set(key, [...entries, { invoiceId, coverage }])
    else entries.push({ invoiceId, coverage })
  }
  for (const invoice of invoices) {
    alone = {}
    const printed = invoice.number === '' ? invoice.id : invoice.number
    const folded = fold(printed)
    const pieces = piecesOf(folded)
    if (isMarked(folded)) index.marked.add(folded)
    for (const [key, coverage] of keysOf(pieces)) add(key, invoice.id, coverage)
    // Proforma schemes print the id until the invoice is paid. Ids that are no plain digits are no one's reference.
    const own = invoice.alias ?? invoice.id
    if (printed !== own && /^\d+$/.test(own)) add(unpadded(own), invoice.id, 'tail')
    const first = pieces[0]
    if (first !== undefined && !first.digits) index.prefixes.add(first.text)
  }
  return index
}
