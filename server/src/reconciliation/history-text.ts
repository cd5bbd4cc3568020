import { formatAmount } from '../base/money.ts'
import type { HistoryAudit } from './history-queries.ts'
import type { MatchRow } from './queries.ts'

/** What is known of the payment that an entry is about. */
export interface HistoryPayment {
  invoiceId: string
  invoiceNumber: string
  amountMinor: bigint
  currency: string
  transid: string
}

/** What an entry says, as one sentence for people; `match` and `payment` where it is about one. */
export function historyText(
  { action, changes, actor }: Pick<HistoryAudit, 'action' | 'changes' | 'actor'>,
  about: {
    match?: MatchRow | undefined
    payment?: HistoryPayment | undefined
    note?: string | null | undefined
    /** Of money that came through a gateway of the billing system: what that is called there; empty where it is not known. */
    gateway?: string | undefined
  },
): string {
  const after = (changes?.after ?? {}) as Record<string, unknown>
  const { match, payment } = about
  if (match) return ofMatch(action, match, actor, after, about.gateway)
  if (payment) return ofPayment(action, payment, after)
  switch (action) {
    case 'transaction.create':
      return `The transaction was recorded (${SOURCES[String(after.source)] ?? 'source not noted'}).`
    case 'transaction.transfer':
      return 'It is money between own accounts and pays no invoice.'
    case 'transaction.release':
      return 'It is no transfer after all; its invoices are looked for again.'
    case 'transaction.shadow':
      return 'In mode shadow: automatic matching would have applied it.'
    case 'transaction.change':
      return ofChange((changes?.before ?? {}) as Record<string, unknown>, after, about.note)
    case 'transaction.update':
      return 'The bank changed what it says of the transaction.'
    default:
      return `${words(action)}.`
  }
}

const SOURCES: Record<string, string> = {
  bank: 'from the bank',
  file: 'from a statement file',
  stripe: 'from Stripe',
  api: 'through the API',
}

function ofMatch(
  action: string,
  match: MatchRow,
  actor: HistoryAudit['actor'],
  after: Record<string, unknown>,
  gateway: string | undefined,
): string {
  const invoices = list(match.allocations.map(({ invoiceNumber }) => invoiceNumber))
  const sure = `${(Number(match.confidence) * 100).toFixed(2)} % sure`
  switch (action) {
    case 'match.suggest':
      return `It was proposed for ${invoices}, ${sure}.`
    case 'match.create':
      return `It was assigned to ${invoices} by hand.`
    case 'match.already_booked':
      return gateway === undefined
        ? `It was recognised as a payment that somebody booked on ${invoices} in the billing system. Payymo books nothing.`
        : `It was recognised as a payment that ${gateway === '' ? 'its gateway' : `the gateway ${gateway}`} recorded on ${invoices} in the billing system. Payymo books nothing.`
    case 'match.approve':
      return actor.type === 'system'
        ? `The match with ${invoices} was approved automatically, ${sure}.`
        : `The match with ${invoices} was approved.`
    case 'match.reject':
      return `The match with ${invoices} was rejected.`
    case 'match.release':
      return `The match with ${invoices}, of which nothing was booked, was let go of; the money is free again.`
    case 'match.supersede':
      return `The proposal for ${invoices} gave way to another decision.`
    case 'match.apply':
      return `All payments on ${invoices} are confirmed.`
    case 'match.fail':
      return `A payment on ${invoices} was not booked; the match failed.`
    case 'match.confirm':
      return `A person looked at the match with ${invoices} and found it right.`
    case 'match.reverse_request':
      return `The payments on ${invoices} are to be taken back.`
    case 'match.reverse':
      return `The match with ${invoices} was taken back.`
    default:
      return `${words(action)}: ${invoices}${typeof after.status === 'string' ? `, now ${after.status}` : ''}.`
  }
}

function ofPayment(action: string, payment: HistoryPayment, after: Record<string, unknown>): string {
  const { amountMinor, currency, invoiceNumber, transid } = payment
  const what = `${formatAmount(amountMinor, currency)} ${currency} on ${invoiceNumber}`
  switch (action) {
    case 'payment.request':
      return `A payment of ${what} was requested under the id ${transid}.`
    case 'payment.offer':
      return `The payment of ${what} was handed to the WHMCS module.`
    case 'payment.apply':
      return `The payment of ${what} is booked under the id ${transid}.`
    case 'payment.refuse':
      return `The payment of ${what} was refused by the billing system.`
    case 'payment.quarantine':
      return `It is not certain what became of the payment of ${what}; a person must look.`
    case 'payment.lose_sight':
      return `The billing system gave no clear answer about the payment of ${what}; Payymo looks before it does anything.`
    case 'payment.resolve':
      return `A person said of the payment of ${what}: ${String(after.resolution)}.`
    case 'payment.undo_request':
      return `The payment of ${what} is to be taken back.`
    case 'payment.reverse':
      return `The payment of ${what} was taken back.`
    case 'payment.undo_stop':
      return `Taking back the payment of ${what} stopped; a person must look.`
    default:
      return `${words(action)}: ${what}.`
  }
}

function ofChange(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  note: string | null | undefined,
): string {
  const parts: string[] = []
  if (before.status !== after.status && typeof after.status === 'string')
    parts.push(after.status === 'ignored' ? 'The transaction was set aside.' : 'The transaction was taken back.')
  if (note !== undefined) parts.push(note === null ? 'The note was removed.' : `Noted: ${note}`)
  return parts.join(' ') || 'The transaction was changed.'
}

/** `match.reverse_request` as words, for what has no sentence of its own. */
const words = (action: string): string => {
  const text = action.replaceAll(/[._]/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'no invoice') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
