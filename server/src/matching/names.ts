import { formsAndNames, withoutEnd, withoutGlued, withoutRuns } from './legal-forms.ts'
import { nameNoise } from './lexicon.ts'
import { fold, soundKey, words } from './text.ts'
import type { MatchClient } from './types.ts'

/** How well a text bears a client's name. `full`: every word of the person's or the company's name; `compact`: the same
 *  letters, cut or written in one; `initial`: surname and first letter; `single`: a one-word name that only this client has. */
export type NameFit = 'full' | 'compact' | 'initial' | 'single'

interface Form {
  /** Its place among all forms: findings are told in this order. */
  at: number
  clientId: string
  words: readonly string[]
  compact: string
  /** What stands behind a name of one word, as written: its legal form, mostly. */
  behind: string
}

/** The forms under one word, which is the rarest of each. */
interface Holders {
  forms: Form[]
  /** The same under their second word where they are many, so that a common surname is not gone through for each line. */
  bySecond: Map<string, Form[]> | null
}

export interface NameIndex {
  /** Forms under their rarest word. */
  byWord: Map<string, Holders>
  /** Clients under the first letters of the whole name. */
  byStart: Map<string, Form[]>
  /** Whether a name may begin so: asked at every word of every text, and nearly always it does not. */
  starts: Starts
  /** The same under more letters, where many begin alike. */
  byLongStart: Map<string, Form[]>
  /** Clients under surname, and under that by the first letter. */
  byInitial: Map<string, Map<string, Set<string>>>
  /** How many forms hold a word. */
  holders: Map<string, number>
  /** All forms of a client. */
  byClient: Map<string, Form[]>
}

/** Forms under one word that are gone through one by one. */
const scannedMax = 12
const startLength = 9
const longStartLength = 12
const sharedStartMax = 100

/** What each word of a text is as a word of a name: its sound, or nothing. The same words come up all the time. */
const sounds = new Map<string, string>()
const soundsMax = 200_000

function soundOf(word: string): string {
  let sound = sounds.get(word)
  if (sound !== undefined) return sound
  sound = nameNoise.has(word) ? '' : soundKey(word)
  if (sounds.size >= soundsMax) sounds.clear()
  sounds.set(word, sound)
  return sound
}

/** The words of a name that tell people apart: no legal forms, no titles, no single letters. */
export function nameWords(name: string): string[] {
  const raw = withoutRuns(rawWords(withoutGlued(name)))
  const found = soundsOf(raw)
  // Some are called as others are organised: Ms Sá, the firm BSC.
  return found.length > 0 ? found : raw.filter((word) => formsAndNames.has(word)).map(soundKey)
}

function soundsOf(raw: readonly string[]): string[] {
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
function passportSpelling(name: string): string[] {
  if (!/[ГгЦцЩщХх]/.test(name)) return []
  return [name.replace(/[ГгЦцЩщХх]/g, (letter) => passportLetters[letter] ?? letter)]
}

function rawWords(text: string): readonly string[] {
  const folded = fold(text)
  return words(folded.includes("'") ? folded.replace(/'/g, '') : folded)
}

function formsOf(client: MatchClient): Omit<Form, 'at'>[] {
  const company = nameWords(client.company)
  const short = withoutEnd(company)
  const forms = [client.name, ...passportSpelling(client.name), client.company, ...passportSpelling(client.company)]
    .filter((name) => name !== '')
    .map((name): { name: string; found: readonly string[] } => ({ name, found: nameWords(name) }))
  if (short !== company) forms.push({ name: '', found: short })
  return forms
    .filter(({ found }) => found.length > 0)
    .map(({ name, found }) => ({
      clientId: client.id,
      words: found,
      compact: found.join(''),
      behind: found.length === 1 ? rawWords(name).slice(1).join('') : '',
    }))
}

export function indexNames(clients: readonly MatchClient[]): NameIndex {
  const forms = clients.flatMap(formsOf).map((form, at): Form => ({ at, ...form }))
  const index: NameIndex = {
    starts: noStarts(forms.length),
    byWord: new Map(),
    byStart: new Map(),
    byLongStart: new Map(),
    byInitial: new Map(),
    holders: new Map(),
    byClient: new Map(),
  }
  for (const form of forms) {
    for (const word of new Set(form.words)) index.holders.set(word, (index.holders.get(word) ?? 0) + 1)
  }
  for (const form of forms) {
    push(index.byClient, form.clientId, form)
    const rarest = rarestOf(index, form.words)
    const held = index.byWord.get(rarest)
    if (held === undefined) index.byWord.set(rarest, { forms: [form], bySecond: null })
    else held.forms.push(form)
    if (form.compact.length < startLength) continue
    push(index.byStart, form.compact.slice(0, startLength), form)
    addStart(index.starts, form.compact)
  }
  for (const alike of index.byStart.values()) {
    if (alike.length <= scannedMax) continue
    for (const form of alike)
      if (form.compact.length >= longStartLength) push(index.byLongStart, form.compact.slice(0, longStartLength), form)
  }
  for (const [word, held] of index.byWord) {
    if (held.forms.length <= scannedMax) continue
    held.bySecond = new Map()
    for (const form of held.forms) {
      // A form of one word is its own second.
      const others = form.words.filter((other) => other !== word)
      push(held.bySecond, others.length === 0 ? word : rarestOf(index, others), form)
    }
  }
  for (const client of clients) {
    const person = nameWords(client.name)
    const surname = person.at(-1)
    const initial = person[0]?.charAt(0)
    if (surname === undefined || initial === undefined || person.length < 2) continue
    let letters = index.byInitial.get(surname)
    if (letters === undefined) index.byInitial.set(surname, (letters = new Map()))
    const holders = letters.get(initial)
    if (holders === undefined) letters.set(initial, new Set([client.id]))
    else holders.add(client.id)
  }
  return index
}

/** A set of beginnings that errs by a few it does not hold. The length is a power of two. */
type Starts = Uint8Array

const noStarts = (count: number): Starts => new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(count, 1) * 8)))

