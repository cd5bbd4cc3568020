import { type KindOfCode, type Labels, learnLabels, noLabels } from './labels.ts'
import type { MatchTransaction } from './types.ts'

/** What the lines of a book tell together about the bank's columns: where it cuts its texts, and where it breaks them. A single
 *  line cannot tell it; lines that were decided before help. */
export interface Columns {
  /** Lengths at which texts end because the bank has no more room, for each field. */
  cuts: { reference: ReadonlySet<number>; description: ReadonlySet<number> }
  /** Widths after which a blank stands in nearly every text, be it within a word. */
  wraps: readonly number[]
  /** What the words before codes mean. */
  labels: Labels
}

export const noColumns: Columns = {
  cuts: { reference: new Set(), description: new Set() },
  wraps: [],
  labels: noLabels,
}

/** Enough to know a bank by. Beyond, more lines tell nothing new. */
const linesMax = 3000
/** So many texts must end at one column, and so many times more than at those before it. */
const pileMin = 5
const pileTimes = 4
const neighbours = 10
/** So many of all texts end at the longest length only where it is the end of the room. */
const endShare = 0.1
const wrapWidthMin = 18
const wrapWidthMax = 80
const wrapTextsMin = 10
const wrapShare = 0.9

/** Learns the columns of a book. `lines` in an order of their own, so that the same lines tell the same. `kindOf`: what the codes that
 *  begin at a place in a text are. */
export function learnColumns(lines: readonly MatchTransaction[], kindOf: KindOfCode = () => null): Columns {
  const few = lines.slice(0, linesMax)
  const references = distinct(few.map((line) => line.reference))
  const descriptions = distinct(few.map((line) => line.description))
  const reference = new Set([...cutsOf(references), ...endOf(few.map((line) => line.reference))])
  const description = new Set([...cutsOf(descriptions), ...endOf(few.map((line) => line.description))])
  return { cuts: { reference, description }, wraps: wrapsOf(descriptions), labels: learnLabels(few, kindOf) }
}

/** Whether one of a line's texts ends where the bank cuts them. */
export function isCut({ reference, description }: MatchTransaction, { cuts }: Columns): boolean {
  return endsAt(reference, cuts.reference) || endsAt(description, cuts.description)
}

// A blank at the end is trimmed.
const endsAt = (text: string, cuts: ReadonlySet<number>): boolean =>
  cuts.size > 0 && hasWords(text) && (cuts.has(text.length) || cuts.has(text.length + 1))

/** Several words, one of them long: codes all have one length without being cut. */
const hasWords = (text: string): boolean => text.includes(' ') && /\p{L}{4}/u.test(text)

/** Each text once. */
const distinct = (texts: readonly string[]): string[] => [...new Set(texts.filter(hasWords))]

function cutsOf(texts: readonly string[]): Set<number> {
  const counts = new Map<number, number>()
  for (const { length } of texts) counts.set(length, (counts.get(length) ?? 0) + 1)
  const between = (from: number, to: number): number => {
    let sum = 0
    for (let length = from; length <= to; length += 1) sum += counts.get(length) ?? 0
    return sum
  }
  const cuts = new Set<number>()
  for (const [length, count] of counts) {
    const before = between(length - neighbours - 1, length - 2) / neighbours
    const after = between(length + 1, length + neighbours) / neighbours
    if (count >= pileMin && count >= pileTimes * before && count >= pileTimes * neighbours * after) cuts.add(length)
  }
  return cuts
}

/** The length beyond which no text goes and at which many end: where the bank's own words fill the room, all of them are equal. */
function endOf(texts: readonly string[]): number[] {
  const lengths = texts.filter(hasWords).map((text) => text.length)
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const ending = lengths.filter((length) => length === longest).length
  return ending >= pileMin && ending >= endShare * lengths.length ? [longest] : []
}

function wrapsOf(texts: readonly string[]): number[] {
  const wraps: number[] = []
  for (let width = wrapWidthMin; width <= wrapWidthMax; width += 1) {
    let long = 0
    let blank = 0
    for (const text of texts) {
      if (text.length <= width + 1) continue
      long += 1
      if (isBlankAt(text, width)) blank += 1
    }
    if (long >= wrapTextsMin && blank >= wrapShare * long) wraps.push(width)
  }
  return wraps
}

function isBlankAt(text: string, width: number): boolean {
  for (let at = width; at < text.length; at += width + 1) if (text[at] !== ' ') return false
  return true
}
