import anyAscii from 'any-ascii'

// oxlint-disable-next-line no-control-regex -- the range is all of ASCII
const ascii = /^[\u0000-\u007f]*$/

/** Plain capitals: accents, umlauts and other alphabets are written in A–Z, so that what a bank printed and what the
 *  client typed meet. Keeps digits and punctuation. */
export function fold(text: string): string {
  // Most texts are plain already, and asking is ten times as quick as writing them anew.
  if (ascii.test(text)) return text.toUpperCase()
  return text.replace(otherLetters, asciiOf).toUpperCase()
}

// oxlint-disable-next-line no-control-regex -- the range is all of ASCII
const otherLetters = /[^\u0000-\u007f]+/g

/** How other letters are written: each stands for itself, and the same few come up all the time. */
const spellings = new Map<string, string>()
const spellingsMax = 10_000

function asciiOf(letters: string): string {
  let spelling = spellings.get(letters)
  if (spelling !== undefined) return spelling
  spelling = anyAscii(letters)
  if (spellings.size >= spellingsMax) spellings.clear()
  spellings.set(letters, spelling)
  return spelling
}

/** Joins the ways one sound is written: `Müller`, `MUELLER` and `MULLER` become one key. Takes folded text. */
export function soundKey(folded: string): string {
  let key = folded
  // A step that finds none of its letters is left out: most words pass through one or two.
  const last = key.length - 1
  let ending = false
  let double = false
  let hiss = false
  let soft = false
  for (let at = 0, before = 0; at <= last; at += 1) {
    const code = key.charCodeAt(at)
    if (code === 69 && (before === 65 || before === 79 || before === 85)) ending = true
    else if (code === before) double = true
    if (code === 72 || code === 90) hiss = true
    else if (code === 74 || code === 87 || code === 89) soft = true
    before = code
  }
  if (ending) key = key.replace(/[AOU]E/g, (pair) => pair.charAt(0))
  if (ending || double) key = key.replace(/([A-Z])\1/g, '$1')
  if (hiss) {
    key = key
      .replace(/TSCH|TCH|TSH|CZ/g, 'CH')
      .replace(/SCH|SZ/g, 'SH')
      .replace(/KH/g, 'H')
  }
  if (soft) key = key.replace(/[YJ]/g, 'I').replace(/W/g, 'V')
  if (hiss) key = key.replace(/PH/g, 'F')
  return double || ending || soft ? key.replace(/II/g, 'I') : key
}

/** The last texts that were split: names, months and purposes are sought in the same few of a line one after the other. */
const split: { text: string; words: readonly string[] }[] = []
const splitMax = 8
let splitNext = 0

/** Letters and digits in runs, in the order of the text. Takes folded text. */
export function words(folded: string): readonly string[] {
  for (const known of split) if (known.text === folded) return known.words
  const found = folded.match(/[A-Z0-9]+/g) ?? []
  split[splitNext] = { text: folded, words: found }
  splitNext = (splitNext + 1) % splitMax
  return found
}

/** Orders strings by code unit, the same on every machine. */
export function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1
}

/** Whole days from one YYYY-MM-DD to another; NaN where a date is missing. */
export function daysBetween(from: string, to: string): number {
  return Math.round((instantOf(to) - instantOf(from)) / 86_400_000)
}

/** The same few hundred days come up for every line. */
const instants = new Map<string, number>()
const instantsMax = 20_000

function instantOf(day: string): number {
  let instant = instants.get(day)
  if (instant !== undefined) return instant
  instant = Date.parse(day)
  if (instants.size >= instantsMax) instants.clear()
  instants.set(day, instant)
  return instant
}
