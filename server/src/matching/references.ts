import { creditorPayload, isCommunication, payloadsOf } from './check-digits.ts'
import {
  checkedWords,
  customerWords,
  foreignWords,
  isInvoiceWord,
  labelWords,
  numberWords,
  rangeWords,
} from './lexicon.ts'
import { type Labels, noLabels } from './labels.ts'
import { lookalikes, withDigits } from './lookalikes.ts'
import { maskForeignDigits } from './masks.ts'
import {
  type Coverage,
  type Entry,
  grouped,
  type Piece,
  piecesOf,
  type ReferenceIndex,
  unpadded,
} from './reference-index.ts'

/** What announced the number: our kind of word, the number stands alone, nothing, or the word for a number of other people. */
export type Announced = 'invoice' | 'alone' | 'nothing' | 'customer' | 'foreign'

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

/** No list is longer, and a text of nothing but numbers is not to be walked through from each of them. */
const listMax = 200

/** A gap as long as this held digits that are nobody's number. */
const blankedLength = 6

/** The word that announces the number beginning at `at`: small words and other numbers in between are passed over. */
function announcement(pieces: readonly Piece[], at: number, text: string, learned: Labels): Announced {
  let labelled = false
  let parted = false
  for (let i = at - 1; i >= 0; i -= 1) {
    const piece = pieces[i]
    if (piece === undefined) break
    if (at - i > listMax) return 'nothing'
    if (piece.digits) {
      // What begins with letters or a label of its own starts a new thing.
      if (labelled) return 'alone'
      if (pieces[at]?.digits === false) return 'nothing'
      // A list goes on as long as only separators stand between its numbers.
      const next = pieces[i + 1]
      const gap = text.slice(piece.end, next?.start ?? piece.end)
      if (!/^[\s,;+&/#.-]{0,3}$/.test(gap)) return 'nothing'
      if (/^\s+$/.test(gap)) parted = true
      continue
    }
    if (learned.invoice.has(piece.text)) return 'invoice'
    if (learned.customer.has(piece.text)) return 'customer'
    // Polish F-ra is cut in two.
    if (isInvoiceWord(piece.text) || (piece.text === 'RA' && pieces[i - 1]?.text === 'F')) return 'invoice'
    if (customerWords.has(piece.text)) return 'customer'
    // A code of other people ends where a blank parts the next number from it.
    if (foreignWords.has(piece.text)) return parted ? 'nothing' : 'foreign'
    // What stood between was blanked: it belongs to the word in front of it.
    if (labelled && (pieces[i + 1]?.start ?? 0) - piece.end >= blankedLength) return 'alone'
    if (labelWords.has(piece.text)) labelled = true
    if (numberWords.has(piece.text) || rangeWords.has(piece.text) || piece.text.length === 1) continue
    for (const ending of ['NR', 'NUMMER', 'NO', 'NUMBER']) {
      const stem = piece.text.endsWith(ending) ? piece.text.slice(0, -ending.length) : ''
      if (isInvoiceWord(stem)) return 'invoice'
      if (customerWords.has(stem)) return 'customer'
      if (foreignWords.has(stem)) return 'foreign'
    }
    return 'nothing'
  }
  return 'alone'
}

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

/** So long that a number of ours within check digits is none by chance. */
const sureLength = 11

/** Whether digits without a word for it look like a printed reference: padded, with two check digits as in Belgium, or far longer than
 *  any number. One digit behind a number agrees with some method or other in a third of all cases. */
const isPrintedSo = (digits: string): boolean =>
  digits.length >= sureLength && (digits.startsWith('0') || isCommunication(digits) || digits.length >= groupedLength)

/** References of fewer digits are not printed in groups with blanks. */
const groupedLength = 20

/** Digits that banks print around a reference: 71 of the Danish inpayment form, marks and bars of the Belgian communication. */
const groupGap = /^[ /]?$/

/** A payment reference that is a number of ours with check digits behind it. Digits behind a number make another number, so
 *  a short one is read only where the line says so or holds nothing else. */
function checkedNumber(index: ReferenceIndex, pieces: readonly Piece[], from: number, text: string) {
  const piece = pieces[from]
  if (piece === undefined) return null
  const before = pieces[from - 1]
  let digits = ''
  let blanks = false
  let found: { to: number; compact: string; entries: Entry[] } | null = null
  for (let to = from; to < Math.min(pieces.length, from + 8); to += 1) {
    const next = pieces[to]
    const gap = text.slice(pieces[to - 1]?.end, next?.start)
    if (next === undefined || !next.digits || (to > from && !groupGap.test(gap))) break
    if (to > from && gap === ' ') blanks = true
    digits += next.text
    if (digits.length < 5 || (blanks && digits.length < groupedLength)) continue
    const labelled = before !== undefined && checkedWords.has(before.text)
    if (!labelled && !isPrintedSo(digits) && text.trim() !== piece.text) continue
    const creditor = before?.text === 'RF' && before.end === piece.start ? creditorPayload(`RF${digits}`) : null
    for (const payload of [...(creditor === null ? [] : [creditor]), ...payloadsOf(digits)]) {
      const entries =
        payload.length < 3 ? [] : (index.keys.get(payload) ?? []).filter(({ coverage }) => coverage !== 'tail')
      // With its check digits behind it, it is the number and nothing else.
      if (entries.length > 0)
        found = { to, compact: payload, entries: entries.map((entry): Entry => ({ ...entry, coverage: 'whole' })) }
    }
  }
  return found
}

/** Whether digits that look like a date, a month or a number of the bank are all of a number of ours: letters that belong to it and
 *  the word that announces it may be glued to it. */
function isOurs(index: ReferenceIndex, text: string, start: number, end: number): boolean {
  let from = start
  while (from > 0 && /[A-Z0-9/.-]/.test(text[from - 1] ?? '')) from -= 1
  let to = end
  while (to < text.length && /[A-Z0-9/.-]/.test(text[to] ?? '')) to += 1
  const pieces = piecesOf(text.slice(from, to))
  const digits = pieces.filter((piece) => piece.digits)
  const first = digits[0]
  const only = digits.length === 1 && first !== undefined ? first.text : ''
  if (only.length >= sureLength && payloadsOf(only).some((payload) => payload.length > 2 && hasWhole(index, payload)))
    return true
  const isNumber = hasWhole(index, digits.map((piece) => piece.text).join('')) || hasWhole(index, grouped(digits))
  if (!isNumber) return false
  // Three parts of a day may be a day, unless something says that it is a number.
  const span = text.slice(from, to)
  if (!/(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})$|^\d{4}-\d\d-\d\d$/.test(span)) return true
  const before = pieces[0]?.digits === false ? pieces[0].text : (piecesOf(text.slice(0, from)).at(-1)?.text ?? '')
  return isInvoiceWord(before) || index.prefixes.has(before)
}

const hasWhole = (index: ReferenceIndex, key: string): boolean =>
  index.keys.get(unpadded(key))?.some(({ coverage }) => coverage !== 'tail') === true

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

function announcementOf(
  pieces: readonly Piece[],
  from: number,
  to: number,
  text: string,
  index: ReferenceIndex,
  learned: Labels,
): Announced {
  const found = announcement(pieces, from, text, learned)
  if (found !== 'alone') return found
  // A number that opens the text counts as standing alone when no other word that could own it follows.
  const rest = pieces.slice(to + 1)
  const owned = rest.some((piece, i) => !piece.digits && foreignWords.has(piece.text) && rest[i + 1]?.digits !== true)
  const first = pieces[from]
  if (owned) return 'nothing'
  return first !== undefined && !first.digits && index.prefixes.has(first.text) ? 'invoice' : 'alone'
}

/** What a reference holds that is padded, or that a word for references announces. */
function heldIn(digits: string, before: Piece | undefined): string[] {
  const creditor = before?.text === 'RF' ? creditorPayload(`RF${digits}`) : null
  if (creditor !== null) return [creditor]
  return /^00\d{4,}$/.test(digits) || (before !== undefined && checkedWords.has(before.text)) ? payloadsOf(digits) : []
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
