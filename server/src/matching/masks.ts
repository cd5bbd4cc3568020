import { isIban } from './check-digits.ts'

/** Digits in a text that are something else than a number of ours: accounts, dates, times, sums, telephones. They are blanked
 *  before numbers are sought, so that every position stays where it was. Takes folded text. */

/** Says that what looks like something else is a number of ours. */
export type IsOurs = (text: string, start: number, end: number) => boolean

const blank = (text: string, pattern: RegExp, isOurs: IsOurs | null): string =>
  text.replace(pattern, (found, ...groups) => {
    const start = groups.find((group): group is number => typeof group === 'number') ?? 0
    return isOurs?.(text, start, start + found.length) === true ? found : ' '.repeat(found.length)
  })

/** An IBAN, in one piece or in groups of four; the country letters alone are not enough, two check digits must follow. A number
 *  of ours with a word behind it (CL046585 AVDRAG) is neither, and RF is no country: it begins a creditor reference. */
const account = /\b(?!RF)[A-Z]{2}\d{2}(?:[A-Z0-9]{8,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?)\b/g
const telephone =
  /(?<![A-Z0-9+])(?:\+\d{1,3}[ \d/()-]{6,}\d)|\b(?:TEL|TELEFON|TELEFOON|TELEPHONE|TELEFONO|PHONE|MOBILE?|MOBILNI|MOBIL|PORTABLE|HANDY|FON|FAX|BEL|CALL|TLF|CELL?)\b[ .:NR]*\+?\d[\d /()-]*/g
/** What follows may be glued to it where a bank's line break was taken out. */
const day = /\b\d{1,2}[./-] ?\d{1,2}[./-] ?(?:\d{4}|\d{2})(?!\d)|\b(?:19|20)\d\d-\d\d-\d\d(?!\d)/g
const clock = /\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})? ?(?:UHR|U|H)\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g
const currencies = 'EUR|USD|GBP|CHF|CZK|PLN|SEK|NOK|DKK|HUF|RON|BGN'
/** A blank between sum and currency may have become a dash, or be gone, and so may what stands behind it. Points or commas in
 *  front of the cents make a sum without any currency. */
const sum = new RegExp(
  [
    String.raw`\b[A-Z]{3}[ -]?\d[\d.,']*[.,]\d{2}\b`,
    String.raw`\b(?:\d{1,3}(?: \d{3})+|\d[\d.,']*)[.,]\d{2}[ -]?(?:(?:[A-Z]{3}|KC|ZL|KR|FT)\b|${currencies})`,
    String.raw`\*\d+\.\d{2}\b`,
    String.raw`(?<![\d.,/-])\d{1,3}(?:\.\d{3})+,\d{2}(?![\d.,/-]\d|\d)`,
    String.raw`(?<![\d.,/-])\d{1,3}(?:,\d{3})+\.\d{2}(?![\d.,/-]\d|\d)`,
  ].join('|'),
  'g',
)
/** A sum without its point, glued to its currency. */
const gluedSum = new RegExp(String.raw`(?<![A-Z0-9])\d+(?:${currencies})\b|\b(?:${currencies})\d+(?![A-Z0-9])`, 'g')
const month = /\b(?:0?[1-9]|1[0-2])[/.-](?:20)\d\d\b/g
const quarter = /\bQ[1-4] ?\/? ?(?:20)?\d\d\b/g
/** A Swedish bankgiro or plusgiro number. */
const giro = /\b(?:BG|PG|BANKGIRO|PLUSGIRO|BGNR|PGNR)[ :.]*\d{2,7}-\d{1,4}\b/g
/** The bank's own number of a card or faster payment: long digits at the end of the line. */
const bankTail = /\b\d{11,}[A-Z]?\b/g

/** Where an account is written in one, what stands behind it is no part of it; unless a line break stands within. */
function blankAccount(found: string): string {
  const [head = ''] = found.split(' ')
  const length = head.length > 14 && isIban(head) ? head.length : found.length
  return ' '.repeat(length) + found.slice(length)
}

/** What is blanked, in this order, and a sign without which there is none of it. */
const masks: readonly (readonly [pattern: RegExp, sign: RegExp | null, mayBeOurs?: true])[] = [
  [giro, /-/],
  [telephone, null],
  [day, /[./-]/, true],
  [clock, /[:.]/],
  [sum, /[.,]/],
  [gluedSum, /\d[A-Z]{3}|[A-Z]{3}\d/],
  [month, /[/.-]/, true],
  [quarter, /Q/],
  [bankTail, null, true],
]

/** The text with everything blanked that only looks like a number of ours. `isOurs` is asked about what looks like a date, a
 *  month or the bank's own long number: 736/07/2026 holds a month and may be a number. */
export function maskForeignDigits(text: string, isOurs: IsOurs = () => false): string {
  return masks.reduce(
    (rest, [pattern, sign, mayBeOurs]) =>
      sign === null || sign.test(rest) ? blank(rest, pattern, mayBeOurs === true ? isOurs : null) : rest,
    text.replace(account, blankAccount),
  )
}
