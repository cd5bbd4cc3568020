import { formatAmount } from '../../base/money.ts'
import { type KnownLine, NOTE_OF_STRIPE } from '../../transactions/index.ts'
import type { ChargeRow } from './charge-queries.ts'
import { referenceOf } from './names.ts'
import type { ReturnRow } from './return-queries.ts'

/** What the ledger and the returns say of a charge. */
export interface ChargeFacts {
  /** A row of category `charge` stands in the ledger: money was announced or came. */
  booked: boolean
  availableOn: string | null
  /** Rows of the ledger that are this charge: a billing system may have kept their ids. */
  ledgerIds: string[]
  /** A row took the charge's money back since the payment failed. */
  unpaid: boolean
  returns: readonly ReturnRow[]
}

/** Why a charge's money is not there: it failed, its authorisation lapsed, or all of it went back. */
export type Void = 'failed' | 'lapsed' | 'returned'

/** The line of money that a charge is, or undefined where it is none: nothing was charged, or it failed at once. */
export function lineOfCharge(
  charge: ChargeRow,
  facts: ChargeFacts,
): { line: KnownLine; cause: Void | null } | undefined {
  const failed = charge.status === 'failed' || facts.unpaid
  if (failed && !facts.booked && charge.transactionId === null) return undefined
  const paid = charge.status === 'succeeded' && charge.captured && !failed
  // Of an authorisation that lapsed or was cancelled Stripe says that all of it was refunded, though nothing was taken.
  const lapsed =
    !failed && charge.status === 'succeeded' && !charge.captured && charge.refundedMinor >= charge.amountMinor
  const amountMinor = charge.captured && charge.capturedMinor > 0n ? charge.capturedMinor : charge.amountMinor
  if (amountMinor <= 0n) return undefined
  const backMinor = paid ? returnedMinor(charge, facts.returns) : 0n
  const cause = failed ? 'failed' : lapsed ? 'lapsed' : backMinor >= amountMinor ? 'returned' : null
  return {
    cause,
    line: {
      externalId: charge.id,
      direction: 'credit',
      amountMinor,
      currency: charge.currency,
      status: paid ? 'processed' : 'pending',
      voided: cause && voidedNote(cause, charge),
      note: backMinor > 0n ? `${NOTE_OF_STRIPE}${money(backMinor, charge.currency)} of it went back.` : null,
      bookedAt: charge.occurredAt,
      valueOn: facts.availableOn,
      reference: referenceOf(charge.names),
      description: descriptionOf(charge),
      counterpartyName: charge.payerName || charge.payerEmail,
      aliases: [
        charge.id,
        charge.paymentIntentId,
        charge.balanceTransactionId,
        ...charge.sessionIds,
        ...facts.ledgerIds,
      ].filter((id) => id !== null),
    },
  }
}

/** The money that a refund or a dispute took: undefined until the ledger shows it taken. Money that came back makes the line void. */
export function lineOfReturn(row: ReturnRow, charge: ChargeRow | undefined): KnownLine | undefined {
  if (!row.taken || row.amountMinor <= 0n) return undefined
  const what = row.kind === 'refund' ? 'Refund' : 'Dispute'
  const reason = row.reason ? ` (${row.reason})` : ''
  return {
    externalId: row.id,
    direction: 'debit',
    amountMinor: row.amountMinor,
    currency: row.currency,
    status: 'processed',
    voided: isBack(row)
      ? `${NOTE_OF_STRIPE}${row.kind === 'refund' ? 'the refund failed' : 'the dispute was won'}, and the money came back.`
      : null,
    note: null,
    bookedAt: row.occurredAt,
    valueOn: null,
    reference: charge ? referenceOf(charge.names) : '',
    description: `${what} of ${row.chargeId}${reason}`,
    counterpartyName: charge ? charge.payerName || charge.payerEmail : '',
    aliases: [row.id],
  }
}

/** Whether the money that was taken has come back, or will. */
export const isBack = (row: ReturnRow): boolean =>
  row.givenBack || (row.kind === 'refund' ? row.status === 'failed' || row.status === 'canceled' : row.status === 'won')

/** How much of a charge went back and stayed away. Other currencies than the charge's are for people. */
export const returnedMinor = (charge: ChargeRow, returns: readonly ReturnRow[]): bigint =>
  returns
    .filter((row) => row.taken && !isBack(row) && row.currency === charge.currency)
    .reduce((sum, row) => sum + row.amountMinor, 0n)

function voidedNote(cause: Void, charge: ChargeRow): string {
  if (cause === 'failed') return `${NOTE_OF_STRIPE}the payment failed${charge.failure ? ` (${charge.failure})` : ''}.`
  if (cause === 'lapsed') return `${NOTE_OF_STRIPE}the authorisation lapsed or was cancelled. No money was taken.`
  return `${NOTE_OF_STRIPE}all of it was refunded or disputed.`
}

/** All text there is, as a bank would give it. The mail address helps to find the client: engine and people look for it here. */
const descriptionOf = (charge: ChargeRow): string =>
  [charge.description, charge.descriptor, charge.payerEmail]
    .map((text) => text.trim())
    .filter((text, at, all) => text !== '' && !all.slice(0, at).some((before) => before.includes(text)))
    .join(' · ')

const money = (minor: bigint, currency: string): string => `${formatAmount(minor, currency)} ${currency}`
