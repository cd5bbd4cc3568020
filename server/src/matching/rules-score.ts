import { fold, words } from './text.ts'
import type { MatchInvoice, MatchTransaction, Reason } from './types.ts'

const isLetterOrDigit = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 48 && code <= 57)

const isApart = (text: string, from: number, to: number): boolean =>
  !isLetterOrDigit(text.charCodeAt(from - 1)) && !isLetterOrDigit(text.charCodeAt(to))

/** Whether the token stands in the text with no letter or digit beside it. */
function hasToken(text: string, token: string): boolean {
  if (token === '') return false
  for (let at = text.indexOf(token); at !== -1; at = text.indexOf(token, at + 1))
    if (isApart(text, at, at + token.length)) return true
  return false
}

/** Whether the words stand in the text one after the other, with anything but letters and digits between them. */
function hasWords(text: string, [first, ...others]: readonly string[]): boolean {
  if (first === undefined) return false
  for (let at = text.indexOf(first); at !== -1; at = text.indexOf(first, at + 1))
    if (isApart(text, at, at + first.length) && goesOn(text, at + first.length, others)) return true
  return false
}

function goesOn(text: string, from: number, list: readonly string[]): boolean {
  let at = from
  return list.every((word) => {
    while (at < text.length && !isLetterOrDigit(text.charCodeAt(at))) at += 1
    const start = at
    at += word.length
    return text.startsWith(word, start) && !isLetterOrDigit(text.charCodeAt(at))
  })
}

interface PlainTexts {
  texts: string
  description: string
}

/** The readings of one line follow each other. */
let last: { of: MatchTransaction; plain: PlainTexts } | null = null

function textsOf(transaction: MatchTransaction): PlainTexts {
  if (last?.of !== transaction) {
    const description = fold(transaction.description)
    last = { of: transaction, plain: { texts: `${fold(transaction.reference)} ${description}`, description } }
  }
  return last.plain
}

/** The specification's rule score, in points, with its reasons: exact amount 0.6, within 1 % 0.4, otherwise nothing; 0.3 for
 *  the invoice's id or number as a whole token of the texts; 0.2 for the client's name in the description; at most 1.
 *  `balanceMinor` is what the invoices still owe together. Kept apart from the rest so that anyone can check it by hand. */
export function ruleScore(
  transaction: MatchTransaction,
  invoices: readonly MatchInvoice[],
  balanceMinor: bigint,
): { score: number; reasons: Reason[] } {
  const first = invoices[0]
  if (first === undefined || invoices.some((invoice) => invoice.currency !== transaction.currency))
    return { score: 0, reasons: [] }
  const difference = transaction.amountMinor - balanceMinor
  const apart = difference < 0n ? -difference : difference
  if (apart * 100n > balanceMinor) return { score: 0, reasons: [] }
  const reasons: Reason[] = [
    apart === 0n
      ? { code: 'amount_exact_match', weight: 0.6, text: 'The amount is exactly what is open.' }
      : { code: 'amount_close_match', weight: 0.4, text: 'The amount is within one per cent of what is open.' },
  ]
  const { texts, description } = textsOf(transaction)
  const isNamed = ({ id, number, alias = id }: MatchInvoice): boolean =>
    hasToken(texts, fold(number)) || hasToken(texts, fold(alias))
  if (invoices.every(isNamed)) {
    reasons.push({ code: 'reference_contains_invoice_id', weight: 0.3, text: 'The text names the invoice.' })
  }
  const { name, company } = first.client
  if (hasWords(description, words(fold(name))) || hasWords(description, words(fold(company)))) {
    reasons.push({
      code: 'description_contains_client_name',
      weight: 0.2,
      text: "The description bears the client's name.",
    })
  }
  // Tenths are summed as integers: 0.6 + 0.3 is not 0.9 in binary fractions.
  const tenths = reasons.reduce((sum, reason) => sum + Math.round(reason.weight * 10), 0)
  return { score: Math.min(10, tenths) / 10, reasons }
}
