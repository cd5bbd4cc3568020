import { AppError } from '../base/errors.ts'
import { isCurrency, readAmount } from '../base/money.ts'
import type { AccountPart } from './account-parts.ts'
import { readEntry } from './camt-entry.ts'
import { isoDay } from './days.ts'
import type { Parsed, Reading } from './reading.ts'
import type { StatementEntry, StatementFormat } from './types.ts'
import { find, readXml, textAt, type XmlElement } from './xml.ts'

/** Message element → format, and the elements that hold one account's entries. Source: ISO 20022 catalogue, camt.052/053/054. */
const MESSAGES: Record<string, StatementFormat> = {
  BkToCstmrStmt: 'camt.053',
  BkToCstmrAcctRpt: 'camt.052',
  BkToCstmrDbtCdtNtfctn: 'camt.054',
}
const STATEMENTS = new Set(['Stmt', 'Rpt', 'Ntfctn'])

/** Reads CAMT.053, .052 and .054 of any version: elements are told by their local names, so that namespaces, prefixes and
 *  wrappers do not matter. Only entries with status BOOK count. Throws `validation_failed` when the XML is broken or holds
 *  no such message; a faulty entry is rejected with its line and the rest is read. */
export function readCamt(text: string, reading: Reading): Parsed {
  let format: StatementFormat | null = null
  const parts: AccountPart[] = []
  const rejected: Parsed['rejected'] = []
  let open = newStatement()
  readXml(text, (element) => {
    format ??= MESSAGES[element.name] ?? null
    if (element.name === 'Acct') open.account ??= element
    else if (element.name === 'Bal') open.balances.push(element)
    else if (element.name === 'Ntry') takeEntry(open, element, rejected, reading)
    else if (STATEMENTS.has(element.name)) {
      parts.push(...closeStatement(open, element, reading))
      open = newStatement()
    } else return false
    return true
  })
  if (format === null) {
    throw new AppError('validation_failed', 'The file is XML but no CAMT.053, CAMT.052 or CAMT.054 bank statement.')
  }
  return { format, parts, rejected }
}

/** Pending (PDNG), informational (INFO) and future (FUTR) entries are no money yet. Versions up to .04 write the status as
 *  text, later ones as a code; a missing status is taken for booked. */
function isBooked(entry: XmlElement): boolean {
  const status = textAt(entry, 'Sts', 'Cd') || textAt(entry, 'Sts', 'Prtry') || textAt(entry, 'Sts')
  return status === '' || status.toUpperCase() === 'BOOK'
}

/** What has been read of the statement that is open. Account and balances stand before the entries, so that each entry can
 *  be turned into lines as soon as it closes. A statement whose account names no currency keeps one list for each. */
interface OpenStatement {
  account: XmlElement | undefined
  balances: XmlElement[]
  entries: Map<string, StatementEntry[]>
}

const newStatement = (): OpenStatement => ({ account: undefined, balances: [], entries: new Map() })

function takeEntry(open: OpenStatement, entry: XmlElement, rejected: Parsed['rejected'], reading: Reading): void {
  reading.progress()
  if (!isBooked(entry)) return
  const currency = statementCurrency(open) ?? (entryCurrency(entry) || reading.currency) ?? ''
  const read = readEntry(entry, currency, accountName(open.account))
  if (typeof read === 'string') {
    rejected.push({ line: entry.line, reason: read })
    return
  }
  const entries = open.entries.get(currency)
  if (entries === undefined) open.entries.set(currency, read)
  else entries.push(...read)
}

function closeStatement(open: OpenStatement, statement: XmlElement, reading: Reading): AccountPart[] {
  if (open.entries.size === 0) open.entries.set(statementCurrency(open) ?? reading.currency ?? '', [])
  return [...open.entries].map(([currency, entries]) => ({
    account: accountName(open.account),
    currency: currency === '' ? null : currency,
    id: textAt(statement, 'Id'),
    entries,
    line: statement.line,
    ...readBalances(open.balances, currency),
  }))
}

const entryCurrency = (entry: XmlElement): string => find(entry, 'Amt')?.attributes.get('Ccy')?.toUpperCase() ?? ''

function accountName(account: XmlElement | undefined): string | null {
  const id = find(account, 'Id')
  const name =
    textAt(id, 'IBAN') ||
    textAt(id, 'Othr', 'Id') ||
    textAt(id, 'BBAN') ||
    textAt(id, 'PrtryAcct', 'Id') ||
    textAt(id, 'UPIC')
  return name === '' ? null : name.replace(/\s/g, '')
}

function statementCurrency(open: OpenStatement): string | null {
  const stated = textAt(open.account, 'Ccy') || open.balances.map(entryCurrency).find((code) => code !== '') || ''
  return isCurrency(stated.toUpperCase()) ? stated.toUpperCase() : null
}

interface Balance {
  code: string
  amountMinor: bigint
  day: string | null
}

/** Opening: OPBD, else PRCD (the close of the day before), else the first of two ITBD. Closing: CLBD, else the last ITBD,
 *  which pages of a long statement and intraday reports use. Available and forward balances say nothing about entries. */
function readBalances(
  elements: XmlElement[],
  currency: string,
): Pick<AccountPart, 'openingMinor' | 'closingMinor' | 'openedOn' | 'closingIsInterim'> {
  const balances = elements.map((element) => readBalance(element, currency)).filter((balance) => balance !== null)
  const of = (code: string) => balances.filter((balance) => balance.code === code)
  const interim = of('ITBD').toSorted((a, b) => (a.day ?? '').localeCompare(b.day ?? ''))
  const opening = of('OPBD')[0] ?? of('PRCD')[0] ?? (interim.length > 1 ? interim[0] : undefined)
  const closing = of('CLBD').at(-1) ?? interim.filter((balance) => balance !== opening).at(-1)
  return {
    openingMinor: opening?.amountMinor ?? null,
    closingMinor: closing?.amountMinor ?? null,
    openedOn: opening?.day ?? null,
    ...(closing?.code === 'ITBD' ? { closingIsInterim: true } : {}),
  }
}

function readBalance(element: XmlElement, currency: string): Balance | null {
  const amount = find(element, 'Amt')
  const stated = amount?.attributes.get('Ccy')?.toUpperCase() ?? currency
  const amountMinor = readAmount(amount?.text.trim() ?? '', currency)
  if (typeof amountMinor === 'string' || (currency !== '' && stated !== currency)) return null
  const code = textAt(element, 'Tp', 'CdOrPrtry', 'Cd') || textAt(element, 'Tp', 'CdOrPrtry', 'Prtry')
  const day = isoDay(textAt(element, 'Dt', 'Dt') || textAt(element, 'Dt', 'DtTm') || textAt(element, 'Dt'))
  return { code, amountMinor: textAt(element, 'CdtDbtInd') === 'DBIT' ? -amountMinor : amountMinor, day }
}
