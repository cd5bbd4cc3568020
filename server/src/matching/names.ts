import { type Form, longStartLength, mayStart, type NameIndex, scannedMax, startLength } from './name-index.ts'
import { nameWords, rawWords, soundOf, soundsOf } from './name-words.ts'
import { fold, soundKey } from './text.ts'

/** How well a text bears a client's name. `full`: every word of the person's or the company's name; `compact`: the same
 *  letters, cut or written in one; `initial`: surname and first letter; `single`: a one-word name that only this client has. */
export type NameFit = 'full' | 'compact' | 'initial' | 'single'

/** Names that begin alike and are compared at most. */
const sharedStartMax = 100

const better: Record<NameFit, number> = { full: 4, compact: 3, single: 2, initial: 1 }

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
