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
/** Forms that are gone through one by one. */
const scannedMax = 12
/** A beginning that so many share tells nobody apart. */
const sharedMax = 100

const none: readonly Form[] = []

export const emptyStarts = (forms: number): NameStarts => ({
  table: new Int32Array(2 ** Math.ceil(Math.log2(Math.max(forms, 1) * 4))),
  groups: [],
})

export function addStart(starts: NameStarts, form: Form): void {
  if (form.compact.length < startLength) return
  const slot = slotOf(starts, form.compact, 0)
  const group = starts.groups[(starts.table[slot + 1] ?? 0) - 1]
  if (group !== undefined) {
    group.forms.push(form)
    return
  }
  starts.groups.push({ forms: [form], byMore: null })
  starts.table[slot] = startHash(form.compact, 0)
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

/** Whether a name begins as the text does from `from` on. There must be `startLength` letters left. */
export const isStart = (starts: NameStarts, text: string, from: number): boolean =>
  starts.table[slotOf(starts, text, from) + 1] !== 0

/** The forms that may fit a name written in one: those that begin as it does, where they are not too many. */
export function formsStarting(starts: NameStarts, compact: string): readonly Form[] {
  const group = starts.groups[(starts.table[slotOf(starts, compact, 0) + 1] ?? 0) - 1]
  if (group === undefined || group.forms.length > sharedMax) return none
  // A name that fits twelve letters and more has the first twelve of them.
  if (group.byMore === null || compact.length < moreLength) return group.forms
  return group.byMore.get(compact.slice(0, moreLength)) ?? none
}

/** Where the beginning stands in the table, or would stand. */
function slotOf({ table, groups }: NameStarts, text: string, from: number): number {
  const hash = startHash(text, from)
  let slot = (hash << 1) & (table.length - 1)
  for (let taken = table[slot + 1]; taken !== 0; taken = table[slot + 1]) {
    const known = groups[(taken ?? 0) - 1]?.forms[0]
    if (table[slot] === hash && known !== undefined && beginsAlike(known.compact, text, from)) break
    slot = (slot + 2) & (table.length - 1)
  }
  return slot
}

function beginsAlike(compact: string, text: string, from: number): boolean {
  for (let at = 0; at < startLength; at += 1) if (compact.charCodeAt(at) !== text.charCodeAt(from + at)) return false
  return true
}

/** A number made of the first letters from `from` on. Source: FNV-1a. */
function startHash(text: string, from: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < from + startLength; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}
