import { creditorPayload, isCommunication, payloadsOf } from './check-digits.ts'
import { checkedWords, isInvoiceWord } from './lexicon.ts'
import { type Entry, grouped, type Piece, piecesOf, type ReferenceIndex, unpadded } from './reference-index.ts'

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
export function checkedNumber(index: ReferenceIndex, pieces: readonly Piece[], from: number, text: string) {
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
export function isOurs(index: ReferenceIndex, text: string, start: number, end: number): boolean {
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

/** What a reference holds that is padded, or that a word for references announces. */
export function heldIn(digits: string, before: Piece | undefined): string[] {
  const creditor = before?.text === 'RF' ? creditorPayload(`RF${digits}`) : null
  if (creditor !== null) return [creditor]
  return /^00\d{4,}$/.test(digits) || (before !== undefined && checkedWords.has(before.text)) ? payloadsOf(digits) : []
}
