import { customerWords, foreignWords, isInvoiceWord, labelWords, numberWords, rangeWords } from './lexicon.ts'
import type { Labels } from './labels.ts'
import type { Piece, ReferenceIndex } from './reference-index.ts'

/** What announced the number: our kind of word, the number stands alone, nothing, or the word for a number of other people. */
export type Announced = 'invoice' | 'alone' | 'nothing' | 'customer' | 'foreign'

/** No list is longer, and a text of nothing but numbers is not to be walked through from each of them. */
const listMax = 200

/** A gap as long as this held digits that are nobody's number. */
const blankedLength = 6

/** The word that announces the number beginning at `at`: small words and other numbers in between are passed over. */
export function announcement(pieces: readonly Piece[], at: number, text: string, learned: Labels): Announced {
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

/** The same for the pieces `from` to `to`, with regard to what follows them. */
export function announcementOf(
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
