import { type Announced, announcementOf } from './announced.ts'
import { type Labels, noLabels } from './labels.ts'
import { isInvoiceWord, numberWords, rangeWords } from './lexicon.ts'
import { withDigits } from './lookalikes.ts'
import { type LooseNumber, looseNumbers, type NumberSearch } from './loose-numbers.ts'
import { maskForeignDigits } from './masks.ts'
import { checkedNumber, isOurs } from './printed-references.ts'
import {
  type Coverage,
  type Entry,
  grouped,
  type Piece,
  piecesOf,
  type ReferenceIndex,
  unpadded,
} from './reference-index.ts'

export interface Mention {
  invoiceId: string
  /** The digits as they were written. */
  digits: string
  coverage: Coverage
  announced: Announced
  /** The text had blanks within the number, or a bank's line break touched it. */
  broken: boolean
  /** Some of its digits were written as letters that look like them. */
  guessed: boolean
  /** Which field of the line, and where in it: numbers that lie side by side make a list. */
  field: number
  start: number
  end: number
  /** The next number in the text is joined by a dash or a word such as "bis". */
  opensRange: boolean
}

/** Whether a mention stands on its own as the invoice's number. */
export const standsAlone = ({ coverage, announced, broken }: Mention, yearLike: boolean): boolean =>
  coverage === 'whole' || (coverage === 'digits' && announced !== 'nothing' && !broken && !yearLike)

/** What a text says of numbers. */
export interface FoundNumbers {
  mentions: readonly Mention[]
  loose: readonly LooseNumber[]
}

const noNumbers: FoundNumbers = { mentions: [], loose: [] }
const noPlaces: ReadonlySet<number> = new Set()

/** Invoices whose number the pieces up to `to` are. */
interface Named {
  to: number
  entries: readonly Entry[]
}

/** Finds the numbers of known invoices in a text, as whole tokens only: INV-1001 never names INV-100, zeros in front are
 *  padding, zeros behind are digits. Blanks and marks that banks put into a number, or took out of it, do not matter. */
export function findMentions(
  index: ReferenceIndex,
  text: string,
  breaks: readonly number[],
  field: number,
  learned: Labels = noLabels,
): FoundNumbers {
  // Without a digit there is no number, and half of all texts have none.
  if (!/\d/.test(text)) return noNumbers
  const written = maskForeignDigits(text, (whole, start, end) => isOurs(index, whole, start, end))
  const masked = withDigits(written)
  const pieces = piecesOf(masked)
  const search: NumberSearch = { index, learned, field, text, written, masked, pieces }
  const soft = breaks.length === 0 ? noPlaces : new Set(breaks)
  const mentions: Mention[] = []
  const covered: number[] = []
  for (let from = 0; from < pieces.length; from += 1) {
    if (!mayBegin(search, from)) continue
    const named = longestNumber(search, from) ?? checkedNumber(index, pieces, from, text)
    if (named === null) continue
    const announced = announcementOf(pieces, from, named.to, masked, index, learned)
    if (announced !== 'customer' && announced !== 'foreign') {
      addMentions(mentions, search, from, named, announced, soft)
      covered.push(from, named.to)
    }
    // Of a number of other people its digits alone are not ours either: except INV-1001.
    from = named.to
  }
  return { mentions, loose: looseNumbers(search, covered) }
}

/** Whether a number of ours may begin at a piece. */
function mayBegin({ index, pieces }: NumberSearch, from: number): boolean {
  const first = pieces[from]!
  if (
    !first.digits &&
    !index.prefixes.has(first.text) &&
    !(first.text.length <= 12 && endsWithPrefix(index, first.text)) &&
    !beginsNumber(index, first, pieces[from + 1])
  )
    return false
  const before = pieces[from - 1]
  if (before === undefined || before.end !== first.start) return true
  return isInvoiceWord(before.text) || before.text.endsWith('NR') || isGluedWord(before, first)
}

/** Pieces that a number is made of at most. */
const piecesMax = 8
/** Blanks within a number at most. */
const blanksMax = 3

/** The longest run of pieces from `from` on that is a number of ours, or null. */
function longestNumber({ index, masked, pieces }: NumberSearch, from: number): Named | null {
  let best: Named | null = null
  let compact = ''
  let blanks = 0
  const end = Math.min(pieces.length, from + piecesMax)
  for (let to = from; to < end; to += 1) {
    const piece = pieces[to]!
    if (to > from) {
      const start = pieces[to - 1]!.end
      if (!isSeparator(masked, start, piece.start)) break
      if (hasBlank(masked, start, piece.start)) blanks += 1
      if (blanks > blanksMax) break
    }
    compact += piece.text
    const after = pieces[to + 1]
    // Letters may stand behind the digits, where a number of ours has them there.
    if (!piece.digits && !(to > from && after?.start !== piece.end && index.keys.has(compact))) continue
    if (piece.digits && after !== undefined && after.start === piece.end && after.text.length < 3) continue
    const entries = entriesFor(index, compact, pieces, from, to, blanks > 0)
    if (entries.length > 0) best = { to, entries }
  }
  return best
}

