import { readAmount } from '../base/money.ts'
import { isoDay } from './days.ts'
import { cleanText } from './decode-text.ts'
import { remittanceOf } from './camt-texts.ts'
import { ibanIn } from './iban.ts'
import type { StatementEntry } from './types.ts'
import { find, findAll, textAt, type XmlElement } from './xml.ts'

type Direction = StatementEntry['direction']

/** One booked `Ntry` as lines of money. A collective entry becomes its details when they add up to it, otherwise it is one
 *  line. Amounts are what moved on the account, in its currency, never what the payer instructed. The bank's indicator
 *  already gives the direction of a reversal (`RvslInd`). Returns a sentence instead when the entry cannot be read. */
export function readEntry(entry: XmlElement, currency: string, account: string | null): StatementEntry[] | string {
  const amountMinor = movedAmount(entry, currency)
  if (typeof amountMinor === 'string') return amountMinor
  const direction = directionOf(entry)
  if (direction === null) return 'The entry does not say whether it is a credit or a debit (CdtDbtInd).'
  if (amountMinor <= 0n) return 'The amount of the entry is not above zero.'
  const details = findAll(entry, 'NtryDtls').flatMap((group) => findAll(group, 'TxDtls'))
  const bookedOn = firstDay(entry, details[0])
  if (bookedOn === null) return 'The entry has no readable booking day.'
  const common = { line: entry.line, currency, bookedOn, valueOn: dayAt(entry, 'ValDt') }
  const parts = details.length > 1 ? detailAmounts(details, currency, direction, amountMinor) : null
  if (parts !== null) {
    return parts.map((part) => ({
      ...common,
      amountMinor: part.amountMinor,
      direction: part.direction,
      ...describe(entry, [part.detail], part.direction, account),
      bankIds: detailIds(entry, part.detail),
    }))
  }
  const told = isDescribedBy(entry, details) ? details : []
  return [
    { ...common, amountMinor, direction, ...describe(entry, told, direction, account), bankIds: entryIds(entry, told) },
  ]
}

/** The amount in the account's currency: the element's own, else where banks that print the foreign one put it. */
function movedAmount(element: XmlElement, currency: string): bigint | string {
  const amount = find(element, 'Amt')
  if (amount === undefined) return 'The entry has no amount.'
  const stated = amount.attributes.get('Ccy')?.toUpperCase() ?? currency
  const source = stated === currency || currency === '' ? amount : amountDetail(element, currency)
  if (source === undefined) return `The entry is in ${stated.slice(0, 8)}, its account in ${currency}.`
  const text = source.text.trim()
  const amountMinor = readAmount(text, currency)
  return typeof amountMinor === 'bigint'
    ? amountMinor
    : `"${text.slice(0, 40)}" is not an amount in ${currency || 'an unknown currency'}.`
}

function amountDetail(element: XmlElement, currency: string): XmlElement | undefined {
  const holders = [find(element, 'AmtDtls'), find(element, 'NtryDtls', 'TxDtls', 'AmtDtls')]
  for (const holder of holders) {
    for (const kind of ['TxAmt', 'CntrValAmt', 'InstdAmt']) {
      const amount = find(holder, kind, 'Amt')
      if (amount?.attributes.get('Ccy')?.toUpperCase() === currency) return amount
    }
  }
  return undefined
}

interface DetailAmount {
  detail: XmlElement
  amountMinor: bigint
  direction: Direction
}

/** The details with their amounts when they add up to the entry, by their own indicators or, where a bank sets those from
 *  the other side, by the entry's. Null otherwise. */
function detailAmounts(
  details: XmlElement[],
  currency: string,
  direction: Direction,
  totalMinor: bigint,
): DetailAmount[] | null {
  const parts: DetailAmount[] = []
  for (const detail of details) {
    const amount =
      find(detail, 'Amt') === undefined
        ? readFrom(amountDetail(detail, currency), currency)
        : movedAmount(detail, currency)
    if (typeof amount === 'string' || amount <= 0n) return null
    parts.push({ detail, amountMinor: amount, direction: directionOf(detail) ?? direction })
  }
  const sum = (signed: boolean) =>
    parts.reduce(
      (total, part) => total + (signed && part.direction !== direction ? -part.amountMinor : part.amountMinor),
      0n,
    )
  if (sum(true) === totalMinor) return parts
  return sum(false) === totalMinor ? parts.map((part) => ({ ...part, direction })) : null
}

function readFrom(amount: XmlElement | undefined, currency: string): bigint | string {
  return amount === undefined ? 'no amount' : readAmount(amount.text.trim(), currency)
}

/** A batch of 238 payments with one printed detail is not described by it. */
function isDescribedBy(entry: XmlElement, details: XmlElement[]): boolean {
  const claimed = findAll(entry, 'NtryDtls')
    .map((group) => textAt(group, 'Btch', 'NbOfTxs'))
    .filter((count) => /^\d{1,9}$/.test(count))
    .reduce((sum, count) => sum + Number(count), 0)
  return claimed <= details.length
}

