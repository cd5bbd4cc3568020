import { type KnownWord, knownWord, knownWords } from './known-words.ts'
import { formsAndNames, withoutGlued, withoutRuns } from './legal-forms.ts'
import { fold, soundKey, words } from './text.ts'

/** The words of a name that tell people apart, as they sound: no legal forms, no titles, no single letters. */
export const nameWords = (name: string): string[] => soundsOf(tellingWords(name))

/** The same as known words. */
export function tellingWords(name: string): readonly KnownWord[] {
  const all = knownWords(spelt(withoutGlued(name)))
  const raw = all.some((word) => word.opensForm) ? withoutRuns(all.map(({ text }) => text)).map(knownWord) : all
  const found = withSound(raw)
  if (found.length > 0) return found
  // Some are called as others are organised: Ms Sá, the firm BSC.
  return raw
    .filter(({ text }) => formsAndNames.has(text))
    .map((word) => ({ ...word, sound: soundKey(word.text), soughtIn: 0 }))
}

/** Those of the words that may be of a name. */
export function withSound(known: readonly KnownWord[]): readonly KnownWord[] {
  for (let at = 0; at < known.length; at += 1)
    if (known[at]!.sound === '') return known.filter(({ sound }) => sound !== '')
  return known
}

export function soundsOf(known: readonly KnownWord[]): string[] {
  const sounds: string[] = []
  for (const { sound } of known) sounds.push(sound)
  return sounds
}

/** Cyrillic letters as Ukrainian passports write them, where that is not how they are folded. Source: resolution 55 of the
 *  Cabinet of Ministers of Ukraine of 27 January 2010. */
const passportLetters: Readonly<Record<string, string>> = {
  Г: 'H',
  г: 'h',
  Ц: 'Ts',
  ц: 'ts',
  Щ: 'Shch',
  щ: 'shch',
  Х: 'Kh',
  х: 'kh',
}

/** The same name with the letters of a passport, where it is written in Cyrillic letters that have two customs. */
export function passportSpelling(name: string): string[] {
  if (!/[ГгЦцЩщХх]/.test(name)) return []
  return [name.replace(/[ГгЦцЩщХх]/g, (letter) => passportLetters[letter] ?? letter)]
}

/** All words of a name or a text, as written. D'Arc is one word. */
export const rawWords = (text: string): readonly string[] => words(spelt(text))

/** The same with what is known of each. */
export const rawKnownWords = (text: string): readonly KnownWord[] => knownWords(spelt(text))

function spelt(text: string): string {
  const folded = fold(text)
  return folded.includes("'") ? folded.replace(/'/g, '') : folded
}
