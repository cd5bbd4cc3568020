import type { InvoiceStatus, MatchInvoice, MatchTransaction, PastDecision, Verdict } from '../src/matching/index.ts'

/** Short ways to write payments and invoices down in tests. Amounts read "49.00 GBP". */

export interface PaymentLine {
  direction: 'credit' | 'debit'
  amount: string
  description: string
  payer: string
  reference: string
  iban: string | null
  date: string
}

type More = Partial<Pick<PaymentLine, 'reference' | 'iban' | 'date'>>

const line = (
  direction: PaymentLine['direction'],
  amount: string,
  description: string,
  payer: string,
  more: More,
): PaymentLine => ({
  direction,
  amount,
  description,
  payer,
  reference: '',
  iban: null,
  date: '2026-08-14',
  ...more,
})

export const credit = (amount: string, description: string, payer: string, more: More = {}): PaymentLine =>
  line('credit', amount, description, payer, more)
export const debit = (amount: string, description: string, payer: string, more: More = {}): PaymentLine =>
  line('debit', amount, description, payer, more)

/** Number, client, amount, and what is special. `paidOn`: the billing system holds a payment of that day. */
export type InvoiceLine = [
  number: string,
  client: string,
  amount: string,
  more?: {
    status?: InvoiceStatus
    balance?: string
    date?: string
    item?: string
    clientId?: string
    collects?: string[]
    paidOn?: string
  },
]

const minor = (amount: string): bigint => BigInt(amount.replace(/[^\d]/g, ''))
const currencyOf = (amount: string): string => amount.slice(-3)

function toTransaction(payment: PaymentLine, id: string): MatchTransaction {
  const { direction, amount, description, payer, reference, iban, date } = payment
  return {
    id,
    amountMinor: minor(amount),
    currency: currencyOf(amount),
    direction,
    date,
    reference,
    description,
    counterparty: { name: payer, iban },
  }
}

function toInvoice([number, client, amount, more = {}]: InvoiceLine): MatchInvoice {
  const {
    status = 'unpaid',
    balance,
    date = '2026-08-01',
    item = 'Web hosting',
    clientId = `c ${client}`,
    collects = [],
    paidOn,
  } = more
  return {
    id: number,
    number,
    totalMinor: minor(amount),
    balanceMinor: balance === undefined ? minor(amount) : minor(balance),
    currency: currencyOf(amount),
    date,
    dueDate: date,
    status,
    client: { id: clientId, name: client, company: '', email: '' },
    items: [{ description: item }],
    payments: paidOn === undefined ? [] : [{ amountMinor: minor(amount), date: paidOn, transid: 'by hand' }],
    collects,
  }
}

/** Turns rows of a table into what the engine takes. */
export function book(rows: {
  payments: PaymentLine[]
  invoices: InvoiceLine[]
  history?: { payment: PaymentLine; paid: string[]; accepted?: boolean }[]
}): { transactions: MatchTransaction[]; invoices: MatchInvoice[]; history: PastDecision[] } {
  return {
    transactions: rows.payments.map((payment, at) => toTransaction(payment, `t${at + 1}`)),
    invoices: rows.invoices.map(toInvoice),
    history: (rows.history ?? []).map(({ payment, paid, accepted = true }, at) => ({
      transaction: toTransaction(payment, `h${at + 1}`),
      invoiceIds: paid,
      accepted,
    })),
  }
}

/** A verdict as a bookkeeper would write it: "auto INV-1 49.00 + INV-2 7.50". */
export function summary(verdict: Verdict): string {
  const parts = verdict.best?.allocations.map(
    ({ invoiceId, amountMinor }) => `${invoiceId} ${String(amountMinor).replace(/(\d\d)$/, '.$1')}`,
  )
  return parts === undefined ? verdict.decision : `${verdict.decision} ${parts.join(' + ')}`
}
