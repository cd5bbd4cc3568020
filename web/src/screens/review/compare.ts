import type { Invoice, Transaction } from '@payymo/sdk'
import type { Agreement } from './marked.tsx'
import { compareDays, compareNames, type DayState, markNumber, markWords, type NumberMarks } from './marks.ts'
import { compareAmounts, restOf, sumOf } from '../../design/money.ts'
import type { Allocation } from './proposals.ts'

type Ranges = NumberMarks['text']

/** A line and the invoices it might pay, fact by fact. */
export interface Comparison {
  amount: { agreement: Agreement; state: 'equal' | 'less' | 'more' | 'currency'; difference: string; open: string }
  day: { agreement: Agreement; state: DayState; days: number }
  name: { agreement: Agreement; line: Ranges; client: (name: string) => Ranges }
  number: {
    agreement: Agreement
    state: NumberMarks['state']
    ofInvoice: ReadonlyMap<string, Ranges>
    /** Invoices that the text calls by the billing system's own id. */
    byOtherId: ReadonlySet<string>
  }
  /** What of the line's text agrees with the invoices: their numbers first, then names and what they are for. */
  text: Ranges
}

/** What the bank said of the line: its text, and the reference where that says more. */
export const textOf = ({ description, reference }: Transaction): string =>
  description.includes(reference)
    ? description
    : reference.includes(description)
      ? reference
      : `${reference} ${description}`

/** A few days are nothing: banks and billing keep other clocks. */
const NEAR_DAYS = 31
/** Half a per cent of the amount: fees and roundings. */
const NEAR_SHARE = 200n

/** `booked`: the money stands on the invoices, so what is open now says nothing. */
export function compare(
  line: Transaction,
  invoices: readonly Invoice[],
  allocations: readonly Allocation[],
  booked = false,
): Comparison {
  const text = textOf(line)
  const numbers = new Map(invoices.map((invoice) => [invoice.id, markEither(text, invoice)]))
  const order = { named: 3, nearly: 2, another: 1, absent: 0 }
  const states = [...numbers.values()].map(({ state }) => state).sort((left, right) => order[right] - order[left])
  const state = states[0] ?? 'absent'
  const names = invoices.flatMap(({ client }) => [client.name, client.company]).join(' ')
  const about = invoices.flatMap(({ items }) => items.map(({ description }) => description)).join(' ')
  return {
    amount: compareOpen(line, booked ? [] : invoices, allocations),
    day: compareDue(line, invoices),
    name: {
      agreement: nameAgreement(line.counterparty.name, invoices),
      line: markWords(line.counterparty.name, names),
      client: (name) => markWords(name, `${line.counterparty.name} ${text}`),
    },
    number: {
      agreement:
        state === 'absent' ? 'unknown' : state === 'nearly' ? 'near' : state === 'another' ? 'differs' : 'equal',
      state,
      ofInvoice: new Map([...numbers].map(([id, marks]) => [id, marks.number])),
      byOtherId: new Set([...numbers].filter(([, marks]) => marks.byOtherId).map(([id]) => id)),
    },
    text: [...[...numbers.values()].flatMap((marks) => marks.text), ...markWords(text, `${names} ${about}`)],
  }
}

/** The number that is printed, else the billing system's own. */
export const nameOf = (invoice: Invoice): string => (invoice.number === '' ? invoice.external_id : invoice.number)

const DIGITS_MIN = 3

/** Payers write the printed number, or the billing system's own id of the invoice. */
function markEither(text: string, invoice: Invoice): NumberMarks & { byOtherId: boolean } {
  const marks = markNumber(text, nameOf(invoice))
  if (marks.state === 'named' || invoice.external_id.length < DIGITS_MIN) return { ...marks, byOtherId: false }
  const other = markNumber(text, invoice.external_id)
  return other.state === 'named' ? { ...other, number: [], byOtherId: true } : { ...marks, byOtherId: false }
}

function compareOpen(
  line: Transaction,
  invoices: readonly Invoice[],
  allocations: readonly Allocation[],
): Comparison['amount'] {
  const balances = allocations.map(
    ({ invoice_id, amount }) => invoices.find(({ id }) => id === invoice_id)?.balance ?? amount,
  )
  const open = sumOf(balances)
  if (allocations.some(({ currency }) => currency !== line.currency))
    return { agreement: 'differs', state: 'currency', difference: '', open }
  const order = compareAmounts(line.amount, open)
  if (order === 0) return { agreement: 'equal', state: 'equal', difference: '', open }
  const difference = order < 0 ? restOf(open, [line.amount]) : restOf(line.amount, [open])
  const digits = (amount: string): bigint => BigInt(amount.replaceAll(/\D/g, ''))
  const near = digits(difference) * NEAR_SHARE <= digits(line.amount)
  return { agreement: near ? 'near' : 'differs', state: order < 0 ? 'less' : 'more', difference, open }
}

function compareDue(line: Transaction, invoices: readonly Invoice[]): Comparison['day'] {
  const issued = invoices.map(({ issued_on }) => issued_on).filter((day) => day !== null)
  const due = invoices.map(({ due_on }) => due_on).filter((day) => day !== null)
  const { state, days } = compareDays(line.transaction_date, issued.sort().at(-1) ?? null, due.sort()[0] ?? null)
  const agreement: Agreement =
    state === 'unknown' ? 'unknown' : state === 'before_issue' ? 'differs' : days <= NEAR_DAYS ? 'equal' : 'near'
  return { agreement, state, days }
}

function nameAgreement(payer: string, invoices: readonly Invoice[]): Agreement {
  const all = invoices
    .flatMap(({ client }) => [client.name, client.company])
    .filter((name) => name !== '')
    .map((name) => compareNames(payer, name))
  if (all.includes('same')) return 'equal'
  if (all.includes('partly')) return 'near'
  return all.includes('different') ? 'differs' : 'unknown'
}
