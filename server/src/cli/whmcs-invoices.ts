import { decodeHTMLStrict } from 'entities'
import type { KnownPayment, MatchInvoice } from '../matching/index.ts'
import { statusOf } from './invoice-status.ts'
import { amount, asRow, currency, day, neededText, type Row, RowFault, text } from './row-fields.ts'

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether the value is an answer of the action `GetInvoices`, or of WHMCS that it will not answer. */
export const isWhmcsAnswer = (value: unknown): value is Row =>
  isObject(value) &&
  ('invoices' in value || ('result' in value && ('totalresults' in value || value.result === 'error')))

/** Whether the value is one row of such an answer, or an answer of `GetInvoice`. */
export const isWhmcsRow = (value: unknown): value is Row => isObject(value) && 'userid' in value && 'duedate' in value

/** The rows of an answer; what stands there instead of a row is told when it is read. Throws RowFault. */
export function whmcsRows(answer: Row): unknown[] {
  if (answer.result === 'error')
    throw new RowFault(`WHMCS answered with an error: ${text(answer, 'message').slice(0, 200)}`)
  const wrapper = answer.invoices
  const list = isObject(wrapper) && 'invoice' in wrapper ? wrapper.invoice : wrapper
  if (list !== undefined && list !== null && list !== '' && typeof list !== 'object')
    throw new RowFault('"invoices" holds no list of invoices.')
  return valuesOf(list, 'invoice')
}

const rowsOf = (wrapper: unknown, inner: string): Row[] =>
  valuesOf(wrapper, inner).map((row) => asRow(row, `A row of "${inner}"`))

/** The rows under a double wrapper. Installations differ: a list, one bare object, an object with numeric keys, or a list
 *  without the inner level; nothing comes as `""`, `[]`, `{}` or no key. Source: WHMCS reference 1.7. */
function valuesOf(wrapper: unknown, inner: string): unknown[] {
  const value: unknown = isObject(wrapper) && inner in wrapper ? wrapper[inner] : wrapper
  if (Array.isArray(value)) return value
  if (!isObject(value)) return []
  const keys = Object.keys(value)
  if (keys.length === 0) return []
  return keys.every((key) => /^\d+$/.test(key)) ? Object.values(value) : [value]
}

/** An invoice as WHMCS answers it. `GetInvoices` states no balance, so the total stands for it; rows of `GetInvoice` also hold
 *  balance, items and payments. Texts are stored entity-encoded and decoded exactly once. A mass-payment invoice (every item
 *  of type `Invoice`) stands for the invoices its items name. Source: WHMCS reference 1.7, 1.8, 2.2, 2.4. */
export function toWhmcsInvoice(row: Row): MatchInvoice {
  const id = text(row, 'id').trim() || text(row, 'invoiceid').trim() || neededText(row, 'id')
  const code = currency(row, 'currencycode')
  const total = amount(row, 'total', code)
  if (total === undefined) throw new RowFault('"total" is missing.')
  const items = rowsOf(row.items, 'item')
  const isContainer = items.length > 0 && items.every((item) => text(item, 'type') === 'Invoice')
  const plain = (field: string) => decodeHTMLStrict(text(row, field)).trim()
  return {
    id,
    number: plain('invoicenum'),
    totalMinor: total,
    balanceMinor: amount(row, 'balance', code) ?? total,
    currency: code,
    date: day(row, 'date') ?? '',
    dueDate: day(row, 'duedate') ?? '',
    status: statusOf(text(row, 'status')),
    client: {
      id: text(row, 'userid') || `of invoice ${id}`,
      name: [plain('firstname'), plain('lastname')].filter((part) => part !== '').join(' '),
      company: plain('companyname'),
      email: plain('email'),
    },
    items: items.map((item) => ({ description: decodeHTMLStrict(text(item, 'description')) })),
    payments: paymentsOf(row, code, total),
    collects: isContainer
      ? items.map((item) => text(item, 'relid')).filter((relid) => relid !== '' && relid !== '0')
      : [],
  }
}

/** The payments that WHMCS holds. Where it only says on which day the invoice was paid, one of its total. */
function paymentsOf(row: Row, code: string, totalMinor: bigint): KnownPayment[] {
  const listed = rowsOf(row.transactions, 'transaction').map((payment) => toPayment(payment, code))
  const paidOn = text(row, 'status') === 'Paid' ? day(row, 'datepaid') : null
  const payments =
    listed.length === 0 && paidOn !== null ? [{ amountMinor: totalMinor, date: paidOn, transid: '' }] : listed
  return payments.filter((payment) => payment.amountMinor > 0n)
}

const toPayment = (row: Row, code: string): KnownPayment => ({
  amountMinor: amount(row, 'amountin', code) ?? 0n,
  date: day(row, 'date') ?? '',
  transid: text(row, 'transid'),
})
