import { ZERO_TIME } from './clock.ts'
import { nowIn, settingsOf, todayIn, type Install } from './install.ts'
import type { Client, Invoice, Item, Transaction } from './rows.ts'
import { notesOf, totalOf } from './totals.ts'

/** What is still to pay: total less credit notes and money in, plus money out. Below zero after an overpayment (reference 2.2). */
export function balanceOf(install: Install, invoice: Invoice): bigint {
  return install.books
    .table('transactions')
    .find(`invoice:${invoice.id}`)
    .reduce((open, row) => open - row.amountInMinor + row.amountOutMinor, totalOf(invoice) - notesOf(invoice))
}

export const clientOf = (install: Install, clientId: number): Client => {
  const client = install.books.table('clients').get(clientId)
  if (!client) throw new Error(`the books hold no client ${clientId}`)
  return client
}

export function currencyCode(install: Install, clientId: number, currencyId = 0): string {
  const id = currencyId === 0 ? (install.books.table('clients').get(clientId)?.currencyId ?? 1) : currencyId
  return install.books.table('currencies').get(id)?.code ?? ''
}

/** Moves a client's credit: the balance, the row of the credit log, the journal. Above zero gives, below zero uses. */
export function moveCredit(
  install: Install,
  clientId: number,
  hundredths: bigint,
  about: { description: string; cause: string; invoiceId?: number; transid?: string; gateway?: string; date?: string },
): void {
  if (hundredths === 0n) return
  const { books } = install
  const client = clientOf(install, clientId)
  books.put('clients', { ...client, creditMinor: client.creditMinor + hundredths })
  const row = books.put('credits', {
    id: books.table('credits').nextId(),
    clientId,
    date: about.date ?? todayIn(install),
    description: about.description,
    amountMinor: hundredths,
    relid: about.invoiceId ?? 0,
  })
  books.book({
    kind: 'credit',
    action: install.action,
    invoiceid: about.invoiceId ?? null,
    clientid: clientId,
    transid: about.transid ?? '',
    hundredths,
    currency: currencyCode(install, clientId),
    gateway: about.gateway ?? '',
    date: row.date,
    rowId: row.id,
    cause: about.cause,
  })
}

/** Writes a ledger row and says so in the journal: `refund` when money went out, `payment` on an invoice, else `transaction`. */
export function recordTransaction(install: Install, row: Omit<Transaction, 'id'>, cause = ''): Transaction {
  const { books } = install
  const written = books.put('transactions', { id: books.table('transactions').nextId(), ...row })
  const shared = {
    action: install.action,
    invoiceid: row.invoiceId === 0 ? null : row.invoiceId,
    clientid: row.clientId === 0 ? null : row.clientId,
    transid: row.transid,
    currency: currencyCode(install, row.clientId, row.currencyId),
    gateway: row.gateway,
    date: row.date,
    rowId: written.id,
    cause,
  }
  // A row of nothing at all, or of fees only, is still a row: it counts as money in of zero.
  if (row.amountInMinor !== 0n || row.amountOutMinor === 0n) {
    books.book({ ...shared, kind: row.invoiceId === 0 ? 'transaction' : 'payment', hundredths: row.amountInMinor })
  }
  if (row.amountOutMinor !== 0n) books.book({ ...shared, kind: 'refund', hundredths: row.amountOutMinor })
  return written
}

/** Marks an invoice paid, as WHMCS does once the balance is covered: date, number, hooks, and what its lines set in motion.
 *  `AddFunds` lines become client credit; `Invoice` lines (a mass payment) settle their originals through credit. */
export function settle(install: Install, invoiceId: number): void {
  const { books } = install
  const invoice = books.table('invoices').get(invoiceId)!
  const now = nowIn(install)
  books.put('invoices', {
    ...invoice,
    status: 'Paid',
    datepaid: now,
    updatedAt: now,
    invoicenum:
      invoice.invoicenum === '' && settingsOf(install).switches.numbering !== 'none'
        ? nextNumber(install)
        : invoice.invoicenum,
  })
  install.happen({ hook: 'InvoicePaid', invoiceid: invoiceId })
  for (const item of invoice.items) {
    if (item.type === 'AddFunds') {
      moveCredit(install, invoice.clientId, item.amountMinor, {
        description: `Add Funds Invoice #${invoiceId}`,
        cause: 'add_funds',
        invoiceId,
      })
    } else if (item.type === 'Invoice') settleOriginal(install, invoice, item)
  }
}

/** The original's share comes in as credit and is used up on it; what it cannot take (already paid, vanished) stays with the client. */
function settleOriginal(install: Install, container: Invoice, item: Item): void {
  moveCredit(install, container.clientId, item.amountMinor, {
    description: `Mass Invoice Payment Credit for Invoice #${item.relid}`,
    cause: 'mass_payment',
    invoiceId: container.id,
  })
  const original = install.books.table('invoices').get(item.relid)
  if (!original || original.clientId !== container.clientId) return
  if (original.status !== 'Unpaid' && original.status !== 'Payment Pending') return
  const open = balanceOf(install, original)
  useCredit(install, original, open < item.amountMinor ? open : item.amountMinor, 'mass_payment')
}

/** Uses client credit on an invoice; settles it when nothing is left to pay. Returns whether it did. */
export function useCredit(install: Install, invoice: Invoice, hundredths: bigint, cause: string): boolean {
  if (hundredths > 0n) {
    moveCredit(install, invoice.clientId, -hundredths, {
      description: `Credit Applied to Invoice #${invoice.id}`,
      cause,
      invoiceId: invoice.id,
    })
  }
  const noted = settingsOf(install).switches.appliedCredit === 'credit_note'
  const after = install.books.put('invoices', {
    ...invoice,
    ...(noted
      ? { creditNotesMinor: notesOf(invoice) + hundredths }
      : { creditMinor: invoice.creditMinor + hundredths }),
    updatedAt: nowIn(install),
  })
  if (balanceOf(install, after) > 0n) return false
  settle(install, invoice.id)
  return true
}

/** The next number of the install's scheme, written in its format. */
export function nextNumber(install: Install): string {
  const { lastNumber, switches } = settingsOf(install)
  install.books.changeSettings({ lastNumber: lastNumber + 1 })
  const [year, month, day] = todayIn(install).split('-')
  const tags: Record<string, string> = { YEAR: year!, MONTH: month!, DAY: day!, NUMBER: String(lastNumber + 1) }
  return switches.numberFormat.replace(/\{(YEAR|MONTH|DAY|NUMBER)\}/g, (_tag, name: string) => tags[name]!)
}

type StatusDates = Pick<Invoice, 'status' | 'datepaid' | 'dateCancelled' | 'dateRefunded' | 'updatedAt'>

/** The dates that belong to a status, set when it is reached and cleared when it is left. */
export function statusDates(install: Install, status: Invoice['status']): StatusDates {
  const now = nowIn(install)
  return {
    status,
    datepaid: status === 'Paid' ? now : ZERO_TIME,
    dateCancelled: status === 'Cancelled' ? now : ZERO_TIME,
    dateRefunded: status === 'Refunded' ? now : ZERO_TIME,
    updatedAt: now,
  }
}
