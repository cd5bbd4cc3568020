import type { MatchTransaction } from '../server/src/matching/index.ts'
import type { Tenant } from './matching-books.ts'

/** Distortions of judged books that change how lines are written, as another bank would write them: all lines of a tenant
 *  alike, its past ones too. The truth stays what it was, even where a text says less than before: then asking is right. */

export type Change = (tenant: Tenant) => Tenant

/** Changes every line of a tenant, past ones too. */
export const eachLine =
  (change: (line: MatchTransaction) => MatchTransaction): Change =>
  (tenant) => ({
    ...tenant,
    transactions: tenant.transactions.map(change),
    history: tenant.history.map((decision) => ({ ...decision, transaction: change(decision.transaction) })),
  })

/** Changes what stands in the texts; the payer's fields are left alone. */
export const eachText = (change: (text: string) => string): Change =>
  eachLine((line) => ({ ...line, reference: change(line.reference), description: change(line.description) }))

/** Changes texts and the payer's name. */
const eachWord = (change: (text: string) => string): Change =>
  eachLine((line) => ({
    ...line,
    reference: change(line.reference),
    description: change(line.description),
    counterparty: { ...line.counterparty, name: change(line.counterparty.name) },
  }))

const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ')
const noPayer = { name: '', iban: null }

/** Reference and description once each: most banks repeat the one in the other. */
const remittance = (line: MatchTransaction): string =>
  line.description.includes(line.reference) ? line.description : joined(line.reference, line.description)

const cutAt = (width: number): Change => eachText((text) => text.slice(0, width))

/** A blank after every `width` characters, in the words or not. */
const brokenAt = (width: number): Change =>
  eachText((text) => text.match(new RegExp(`.{1,${width}}`, 'gs'))?.join(' ') ?? '')

/** The number that a text always has: the same for the same text. */
const numberOf = (text: string, length: number): string => {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  let digits = ''
  while (digits.length < length) {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0
    digits += String(value).slice(-4, -1).padStart(3, '0')
  }
  return digits.slice(0, length)
}

const invoiceWord =
  /\b(?:invoices?|invs?|bill|rechnungs?(?:nummer|nr)?|rg|re|rechnr|factuur(?:nr)?|facture|facturas?|fac|fact|faktur[ay]?(?:nr)?|fakt|fak|fattura|fatt|fa|fv|vs|ft)\b(?=[.:\s#]*[A-Z]{0,3}[-/ ]?\d)/gi

/** An announcing word that the tenant's payers would not have written before; the same for all lines with the same word. */
const otherWord = (words: readonly string[]) => (found: string) =>
  words[Number(numberOf(found.toLowerCase(), 3)) % words.length] ?? found

const letters = /\p{L}/u
const unaccented = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').replace(/[øØ]/g, 'o').replace(/[łŁ]/g, 'l')
const withoutOthers = (mark: string) => (text: string) =>
  [...text].map((one) => ((one.codePointAt(0) ?? 0) > 127 && letters.test(one) ? mark : one)).join('')
/** UTF-8 that was read as Latin-1. */
const misread = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

const longDigits = /(?<![\p{L}])[\d][\d/-]{2,}\d/gu

/** The second half before the first. What follows a word in digits stays with it. */
const rotated = (text: string): string => {
  const words = text.split(/ (?=\p{L}{2})/u)
  const at = Math.floor(words.length / 2)
  return [...words.slice(at), ...words.slice(0, at)].join(' ')
}

export const textDistortions: Readonly<Record<string, Change>> = {
  'all fields in one text': eachLine((line) => ({
    ...line,
    reference: '',
    description: joined(line.counterparty.name, line.counterparty.iban ?? '', remittance(line)),
    counterparty: noPayer,
  })),
  'payer behind the text': eachLine((line) => ({
    ...line,
    description: joined(line.description, line.counterparty.name),
    counterparty: noPayer,
  })),
  'payer in the text, account known': eachLine((line) => ({
    ...line,
    description: joined(line.counterparty.name, line.description),
    counterparty: { name: '', iban: line.counterparty.iban },
  })),
  'cut at 20 columns': cutAt(20),
  'cut at 27 columns': cutAt(27),
  'cut at 35 columns': cutAt(35),
  'cut at 50 columns': cutAt(50),
  'cut at 65 columns': cutAt(65),
  'cut at 140 columns': cutAt(140),
  'one text, cut at 70': eachLine((line) => ({
    ...line,
    reference: '',
    description: joined(line.counterparty.name, remittance(line)).slice(0, 70),
    counterparty: noPayer,
  })),
  'names cut at 14': eachLine((line) => ({
    ...line,
    counterparty: { ...line.counterparty, name: line.counterparty.name.slice(0, 14).trim() },
  })),
  'blanks removed': eachText((text) => text.replace(/\s/g, '')),
  'blanks and marks removed': eachText((text) => text.replace(/[^\p{L}\p{N}]/gu, '')),
  'blanks at 27 columns': brokenAt(27),
  'blanks at 35 columns': brokenAt(35),
  'blanks at 24 columns': brokenAt(24),
  'lower case': eachWord((text) => text.toLowerCase()),
  'halves changed round': eachText(rotated),
  'dashes for blanks': eachText((text) => text.replace(/ /g, '-')),
  'marks for blanks': eachText((text) => text.replace(/[-/.,:+#]/g, ' ')),
  'other words announce': eachText((text) =>
    text.replace(invoiceWord, otherWord(['Rg.', 'fakt.', 'nota', 'bill', 'kvit', 'arve', 'dok.', 'docto', 'Beleg'])),
  ),
  'nothing announces': eachText((text) => text.replace(invoiceWord, '')),
  'accents left out': eachWord(unaccented),
  'accents as question marks': eachWord(withoutOthers('?')),
  'accents as blanks': eachWord(withoutOthers(' ')),
  'accents misread': eachWord(misread),
  'O for 0': eachText((text) => text.replace(longDigits, (found) => found.replace(/0/g, 'O'))),
  'l for 1': eachText((text) => text.replace(longDigits, (found) => found.replace(/1/g, 'l'))),
  "the bank's words around": eachLine((line) => ({
    ...line,
    description: `SEPA CREDIT TRANSFER ORDER ${numberOf(line.id, 9)} VALUE ${line.date.split('-').reverse().join('.')} ${line.description} ORDERING BANK ABCDDEFF BRANCH ${numberOf(`${line.id}b`, 5)} OUR REF FT${numberOf(`${line.id}r`, 10)}`,
  })),
  "the bank's number in front": eachLine((line) => ({
    ...line,
    description: `${numberOf(line.id, 7)} ${line.description}`,
  })),
  'an end-to-end number as reference': eachLine((line) => ({ ...line, reference: `E2E${numberOf(line.id, 8)}` })),
}
