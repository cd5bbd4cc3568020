import { createHash } from 'node:crypto'
import anyAscii from 'any-ascii'
import type { RowFacts } from './identify.ts'

/** What banks write today and leave out or write otherwise tomorrow. Source: bank adapters of actualbudget/actual. */
const VOLATILE: RegExp[] = [
  /\bEND[- ]?TO[- ]?END[- ]?(?:ID|REF)?\.?:? ?NOT ?PROVIDED\b/g,
  /\bNOT ?PROVIDED\b/g,
  // Days with a year anywhere; without one only as a prefix: elsewhere `12/05` may be the number of an invoice.
  /\b\d{4}[-./]\d{2}[-./]\d{2}(?:T?\b|T(?=\d))/g,
  /\b\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d{2}\b/g,
  /\b\d{2}[./]\d{2}[./]\d{2}\b/g,
  /^ ?\d{2}[./]\d{2}\.? (?=\D)/g,
  /\b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?: ?(?:UHR|CET|CEST|UTC|Z)\b)?/g,
  // Card numbers behind any mask: 1234XXXXXXXX5678, **** 5678, XXXX5678.
  /(?<![A-Z*#])(?:\d{4,6} ?)?[X*#]{3,}[X*# ]*\d{0,4}(?![A-Z])/g,
]

/** Upper-case Latin words without accents, volatile parts left out, single blanks between. */
export function wordsOf(text: string): string {
  let words = anyAscii(text.normalize('NFKC')).toUpperCase().replaceAll(/\s+/g, ' ').trim()
  if (/[\d*#]|XXX|PROVIDED/.test(words)) for (const part of VOLATILE) words = words.replaceAll(part, ' ')
  return words.replaceAll(/[^A-Z0-9]+/g, ' ').trim()
}

/** The text as it counts for identity: only letters and digits, since banks break lines in the middle of words, and
 *  without days, times, card masks and placeholders. Takes the text as the bank wrote it, not its own result. */
export function normaliseForIdentity(text: string): string {
  return wordsOf(text).replaceAll(' ', '')
}

/** Everything that says which payment a line is, apart from ids and its place among equals. The day is the booking day. */
export function contentOf(row: RowFacts): string {
  return `${row.bookedOn}|${datelessOf(row, ibanOf(row) ?? normaliseForIdentity(row.counterpartyName), normaliseForIdentity(row.text))}`
}

/** The same without the day, from parts already normalised. */
export function datelessOf(row: RowFacts, party: string, text: string): string {
  return `${row.amountMinor}|${row.currency}|${party}|${text}`
}

/** The account number of the other side in one spelling, or null. */
export function ibanOf(row: Pick<RowFacts, 'counterpartyIban'>): string | null {
  return row.counterpartyIban?.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase() || null
}

/** A short name of the content: rows with equal fingerprints are the same payment or twins. */
export function fingerprint(row: RowFacts): string {
  return printOf(contentOf(row))
}

export const printOf = (content: string): string =>
  createHash('sha256').update(content).digest('base64url').slice(0, 27)

/** The identity key of a transaction: stored with it once and never recomputed, since the transid of every payment it
 *  makes derives from it. It names content and the place among equals of the day (`ordinal`, from 1), never an id that a
 *  provider may issue anew; so the same history read again into an older backup gives the same keys.
 *  The leading `c1` names this rule, so that a later one can be told apart. */
export function identityKey(row: RowFacts, ordinal: number): string {
  return keyOf(fingerprint(row), ordinal)
}

export const keyOf = (print: string, ordinal: number): string => `c1:${print}:${ordinal}`

/** The fingerprint that an identity key was made of. */
export const printOfKey = (key: string): string => key.slice('c1:'.length, key.lastIndexOf(':'))
