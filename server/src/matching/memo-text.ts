import { fold } from './text.ts'
import type { MatchInvoice } from './types.ts'

/** A memo as two banks keep it: the same beginning, and behind it words that either may add, leave out or cut off. */
export interface Memo {
  words: string[]
  /** How many words come before the fillers: the payer's name and whatever is his own. */
  own: number
  /** Keys of how it begins; memos of one payment share one. */
  blocks: string[]
}

/** A number of a payment or a check sum, as banks append it. */
const codeLike = /^(?=.*\d)[0-9A-F]{6,}$/

const split = (text: string): string[] => fold(text).split(/\s+/).filter(Boolean)

/** A first word as long as this tells payers apart by itself. */
const longWord = 8

/** The words that end many memos of a book whatever they begin with: how the money came, what it is called. */
export function fillersOf(texts: readonly string[]): Set<string> {
  const ends = new Map<string, number>()
  for (const text of texts) {
    for (const word of split(text).slice(1).slice(-2)) if (word.length > 2) ends.set(word, (ends.get(word) ?? 0) + 1)
  }
  const enough = Math.max(5, texts.length * 0.004)
  return new Set([...ends].flatMap(([word, count]) => (count >= enough ? [word] : [])))
}

export function memoOf(text: string, fillers: ReadonlySet<string>): Memo {
  const words = split(text)
  const isFiller = (word: string, at: number): boolean =>
    at > 0 &&
    (fillers.has(word) ||
      codeLike.test(word) ||
      // The last word may have been cut off.
      (at === words.length - 1 && [...fillers].some((filler) => filler.startsWith(word))))
  let own = words.length
  while (own > 1 && isFiller(words[own - 1] ?? '', own - 1)) own -= 1
  const [first = '', second = ''] = words
  // A long first word may be all that was left by the cut.
  return { words, own, blocks: [`${first} ${second.charAt(0)}`, ...(first.length >= longWord ? [first] : [])] }
}

/** What two memos have in common: the words both begin with, and whether what follows contradicts. */
export interface Likeness {
  /** The common beginning, for looking up how many memos begin so. */
  beginning: string
  /** Own words stand against each other. */
  contradicts: boolean
  /** Fillers stand against each other. */
  differs: boolean
}

export function compareMemos(left: Memo, right: Memo): Likeness {
  const length = Math.min(left.words.length, right.words.length)
  let same = 0
  while (same < length && left.words[same] === right.words[same]) same += 1
  const beginning = left.words.slice(0, same)
  const one = left.words[same]
  const other = right.words[same]
  if (one === undefined || other === undefined)
    return {
      beginning: beginning.join(' '),
      contradicts: one !== other && same < Math.max(left.own, right.own),
      differs: false,
    }
  const cut =
    (same === left.words.length - 1 && other.startsWith(one)) ||
    (same === right.words.length - 1 && one.startsWith(other))
  if (cut) {
    const shorter = one.length < other.length ? one : other
    return { beginning: [...beginning, shorter].join(' '), contradicts: false, differs: false }
  }
  return {
    beginning: beginning.join(' '),
    contradicts: same < left.own || same < right.own,
    differs: same >= left.own && same >= right.own && !(codeLike.test(one) !== codeLike.test(other)),
  }
}

/** The invoices that hold nothing but a memo: their one item says what the client is called. */
export function memoInvoices(invoices: readonly MatchInvoice[]): MatchInvoice[] {
  return invoices.filter(
    (invoice) =>
      invoice.number === '' &&
      invoice.items.length === 1 &&
      invoice.client.name !== '' &&
      invoice.client.name.length === invoice.items[0]?.description.length &&
      fold(invoice.items[0]?.description ?? '') === fold(invoice.client.name),
  )
}
