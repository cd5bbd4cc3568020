import type { BilledInvoice, BilledLedger, BilledPayment, ClientCredit } from '../billing-system.ts'
import type { WhmcsClient } from './client.ts'
import { day, idText, money, neededId, plainText, refuse, type Row, rowsOf, wholeNumber } from './normalise.ts'

/** A payment counts even where its day cannot be read. */
const NO_DAY = '1970-01-01'

/** A row of `transactions`, here and in GetTransactions. */
export function billedPayment(row: Row, currency: string): BilledPayment {
  return {
    externalId: neededId(row, 'id'),
    invoiceExternalId: idText(row, 'invoiceid'),
    transid: plainText(row.transid),
    amountMinor: money(row, 'amountin', currency, true) - money(row, 'amountout', currency, true),
    paidOn: day(row, 'date') ?? NO_DAY,
    gateway: plainText(row.gateway),
  }
}

/** What an answer of GetInvoice says beyond the invoice itself. Rows are counted up by WHMCS, so that their ids tell their
 *  order. */
export function readLedger(row: Row, invoice: BilledInvoice, currency: string): BilledLedger {
  return {
    invoice,
    clientExternalId: neededId(row, 'userid'),
    rows: rowsOf(row.transactions, 'transaction')
      .map((each) => ({ ...billedPayment(each, currency), refunds: idText(each, 'refundid') }))
      .toSorted((one, other) => (BigInt(one.externalId) < BigInt(other.externalId) ? -1 : 1)),
    addsFunds: rowsOf(row.items, 'item').some((item) => item.type === 'AddFunds'),
  }
}

/** The client's credit: what is left of it from the client, how it came and went from the list. The list has no paging: fewer
 *  rows than promised means that some were not understood. Source: reference, WHMCS 2.8 and 2.9. */
export async function getCredit(
  client: WhmcsClient,
  clientExternalId: string,
  currency: string,
): Promise<ClientCredit> {
  const details = await client.read('GetClientsDetails', { clientid: clientExternalId }, 'client')
  const wrapped = details.client
  const about = (typeof wrapped === 'object' && wrapped !== null ? wrapped : details) as Row
  const answer = await client.read('GetCredits', { clientid: clientExternalId }, 'credits')
  const rows = rowsOf(answer.credits, 'credit')
  if ((wholeNumber(answer, 'totalresults') ?? 0) > rows.length) refuse('credits')
  return {
    balanceMinor: money(about, 'credit', currency),
    movements: rows.map((row) => {
      const description = plainText(row.description)
      return {
        description,
        amountMinor: money(row, 'amount', currency),
        invoiceExternalId: /#(\d+)/.exec(description)?.[1] ?? idText(row, 'relid'),
      }
    }),
  }
}