/** A number made of the first letters from `from` on. Source: FNV-1a. */
function startHash(text: string, from: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < from + startLength; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

const addStart = (starts: Starts, text: string): void => {
  starts[startHash(text, 0) & (starts.length - 1)] = 1
}

const mayStart = (starts: Starts, text: string, from: number): boolean =>
  starts[startHash(text, from) & (starts.length - 1)] === 1

const better: Record<NameFit, number> = { full: 4, compact: 3, single: 2, initial: 1 }

function push(map: Map<string, Form[]>, key: string, form: Form): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [form])
  else list.push(form)
}

function rarestOf(index: NameIndex, list: readonly string[]): string {
  return list.reduce((left, right) => ((index.holders.get(right) ?? 0) < (index.holders.get(left) ?? 0) ? right : left))
}

/** The forms under a word whose other words may be held, in their order. */
function formsUnder(index: NameIndex, word: string, held: ReadonlySet<string>): readonly Form[] {
  const under = index.byWord.get(word)
  if (under === undefined) return []
  const { bySecond } = under
  if (bySecond === null) return under.forms
  return [...held].flatMap((second) => bySecond.get(second) ?? []).sort((left, right) => left.at - right.at)
}

/** The clients whose name a text bears. `isPayer`: the text is the payer's name and nothing else, so that a one-word name
 *  must be all of it; in running text it must be a rare, long word. Returns the best fit for each client. */
export function findNames(index: NameIndex, text: string, isPayer: boolean): Map<string, NameFit> {
  const found = new Map<string, NameFit>()
  const note = (clientId: string, fit: NameFit): void => {
    const old = found.get(clientId)
    if (old === undefined || better[fit] > better[old]) found.set(clientId, fit)
  }
  const whole: Form[] = []
  const noteForm = (form: Form, fit: NameFit): void => {
    if (fit === 'full' && form.words.length > 1) whole.push(form)
    note(form.clientId, fit)
  }
  const raw = rawWords(text)
  const list = isPayer ? nameWords(text) : soundsOf(raw)
  const held = new Set(list)
  const double = text.includes('-') ? doubleNames(text) : []
  for (const word of held) {
    for (const form of formsUnder(index, word, held)) {
      if (form.words.length === 1) {
        if (isPayer ? list.length === 1 : word.length >= 6 && (index.holders.get(word) ?? 0) === 1)
          note(form.clientId, isPayer || bearsForm(raw, form) ? 'full' : 'single')
        else if (isPayer && word.length >= 6 && (index.holders.get(word) ?? 0) === 1 && list.length <= 3)
          note(form.clientId, 'single')
      } else if (form.words.every((part) => held.has(part))) {
        noteForm(form, isLonger(double, form.words) ? 'single' : 'full')
      }
    }
  }
  // In running text a name may be cut by the end of the field or written in one word.
  if (isPayer) compactFits(index, list, double, note)
  else compactFitsWithin(index, list, double, note)
  initialFits(index, raw, note)
  // Anna Meyer-Wolf is not Anna Meyer where both are clients: the longer name is meant.
  if (found.size > 1 && whole.length > 0)
    for (const clientId of found.keys()) {
      const own = formsOfClient(index, clientId)
      if (own.length > 0 && own.every((form) => whole.some((longer) => isPartOf(form, longer)))) found.delete(clientId)
    }
  return found
}

