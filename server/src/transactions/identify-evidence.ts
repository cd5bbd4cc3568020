import { ibanOf, wordsOf } from './identify-text.ts'
import type { Alias, RowFacts } from './identify.ts'

/** A row with what comparing needs, computed once. */
export interface Looked {
  iban: string | null
  name: string
  nameWords: string[]
  compact: string
  words: Set<string>
  /** Words with a digit: numbers of invoices, clients, orders. A bare year says nothing. */
  numbers: string[]
}

export function look(row: RowFacts): Looked {
  const nameWords = wordsOf(row.counterpartyName).split(' ').filter(Boolean)
  const words = wordsOf(row.text).split(' ').filter(Boolean)
  return {
    iban: ibanOf(row),
    name: nameWords.join(''),
    nameWords,
    compact: words.join(''),
    words: new Set(words),
    numbers: words.filter((word) => word.length >= 3 && /\d/.test(word) && !/^(?:19|20)\d\d$/.test(word)),
  }
}

/** How two rows of equal amount compare. `contrary`: certainly two payments. `apart`: something speaks against one payment.
 *  `bare`: one side says nothing that could be compared. `weak`: nothing for, nothing against. `alike`: one payment. */
export interface Evidence {
  verdict: 'contrary' | 'apart' | 'bare' | 'weak' | 'alike'
  score: number
}

export function compare(a: Looked, b: Looked): Evidence {
  if (a.iban !== null && b.iban !== null && a.iban !== b.iban) return { verdict: 'contrary', score: 0 }
  const sameIban = a.iban !== null && a.iban === b.iban
  const names = compareNames(a, b)
  const numbers = compareNumbers(a, b)
  if ((names === 'differ' && !sameIban) || numbers === 'differ') return { verdict: 'apart', score: 0 }
  const texts = compareTexts(a, b)
  const score =
    (sameIban ? 4 : 0) +
    (numbers === 'alike' ? 3 : 0) +
    (names === 'alike' ? 2 : 0) +
    { equal: 2, near: 1, other: 0 }[texts]
  // Common words alone (`credit transfer`) join nothing; they only choose between partners.
  if (sameIban || numbers === 'alike' || names === 'alike' || texts === 'equal') return { verdict: 'alike', score }
  const silent = (row: Looked): boolean => row.iban === null && row.name === '' && row.compact === ''
  return { verdict: silent(a) || silent(b) ? 'bare' : 'weak', score }
}

function compareNames(a: Looked, b: Looked): 'alike' | 'differ' | 'unknown' {
  if (a.name !== '' && b.name !== '') {
    if (within(a.name, b.name) || within(b.name, a.name)) return 'alike'
    const shared = a.nameWords.filter((word) => word.length > 2 && b.nameWords.includes(word)).length
    if (shared > 0 && shared * 2 >= Math.min(a.nameWords.length, b.nameWords.length)) return 'alike'
    return within(a.name, b.compact) || within(b.name, a.compact) ? 'alike' : 'differ'
  }
  // Many files hold the name in the text only.
  return within(a.name, b.compact) || within(b.name, a.compact) ? 'alike' : 'unknown'
}

const within = (part: string, whole: string): boolean =>
  part !== '' && (part === whole || (part.length >= 4 && whole.includes(part)))

function compareNumbers(a: Looked, b: Looked): 'alike' | 'differ' | 'unknown' {
  if (a.numbers.length === 0 || b.numbers.length === 0) return 'unknown'
  const found =
    a.numbers.some((number) => b.compact.includes(number)) || b.numbers.some((number) => a.compact.includes(number))
  return found ? 'alike' : 'differ'
}

function compareTexts(a: Looked, b: Looked): 'equal' | 'near' | 'other' {
  if (a.compact !== '' && a.compact === b.compact) return 'equal'
  const [few, many] = a.words.size <= b.words.size ? [a, b] : [b, a]
  const long = [...few.words].filter((word) => word.length >= 4)
  const shared = long.filter((word) => many.words.has(word)).length
  return shared > 0 && shared * 2 >= long.length ? 'near' : 'other'
}

/** References that the payer or the bank's ledger gave and nobody issues anew. */
const LASTING = new Set(['acct_svcr_ref', 'end_to_end'])

/** Whether both rows carry lasting references of one kind and none of them agrees. */
export function referencesDiffer(a: readonly Alias[], b: readonly Alias[]): boolean {
  for (const kind of LASTING) {
    const left = a.filter((alias) => alias.kind === kind && usableId(alias.value)).map((alias) => alias.value.trim())
    const right = b.filter((alias) => alias.kind === kind && usableId(alias.value)).map((alias) => alias.value.trim())
    if (left.length > 0 && right.length > 0 && !left.some((value) => right.includes(value))) return true
  }
  return false
}

/** Not blank and no word for "none". Source: NOTPROVIDED is ISO 20022 usage, NONREF SWIFT's. */
export function usableId(value: string): boolean {
  const id = value.trim()
  return id !== '' && !/^(?:not ?provided|nonref|none|null|n\/?a|unknown|undefined|[0-]+)$/i.test(id)
}

/** Whether an id may count at all: usable, long enough to be one, no placeholder of a bank for lines not yet final.
 *  Source of `00DEBIT…`, `00CREDIT…`: NATIONWIDE_NAIAGB21. */
export function trustworthyId(value: string): boolean {
  const id = value.trim()
  return usableId(id) && id.length >= 6 && !/^00(?:DEBIT|CREDIT)/i.test(id) && !/^(.)\1*$/.test(id)
}
