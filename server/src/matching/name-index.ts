import { KeyTable } from './key-table.ts'
import type { KnownWord } from './known-words.ts'
import { isFormAtTheEnd } from './legal-forms.ts'
import { passportSpelling, rawWords, tellingWords } from './name-words.ts'
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
  surnameOf: Initials | null
  /** The number of the last search whose text held it (names.ts): asked for every form, where a set would be made for every text. */
  heldBy: number
}

/** A client and all its forms. */
export interface NamedClient {
  id: string
  forms: Form[]
  /** The number of the last search that found it, and its place among what that found. */
  foundBy: number
  foundAt: number
}

/** Clients by the first letter of their first name. Nearly all surnames have one letter and one client. */
class Initials {
  #letters = ''
  readonly #clients: NamedClient[][] = []

  get(letter: string): readonly NamedClient[] | undefined {
    return letter === '' ? undefined : this.#clients[this.#letters.indexOf(letter)]
  }

  add(letter: string, client: NamedClient): void {
    const known = this.#clients[this.#letters.indexOf(letter)]
    if (known !== undefined) {
      known.push(client)
      return
    }
    this.#letters += letter
    this.#clients.push([client])
  }
}

/** A name of a client, or a shorter way to write it. */
export interface Form {
  /** Its place among all forms: findings are told in this order. */
  at: number
  client: NamedClient
  words: readonly NameWord[]
  compact: string
  /** What stands behind a name of one word, as written: its legal form, mostly. */
  behind: string
}

/** The words of names, numbered by their sound. */
interface NameWords {
  /** The index's own, from 1. Words that are known remember by it where they were sought; an object would be kept in memory by them. */
  number: number
  numbers: KeyTable
  list: NameWord[]
}

export interface NameIndex extends NameWords {
  starts: NameStarts
}

let indexes = 0

/** The word of names that a known word is, if any has it. */
export function nameWordOf({ number, numbers, list }: NameIndex, known: KnownWord): NameWord | undefined {
  if (known.soughtIn !== number) {
    known.soughtIn = number
    known.numberThere = numbers.numberOf(known.sound)
  }
  return known.numberThere === -1 ? undefined : list[known.numberThere]
}

/** The same for a sound. */
export function nameWordFor({ numbers, list }: NameIndex, sound: string): NameWord | undefined {
  const number = numbers.numberOf(sound)
  return number === -1 ? undefined : list[number]
}

/** Forms under one word that are gone through one by one. */
const scannedMax = 4

export function indexNames(clients: readonly MatchClient[]): NameIndex {
  const words: NameWords = { number: (indexes += 1), numbers: new KeyTable(), list: [] }
  const forms: Form[] = []
  for (const client of clients) addForms(words, forms, client)
  const index: NameIndex = { ...words, starts: emptyStarts(forms.length) }
  for (const form of forms) {
    const rarest = rarestOf(form.words)
    // Most are the rarest word of one form, and a list that grows takes room for many.
    if (rarest.forms.length === 0) rarest.forms = [form]
    else rarest.forms.push(form)
    addStart(index.starts, form)
  }
  shareStarts(index.starts)
  for (const word of index.list) {
    if (word.forms.length <= scannedMax) continue
    word.bySecond = new Map()
    for (const form of word.forms) {
      // A form of one word is its own second.
      const others = form.words.filter((other) => other !== word)
      push(word.bySecond, others.length === 0 ? word : rarestOf(others), form)
    }
  }
  return index
}

/** Adds all ways to write a client's names, and counts their words. */
function addForms(index: NameWords, forms: Form[], client: MatchClient): void {
  const { name, company } = client
  const named: NamedClient = { id: client.id, forms: [], foundBy: 0, foundAt: 0 }
  const before = forms.length
  const add = (written: string, found: readonly NameWord[]): void => {
    if (found.length > 0) forms.push(formOf(forms.length, named, written, found))
  }
  const wordsOf = (text: string): readonly NameWord[] => tellingWords(text).map((known) => wordOf(index, known))
  const person = name === '' ? none : wordsOf(name)
  add(name, person)
  for (const other of passportSpelling(name)) add(other, wordsOf(other))
  if (person.length > 1) addInitial(person.at(-1)!, person[0]!.sound, named)
  if (company !== '') {
    const firm = wordsOf(company)
    add(company, firm)
    for (const other of passportSpelling(company)) add(other, wordsOf(other))
    if (firm.length > 1 && isFormAtTheEnd(firm.at(-1)!.sound)) add('', firm.slice(0, -1))
  }
  // Just as long as it is: a list that grows keeps room for sixteen more.
  named.forms = forms.slice(before)
}

const none: readonly NameWord[] = []

function formOf(at: number, client: NamedClient, written: string, words: readonly NameWord[]): Form {
  let compact = ''
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n]!
    compact += word.sound
    if (words.indexOf(word) === n) word.count += 1
  }
  const behind = words.length === 1 ? rawWords(written).slice(1).join('') : ''
  return { at, client, words, compact, behind }
}

function wordOf({ number, numbers, list }: NameWords, known: KnownWord): NameWord {
  if (known.soughtIn !== number || known.numberThere === -1) {
    known.soughtIn = number
    known.numberThere = numbers.add(known.sound)
  }
  return (list[known.numberThere] ??= {
    sound: known.sound,
    count: 0,
    forms: [],
    bySecond: null,
    surnameOf: null,
    heldBy: 0,
  })
}

function addInitial(surname: NameWord, first: string, client: NamedClient): void {
  const letters = (surname.surnameOf ??= new Initials())
  letters.add(first.charAt(0), client)
}

function push(map: Map<NameWord, Form[]>, key: NameWord, form: Form): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [form])
  else list.push(form)
}

function rarestOf(list: readonly NameWord[]): NameWord {
  let rarest = list[0] as NameWord
  for (const word of list) if (word.count < rarest.count) rarest = word
  return rarest
}
