import { decodeXML } from 'entities'
import { AppError } from '../base/errors.ts'
import { isCurrency } from '../base/money.ts'
import type { AccountPart } from './account-parts.ts'
import { type DecimalSign, possibleDecimals, readCell } from './csv-amounts.ts'
import { dayOf } from './days.ts'
import { cleanText } from './decode-text.ts'
import { ibanIn } from './iban.ts'
import type { Parsed, Reading } from './reading.ts'
import type { StatementEntry } from './types.ts'

export const isOfx = (text: string): boolean => /^\s*OFXHEADER:|<OFX>/i.test(text.slice(0, 4_000))

/** Aggregates that say what the elements within them belong to. Everything else is a leaf or of no interest, so that
 *  elements left open, as OFX 1 allows, cannot confuse the structure. */
const CONTEXTS = new Set([
  'STMTRS',
  'CCSTMTRS',
  'BANKACCTFROM',
  'CCACCTFROM',
  'STMTTRN',
  'LEDGERBAL',
  'BANKACCTTO',
  'CCACCTTO',
  'PAYEE',
  'CURRENCY',
  'ORIGCURRENCY',
])

interface OpenStatement {
  line: number
  currency: string
  account: string
  closing: string
  entries: { line: number; fields: Map<string, string> }[]
}

/** Reads OFX 1 (SGML with open tags) and 2 (XML), also as QFX, for bank and card accounts. The sign of TRNAMT is the
 *  direction, whatever TRNTYPE says. The day is the one printed, which is the bank's. An OFX file states no opening balance,
 *  so its balances prove nothing. Throws `validation_failed` when it holds no statement; a faulty entry is rejected.
 *  Source: Open Financial Exchange 1.0.3 and 2.2, chapter 11. */
export function readOfx(text: string, reading: Reading): Parsed {
  if (/<!DOCTYPE/i.test(text)) throw new AppError('validation_failed', 'The OFX holds a DOCTYPE, which is refused.')
  const rejected: Parsed['rejected'] = []
  const statements = readStatements(text, reading)
  if (statements.length === 0)
    throw new AppError('validation_failed', 'The file is OFX but holds no bank or card statement.')
  return { format: 'ofx', parts: statements.map((statement) => toPart(statement, rejected, reading)), rejected }
}

function readStatements(text: string, reading: Reading): OpenStatement[] {
  const statements: OpenStatement[] = []
  const contexts: string[] = []
  let line = 1
  let counted = 0
  for (const token of text.matchAll(/<(\/?)([A-Za-z0-9._]{1,40})>([^<]*)/g)) {
    for (
      let next = text.indexOf('\n', counted);
      next !== -1 && next < token.index;
      next = text.indexOf('\n', counted)
    ) {
      line++
      counted = next + 1
    }
    const name = token[2]!.toUpperCase()
    const value = cleanText(decodeXML(token[3]!))
    const current = statements.at(-1)
    if (CONTEXTS.has(name)) {
      if (token[1] === '/') contexts.splice(Math.max(contexts.lastIndexOf(name), 0))
      else {
        contexts.push(name)
        if (name === 'STMTRS' || name === 'CCSTMTRS')
          statements.push({ line, currency: '', account: '', closing: '', entries: [] })
        if (name === 'STMTTRN') {
          reading.progress()
          current?.entries.push({ line, fields: new Map() })
        }
      }
    } else if (token[1] === '' && value !== '' && current !== undefined) take(current, contexts, name, value)
  }
  return statements
}

function take(statement: OpenStatement, contexts: string[], name: string, value: string): void {
  const context = contexts.at(-1)
  if (contexts.includes('STMTTRN')) {
    const field = context === 'STMTTRN' ? name : `${context}.${name}`
    statement.entries.at(-1)!.fields.set(field, value)
  } else if (name === 'CURDEF') statement.currency = value.toUpperCase()
  else if (name === 'ACCTID' && (context === 'BANKACCTFROM' || context === 'CCACCTFROM')) statement.account = value
  else if (name === 'BALAMT' && context === 'LEDGERBAL') statement.closing = value
}

function toPart(statement: OpenStatement, rejected: Parsed['rejected'], reading: Reading): AccountPart {
  const currency = isCurrency(statement.currency) ? statement.currency : (reading.currency ?? '')
  const amounts = statement.entries.map(({ fields }) => fields.get('TRNAMT') ?? '')
  const decimals = possibleDecimals(
    [...amounts, statement.closing].filter((amount) => amount !== ''),
    currency,
  )
  const entries: StatementEntry[] = []
  for (const { line, fields } of statement.entries) {
    const entry = toEntry(line, fields, currency, decimals[0] ?? '.')
    if (typeof entry === 'string') rejected.push({ line, reason: entry })
    else entries.push(entry)
  }
  const closing = readCell(statement.closing, decimals[0] ?? '.', currency)
  return {
    account: statement.account || null,
    currency: currency || null,
    id: '',
    entries,
    openingMinor: null,
    closingMinor: closing === null ? null : closing.sign === '-' ? -closing.amountMinor : closing.amountMinor,
    openedOn: null,
    line: statement.line,
  }
}

function toEntry(
  line: number,
  fields: Map<string, string>,
  currency: string,
  decimal: DecimalSign,
): StatementEntry | string {
  const field = (name: string) => fields.get(name) ?? ''
  const foreign = field('CURRENCY.CURSYM').toUpperCase()
  if (foreign !== '' && foreign !== currency)
    return `The entry is in ${foreign.slice(0, 8)}, its account in ${currency}.`
  const amount = readCell(field('TRNAMT'), decimal, currency)
  if (amount === null)
    return `"${field('TRNAMT').slice(0, 40)}" is not an amount in ${currency || 'an unknown currency'}.`
  if (amount.amountMinor === 0n) return 'The amount is not above zero.'
  const bookedOn = dayIn(field('DTPOSTED'))
  if (bookedOn === null) return `"${field('DTPOSTED').slice(0, 40)}" is not a day.`
  const name = field('NAME') || field('PAYEE.NAME')
  const description = field('MEMO') || name
  return {
    line,
    amountMinor: amount.amountMinor,
    currency,
    direction: amount.sign === '-' ? 'debit' : 'credit',
    bookedOn,
    valueOn: dayIn(field('DTAVAIL')),
    reference: description,
    description,
    counterparty: { name, iban: ibanIn(field('BANKACCTTO.ACCTID')) },
    bankIds: [
      { kind: 'fitid', value: field('FITID') },
      { kind: 'bank_ref', value: field('REFNUM') },
    ].filter(({ value }) => value !== ''),
  }
}

/** The day printed at the start, whatever time and zone follow. */
function dayIn(text: string): string | null {
  const parts = /^(\d{4})(\d{2})(\d{2})/.exec(text)
  return parts ? dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3])) : null
}
