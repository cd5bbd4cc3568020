import { formsAndNames, withoutGlued, withoutRuns } from './legal-forms.ts'
import { nameNoise } from './lexicon.ts'
import { fold, soundKey, words } from './text.ts'

/** What each word of a text is as a word of a name: its sound, or nothing. The same words come up all the time. */
const sounds = new Map<string, string>()
const soundsMax = 200_000

export function soundOf(word: string): string {
  // Nearly every number is another one: they would push the words out.
  if (hasDigit(word)) return soundKey(word)
  let sound = sounds.get(word)
  if (sound !== undefined) return sound
  sound = nameNoise.has(word) ? '' : soundKey(word)
  if (sounds.size >= soundsMax) sounds.clear()
  sounds.set(word, sound)
  return sound
}

/** Words are of digits and capitals, and most with a digit begin or end with it. */
function hasDigit(word: string): boolean {
  for (let at = word.length - 1; at >= 0; at -= 1) if (word.charCodeAt(at) < 65) return true
  return false
}

/** The words of a name that tell people apart: no legal forms, no titles, no single letters. */
export function nameWords(name: string): string[] {
  const raw = withoutRuns(rawWords(withoutGlued(name)))
  const found = soundsOf(raw)
  // Some are called as others are organised: Ms Sá, the firm BSC.
  return found.length > 0 ? found : raw.filter((word) => formsAndNames.has(word)).map(soundKey)
}

export function soundsOf(raw: readonly string[]): string[] {
  const found: string[] = []
  for (const word of raw) {
    const sound = soundOf(word)
    if (sound !== '') found.push(sound)
  }
  return found
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

export function rawWords(text: string): readonly string[] {
  const folded = fold(text)
  return words(folded.includes("'") ? folded.replace(/'/g, '') : folded)
}
