import { AppError } from '../base/errors.ts'
import { isCurrency, readAmount } from '../base/money.ts'
import type { AccountPart } from './account-parts.ts'
import { dayOf, fullYear } from './days.ts'
import { cleanText } from './decode-text.ts'
import { readInformation } from './mt940-information.ts'
import type { Parsed, Reading } from './reading.ts'
import type { StatementEntry } from './types.ts'

/** Field tags of MT940 and MT942. A wrapped text line such as ":43 UHR" or ":15:30" is no field. */
const FIELD = /^:(20|21|25P?|28C?|60[FM]|61|62[FM]|64|65|86|13D?|34F|90[CD]|NS):/

export const isMt940 = (text: string): boolean =>
  /^(?:\{1:|[ \t]*:20:)/m.test(text.slice(0, 4_000)) && /^:(?:60[FM]|61|62[FM]|34F):/m.test(text)

interface Field {
  tag: string
  lines: string[]
  line: number
}

/** Reads MT940 in the dialects of German, Dutch, Polish and other banks. Pages of one statement (60M, 62M) are chained like
 *  statements of several days. MT942 messages announce what an MT940 will book and are left out. Throws
 *  `validation_failed` when there is no MT940 message; a faulty entry is rejected with its line.
 *  Source: SWIFT User Handbook, category 9, MT 940; German remittance codes: DFÜ agreement, annex 3. */
export function readMt940(text: string, reading: Reading): Parsed {
  const rejected: Parsed['rejected'] = []
  const messages = splitMessages(readFields(text)).filter((fields) =>
    fields.some(({ tag }) => tag.startsWith('6') && tag !== '61' && tag !== '65'),
  )
  if (messages.length === 0) {
    throw new AppError(
      'validation_failed',
      'The file holds MT942 or other interim messages only; booked entries come in MT940.',
    )
  }
  const parts = messages.map((fields) => readMessage(fields, rejected, reading))
  return { format: 'mt940', parts, rejected }
}

/** Fields with their continuation lines. Block headers of the network and the `-` that ends a message are left out. */
function readFields(text: string): Field[] {
  const fields: Field[] = []
  text.split(/\r\n|\n|\r/).forEach((raw, at) => {
    const source = raw.replace(/^\{1:[^]*?\{4:/, '')
    const tag = FIELD.exec(source)
    if (tag) fields.push({ tag: tag[1]!, lines: [source.slice(tag[0].length)], line: at + 1 })
    else if (/^\s*-\}?[^a-z0-9]*$/i.test(source) || source === '') return
    else if (!source.startsWith('{')) fields.at(-1)?.lines.push(source)
  })
  return fields
}

function splitMessages(fields: Field[]): Field[][] {
  const messages: Field[][] = []
  for (const field of fields) {
    if (field.tag === '20' || messages.length === 0) messages.push([])
    messages.at(-1)!.push(field)
  }
  return messages
}

function readMessage(fields: Field[], rejected: Parsed['rejected'], reading: Reading): AccountPart {
  const first = (pattern: RegExp) => fields.find(({ tag }) => pattern.test(tag))
  const opening = readBalance(first(/^60/))
  const closing = readBalance(fields.findLast(({ tag }) => tag.startsWith('62')))
  const currency = opening?.currency ?? closing?.currency ?? reading.currency ?? ''
  const number = first(/^28/)?.lines[0]?.trim() ?? ''
  const entries: StatementEntry[] = []
  fields.forEach((field, at) => {
    if (field.tag !== '61') return
    reading.progress()
    // Further :86: fields belong to the same entry; one behind the closing balance to the statement.
    const information: string[] = []
    for (let next = at + 1; fields[next]?.tag === '86' || fields[next]?.tag === 'NS'; next++) {
      if (fields[next]!.tag === '86') information.push(...fields[next]!.lines)
    }
    const entry = readEntry(field, information, currency)
    if (typeof entry === 'string') rejected.push({ line: field.line, reason: entry })
    else entries.push(entry)
  })
  return {
    account: accountName(first(/^25/)?.lines[0] ?? ''),
    currency: currency === '' ? null : currency,
    id: [first(/^20/)?.lines[0]?.trim(), number].join(' '),
    entries,
    openingMinor: opening?.amountMinor ?? null,
    closingMinor: closing?.amountMinor ?? null,
    openedOn: opening?.day ?? null,
    line: fields[0]!.line,
  }
}

/** Dutch banks write the currency behind the account. */
function accountName(text: string): string | null {
  const name = text.replace(/\s/g, '')
  const suffix = /^(.{8,})([A-Z]{3})$/.exec(name)
  return (suffix && isCurrency(suffix[2]!) ? suffix[1]! : name) || null
}

function readBalance(field: Field | undefined) {
  const parts = /^([CD])(\d{2})(\d{2})(\d{2})([A-Z]{3})([\d.,]+)/.exec(field?.lines[0]?.trim() ?? '')
  if (!parts) return null
  const amountMinor = readMinor(parts[6]!, parts[5]!)
  if (amountMinor === null) return null
  const day = dayOf(fullYear(Number(parts[2])), Number(parts[3]), Number(parts[4]))
  return { currency: parts[5]!, amountMinor: parts[1] === 'D' ? -amountMinor : amountMinor, day }
}

/** `134,` is 134.00: the comma is obligatory, digits behind it are not. */
function readMinor(text: string, currency: string): bigint | null {
  const [whole = '', fraction = '', ...rest] = text.split(/[.,]/)
  if (rest.length > 0) return null
  const amount = readAmount(`${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`, currency)
  return typeof amount === 'bigint' ? amount : null
}

/** Value day, entry day, mark (C, D, and R for a reversal, which moves the other way), funds code, amount, type, references. */
const ENTRY =
  /^(\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2}))?(RC|RD|C|D)([A-Z])?(\d{0,15}[.,]?\d{0,6})(?:([A-Z][A-Z0-9]{3})(.*))?$/

