import type { Form } from './name-index.ts'

/** Names by their first letters. It is asked at every word of every text, and nearly always none begins so: a number made of the
 *  letters says that without a string being cut, and in one look into the memory. */
export interface NameStarts {
  /** Two places for each beginning: its number, and one more than its place among `groups`; 0 where there is none. At most half of
   *  it is taken, and its length is a power of two. */
  table: Int32Array
  groups: Group[]
}

/** Forms that begin alike. */
interface Group {
  forms: Form[]
  /** The same under more letters, where they are many. */
  byMore: Map<string, Form[]> | null
}

/** The letters that a name begins with; shorter names have no place here. */
export const startLength = 9
const moreLength = 12
/** Names are sought in so many words, written in one. */
export const startWords = 4
/** Forms that are gone through one by one. */
const scannedMax = 4
/** A beginning that so many share tells nobody apart. */
const sharedMax = 100

const none: readonly Form[] = []

export const emptyStarts = (forms: number): NameStarts => ({
  table: new Int32Array(2 ** Math.ceil(Math.log2(Math.max(forms, 1) * 4))),
  groups: [],
})

export function addStart(starts: NameStarts, form: Form): void {
  if (form.compact.length < startLength) return
  const slot = slotOf(starts, form.compact)
  const group = starts.groups[(starts.table[slot + 1] ?? 0) - 1]
  if (group !== undefined) {
    group.forms.push(form)
    return
  }
  starts.groups.push({ forms: [form], byMore: null })
  starts.table[slot] = startHash(form.compact)
  starts.table[slot + 1] = starts.groups.length
}

/** Sorts large groups by more letters, when all forms are there. */
export function shareStarts({ groups }: NameStarts): void {
  for (const group of groups) {
    if (group.forms.length <= scannedMax) continue
    group.byMore = Map.groupBy(
      group.forms.filter(({ compact }) => compact.length >= moreLength),
      ({ compact }) => compact.slice(0, moreLength),
    )
  }
}

/** Whether a name may begin as the words from `from` on do, written in one: nearly always this says no. */
export function mayStart({ table }: NameStarts, words: readonly string[], from: number): boolean {
  let hash = hashSeed
  let left = startLength
  for (let at = from; at < words.length && at < from + startWords; at += 1) {
    const word = words[at] ?? ''
    const end = Math.min(word.length, left)
    for (let letter = 0; letter < end; letter += 1) hash = hashOn(hash, word.charCodeAt(letter))
    left -= end
    if (left === 0) return isTaken(table, hashEnd(hash))
  }
  return false
}

/** Whether a beginning has that number. */
function isTaken(table: Int32Array, hash: number): boolean {
  let slot = (hash << 1) & (table.length - 1)
  for (; table[slot + 1] !== 0; slot = (slot + 2) & (table.length - 1)) if (table[slot] === hash) return true
  return false
}

/** The forms that may fit a name written in one: those that begin as it does, where they are not too many. */
export function formsStarting(starts: NameStarts, compact: string): readonly Form[] {
  const group = starts.groups[(starts.table[slotOf(starts, compact) + 1] ?? 0) - 1]
  if (group === undefined || group.forms.length > sharedMax) return none
  // A name that fits twelve letters and more has the first twelve of them.
  if (group.byMore === null || compact.length < moreLength) return group.forms
  return group.byMore.get(compact.slice(0, moreLength)) ?? none
}

/** Where the beginning of a name stands in the table, or would stand. */
function slotOf({ table, groups }: NameStarts, name: string): number {
  const hash = startHash(name)
  let slot = (hash << 1) & (table.length - 1)
  for (let taken = table[slot + 1]; taken !== 0; taken = table[slot + 1]) {
    const known = groups[(taken ?? 0) - 1]?.forms[0]
    if (table[slot] === hash && known !== undefined && beginsAlike(known.compact, name)) break
    slot = (slot + 2) & (table.length - 1)
  }
  return slot
}

function beginsAlike(name: string, other: string): boolean {
  for (let at = 0; at < startLength; at += 1) if (name.charCodeAt(at) !== other.charCodeAt(at)) return false
  return true
}

/** A number made of a name's first letters. Source: FNV-1a. */
function startHash(name: string): number {
  let hash = hashSeed
  for (let at = 0; at < startLength; at += 1) hash = hashOn(hash, name.charCodeAt(at))
  return hashEnd(hash)
}

const hashSeed = 0x811c9dc5
const hashOn = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193)
const hashEnd = (hash: number): number => hash ^ (hash >>> 15)
