import { type Form, type NamedClient, type NameIndex, type NameWord, nameWordFor, nameWordOf } from './name-index.ts'
import { formsStarting, mayStart, startLength, startWords } from './name-starts.ts'
import type { KnownWord } from './known-words.ts'
import { nameWords, rawKnownWords, soundsOf, tellingWords, withSound } from './name-words.ts'
import { fold, soundKey } from './text.ts'

/** How well a text bears a client's name. `full`: every word of the person's or the company's name; `compact`: the same
 *  letters, cut or written in one; `initial`: surname and first letter; `single`: a one-word name that only this client has. */
export type NameFit = 'full' | 'compact' | 'initial' | 'single'

const better: Record<NameFit, number> = { full: 4, compact: 3, single: 2, initial: 1 }

/** A client that a text names, and how well. */
export interface NameFinding {
  clientId: string
  fit: NameFit
}

/** One text that is gone through for names. */
interface Search {
  number: number
  index: NameIndex
  text: string
  /** All its words. */
  raw: readonly KnownWord[]
  /** Those that may be of a name, and how they sound. */
  telling: readonly KnownWord[]
  sounds: readonly string[]
  /** Names that are joined by a dash, each as its words; null until they are asked for. */
  double: readonly string[][] | null
  /** The best fit for each client. */
  found: { client: NamedClient; clientId: string; fit: NameFit }[]
  /** Names of several words that are there in full. */
  whole: Form[]
  /** The fewest words of a form that was found. */
  fewest: number
}

/** Searches are numbered, so that what one noted at a word or a client is nothing to the next. */
let searches = 0

/** The clients whose name a text bears. `isPayer`: the text is the payer's name and nothing else, so that a one-word name
 *  must be all of it; in running text it must be a rare, long word. Returns the best fit for each client. */
export function findNames(index: NameIndex, text: string, isPayer: boolean): readonly NameFinding[] {
  const raw = rawKnownWords(text)
  const telling = isPayer ? tellingWords(text) : withSound(raw)
  const sounds = soundsOf(telling)
  const search: Search = {
    number: (searches += 1),
    index,
    text,
    raw,
    telling,
    sounds,
    double: null,
    found: [],
    whole: [],
    fewest: Infinity,
  }
  wholeFits(search, isPayer)
  // In running text a name may be cut by the end of the field or written in one word.
  if (isPayer) compactFits(search, sounds, sounds.join(''))
  else compactFitsWithin(search)
  initialFits(search)
  return withoutParts(search)
}

function note(search: Search, client: NamedClient, fit: NameFit, words: number): void {
  if (words < search.fewest) search.fewest = words
  if (client.foundBy !== search.number) {
    client.foundBy = search.number
    client.foundAt = search.found.length
    const finding = { client, clientId: client.id, fit }
    // A list that grows takes room for many, and most texts name one.
    if (search.found.length === 0) search.found = [finding]
    else search.found.push(finding)
    return
  }
  const old = search.found[client.foundAt]!
  if (better[fit] > better[old.fit]) old.fit = fit
}

/** Names all of whose words the text has. */
function wholeFits(search: Search, isPayer: boolean): void {
  const held = heldWords(search)
  for (const word of held) {
    for (const form of formsUnder(word, held)) {
      if (form.words.length === 1) oneWordFit(search, form, word, isPayer)
      else if (holdsAll(search, form.words)) {
        const isHalf = isLonger(search, form)
        if (!isHalf) search.whole.push(form)
        note(search, form.client, isHalf ? 'single' : 'full', form.words.length)
      }
    }
  }
}

function oneWordFit(search: Search, form: Form, { sound, count }: NameWord, isPayer: boolean): void {
  const isRare = sound.length >= 6 && count === 1
  const { length } = search.sounds
  if (isPayer ? length === 1 : isRare)
    note(search, form.client, isPayer || bearsForm(search.raw, form) ? 'full' : 'single', 1)
  else if (isPayer && isRare && length <= 3) note(search, form.client, 'single', 1)
}

/** The words of names that the text has, each once, in its order. */
function heldWords({ number, index, telling }: Search): readonly NameWord[] {
  const held: NameWord[] = []
  for (const known of telling) {
    const word = nameWordOf(index, known)
    if (word === undefined || word.heldBy === number) continue
    word.heldBy = number
    held.push(word)
  }
  return held
}

/** The forms under a word whose other words may be held, in their order. */
function formsUnder({ forms, bySecond }: NameWord, held: readonly NameWord[]): readonly Form[] {
  if (bySecond === null) return forms
  let under: readonly Form[] | null = null
  for (const second of held) {
    const more = bySecond.get(second)
    if (more !== undefined) under = under === null ? more : [...under, ...more].sort(byPlace)
  }
  return under ?? none
}

const none: readonly Form[] = []
const byPlace = (left: Form, right: Form): number => left.at - right.at

