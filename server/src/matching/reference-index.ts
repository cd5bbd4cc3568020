import { KeyTable } from './key-table.ts'
import { fold } from './text.ts'

/** How much of a printed number a text shows. `whole`: all of it, letters included, or all digits of a number of seven and
 *  more; `digits`: all digits, without the letters before them, or a short plain number; `tail`: only the running part. */
export type Coverage = 'whole' | 'digits' | 'tail'

export interface Entry {
  invoiceId: string
  coverage: Coverage
}

export interface ReferenceIndex {
  keys: ReferenceKeys
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
export const unpadded = (digits: string): string =>
  digits.charCodeAt(0) === 48 ? digits.replace(/^0+(?=\d)/, '') : digits

/** Runs joined with bars, digits without padding: the key of a number whose parts are written apart. */
export function grouped(pieces: readonly { text: string; digits: boolean }[]): string {
  let key = ''
  for (const { text, digits } of pieces) key += `|${digits ? unpadded(text) : text}`
  return key.slice(1)
}

const coverages: readonly Coverage[] = ['whole', 'digits', 'tail']

/** What stands under each key. Nearly all keys are one invoice's, and each invoice has several: what it covers of whose number is
 *  kept in one integer, a list only where several invoices share the key. */
export class ReferenceKeys {
  readonly #ids: string[] = []
  readonly #keys = new KeyTable()
  /** By the number of the key. */
  readonly #held: (number | Entry[])[] = []

  has(key: string): boolean {
    return this.#keys.numberOf(key) !== -1
  }

  get(key: string): Entry[] | undefined {
    const number = this.#keys.numberOf(key)
    if (number === -1) return undefined
    const held = this.#held[number]
    return typeof held === 'number' ? [this.#entryOf(held)] : held
  }

  /** The keys that are added next are this invoice's. */
  begin(invoiceId: string): void {
    this.#ids.push(invoiceId)
  }

  /** Adds a key of the invoice begun last. Of a key added twice the first coverage counts. */
  add(key: string, coverage: Coverage): void {
    const own = ((this.#ids.length - 1) << 2) | coverages.indexOf(coverage)
    const number = this.#keys.add(key)
    const held = this.#held[number]
    if (held === undefined) this.#held[number] = own
    else if (typeof held === 'number') {
      const known = this.#entryOf(held)
      const added = this.#entryOf(own)
      if (known.invoiceId !== added.invoiceId) this.#held[number] = [known, added]
    } else if (!held.some((entry) => entry.invoiceId === this.#ids.at(-1))) held.push(this.#entryOf(own))
  }

  #entryOf(held: number): Entry {
    return { invoiceId: this.#ids[held >> 2] ?? '', coverage: coverages[held & 3] ?? 'tail' }
  }
}

const joined = (pieces: readonly Piece[]): string => pieces.reduce((text, piece) => text + piece.text, '')

/** Adds the keys under which a number of these pieces is found, each with what it covers of it. */
function addKeys(keys: ReferenceKeys, pieces: readonly Piece[]): void {
  const digits = pieces.filter((piece) => piece.digits)
  const last = digits.at(-1)
  if (last === undefined) return
  const isPlain = pieces.length === digits.length
  const compact = joined(pieces)
  const onlyDigits = isPlain ? compact : joined(digits)
  const number = unpadded(onlyDigits)
  const ofDigits: Coverage = number.length >= 7 ? 'whole' : 'digits'
  const whole: Coverage = isPlain ? ofDigits : 'whole'
  keys.add(compact, whole)
  keys.add(grouped(pieces), whole)
  // Few digits with letters among them are not what anybody would write: W45B2 is not 452.
  const isMixed = onlyDigits.length < 5 && /\d[A-Z]+\d/.test(compact)
  if (isMixed) return
  if (number !== compact) keys.add(number, ofDigits)
  // One run of digits is its own group and its own tail.
  if (digits.length === 1) return
  keys.add(grouped(digits), 'digits')
  keys.add(unpadded(last.text), 'tail')
}

/** At least five digits, in groups that marks part. */
const isMarked = (printed: string): boolean =>
  /^\d+(?:[-/.]\d+)+$/.test(printed) && printed.replace(/\D/g, '').length >= 5

/** Indexes invoices by everything that a payer may write for their number. A number and an id that clash are both kept. */
export function indexReferences(invoices: readonly { id: string; number: string; alias?: string }[]): ReferenceIndex {
  const index: ReferenceIndex = { keys: new ReferenceKeys(), prefixes: new Set(), marked: new Set() }
  for (const invoice of invoices) {
    index.keys.begin(invoice.id)
    const printed = invoice.number === '' ? invoice.id : invoice.number
    const folded = fold(printed)
    const pieces = piecesOf(folded)
    if (isMarked(folded)) index.marked.add(folded)
    addKeys(index.keys, pieces)
    // Proforma schemes print the id until the invoice is paid. Ids that are no plain digits are no one's reference.
    const own = invoice.alias ?? invoice.id
    if (printed !== own && /^\d+$/.test(own)) index.keys.add(unpadded(own), 'tail')
    const first = pieces[0]
    if (first !== undefined && !first.digits) index.prefixes.add(first.text)
  }
  return index
}
