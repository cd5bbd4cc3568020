import { z } from 'zod'
import { isCurrency, readAmount } from '../../base/money.ts'
import type { FeedLine } from '../bank-feed.ts'
import { type BankHabits, habitsOf } from './habits.ts'

/** A field that is not what it should be counts as absent: money is not lost over a malformed name. */
const text = z
  .union([z.string().transform((value) => value.slice(0, 20_000)), z.number().transform(String)])
  .nullish()
  .catch(undefined)
const texts = z.array(z.string()).nullish().catch(undefined)
const account = z.looseObject({ iban: text, bban: text }).nullish().catch(undefined)

/** Only the amount is certain; everything else is optional per bank and per transaction. */
const transactionSchema = z.looseObject({
  transactionAmount: z.object({ amount: z.union([z.string(), z.number()]), currency: z.string() }),
  transactionId: text,
  internalTransactionId: text,
  entryReference: text,
  endToEndId: text,
  bookingDate: text,
  valueDate: text,
  bookingDateTime: text,
  valueDateTime: text,
  debtorName: text,
  debtorAccount: account,
  ultimateDebtor: text,
  creditorName: text,
  creditorAccount: account,
  ultimateCreditor: text,
  remittanceInformationUnstructured: text,
  remittanceInformationUnstructuredArray: texts,
  remittanceInformationStructured: text,
  remittanceInformationStructuredArray: texts,
  additionalInformation: text,
})

export const transactionsSchema = z.object({
  transactions: z.object({ booked: z.array(z.unknown()), pending: z.array(z.unknown()).nullish() }),
})

/** A GoCardless transaction in our shape, or the reason why it cannot be one. Pure. The sign says the direction. The payer of
 *  money that came in is the debtor, never the creditor: that is us. Source: Bank Account Data API, output: transactions. */
export function toLine(
  raw: unknown,
  status: 'booked' | 'pending',
  accountCurrency: string,
  habits: BankHabits = habitsOf(null),
): FeedLine | { rejected: string } {
  const parsed = transactionSchema.safeParse(raw)
  if (!parsed.success) return { rejected: 'a transaction without a readable amount' }
  const entry = parsed.data
  const { currency } = entry.transactionAmount
  if (!isCurrency(currency)) return { rejected: `currency ${currency.slice(0, 8)}` }
  if (currency !== accountCurrency) return { rejected: `currency ${currency} on an account in ${accountCurrency}` }
  const moved = readAmount(String(entry.transactionAmount.amount).trim(), currency)
  if (typeof moved === 'string') return { rejected: `amount ${moved}` }
  const signed = habits.signInverted ? -moved : moved
  const valueOn = dayOf(entry.valueDate) ?? dayOf(entry.valueDateTime)
  const postedOn = dayOf(entry.bookingDate) ?? dayOf(entry.bookingDateTime)
  const bookedOn = habits.day === 'value' ? (valueOn ?? postedOn) : (postedOn ?? valueOn)
  if (bookedOn === undefined) return { rejected: 'no date' }
  const credit = signed >= 0n
  const structured = firstText(
    entry.remittanceInformationStructured,
    ...(entry.remittanceInformationStructuredArray ?? []),
  )
  const remittance = remittanceOf(entry, structured)
  const endToEnd = meaningful(entry.endToEndId)
  return {
    status,
    amountMinor: credit ? signed : -signed,
    currency,
    direction: credit ? 'credit' : 'debit',
    bookedOn,
    valueOn: valueOn ?? null,
    reference: structured ?? endToEnd ?? remittance,
    description: remittance,
    counterpartyName:
      (credit
        ? partyName(entry.debtorName, entry.ultimateDebtor)
        : partyName(entry.creditorName, entry.ultimateCreditor)) ?? '',
    counterpartyIban: ibanOf(credit ? entry.debtorAccount : entry.creditorAccount),
    aliases: [
      // Made by GoCardless, for booked entries only.
      ...(status === 'booked' ? alias('internal', meaningful(entry.internalTransactionId)) : []),
      ...alias('transaction_id', meaningful(entry.transactionId)),
      ...alias('entry_reference', meaningful(entry.entryReference)),
      ...alias('end_to_end', endToEnd),
    ],
    providerData: raw,
  }
}

/** The name of the other side; German savings banks put the kind of payment there, and the name in the ultimate field. */
const partyName = (name: string | null | undefined, ultimate: string | null | undefined): string | undefined =>
  /^(?:sepa|lastschrift|gutschrift|überweisung|einzug|direct debit|credit transfer)/i.test(name?.trim() ?? '')
    ? firstText(ultimate, name)
    : firstText(name, ultimate)

type Entry = z.infer<typeof transactionSchema>

/** All remittance text, each piece once, in the bank's order. */
function remittanceOf(entry: Entry, structured: string | undefined): string {
  const unstructured = entry.remittanceInformationUnstructuredArray?.length
    ? entry.remittanceInformationUnstructuredArray
    : [entry.remittanceInformationUnstructured ?? '']
  const pieces = [...unstructured, structured ?? '', entry.additionalInformation ?? '']
    .map((piece) => piece.trim())
    .filter(Boolean)
  const kept: string[] = []
  for (const piece of pieces) if (!kept.some((before) => before.includes(piece))) kept.push(piece)
  return kept.join(' ').slice(0, 4000)
}

/** Blank and placeholder ids say nothing (`NOTPROVIDED`, one space …). */
function meaningful(value: string | null | undefined): string | undefined {
  const trimmed = value?.trim() ?? ''
  return trimmed === '' || /^not ?provided$/i.test(trimmed) ? undefined : trimmed.slice(0, 500)
}

const firstText = (...values: (string | null | undefined)[]): string | undefined =>
  values.map((value) => meaningful(value)).find((value) => value !== undefined)

function dayOf(value: string | null | undefined): string | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})/.exec(value?.trim() ?? '')?.[1]
  if (day === undefined) return undefined
  // Banks have sent the 30th of February, which `Date` turns into March.
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined
}

/** An IBAN may arrive in `bban`. */
function ibanOf(account: Entry['debtorAccount']): string | null {
  for (const value of [account?.iban, account?.bban]) {
    const compact = value?.replaceAll(/\s/g, '').toUpperCase() ?? ''
    if (/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(compact)) return compact
  }
  return null
}

const alias = <K extends FeedLine['aliases'][number]['kind']>(
  kind: K,
  value: string | undefined,
): { kind: K; value: string }[] => (value === undefined ? [] : [{ kind, value }])
