import { withoutEnd } from './legal-forms.ts'
import { nameWords, passportSpelling, rawWords } from './name-words.ts'
import { addStart, emptyStarts, type NameStarts, shareStarts } from './name-starts.ts'
import type { MatchClient } from './types.ts'

/** A word of names, as it sounds. Forms hold the same object for the same word, so that it is told by itself. */
export interface NameWord {
  sound: string
  /** How many forms hold it. */
  count: number
  /** The forms of which it is the rarest word. */
  forms: Form[]
  /** The same under their second word where they are many, so that a common surname is not gone through for each line. */
  bySecond: Map<NameWord, Form[]> | null
  /** The clients of whom it is the surname, by the first letter of the first name. */
  surnameOf: Map<string, Set<string>> | null
}

/** A name of a client, or a shorter way to write it. */
export interface Form {
  /** Its place among all forms: findings are told in this order. */
  at: number
  clientId: string
  words: readonly NameWord[]
  compact: string
  /** What stands behind a name of one word, as written: its legal form, mostly. */
  behind: string
}

export interface NameIndex {
  /** The words of names by their sound. */
  words: Map<string, NameWord>
  starts: NameStarts
  /** All forms of a client. */
  byClient: Map<string, Form[]>
}

/** Forms under one word that are gone through one by one. */
const scannedMax = 12

type Spelt = Omit<Form, 'at' | 'words'> & { words: readonly string[] }

function formsOf(client: MatchClient): Spelt[] {
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
  const spelt = clients.flatMap(formsOf)
  const index: NameIndex = { words: new Map(), starts: emptyStarts(spelt.length), byClient: new Map() }
  const forms = spelt.map(
    ({ clientId, words, compact, behind }, at): Form => ({
      at,
      clientId,
      words: words.map((sound) => wordOf(index, sound)),
      compact,
      behind,
    }),
  )
  for (const { words } of forms) for (const word of new Set(words)) word.count += 1
  for (const form of forms) {
    push(index.byClient, form.clientId, form)
    rarestOf(form.words).forms.push(form)
    addStart(index.starts, form)
  }
  shareStarts(index.starts)
  for (const word of index.words.values()) {
    if (word.forms.length <= scannedMax) continue
    word.bySecond = new Map()
    for (const form of word.forms) {
      // A form of one word is its own second.
      const others = form.words.filter((other) => other !== word)
      push(word.bySecond, others.length === 0 ? word : rarestOf(others), form)
    }
  }
  for (const client of clients) {
    const person = nameWords(client.name)
    const surname = person.at(-1)
    const initial = person[0]?.charAt(0)
    if (surname === undefined || initial === undefined || person.length < 2) continue
    const letters = (wordOf(index, surname).surnameOf ??= new Map())
    const holders = letters.get(initial)
    if (holders === undefined) letters.set(initial, new Set([client.id]))
    else holders.add(client.id)
  }
  return index
}

function wordOf(index: NameIndex, sound: string): NameWord {
  let word = index.words.get(sound)
  if (word === undefined) {
    word = { sound, count: 0, forms: [], bySecond: null, surnameOf: null }
    index.words.set(sound, word)
  }
  return word
}

function push<Key>(map: Map<Key, Form[]>, key: Key, form: Form): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [form])
  else list.push(form)
}

const rarestOf = (list: readonly NameWord[]): NameWord =>
  list.reduce((left, right) => (right.count < left.count ? right : left))