/** Whether a name of one word ends a text together with its legal form: then it is the company's, not a word. With a surname behind
 *  them it may be another firm of that name. */
function bearsForm(raw: readonly string[], { words: [word], behind }: Form): boolean {
  if (behind.length < 2) return false
  const from = Math.max(0, raw.length - 7)
  return raw.slice(from).some((one, at, end) => soundOf(one) === word && end.slice(at + 1).join('') === behind)
}

const formsOfClient = (index: NameIndex, clientId: string): readonly Form[] => index.byClient.get(clientId) ?? []

/** Whether a longer name of another client holds all of a name. */
const isPartOf = (form: Form, longer: Form): boolean =>
  form.clientId !== longer.clientId &&
  form.words.length < longer.words.length &&
  form.words.every((word) => longer.words.includes(word))

/** Names that are joined by a dash, each as its words. */
const doubleNames = (text: string): string[][] =>
  (fold(text).match(/[A-Z']+(?:-[A-Z']+)+/g) ?? []).map((joined) => nameWords(joined.replaceAll('-', ' ')))

/** Whether a name joined by a dash holds a word of a client's name and another that is none: Anna Meyer-Wolf is not Anna Meyer. */
const isLonger = (double: readonly string[][], form: readonly string[]): boolean =>
  double.some((parts) => parts.some((part) => form.includes(part)) && parts.some((part) => !form.includes(part)))

function compactFitsWithin(
  index: NameIndex,
  list: readonly string[],
  double: readonly string[][],
  note: (clientId: string, fit: NameFit) => void,
): void {
  const all = list.join('')
  let start = 0
  for (let from = 0; from < list.length; from += 1) {
    let end = start
    const to = Math.min(list.length, from + 4)
    for (let at = from; at < to; at += 1) end += list[at]?.length ?? 0
    if (end - start >= startLength && mayStart(index.starts, all, start))
      compactFits(index, list.slice(from, to), double, note)
    start += list[from]?.length ?? 0
  }
}

function compactFits(
  index: NameIndex,
  list: readonly string[],
  double: readonly string[][],
  note: (clientId: string, fit: NameFit) => void,
): void {
  const compact = list.join('')
  if (compact.length < startLength) return
  if (!mayStart(index.starts, compact, 0)) return
  const alike = index.byStart.get(compact.slice(0, startLength)) ?? []
  // A beginning that so many share tells nobody apart.
  if (alike.length > sharedStartMax) return
  // A name that fits twelve letters and more has the first twelve of them.
  const forms =
    alike.length > scannedMax && compact.length >= longStartLength
      ? (index.byLongStart.get(compact.slice(0, longStartLength)) ?? [])
      : alike
  for (const form of forms) {
    // Banks cut names at 16, 18, 27 … characters: whole words and the beginning of the last one.
    const cut = compact.length >= (list.length > 1 ? startLength : 12) && form.compact.startsWith(compact)
    const led = form.compact.length >= 12 && compact.startsWith(form.compact)
    if (!(cut || led || compact === form.compact)) continue
    // One or two letters of a cut word begin too many words.
    const last = list.at(-1) ?? ''
    const hanging = list.length > 1 && last.length < 3 && !form.words.includes(last)
    note(form.clientId, hanging || (led && !cut && isLonger(double, form.words)) ? 'single' : 'compact')
  }
}

function initialFits(index: NameIndex, raw: readonly string[], note: (clientId: string, fit: NameFit) => void): void {
  for (let at = 0; at < raw.length; at += 1) {
    const word = raw[at] ?? ''
    // An initial such as Ø or Ü may be written as two letters, and two initials as one word.
    if (word.length > 2) continue
    for (const neighbour of [raw[at + 1], raw[at - 1], raw[at + 2]]) {
      if (neighbour === undefined || neighbour.length < 3) continue
      const letters = index.byInitial.get(soundOf(neighbour) || soundKey(neighbour))
      if (letters === undefined) continue
      for (const initial of /^[AOU]E$/.test(word) ? [soundKey(word)] : [...word].map(soundKey))
        for (const clientId of letters.get(initial) ?? []) note(clientId, 'initial')
    }
  }
}
