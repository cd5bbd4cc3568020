import { monthOfCompound } from './compound-months.ts'
import { collectorWords, monthWords, nameNoise, paymentAppWords } from './lexicon.ts'
import { isInstitution, saysOtherPurpose } from './purpose-words.ts'
import { opensForm } from './legal-forms.ts'
import { soundKey } from './text.ts'

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
  /** A legal form of several words may begin with it. */
  opensForm: boolean
  /** The number of the name index in which it was last sought (name-index.ts), and its own number there; -1 where no name has it. */
  soughtIn: number
  numberThere: number
}

/** What is known of one folded word. */
export function knownWord(text: string): KnownWord {
  const [word] = cut(text)
  return word ?? aboutWord(text, false)
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
  opensForm: opensForm(text),
  soughtIn: 0,
  numberThere: -1,
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
  opensForm: false,
  soughtIn: 0,
  numberThere: -1,
})

/** Cuts a folded text into its words, as `words` does (text.ts), but makes no string of a word that is known. */
function cut(text: string): readonly KnownWord[] {
  const found: KnownWord[] = []
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at)
    if (!isSign(code)) continue
    const start = at
    let hash = 0x811c9dc5
    let hasDigit = false
    let hasLetter = false
    do {
      // Source: FNV-1a.
      hash = Math.imul(hash ^ code, 0x01000193)
      if (code < 65) hasDigit = true
      else hasLetter = true
      at += 1
      code = text.charCodeAt(at)
    } while (isSign(code))
    if (!hasDigit) found.push(seenWord(text, start, at, hash))
    // Nearly every number is another one: they would push the words out.
    else if (hasLetter) found.push(aboutWord(text.slice(start, at), true))
    else found.push(numberWord(text.slice(start, at)))
  }
  return found
}

const isSign = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 48 && code <= 57)

/** Words that were seen, by a number made of their letters. Each has a few places, and the last of them is taken by the newest, so that
 *  no words, however chosen, fill the memory or are long to find. */
const seen: (KnownWord | null)[] = Array.from({ length: 2 ** 17 }, () => null)
const seenPlaces = 4
/** No word of a language is longer; what is, is hardly seen twice. */
const seenLength = 32

function seenWord(text: string, start: number, end: number, hash: number): KnownWord {
  if (end - start > seenLength) return aboutWord(text.slice(start, end), false)
  const first = hash ^ (hash >>> 15)
  let place = 0
  for (let next = 0; next < seenPlaces; next += 1) {
    place = (first + next) & (seen.length - 1)
    const word = seen[place] ?? null
    if (word === null) break
    if (isAt(word.text, text, start, end)) return word
  }
  const word = aboutWord(copied(text.slice(start, end)), false)
  seen[place] = word
  return word
}

function isAt(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false
  for (let at = 0; at < word.length; at += 1) if (word.charCodeAt(at) !== text.charCodeAt(start + at)) return false
  return true
}

/** A part of a text keeps the whole text in memory; this does not. */
const copied = (word: string): string => word.split('').join('')

/** The last texts that were gone through: names, months and purposes are sought in the same few of a line one after the other. */
const read: { text: string; words: readonly KnownWord[] }[] = []
const readMax = 8
let readNext = 0

/** The words of a folded text, in its order. */
export function knownWords(text: string): readonly KnownWord[] {
  for (const known of read) if (known.text === text) return known.words
  const found = cut(text)
  read[readNext] = { text, words: found }
  readNext = (readNext + 1) % readMax
  return found
}
