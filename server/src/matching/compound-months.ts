import { isInvoiceWord, monthWords } from './lexicon.ts'

/** What a month's name is glued to: Septemberrechnung. */
const gluedTo = /^(?:ABRECHNUNG|RATE|BEITRAG|MIETE|HOSTING|ZAHLUNG|FACTUUR|FAKTURA)/

/** The month that a folded word begins with, or undefined. */
export function monthOfCompound(word: string): number | undefined {
  for (let length = Math.min(12, word.length - 4); length >= 4; length -= 1) {
    const month = monthWords.get(word.slice(0, length))
    const rest = word.slice(length)
    if (month !== undefined && (isInvoiceWord(rest) || gluedTo.test(rest))) return month
  }
  return undefined
}
