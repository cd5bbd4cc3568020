import type { Columns } from './columns.ts'
import { codesOf } from './labels.ts'
import type { ReadLine } from './layout.ts'
import type { LooseNumber } from './loose-numbers.ts'
import { fold } from './text.ts'
import type { MatchTransaction } from './types.ts'

/** The banks' own codes have more digits than numbers of invoices. */
const codeDigits = 12

/** Whether a text is the reference with the bank's own code: of many digits, or repeated in the bank's own fields alone. */
export function isBankCode({ reference, description }: MatchTransaction, text: string, line: ReadLine): boolean {
  if (text !== fold(reference)) return false
  if (reference.replace(/\D/g, '').length >= codeDigits || /^[0-9A-F]{12,}$/.test(text)) return true
  // Where the description holds it as what the payer wrote, it is no code.
  return fold(description).includes(text) && line.texts.filter((other) => other.includes(text)).length === 1
}

/** Numbers that are not part of the bank's own codes. */
export function withoutCodes(
  loose: readonly LooseNumber[],
  transaction: MatchTransaction,
  { labels }: Columns,
): readonly LooseNumber[] {
  const isSought = (code: string): boolean => loose.some(({ digits }) => code.includes(digits))
  const codes = codesOf(transaction, labels, isSought).map((code) => code.replace(/^[^1-9]+/, ''))
  return codes.length === 0 ? loose : loose.filter(({ digits }) => !codes.some((code) => code.includes(digits)))
}