/** Marks and blanks that may stand within a number. */
const separators: Uint8Array = new Uint8Array(128)
for (const mark of ' \t\n\v\f\r-/.,_#:+') separators[mark.charCodeAt(0)] = 1
const separatorLength = 3

function isSeparator(text: string, start: number, end: number): boolean {
  if (end - start > separatorLength) return false
  for (let at = start; at < end; at += 1) if (separators[text.charCodeAt(at)] !== 1) return false
  return true
}

function hasBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (text.charCodeAt(at) === 32) return true
  return false
}

function addMentions(
  mentions: Mention[],
  { index, field, written, masked, pieces }: NumberSearch,
  from: number,
  { to, entries }: Named,
  announced: Announced,
  soft: ReadonlySet<number>,
): void {
  const { start } = pieces[from]!
  const { end } = pieces[to]!
  const guessed = masked !== written && masked.slice(start, end) !== written.slice(start, end)
  let broken = guessed || touches(masked, start, end, soft)
  for (let at = from; at < to && !broken; at += 1) broken = hasBlank(masked, pieces[at]!.end, pieces[at + 1]!.start)
  const isMarked = index.marked.size > 0 && index.marked.has(masked.slice(start, end))
  const digits = unpadded(compactDigits(pieces, from, to))
  const isRange = opensRange(masked, end, pieces[to + 1], pieces[to + 2])
  for (const { invoiceId, coverage } of entries)
    mentions.push({
      invoiceId,
      coverage: isMarked && coverage === 'digits' ? 'whole' : coverage,
      digits,
      announced,
      broken,
      guessed,
      field,
      start,
      end,
      opensRange: isRange,
    })
}

function compactDigits(pieces: readonly Piece[], from: number, to: number): string {
  let digits = ''
  for (let at = from; at <= to; at += 1) if (pieces[at]!.digits) digits += pieces[at]!.text
  return digits
}

/** So long a number behind a whole word is no part of a code. */
const gluedLength = 8

/** Whether a word was glued to a long number, in whatever language. */
const isGluedWord = (before: Piece, number: Piece): boolean =>
  !before.digits && before.text.length >= 4 && number.digits && number.text.length >= gluedLength

/** Whether letters and the digits glued to them are a number of ours whose own letters are written apart, as NFE261042 for NF E26/1042. */
const beginsNumber = (index: ReferenceIndex, letters: Piece, digits: Piece | undefined): boolean =>
  digits?.digits === true && digits.start === letters.end && index.keys.has(letters.text + digits.text)

/** Whether letters glued together end in a number's prefix, as in RECHNUNGINV. */
function endsWithPrefix(index: ReferenceIndex, letters: string): boolean {
  for (const prefix of index.prefixes) {
    if (prefix.length < 2 || !letters.endsWith(prefix)) continue
    const word = letters.slice(0, -prefix.length)
    if (isInvoiceWord(word) || numberWords.has(word)) return true
  }
  return false
}

/** The invoices whose number the pieces are; `joined`: with blanks between them. */
function entriesFor(
  index: ReferenceIndex,
  compact: string,
  pieces: readonly Piece[],
  from: number,
  to: number,
  joined: boolean,
): readonly Entry[] {
  const short = areDigits(pieces, from, to) ? unpadded(compact) : compact
  const key = to === from ? short : compact
  let entries = index.keys.get(key)
  if (entries === undefined && short !== key) entries = index.keys.get(short)
  if (entries === undefined && to > from) entries = index.keys.get(grouped(pieces.slice(from, to + 1)))
  if (entries === undefined) return noEntries
  // Blanks between plain digits join only what is the whole number.
  return joined ? entries.filter((entry) => entry.coverage !== 'tail') : entries
}

const noEntries: readonly Entry[] = []

function areDigits(pieces: readonly Piece[], from: number, to: number): boolean {
  for (let at = from; at <= to; at += 1) if (!pieces[at]!.digits) return false
  return true
}

function touches(text: string, start: number, end: number, soft: ReadonlySet<number>): boolean {
  if (soft.size === 0) return false
  const digit = (at: number): boolean => /\d/.test(text[at] ?? '')
  return (soft.has(end) && digit(end + 1)) || (soft.has(start - 1) && digit(start - 2))
}

function opensRange(text: string, end: number, next: Piece | undefined, afterNext: Piece | undefined): boolean {
  if (next === undefined) return false
  if (!next.digits && rangeWords.has(next.text) && afterNext !== undefined) return true
  return /^ ?- ?$/.test(text.slice(end, next.start))
}
