/** Finds field names in a text as one regular expression of all of them would, at a tenth of the cost: such an expression tries
 *  dozens of names at every character, while this tries them only where the first three characters of one of them stand. */
export interface FieldFinder {
  /** The first name at or after `from`: where it stands, and the index of its source; null where there is none. */
  next(text: string, from: number): { index: number; end: number; source: number } | null
}

/** `sources`: regular expressions without capturing groups, each a list of names joined by `|`. Where two names fit at one
 *  place, the one that stands first counts, as in a regular expression of all of them. */
export function fieldFinder(sources: readonly string[]): FieldFinder {
  const byPair = new Map<number, string[][]>()
  sources.forEach((source, at) => {
    for (const name of alternatives(source)) {
      for (const pair of beginnings(name)) {
        const lists = byPair.get(pair) ?? []
        byPair.set(pair, lists)
        ;(lists[at] ??= []).push(name)
      }
    }
  })
  const begun: (Begun | undefined)[] = Array.from({ length: size * size })
  for (const [pair, lists] of byPair) {
    const present = [...lists.keys()].filter((at) => lists[at] !== undefined)
    begun[pair] = {
      thirds: thirdsOf(
        present.flatMap((at) => lists[at] ?? []),
        pair,
      ),
      pattern: new RegExp(present.map((at) => `(${(lists[at] ?? []).join('|')})`).join('|'), 'y'),
      sources: present,
    }
  }
  return {
    next(text, from) {
      let first = text.charCodeAt(from)
      for (let at = from; at < text.length; at += 1) {
        const second = text.charCodeAt(at + 1)
        const pair = first < size && second < size ? first * size + second : -1
        const names = pair === -1 ? undefined : begun[pair]
        first = second
        if (names === undefined || !mayFollow(names, text.charCodeAt(at + 2))) continue
        const { pattern, sources: own } = names
        pattern.lastIndex = at
        const source = own.length === 1 ? (pattern.test(text) ? own[0] : undefined) : own[groupOf(pattern.exec(text))]
        if (source !== undefined) return { index: at, end: pattern.lastIndex, source }
      }
      return null
    },
  }
}

/** Which group of a pattern matched, from 0; -1 where none did. */
function groupOf(match: RegExpExecArray | null): number {
  if (match === null) return -1
  let group = 1
  while (match[group] === undefined) group += 1
  return group - 1
}

/** Folded text is ASCII. */
const size = 128

/** The names that begin with the same two characters. */
interface Begun {
  /** The characters that may stand behind those, one place for each; null where any may, or none. */
  thirds: Uint8Array | null
  pattern: RegExp
  /** The index of the source that each group of the pattern comes from. */
  sources: readonly number[]
}

const mayFollow = ({ thirds }: Begun, code: number): boolean => thirds === null || thirds[code] === 1

function thirdsOf(names: readonly string[], pair: number): Uint8Array | null {
  const thirds = new Uint8Array(size)
  const [first, second] = [String.fromCharCode(Math.floor(pair / size)), String.fromCharCode(pair % size)]
  for (const name of names)
    for (const [one = any, two = any, three = any] of starts(name, 3)) {
      if ((one !== any && one !== first) || (two !== any && two !== second)) continue
      if (three === any) return null
      thirds[three.charCodeAt(0)] = 1
    }
  return thirds
}

/** The names of a list, which may hold groups with lists of their own. */
function alternatives(source: string): string[] {
  const names: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at]
    if (letter === '\\') at += 1
    else if (letter === '(') depth += 1
    else if (letter === ')') depth -= 1
    else if (letter === '|' && depth === 0) {
      names.push(source.slice(from, at))
      from = at + 1
    }
  }
  return [...names, source.slice(from)]
}

/** The first two characters that a name may begin with, as pairs. What this does not understand may be any character. */
function beginnings(name: string): Set<number> {
  const pairs = new Set<number>()
  for (const start of starts(name, 2)) {
    const codes = [...start].map((letter) => (letter === any ? -1 : letter.charCodeAt(0)))
    const choices = [0, 1].map((at) => {
      const code = codes[at] ?? -1
      return code === -1 ? Array.from({ length: size }, (_, value) => value) : [code]
    })
    for (const first of choices[0] ?? []) for (const second of choices[1] ?? []) pairs.add(first * size + second)
  }
  return pairs
}

const any = '\uffff'

/** The beginnings, of at most `length` characters, of what a pattern matches; `any` where it may be anything. */
function starts(pattern: string, length: number): string[] {
  if (length === 0 || pattern === '') return ['']
  // What is looked for beside the name takes no room.
  const beside = /^(?:\\b|\(\?<?[=!])/.exec(pattern)
  if (beside?.[0] === '\\b') return starts(pattern.slice(2), length)
  if (beside !== null) return starts(pattern.slice(closing(pattern) + 1), length)
  let heads: string[]
  let rest: string
  if (pattern.startsWith('(?:')) {
    const end = closing(pattern)
    heads = alternatives(pattern.slice(3, end))
    rest = pattern.slice(end + 1)
    if (/^[?*+{]/.test(rest)) return [any.repeat(length)]
    return heads.flatMap((head) => starts(head + rest, length))
  }
  const atom = /^(?:\\(.)|([\w /+#,:;=-]))/.exec(pattern)
  if (atom === null || (atom[1] !== undefined && /\w/.test(atom[1]))) return [any.repeat(length)]
  const letter = atom[1] ?? atom[2] ?? any
  rest = pattern.slice(atom[0].length)
  const after = (more: string): string[] => starts(more, length - 1).map((tail) => letter + tail)
  if (rest.startsWith('?')) return [...after(rest.slice(1)), ...starts(rest.slice(1), length)]
  if (/^[*+{]/.test(rest)) return [any.repeat(length)]
  return after(rest)
}

/** Where the group ends that a pattern begins with. */
function closing(pattern: string): number {
  let depth = 0
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at]
    if (letter === '\\') at += 1
    else if (letter === '(') depth += 1
    else if (letter === ')' && (depth -= 1) === 0) return at
  }
  return pattern.length
}
