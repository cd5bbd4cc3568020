import type { Habits } from './habits.ts'
import type { SeedAccount, SeedCounterparty, SeedTransaction } from './seed.ts'
import { DAY_MS, hashOf } from './state.ts'
import { writeText } from './texts.ts'

/** A written entry, camelCase as the Berlin Group names its fields. */
export type Entry = Record<string, unknown>

export interface Reading {
  account: SeedAccount
  /** Changes whenever ids are issued anew. */
  issue: string
  habits: Habits
  /** YYYY-MM-DD on the simulator's clock. */
  today: string
  /** How many reads came before. */
  readCount: number
}

/** A field as text; empty when absent or not a text. */
export const textOf = (field: unknown): string => (typeof field === 'string' ? field : '')
const numberOf = (...parts: (string | number)[]): number => Number.parseInt(hashOf(...parts).slice(0, 8), 16)
export const movedBy = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** Whether the movement is still only announced on the day of the reading. */
export const isPending = (tx: SeedTransaction, today: string): boolean =>
  tx.pending === true || (tx.pendingUntil !== undefined && today < tx.pendingUntil)

/** Writes one movement the way the account's bank does. */
export function writeEntry(tx: SeedTransaction, reading: Reading): Entry {
  const { account, habits, today } = reading
  const pending = isPending(tx, today)
  const currency = tx.currency ?? account.currency
  const incoming = !tx.amount.startsWith('-')
  const entry: Entry = {
    ...idsOf(tx, pending, reading),
    ...datesOf(tx, pending, reading),
    transactionAmount: { amount: amountOf(tx.amount, pending, habits), currency },
    ...exchangeOf(tx, habits),
    ...partiesOf(tx, incoming, reading),
    ...writeText(tx, pending, incoming, habits),
    bankTransactionCode: tx.code ?? 'PMNT',
    ...(tx.proprietaryCode === undefined ? {} : { proprietaryBankTransactionCode: tx.proprietaryCode }),
    ...(tx.mandateId === undefined ? {} : { mandateId: tx.mandateId }),
    ...(tx.balanceAfter === undefined
      ? {}
      : {
          balanceAfterTransaction: {
            balanceAmount: { amount: tx.balanceAfter, currency },
            balanceType: 'interimBooked',
          },
        }),
    ...tx.raw,
  }
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== undefined))
}

function idsOf(tx: SeedTransaction, pending: boolean, reading: Reading): Entry {
  const { habits, today, issue, readCount } = reading
  const steady = hashOf(issue, tx.key).slice(0, 32).toUpperCase()
  const ids: Entry = { transactionId: bankId(tx, steady, reading) }
  if (pending && habits.pendingIds === 'renamed')
    ids['transactionId'] = hashOf('pending', steady).slice(0, 32).toUpperCase()
  if (pending && habits.pendingIds === 'placeholder') {
    ids['transactionId'] = `${tx.amount.startsWith('-') ? '00DEBIT' : '00CREDIT'}${today.replaceAll('-', '')}`
  }
  if (pending && habits.pendingIds === 'none') ids['transactionId'] = null
  if (habits.entryReferences === 'as_id') ids['entryReference'] = ids['transactionId']
  if (habits.entryReferences === 'per_counterparty') {
    ids['entryReference'] = hashOf('archive', tx.counterparty?.name ?? '')
      .slice(0, 18)
      .toUpperCase()
  }
  if (filledInLater(tx, reading)) ids['entryReference'] = null
  if (habits.internalIds && !pending) {
    // GoCardless derives it from content: a changed booking day or amount gives another one.
    const shownDay = datesOf(tx, pending, reading)['bookingDate']
    ids['internalTransactionId'] = hashOf('internal', issue, tx.key, textOf(shownDay), tx.amount).slice(0, 32)
  }
  return {
    ...ids,
    ...(habits.transactionIds === 'per_read' ? { transactionId: hashOf(steady, readCount).slice(0, 32) } : {}),
  }
}

function bankId(tx: SeedTransaction, steady: string, { habits, today, account }: Reading): string | null {
  switch (habits.transactionIds) {
    case 'none':
      return null
    case 'empty':
      return ''
    case 'blank':
      return ' '
    case 'notprovided':
      return 'NOTPROVIDED'
    case 'reused': {
      const n = numberOf(account.key, tx.key)
      return n % 3 === 0 ? String(9990 + (n % 7)) : String(100_000_000 + (n % 899_999_999))
    }
    case 'daily':
      return hashOf(steady, today).slice(0, 32).toUpperCase()
    case 'sandbox': {
      // Every id carries the day of the read, and few numbers serve for all: unrelated entries share one.
      const number =
        1_927_900 + (numberOf(account.key, tx.key) % Math.max(5, Math.ceil(account.transactions.length * 0.45)))
      return `${today.replaceAll('-', '')}${String(number).padStart(8, '0')}-1`
    }
    default:
      return steady
  }
}