function readEntry(field: Field, information: string[], currency: string): StatementEntry | string {
  const parts = ENTRY.exec(field.lines[0]!.trim())
  if (!parts) return `"${cleanText(field.lines[0]!).slice(0, 60)}" is not an MT940 entry.`
  const [, year, month, day, entryMonth, entryDay, mark, , amount, , references = ''] = parts
  const amountMinor = readMinor(amount!, currency)
  if (amountMinor === null) return `"${amount}" is not an amount in ${currency || 'an unknown currency'}.`
  if (amountMinor === 0n) return 'The amount is not above zero.'
  const valueOn = dayOf(fullYear(Number(year)), Number(month), Number(day))
  const bookedOn =
    entryMonth === undefined
      ? valueOn
      : (nearestDay(fullYear(Number(year)), Number(month), Number(entryMonth), Number(entryDay)) ?? valueOn)
  if (bookedOn === null) return `"${year}${month}${day}" is not a day.`
  const split = references.indexOf('//')
  const customer = named(split === -1 ? references : references.slice(0, split))
  const bank = named(split === -1 ? '' : references.slice(split + 2))
  const told = readInformation(information)
  const description = told.description || cleanText(field.lines.slice(1).join(' '))
  return {
    line: field.line,
    amountMinor,
    currency,
    direction: mark === 'C' || mark === 'RD' ? 'credit' : 'debit',
    bookedOn,
    valueOn,
    reference: told.creditorReference || told.endToEndId || description || customer,
    description,
    counterparty: told.counterparty,
    bankIds: [
      { kind: 'bank_ref', value: bank },
      { kind: 'customer_ref', value: customer },
      { kind: 'end_to_end', value: told.endToEndId },
    ].filter(({ value }) => value !== ''),
  }
}

/** The entry day has no year: that of the value day, except around New Year. */
function nearestDay(valueYear: number, valueMonth: number, month: number, day: number): string | null {
  const shift = month - valueMonth > 6 ? -1 : valueMonth - month > 6 ? 1 : 0
  return dayOf(valueYear + shift, month, day)
}

/** Words that stand for "no reference", or point to the one in the information. */
const named = (reference: string): string =>
  /^(nonref|notprovided|eref|kref|0+)?$/i.test(reference.trim()) ? '' : cleanText(reference)
