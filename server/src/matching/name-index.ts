import { withoutEnd } from './legal-forms.ts'
import { nameWords, passportSpelling, rawWords } from './name-words.ts'
import type { MatchClient } from './types.ts'

export interface Form {
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
export const scannedMax = 12
export const startLength = 9
export const longStartLength = 12

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

export const mayStart = (starts: Starts, text: string, from: number): boolean =>
  starts[startHash(text, from) & (starts.length - 1)] === 1

function push(map: Map<string, Form[]>, key: string, form: Form): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [form])
  else list.push(form)
}

function rarestOf(index: NameIndex, list: readonly string[]): string {
  return list.reduce((left, right) => ((index.holders.get(right) ?? 0) < (index.holders.get(left) ?? 0) ? right : left))
}
