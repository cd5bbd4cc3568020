import { monthOfCompound } from './compound-months.ts'
import { collectorWords, monthWords, nameNoise, paymentAppWords } from './lexicon.ts'
import { isInstitution, saysOtherPurpose } from './purpose-words.ts'
import { soundKey, words } from './text.ts'

/** What a word of a folded text is by itself, whatever stands beside it. The same words come up in line after line, so that each is
 *  asked about once. */
export interface KnownWord {
  text: string
  /** How it sounds as a word of a name; empty where it is none, as titles and legal forms are. */
  sound: string
  /** The month of that name, 1 to 12, or 0. */
  month: number
  /** The month whose name it begins with, as in Septemberrechnung, or 0. */
  compoundMonth: number
  hasDigit: boolean
  /** It says that money is for something other than an invoice of ours. */
  otherPurpose: boolean
  /** Part of a payer's name, it tells an office or an insurer. */
  institution: boolean
  /** Part of a payer's name, it tells a payment provider or another collecting account. */
  collector: boolean
  /** Part of a payer's name, it tells an app through which single people pay. */
  paymentApp: boolean
}

const seen = new Map<string, KnownWord>()
const seenMax = 100_000

/** What is known of one folded word. */
export function knownWord(text: string): KnownWord {
  // Nearly every number is another one: they would push the words out.
  if (hasDigit(text)) return isNumber(text) ? numberWord(text) : aboutWord(text, true)
  let word = seen.get(text)
  if (word !== undefined) return word
  word = aboutWord(text, false)
  if (seen.size >= seenMax) seen.clear()
  seen.set(text, word)
  return word
}

const aboutWord = (text: string, hasDigit: boolean): KnownWord => ({
  text,
  sound: nameNoise.has(text) ? '' : soundKey(text),
  month: monthWords.get(text) ?? 0,
  compoundMonth: (text.length > 8 ? monthOfCompound(text) : undefined) ?? 0,
  hasDigit,
  otherPurpose: saysOtherPurpose(text),
  institution: isInstitution(text),
  collector: collectorWords.has(text),
  paymentApp: paymentAppWords.has(text),
})

/** Digits alone sound as they are written, and no lexicon has them. */
const numberWord = (text: string): KnownWord => ({
  text,
  sound: text,
  month: 0,
  compoundMonth: 0,
  hasDigit: true,
  otherPurpose: false,
  institution: false,
  collector: false,
  paymentApp: false,
})

/** Words are of digits and capitals; digits stand at the end more often than in front. */
function hasDigit(word: string): boolean {
  for (let at = word.length - 1; at >= 0; at -= 1) if (word.charCodeAt(at) < 65) return true
  return false
}

function isNumber(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) if (word.charCodeAt(at) >= 65) return false
  return true
}

/** The last texts that were gone through: names, months and purposes are sought in the same few of a line one after the other. */
const read: { text: string; words: readonly KnownWord[] }[] = []
const readMax = 8
let readNext = 0

/** The words of a folded text (text.ts), in its order. */
export function knownWords(text: string): readonly KnownWord[] {
  for (const known of read) if (known.text === text) return known.words
  const found = words(text).map(knownWord)
  read[readNext] = { text, words: found }
  readNext = (readNext + 1) % readMax
  return found
}
