import { AppError } from '../base/errors.ts'
import { formatAmount } from '../base/money.ts'
import { closedFault, getInvoices } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { TransactionRow } from '../transactions/index.ts'
import { lockInvoices, type MatchAllocation, promisedOn } from './queries.ts'

/** Why this line pays nothing, whatever the invoices; undefined when it may. */
export function lineFault(line: TransactionRow): AppError | undefined {
  if (line.direction === 'debit') return invalid('This money went out. Only money that came in pays invoices.')
  if (line.status === 'pending')
    return invalid('The bank has only announced this transaction. Wait until it is booked.')
  if (line.status === 'ignored') return invalid('This transaction was set aside. Take it back first.')
  return undefined
}

/** Why these parts of the line cannot go to their invoices: `validation_failed` when they never could, `resource_conflict` when
 *  payments under way have taken what is open. Holds the invoices until the transaction ends, so that the answer stays true. */
export async function allocationFault(
  tx: TenantTx,
  line: TransactionRow,
  parts: readonly MatchAllocation[],
): Promise<AppError | undefined> {
  const ids = parts.map((part) => part.invoiceId)
  await lockInvoices(tx, ids)
  const invoices = new Map((await getInvoices(tx, ids)).map((row) => [row.id, row]))
  const promised = await promisedOn(tx, ids)
  for (const part of parts) {
    const invoice = invoices.get(part.invoiceId)
    if (!invoice) return invalid('The invoice does not exist any more.')
    const name = `Invoice ${part.invoiceNumber}`
    if (invoice.currency !== line.currency)
      return invalid(
        `${name} is in ${invoice.currency}, the transaction in ${line.currency}. Choose an invoice in ${line.currency}, or book the money by hand and set the transaction aside.`,
      )
    const closed = closedFault(part.invoiceNumber, invoice.status)
    if (closed && invoice.instanceId !== null) return invalid(closed.words)
    if (closed) return invalid(`${name} is ${invoice.status} and takes no money. Choose another invoice for it.`)
    const money = (minor: bigint): string =>
      `${formatAmount(minor > 0n ? minor : 0n, invoice.currency)} ${invoice.currency}`
    if (part.amountMinor > invoice.balanceMinor) {
      return invalid(
        `${name} has ${money(invoice.balanceMinor)} open, less than ${money(part.amountMinor)}. Give it no more than that.`,
      )
    }
    const freeMinor = invoice.balanceMinor - (promised.get(invoice.id) ?? 0n)
    if (part.amountMinor > freeMinor) {
      return new AppError(
        'resource_conflict',
        `${name} has ${money(freeMinor)} open beside the payments that are under way, less than ${money(part.amountMinor)}. Give it no more, or wait until they are booked.`,
      )
    }
  }
  const sum = parts.reduce((total, part) => total + part.amountMinor, 0n)
  return sum > line.amountMinor
    ? invalid('The parts are more than the transaction holds. Lower one of them.')
    : undefined
}

const invalid = (message: string): AppError => new AppError('validation_failed', message)
