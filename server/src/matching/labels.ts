import { foreignWords, numberWords } from './lexicon.ts'
import { fold, words } from './text.ts'
import type { MatchTransaction } from './types.ts'

/** What the words before codes mean in a book, as its lines tell together: in no language need they be known. */
export interface Labels {
  /** The bank prints its own codes behind them: BANKREFERENTIE, CONF, ARKISTOINTITUNNUS. Many lines have them, and what follows is
   *  never a number of ours. */
  bank: ReadonlySet<string>
  /** Payers announce invoice numbers and customer numbers with them: most of what follows is one. */
  invoice: ReadonlySet<string>
  customer: ReadonlySet<string>
}

export const noLabels: Labels = { bank: new Set(), invoice: new Set(), customer: new Set() }

/** What the codes that begin at a place in a line are: the number of an invoice that the line's money just pays, of another one, of
 *  a client, or nothing of ours. */
export type KindOfCode = (
  line: MatchTransaction,
  codes: readonly string[],
  at: number,
) => 'invoice' | 'customer' | 'other' | null

/** Enough to know a bank by. Beyond, more lines tell nothing new. */
const linesMax = 3000
/** A label of the bank stands in so many lines, with different codes, and at most one of so many is a number of ours. */
const linesMin = 10
const oursMax = 1 / 40
const customersMax = 0.3
/** What is the same in so many lines says nothing of any of them. */
const constantMin = 30
/** An announcing word stands before so many different numbers of ours, and they are so many of all that follow it. */
const announcedMin = 4
const announcedShare = 0.6

/** What stands in front of a code: the word before it, and the two words before it; at the beginning of a text the code's own shape. */
function labelsOf(tokens: readonly string[], at: number, field: string): string[] {
  const before = tokens[at - 1]
  if (before === undefined) return [`${field} ${(tokens[at] ?? '').replace(/\d/g, '9').replace(/[A-Z]/g, 'A')}`]
  if (/\d/.test(before)) return []
  const more = tokens[at - 2]
  return more === undefined || /\d/.test(more) ? [before] : [before, `${more} ${before}`]
}

const fieldsOf = ({ reference, description }: MatchTransaction): [field: string, text: string][] => [
  ['reference', reference],
  ['description', description],
]

interface Count {
  lines: number
  invoice: Set<string>
  customer: Set<string>
  codes: Set<string>
  ours: number
}

const emptyCount = (): Count => ({ lines: 0, invoice: new Set(), customer: new Set(), codes: new Set(), ours: 0 })

/** Learns the labels of a book. `lines` in an order of their own, so that the same lines tell the same. */
export function learnLabels(lines: readonly MatchTransaction[], kindOf: KindOfCode): Labels {
  const seen = new Map<string, Count>()
  for (const line of lines.slice(0, linesMax)) {
    for (const [field, text] of fieldsOf(line)) {
      if (!/\d/.test(text)) continue
      const tokens = words(fold(text))
      tokens.forEach((token, at) => {
        if (!/\d/.test(token)) return
        const kind = kindOf(line, tokens, at)
        for (const label of labelsOf(tokens, at, field)) {
          const count = seen.get(label) ?? emptyCount()
          count.lines += 1
          count.codes.add(token)
          // Short numbers are some client's by chance.
          if (kind === 'invoice' || kind === 'other') count.ours += 1
          if (kind === 'invoice' || kind === 'customer') count[kind].add(tokens.slice(at, at + 3).join(' '))
          seen.set(label, count)
        }
      })
    }
  }
  const bank = new Set<string>()
  const invoice = new Set<string>()
  const customer = new Set<string>()
  for (const [label, count] of seen) {
    // A letter and a year in front of it begin a number of ours that the bank cut off: NO A-2026-04-0…
    const isConstant = count.codes.size < 3 && count.lines >= constantMin && !/(?:^| )[A-Z]$/.test(label)
    const isCode = count.codes.size * 2 > count.lines && count.customer.size <= count.lines * customersMax
    // Numbers of ours may begin alike: A-2026-04-0987.
    const isOurs = count.ours > count.lines * oursMax
    if (count.lines >= linesMin && (isConstant || isCode) && !isOurs) bank.add(label)
    // Small words and shapes announce nothing by themselves.
    const [word = '', more] = label.split(' ')
    const isPassedOver = more === undefined ? numberWords.has(word) : !numberWords.has(more)
    if (word.length < 2 || foreignWords.has(word) || /^(?:reference|description)$/.test(word) || isPassedOver) continue
    if (count.invoice.size >= announcedMin && count.invoice.size >= count.lines * announcedShare) invoice.add(word)
    if (count.customer.size >= announcedMin && count.customer.size >= count.lines * announcedShare) customer.add(word)
  }
  for (const word of invoice) customer.delete(word)
  return { bank, invoice, customer }
}

/** The codes in a line that stand after one of the bank's labels. `isSought`: whether a code matters to who asks. */
export function codesOf(
  line: MatchTransaction,
  { bank }: Labels,
  isSought: (code: string) => boolean = () => true,
): string[] {
  if (bank.size === 0) return []
  return fieldsOf(line).flatMap(([field, text]) => {
    if (!/\d/.test(text)) return []
    const tokens = words(fold(text))
    return tokens.filter(
      (token, at) =>
        /\d/.test(token) && isSought(token) && labelsOf(tokens, at, field).some((label) => bank.has(label)),
    )
  })
}
