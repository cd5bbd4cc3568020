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

/** What a text shows at a glance, without which there is none of what is blanked. */
const signOf = {
  // Marks behind a digit.
  dash: 1,
  slash: 2,
  point: 4,
  comma: 8,
  colon: 16,
  /** Two letters and two digits behind them. */
  account: 32,
  /** Three letters beside a digit. */
  glued: 64,
  q: 128,
  /** As many digits as the banks' own numbers have. */
  long: 256,
} as const

const marks: Uint8Array = new Uint8Array(128)
for (const [mark, sign] of [
  ['-', signOf.dash],
  ['/', signOf.slash],
  ['.', signOf.point],
  [',', signOf.comma],
  [':', signOf.colon],
] as const)
  marks[mark.charCodeAt(0)] = sign

const apostrophe = 39

/** All signs of a text, in one pass: most texts have few. */
function signsIn(text: string): number {
  let signs = 0
  let letters = 0
  let digits = 0
  let isAfterDigit = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) {
      digits += 1
      if (digits === 1 && letters >= 3) signs |= signOf.glued
      if (digits === 2 && letters >= 2) signs |= signOf.account
      if (digits === 11) signs |= signOf.long
    } else if (code >= 65 && code <= 90) {
      if (digits > 0 || letters === 0) {
        isAfterDigit = digits > 0
        letters = 0
        digits = 0
      }
      letters += 1
      if (letters === 3 && isAfterDigit) signs |= signOf.glued
      if (code === 81) signs |= signOf.q
    } else if (code !== apostrophe || digits === 0) {
      // An apostrophe may part the digits of a sum.
      if (digits > 0) signs |= marks[code] ?? 0
      letters = 0
      digits = 0
    }
  }
  return signs
}

/** No telephone without a plus or one of these. */
const telephoneSign = /[+]|TEL|PHONE|MOBIL|PORTABLE|HANDY|FON|FAX|BEL|CALL|TLF|CEL/

/** What is blanked, in this order, behind accounts and telephones. Each needs one of its signs. */
const masks: readonly (readonly [pattern: RegExp, signs: number, mayBeOurs?: true])[] = [
  [day, signOf.dash | signOf.slash | signOf.point, true],
  [clock, signOf.colon | signOf.point],
  [sum, signOf.point | signOf.comma],
  [gluedSum, signOf.glued],
  [month, signOf.dash | signOf.slash | signOf.point, true],
  [quarter, signOf.q],
  [bankTail, signOf.long, true],
]

/** The text with everything blanked that only looks like a number of ours. `isOurs` is asked about what looks like a date, a
 *  month or the bank's own long number: 736/07/2026 holds a month and may be a number. */
export function maskForeignDigits(text: string, isOurs: IsOurs = () => false): string {
  // What is blanked takes signs away and adds none.
  const signs = signsIn(text)
  let rest = text
  if ((signs & signOf.account) !== 0) rest = rest.replace(account, blankAccount)
  if ((signs & signOf.dash) !== 0) rest = blank(rest, giro, null)
  if (telephoneSign.test(rest)) rest = blank(rest, telephone, null)
  for (const [pattern, needed, mayBeOurs] of masks)
    if ((signs & needed) !== 0) rest = blank(rest, pattern, mayBeOurs === true ? isOurs : null)
  return rest
}
