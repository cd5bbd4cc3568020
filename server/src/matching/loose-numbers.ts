import { type Announced, announcement } from './announced.ts'
import type { Labels } from './labels.ts'
import { lookalikes } from './lookalikes.ts'
import { heldIn } from './printed-references.ts'
import { type Piece, type ReferenceIndex, unpadded } from './reference-index.ts'

/** A run of digits that was not recognised, kept to find slips of the pen. */
export interface LooseNumber {
  digits: string
  /** Which field of the line. */
  field: number
  announced: Announced
  /** Nothing follows it in its field: the bank may have cut it off. */
  atEnd: boolean
  /** Some of its digits are letters that look like them. */
  guessed: boolean
  /** What a padded reference with a check digit holds, if it is one: perhaps the client's number. */
  payloads: readonly string[]
}

/** A text that is gone through for numbers. */
export interface NumberSearch {
  index: ReferenceIndex
  learned: Labels
  /** Which field of the line the text is. */
  field: number
  /** The folded text as it was. */
  text: string
  /** The same with digits of other things blanked. */
  written: string
  /** The same with digits for letters that look like them. */
  masked: string
  pieces: readonly Piece[]
}

/** Runs of digits that are none of the pieces of a known number. `covered`: the first and the last piece of each of those, in the
 *  order of the text. */
export function looseNumbers(
  { index, learned, field, masked: text, written, pieces }: NumberSearch,
  covered: readonly number[],
): LooseNumber[] {
  const loose: LooseNumber[] = []
  let known = 0
  for (let i = 0; i < pieces.length; i += 1) {
    const piece = pieces[i]
    if (piece === undefined || !piece.digits) continue
    while ((covered[known + 1] ?? Infinity) < i) known += 2
    if ((covered[known] ?? Infinity) <= i) continue
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
      field,
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
