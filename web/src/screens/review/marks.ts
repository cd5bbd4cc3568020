/** What of two texts agrees, found so that it can be shown: the number of an invoice in the text of a payment, the words of a name
 *  in another. The server's evidence decides; these marks only point at it. */

export interface Segment {
  text: string
  /** `same`: it agrees; `other`: it stands where the other side has something else; `plain`: it says nothing about it. */
  kind: 'same' | 'other' | 'plain'
}

interface Range {
  from: number
  to: number
  kind: 'same' | 'other'
}

/** `named`: the text bears the number; `nearly`: it bears one of a digit or two off; `another`: it bears one of the same make;
 *  `absent`: no number of this make. */
export type NumberState = 'named' | 'nearly' | 'another' | 'absent'

export interface NumberMarks {
  state: NumberState
  text: Range[]
  number: Range[]
}

const DIGITS_MIN = 3
/** So many digits may differ for a slip of the pen. */
const SLIPS_MAX = 2

export function markNumber(text: string, number: string): NumberMarks {
  const none: NumberMarks = { state: 'absent', text: [], number: [] }
  const digits = /\d+(?=\D*$)/.exec(number)?.[0] ?? ''
  if (number === '' || digits.length < DIGITS_MIN) {
    const at = number === '' ? -1 : text.toLowerCase().indexOf(number.toLowerCase())
    return at < 0 ? none : { state: 'named', text: [same(at, number.length)], number: [same(0, number.length)] }
  }
  const whole = findWhole(text, number)
  if (whole) return { state: 'named', text: [whole], number: [same(0, number.length)] }
  const from = number.lastIndexOf(digits)
  const runs = [...text.matchAll(/\d+/g)].map((run) => ({ at: run.index, digits: run[0] }))
  const bare = runs.find((run) => run.digits === digits)
  if (bare) return { state: 'named', text: [same(bare.at, digits.length)], number: [same(from, digits.length)] }
  const near = runs
    .filter((run) => run.digits.length === digits.length)
    .map((run) => ({ ...run, slips: differing(run.digits, digits) }))
    .sort((left, right) => left.slips.length - right.slips.length)[0]
  if (near && near.slips.length <= SLIPS_MAX) {
    return {
      state: 'nearly',
      text: spread(near.at, digits.length, near.slips),
      number: spread(from, digits.length, near.slips),
    }
  }
  const prefix = number.slice(0, from).trim()
  const alike = prefix.length > 1 ? findWhole(text, prefix, true) : undefined
  return alike ? { state: 'another', text: [{ ...alike, kind: 'other' }], number: [] } : none
}

/** Letters and digits of the number in their order, whatever stands between them (`FL 20633` for `FL-20633`); not within a longer
 *  word or number. `open`: digits may follow, and belong to it. */
function findWhole(text: string, number: string, open = false): Range | undefined {
  const parts = number.match(/[a-z]+|\d+/gi) ?? []
  const pattern = parts.join('[^\\p{L}\\p{N}]{0,2}')
  if (pattern === '') return undefined
  const found = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}${open ? '[^\\p{L}\\p{N}]{0,2}\\d+' : '(?!\\d)'}`, 'iu').exec(
    text,
  )
  return found ? same(found.index, found[0].length) : undefined
}

const same = (from: number, length: number): Range => ({ from, to: from + length, kind: 'same' })

const differing = (left: string, right: string): number[] =>
  [...left].flatMap((digit, at) => (digit === right[at] ? [] : [at]))

function spread(from: number, length: number, slips: readonly number[]): Range[] {
  const ranges: Range[] = []
  for (let at = 0; at < length; at += 1) {
    const kind = slips.includes(at) ? 'other' : 'same'
    const last = ranges.at(-1)
    if (last?.kind === kind) last.to += 1
    else ranges.push({ from: from + at, to: from + at + 1, kind })
  }
  return ranges
}

/** Words that say nothing about who it is. */
const EMPTY = new Set(
  'und and the der die das von van de la le du di gmbh ag kg ug ltd limited inc llc plc co company sarl srl sa bv nv ohg ev mr mrs herr frau firma'.split(
    ' ',
  ),
)
const UMLAUTS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ø: 'o', å: 'a', æ: 'ae', ł: 'l' }

const plainOf = (word: string): string => word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
const spelledOut = (word: string): string =>
  plainOf(
    word
      .toLowerCase()
      .normalize('NFC')
      .replaceAll(/[äöüßøåæł]/g, (letter) => UMLAUTS[letter]!),
  )

/** Banks cut long names off; so many letters of the last word tell it from another. */
const CUT_MIN = 4

/** The words of a text that also stand in the other one, whatever their case and accents; its last word may be cut off. */
export function markWords(text: string, other: string): Range[] {
  const known = new Set(wordsOf(other).flatMap(({ word }) => [plainOf(word), spelledOut(word)]))
  const words = wordsOf(text)
  const isKnown = (word: string, isLast: boolean): boolean =>
    known.has(word) || (isLast && word.length >= CUT_MIN && [...known].some((whole) => whole.startsWith(word)))
  return words
    .filter(({ word }) => word.length > 1 && !EMPTY.has(plainOf(word)))
    .filter((one) => [plainOf(one.word), spelledOut(one.word)].some((word) => isKnown(word, one === words.at(-1))))
    .map(({ at, word }) => same(at, word.length))
}

const wordsOf = (text: string): { at: number; word: string }[] =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((found) => ({ at: found.index, word: found[0] }))

/** How much of one name stands in the other: what says nothing (`GmbH`) is not counted. */
export function compareNames(left: string, right: string): 'same' | 'partly' | 'different' | 'unknown' {
  const count = (text: string): number =>
    wordsOf(text).filter(({ word }) => word.length > 1 && !EMPTY.has(plainOf(word))).length
  const [ofLeft, ofRight] = [count(left), count(right)]
  if (ofLeft === 0 || ofRight === 0) return 'unknown'
  const shared = Math.min(markWords(left, right).length, markWords(right, left).length)
  if (shared === 0) return 'different'
  return shared >= Math.min(ofLeft, ofRight) ? 'same' : 'partly'
}

/** The text in pieces; where ranges overlap the first one given holds. */
export function segmentsOf(text: string, ranges: readonly Range[]): Segment[] {
  const kinds: Segment['kind'][] = Array.from({ length: text.length }, () => 'plain')
  for (const { from, to, kind } of [...ranges].reverse()) kinds.fill(kind, from, to)
  const segments: Segment[] = []
  for (const [at, kind] of kinds.entries()) {
    const last = segments.at(-1)
    if (last?.kind === kind) last.text += text[at]!
    else segments.push({ text: text[at]!, kind })
  }
  return segments
}

export type DayState = 'same' | 'before_issue' | 'before_due' | 'after_due' | 'unknown'

/** Where the day of the money stands beside the days of the invoice. Days are `YYYY-MM-DD`, or times of which the day counts. */
export function compareDays(
  paid: string,
  issued: string | null,
  due: string | null,
): { state: DayState; days: number } {
  if (issued !== null && daysFrom(paid, issued) > 0) return { state: 'before_issue', days: daysFrom(paid, issued) }
  if (due === null) return { state: 'unknown', days: 0 }
  const days = daysFrom(paid, due)
  if (days === 0) return { state: 'same', days }
  return days > 0 ? { state: 'before_due', days } : { state: 'after_due', days: -days }
}

const DAY_MS = 86_400_000
const daysFrom = (from: string, to: string): number =>
  Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS)