function datesOf(tx: SeedTransaction, pending: boolean, reading: Reading): Entry {
  const { habits, readCount } = reading
  const value = tx.valueDate ?? tx.bookingDate
  let booking = pending ? undefined : (tx.bookingDate ?? tx.valueDate)
  let shownValue = value
  if (booking !== undefined && habits.drift === 'days' && numberOf(tx.key, readCount) % 4 === 0)
    booking = movedBy(booking, 1)
  if (booking !== undefined && habits.dates === 'next_month') {
    const [year, month] = booking.split('-').map(Number)
    booking = new Date(Date.UTC(year!, month, 1)).toISOString().slice(0, 10)
  }
  if (shownValue !== undefined && habits.dates === 'value_ahead') shownValue = movedBy(shownValue, 24)
  // The field holds the day of settlement, the day of the purchase is in the text.
  if (shownValue !== undefined && habits.dates === 'in_text') shownValue = movedBy(shownValue, 2)
  const time = tx.time ?? '00:00:00'
  return {
    bookingDate: habits.dates === 'value' || habits.dates === 'in_text' ? undefined : booking,
    valueDate: habits.dates === 'booking' ? undefined : shownValue,
    ...(habits.dateTimes && booking !== undefined ? { bookingDateTime: `${booking}T${time}Z` } : {}),
    ...(habits.dateTimes && value !== undefined ? { valueDateTime: `${value}T00:00:00.000000Z` } : {}),
  }
}

function amountOf(amount: string, pending: boolean, habits: Habits): string {
  let text = amount
  if (habits.sign === 'inverted') text = text.startsWith('-') ? text.slice(1) : `-${text}`
  if (habits.sign === 'pending_unsigned' && pending) text = text.replace('-', '')
  return habits.decimals === 'short' && text.includes('.') ? text.replace(/0$/, '') : text
}

function exchangeOf(tx: SeedTransaction, habits: Habits): Entry {
  if (tx.exchange === undefined) return {}
  const { sourceCurrency, targetCurrency, rate, instructedAmount } = tx.exchange
  const exchange = {
    sourceCurrency,
    targetCurrency,
    unitCurrency: sourceCurrency,
    exchangeRate: rate,
    ...(instructedAmount === undefined
      ? {}
      : { instructedAmount: { amount: instructedAmount, currency: sourceCurrency } }),
  }
  return { currencyExchange: habits.exchangeAs === 'array' ? [exchange] : exchange }
}

/** Banks that fill the payer's account and the reference in two days after booking. */
function filledInLater(tx: SeedTransaction, { habits, today }: Reading): boolean {
  return habits.restates === 'fills_in' && tx.bookingDate !== undefined && today < movedBy(tx.bookingDate, 2)
}

function partiesOf(tx: SeedTransaction, incoming: boolean, reading: Reading): Entry {
  const { habits, account, today } = reading
  const other = incoming ? 'debtor' : 'creditor'
  const own = incoming ? 'creditor' : 'debtor'
  const day = tx.bookingDate ?? tx.valueDate ?? today
  const forgotten = habits.restates === 'drops_names' && day < movedBy(today, -7)
  const inField = !forgotten && (habits.names === 'fields' || habits.names === 'both_sides')
  const parties: Entry = {}
  const name = tx.counterparty?.name
  if (inField && name !== undefined) parties[`${other}Name`] = name
  if (habits.names === 'ultimate' && !forgotten && name !== undefined) {
    parties[`${other}Name`] = incoming ? 'Gutschrift' : 'Lastschrift'
    parties[incoming ? 'ultimateDebtor' : 'ultimateCreditor'] = tx.ultimateName ?? name
  } else if (tx.ultimateName !== undefined && inField) {
    parties[incoming ? 'ultimateDebtor' : 'ultimateCreditor'] = tx.ultimateName
  }
  const shown = habits.accounts && !filledInLater(tx, reading) ? accountOf(tx.counterparty) : undefined
  if (shown !== undefined) parties[`${other}Account`] = shown
  if (tx.counterparty?.bic !== undefined && inField) parties[`${other}Agent`] = tx.counterparty.bic
  if (habits.names === 'both_sides') {
    parties[`${own}Name`] = account.ownerName
    if (account.iban !== undefined) parties[`${own}Account`] = { iban: account.iban }
  }
  return parties
}

function accountOf(party: SeedCounterparty | undefined): Entry | undefined {
  if (party?.iban !== undefined) return { iban: party.iban }
  return party?.bban === undefined ? undefined : { bban: party.bban }
}
