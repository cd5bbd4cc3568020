import anyAscii from 'any-ascii'

/** Plain capitals: accents, umlauts and other alphabets are written in A–Z, so that what a bank printed and what the
 *  client typed meet. Keeps digits and punctuation. */
export function fold(text: string): string {
  return anyAscii(text).toUpperCase()
}

/** Joins the ways one sound is written: `Müller`, `MUELLER` and `MULLER` become one key. Takes folded text. */
export function soundKey(folded: string): string {
  return folded
    .replace(/[AOU]E/g, (pair) => pair.charAt(0))
    .replace(/([A-Z])\1/g, '$1')
    .replace(/TSCH|TCH|TSH|CZ/g, 'CH')
    .replace(/SCH|SZ/g, 'SH')
    .replace(/KH/g, 'H')
    .replace(/[YJ]/g, 'I')
    .replace(/W/g, 'V')
    .replace(/PH/g, 'F')
    .replace(/II/g, 'I')
}

/** Letters and digits in runs, in the order of the text. Takes folded text. */
export function words(folded: string): string[] {
  return folded.match(/[A-Z0-9]+/g) ?? []
}

/** Orders strings by code unit, the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whole days from one YYYY-MM-DD to another; NaN where a date is missing. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}
