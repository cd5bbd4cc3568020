/** Digits in a text that are something else than a number of ours: accounts, dates, times, sums, telephones. They are blanked
 *  before numbers are sought, so that every position stays where it was. Takes folded text. */

const blank = (text: string, pattern: RegExp): string => text.replace(pattern, (found) => ' '.repeat(found.length))

/** An IBAN, in one piece or in groups of four; the country letters alone are not enough, two check digits must follow. A number
 *  of ours with a word behind it (CL046585 AVDRAG) is neither. */
const account = /\b[A-Z]{2}\d{2}(?:[A-Z0-9]{8,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?)\b/g
const telephone =
  /(?<![A-Z0-9])(?:\+\d{1,3}[ \d/()-]{6,}\d)|\b(?:TEL|TELEFON|TELEFOON|TELEPHONE|TELEFONO|PHONE|MOBILE?|MOBILNI|MOBIL|PORTABLE|HANDY|FON|FAX|BEL|CALL|TLF|CELL?)\b[ .:NR]*\+?\d[\d /()-]*/g
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

/** What is blanked, in this order, and a sign without which there is none of it. */
const masks: readonly (readonly [pattern: RegExp, sign: RegExp | null])[] = [
  [account, null],
  [giro, /-/],
  [telephone, null],
  [day, /[./-]/],
  [clock, /[:.]/],
  [sum, /[.,]/],
  [gluedSum, /\d[A-Z]{3}|[A-Z]{3}\d/],
  [month, /[/.-]/],
  [quarter, /Q/],
  [bankTail, null],
]

/** The text with everything blanked that only looks like a number of ours. */
export function maskForeignDigits(text: string): string {
  return masks.reduce((rest, [pattern, sign]) => (sign === null || sign.test(rest) ? blank(rest, pattern) : rest), text)
}