function holdsAll({ number }: Search, words: readonly NameWord[]): boolean {
  for (const word of words) if (word.heldBy !== number) return false
  return true
}

/** Anna Meyer-Wolf is not Anna Meyer where both are clients: the longer name is meant. */
function withoutParts({ found, whole, fewest }: Search): readonly NameFinding[] {
  let longest = 0
  for (const { words } of whole) longest = Math.max(longest, words.length)
  // None that was found has so few words that it may be part of another: nearly always so.
  if (found.length < 2 || longest <= fewest) return found
  return found.filter(
    ({ client }) =>
      client.forms.length === 0 || !client.forms.every((form) => whole.some((longer) => isPartOf(form, longer))),
  )
}

/** Whether a longer name of another client holds all of a name. */
const isPartOf = (form: Form, longer: Form): boolean =>
  form.client !== longer.client &&
  form.words.length < longer.words.length &&
  form.words.every((word) => longer.words.includes(word))

/** Whether a name of one word ends a text together with its legal form: then it is the company's, not a word. With a surname behind
 *  them it may be another firm of that name. */
function bearsForm(raw: readonly KnownWord[], { words: [word], behind }: Form): boolean {
  if (behind.length < 2) return false
  let rest = ''
  for (let at = raw.length - 1; at >= Math.max(0, raw.length - 7); at -= 1) {
    const one = raw[at]!
    if (one.sound === word?.sound && rest === behind) return true
    rest = one.text + rest
  }
  return false
}

/** Names that are joined by a dash, each as its words. */
const doubleNames = (text: string): string[][] =>
  text.includes('-')
    ? (fold(text).match(/[A-Z']+(?:-[A-Z']+)+/g) ?? []).map((joined) => nameWords(joined.replaceAll('-', ' ')))
    : []

/** Whether a name joined by a dash holds a word of a client's name and another that is none: Anna Meyer-Wolf is not Anna Meyer. */
function isLonger(search: Search, { words }: Form): boolean {
  const double = (search.double ??= doubleNames(search.text))
  const isOwn = (part: string): boolean => words.some(({ sound }) => sound === part)
  return double.some((parts) => parts.some(isOwn) && !parts.every(isOwn))
}

function compactFitsWithin(search: Search): void {
  const { sounds } = search
  for (let from = 0; from < sounds.length; from += 1) {
    if (!mayStart(search.index.starts, sounds, from)) continue
    const list = sounds.slice(from, from + startWords)
    compactFits(search, list, list.join(''))
  }
}

/** Names that the words `list`, written in one, are cut from or begin with. */
function compactFits(search: Search, list: readonly string[], compact: string): void {
  if (compact.length < startLength) return
  for (const form of formsStarting(search.index.starts, compact)) {
    const own = form.compact
    // Banks cut names at 16, 18, 27 … characters: whole words and the beginning of the last one.
    const cut = (list.length > 1 || compact.length >= ledLength) && goesOnAs(own, compact)
    const led = own.length >= ledLength && goesOnAs(compact, own)
    if (!(cut || led || compact === own)) continue
    // One or two letters of a cut word begin too many words.
    const last = list.at(-1) ?? ''
    const hanging = list.length > 1 && last.length < 3 && !form.words.some(({ sound }) => sound === last)
    const isHalf = hanging || (led && !cut && isLonger(search, form))
    note(search, form.client, isHalf ? 'single' : 'compact', form.words.length)
  }
}

/** A name of so many letters begins no other text by chance. */
const ledLength = 12

/** Whether a name whose first letters are those of another begins with all of it. */
function goesOnAs(name: string, beginning: string): boolean {
  if (beginning.length > name.length) return false
  for (let at = startLength; at < beginning.length; at += 1)
    if (name.charCodeAt(at) !== beginning.charCodeAt(at)) return false
  return true
}

function initialFits(search: Search): void {
  const { raw } = search
  for (let at = 0; at < raw.length; at += 1) {
    const word = raw[at]!.text
    // An initial such as Ø or Ü may be written as two letters, and two initials as one word.
    if (word.length > 2) continue
    initialFit(search, word, raw[at + 1])
    initialFit(search, word, raw[at - 1])
    initialFit(search, word, raw[at + 2])
  }
}

function initialFit(search: Search, word: string, neighbour: KnownWord | undefined): void {
  if (neighbour === undefined || neighbour.text.length < 3) return
  const { index } = search
  const surname = neighbour.sound === '' ? nameWordFor(index, soundKey(neighbour.text)) : nameWordOf(index, neighbour)
  const letters = surname?.surnameOf
  if (letters === undefined || letters === null) return
  for (const initial of /^[AOU]E$/.test(word) ? [soundKey(word)] : [...word].map(soundKey))
    for (const client of letters.get(initial) ?? []) note(search, client, 'initial', 2)
}
