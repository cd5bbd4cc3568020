import { type Announced, announcement, announcementOf } from './announced.ts'
import { type Labels, noLabels } from './labels.ts'
import { isInvoiceWord, numberWords, rangeWords } from './lexicon.ts'
import { lookalikes, withDigits } from './lookalikes.ts'
import { maskForeignDigits } from './masks.ts'
import { checkedNumber, heldIn, isOurs } from './printed-references.ts'
import { type Coverage, grouped, type Piece, piecesOf, type ReferenceIndex, unpadded } from './reference-index.ts'

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

/** A run of digits that was not recognised, kept to find slips of the pen. */
export interface LooseNumber {
  digits: string
  announced: Announced
  /** Nothing follows it in its field: the bank may have cut it off. */
  atEnd: boolean
  /** Some of its digits are letters that look like them. */
  guessed: boolean
  /** What a padded reference with a check digit holds, if it is one: perhaps the client's number. */
  payloads: readonly string[]
}

/** Whether a mention stands on its own as the invoice's number. */
export const standsAlone = ({ coverage, announced, broken }: Mention, yearLike: boolean): boolean =>
  coverage === 'whole' || (coverage === 'digits' && announced !== 'nothing' && !broken && !yearLike)

const separators = /^[\s\-/.,_#:+]{0,3}$/

const noBreaks: ReadonlySet<number> = new Set()

/** Finds the numbers of known invoices in a text, as whole tokens only: INV-1001 never names INV-100, zeros in front are
 *  padding, zeros behind are digits. Blanks and marks that banks put into a number, or took out of it, do not matter. */
export function findMentions(
  index: ReferenceIndex,
  text: string,
  breaks: readonly number[],
  field: number,
  learned: Labels = noLabels,
): { mentions: Mention[]; loose: LooseNumber[] } {
  // Without a digit there is no number, and half of all texts have none.
  if (!/\d/.test(text)) return { mentions: [], loose: [] }
  const written = maskForeignDigits(text, (whole, start, end) => isOurs(index, whole, start, end))
  const masked = withDigits(written)
  const pieces = piecesOf(masked)
  const soft = breaks.length === 0 ? noBreaks : new Set(breaks)
  const mentions: Mention[] = []
  const covered = new Set<number>()
  for (let from = 0; from < pieces.length; from += 1) {
    const first = pieces[from]
    if (
      first === undefined ||
      (!first.digits &&
        !index.prefixes.has(first.text) &&
        !(first.text.length <= 12 && endsWithPrefix(index, first.text)) &&
        !beginsNumber(index, first, pieces[from + 1]))
    )
      continue
    const before = pieces[from - 1]
    if (
      before !== undefined &&
      before.end === first.start &&
      !(isInvoiceWord(before.text) || before.text.endsWith('NR') || isGluedWord(before, first))
    )
      continue
    let best: { to: number; compact: string; entries: { invoiceId: string; coverage: Coverage }[] } | null = null
    let compact = ''
    let blanks = 0
    for (let to = from; to < Math.min(pieces.length, from + 8); to += 1) {
      const piece = pieces[to]
      if (piece === undefined) break
      if (to > from) {
        const gap = masked.slice(pieces[to - 1]?.end ?? 0, piece.start)
        if (!separators.test(gap)) break
        if (gap.includes(' ')) blanks += 1
        if (blanks > 3) break
      }
      compact += piece.text
      const after = pieces[to + 1]
      // Letters may stand behind the digits, where a number of ours has them there.
      if (!piece.digits && !(to > from && after?.start !== piece.end && index.keys.has(compact))) continue
      if (piece.digits && after !== undefined && after.start === piece.end && after.text.length < 3) continue
      const window = pieces.slice(from, to + 1)
      const entries = entriesFor(index, compact, window, blanks > 0)
      if (entries.length > 0) best = { to, compact, entries }
    }
    best ??= checkedNumber(index, pieces, from, text)
    if (best === null) continue
    const last = pieces[best.to]
    if (last === undefined) continue
    const announced = announcementOf(pieces, from, best.to, masked, index, learned)
    if (announced === 'customer' || announced === 'foreign') {
      // Nor are its digits alone ours: except INV-1001.
      from = best.to
      continue
    }
    const guessed = masked.slice(first.start, last.end) !== written.slice(first.start, last.end)
    const broken =
      guessed ||
      touches(masked, first.start, last.end, soft) ||
      pieces.slice(from, best.to).some((piece, i) => masked.slice(piece.end, pieces[from + i + 1]?.start).includes(' '))
    const isMarked = index.marked.has(masked.slice(first.start, last.end))
    for (const entry of best.entries) {
      mentions.push({
        ...entry,
        coverage: isMarked && entry.coverage === 'digits' ? 'whole' : entry.coverage,
        digits: unpadded(compactDigits(pieces, from, best.to)),
        announced,
        broken,
        guessed,
        field,
        start: first.start,
        end: last.end,
        opensRange: opensRange(masked, last.end, pieces[best.to + 1], pieces[best.to + 2]),
      })
    }
    for (let i = from; i <= best.to; i += 1) covered.add(i)
    from = best.to
  }
  return { mentions, loose: looseNumbers(pieces, covered, masked, index, written, learned) }
}

function compactDigits(pieces: readonly Piece[], from: number, to: number): string {
  return pieces
    .slice(from, to + 1)
    .flatMap((piece) => (piece.digits ? [piece.text] : []))
    .join('')
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

function entriesFor(index: ReferenceIndex, compact: string, window: readonly Piece[], joined: boolean) {
  const head = window[0]
  const plain = window.length === 1 && head?.digits === true
  let key = plain ? unpadded(compact) : compact
  let entries = index.keys.get(key)
  if (entries === undefined && window.every((piece) => piece.digits)) entries = index.keys.get(unpadded(compact))
  if (entries === undefined && window.length > 1) entries = index.keys.get((key = grouped(window)))
  if (entries === undefined) return []
  // Blanks between plain digits join only what is the whole number.
  return joined ? entries.filter((entry) => entry.coverage !== 'tail') : entries
}

function touches(text: string, start: number, end: number, soft: ReadonlySet<number>): boolean {
  const digit = (at: number): boolean => /\d/.test(text[at] ?? '')
  return (soft.has(end) && digit(end + 1)) || (soft.has(start - 1) && digit(start - 2))
}

function opensRange(text: string, end: number, next: Piece | undefined, afterNext: Piece | undefined): boolean {
  if (next === undefined) return false
  if (!next.digits && rangeWords.has(next.text) && afterNext !== undefined) return true
  return /^ ?- ?$/.test(text.slice(end, next.start))
}

function looseNumbers(
  pieces: readonly Piece[],
  covered: ReadonlySet<number>,
  text: string,
  index: ReferenceIndex,
  written: string,
  learned: Labels,
): LooseNumber[] {
  const loose: LooseNumber[] = []
  for (let i = 0; i < pieces.length; i += 1) {
    const piece = pieces[i]
    if (piece === undefined || covered.has(i) || !piece.digits) continue
    let digits = piece.text
    let j = i
    while (pieces[j + 1] !== undefined && /^[-/.]?$/.test(text.slice(pieces[j]?.end, pieces[j + 1]?.start))) {
      const next = pieces[j + 1]
      if (
        next === undefined ||
        (!next.digits &&
          (next.text.length > 2 || next.text.split('').some((letter) => lookalikes[letter] === undefined)))
      )
        break
      digits += next.digits ? next.text : next.text.replace(/./g, (letter) => lookalikes[letter] ?? '')
      j += 1
    }
    const before = pieces[i - 1]
    // A look-alike that opens the number is glued in front of it.
    const glued =
      before !== undefined &&
      !before.digits &&
      before.end === piece.start &&
      before.text.length <= 2 &&
      !index.prefixes.has(before.text)
    if (glued && before.text.split('').every((letter) => lookalikes[letter] !== undefined)) {
      digits = before.text.replace(/./g, (letter) => lookalikes[letter] ?? '') + digits
    }
    const named = before !== undefined && !before.digits && index.prefixes.has(before.text)
    loose.push({
      digits: unpadded(digits),
      payloads: heldIn(digits, before),
      announced: named ? 'invoice' : announcement(pieces, i, text, learned),
      atEnd: j === pieces.length - 1,
      guessed:
        digits !==
        pieces
          .slice(i, j + 1)
          .map((part) => written.slice(part.start, part.end))
          .join(''),
    })
    i = j
  }
  return loose
}