function describe(
  entry: XmlElement,
  details: XmlElement[],
  direction: Direction,
  account: string | null,
): Pick<StatementEntry, 'reference' | 'description' | 'counterparty'> {
  const texts = details.map(remittanceOf)
  const only = <T>(values: T[]): T | undefined => (new Set(values).size === 1 ? values[0] : undefined)
  const fallback = details.map((detail) => textAt(detail, 'AddtlTxInf')).find((text) => text !== '')
  const description =
    texts
      .map((text) => text.description)
      .filter((text) => text !== '')
      .join(' ') || cleanText(fallback ?? textAt(entry, 'AddtlNtryInf'))
  const structured = only(texts.map((text) => text.creditorReference)) ?? ''
  const endToEnd = only(details.map((detail) => named(textAt(detail, 'Refs', 'EndToEndId')))) ?? ''
  const parties = details.map((detail) => counterpartyOf(detail, direction, account))
  return {
    reference: structured || endToEnd || description,
    description,
    counterparty: {
      name: only(parties.map((party) => party.name)) ?? '',
      iban: only(parties.map((party) => party.iban)) ?? null,
    },
  }
}

/** The other side: the debtor of a credit, the creditor of a debit. In a return or reversal the parties stay those of the
 *  original payment, so whoever owns this very account is not it. */
function counterpartyOf(
  detail: XmlElement,
  direction: Direction,
  account: string | null,
): StatementEntry['counterparty'] {
  const parties = find(detail, 'RltdPties')
  const side = (role: 'Dbtr' | 'Cdtr') => {
    const party = find(parties, role)
    const ultimate = find(parties, `Ultmt${role}`)
    const name =
      textAt(party, 'Pty', 'Nm') ||
      textAt(party, 'Nm') ||
      textAt(party, 'Agt', 'FinInstnId', 'Nm') ||
      textAt(ultimate, 'Pty', 'Nm') ||
      textAt(ultimate, 'Nm')
    return { name: cleanText(name), iban: ibanIn(textAt(parties, `${role}Acct`, 'Id', 'IBAN')) }
  }
  const [near, far] = direction === 'credit' ? [side('Dbtr'), side('Cdtr')] : [side('Cdtr'), side('Dbtr')]
  const nearIsOurs = near.iban !== null && near.iban === account
  return nearIsOurs && (far.name !== '' || far.iban !== null) ? far : near
}

function directionOf(element: XmlElement): Direction | null {
  const indicator = textAt(element, 'CdtDbtInd').toUpperCase()
  return indicator === 'CRDT' ? 'credit' : indicator === 'DBIT' ? 'debit' : null
}

const dayAt = (entry: XmlElement | undefined, name: string): string | null =>
  isoDay(textAt(entry, name, 'Dt') || textAt(entry, name, 'DtTm') || textAt(entry, name))

/** Booking day, else value day, else the settlement day of the first detail. */
function firstDay(entry: XmlElement, detail: XmlElement | undefined): string | null {
  const dates = find(detail, 'RltdDts')
  return (
    dayAt(entry, 'BookgDt') ??
    dayAt(entry, 'ValDt') ??
    isoDay(textAt(dates, 'IntrBkSttlmDt') || textAt(dates, 'AccptncDtTm') || textAt(dates, 'TxDtTm'))
  )
}

/** Words that banks put where an id is missing. */
const named = (id: string): string =>
  /^(notprovided|nonref|notavailable|none|n\/a|0+|-+)$/i.test(id) ? '' : cleanText(id)

const ids = (pairs: [string, string][]): StatementEntry['bankIds'] => {
  const seen = new Set<string>()
  return pairs
    .map(([kind, value]) => ({ kind, value: named(value) }))
    .filter(({ value }) => value !== '' && !seen.has(value) && seen.add(value) !== undefined)
}

function entryIds(entry: XmlElement, details: XmlElement[]): StatementEntry['bankIds'] {
  const refs = details.length === 1 ? find(details[0], 'Refs') : undefined
  return ids([
    ['acct_svcr_ref', textAt(entry, 'AcctSvcrRef')],
    ['acct_svcr_ref', textAt(refs, 'AcctSvcrRef')],
    ['ntry_ref', textAt(entry, 'NtryRef')],
    ...transactionIds(refs),
  ])
}

/** Ids of one detail; `entry_ref` is the collective entry's, by which a later notification is known to be the same money. */
function detailIds(entry: XmlElement, detail: XmlElement): StatementEntry['bankIds'] {
  const refs = find(detail, 'Refs')
  return ids([
    ['acct_svcr_ref', textAt(refs, 'AcctSvcrRef')],
    ...transactionIds(refs),
    ['entry_ref', textAt(entry, 'AcctSvcrRef')],
    ['entry_ref', textAt(entry, 'NtryRef')],
  ])
}

const transactionIds = (refs: XmlElement | undefined): [string, string][] => [
  ['uetr', textAt(refs, 'UETR')],
  ['tx_id', textAt(refs, 'TxId')],
  ['end_to_end', textAt(refs, 'EndToEndId')],
]
