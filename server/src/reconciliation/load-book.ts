import type { Id } from '../base/ids.ts'
import { type InvoiceRow, listClosedInvoices, listInvoicePayments, listOpenInvoices } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { MatchInvoice, MatchTransaction, PastDecision } from '../matching/index.ts'
import { getTransactions, type TransactionRow } from '../transactions/index.ts'
import { closedSince } from './policy.ts'
import { listDecisions, promisedOn } from './queries.ts'

/** Past decisions the engine is shown; older ones have faded anyway. */
const DECISIONS_MAX = 5_000

/** The tenant's invoices and memory in the engine's shapes. Balances are what is really free: payments under way count. */
export async function loadBook(
  tx: TenantTx,
  today: string,
): Promise<{ invoices: MatchInvoice[]; history: PastDecision[] }> {
  const open = await listOpenInvoices(tx)
  const closed = await listClosedInvoices(tx, closedSince(today))
  const payments = await listInvoicePayments(tx, closedSince(today))
  const promised = await promisedOn(tx, 'all')
  const paymentsOf = Map.groupBy(payments, (payment) => payment.invoiceId)
  const byExternalId = new Map([...open, ...closed].map((row) => [`${row.instanceId}|${row.externalId}`, row.id]))
  const invoices = [...open, ...closed].map((row) => ({
    ...engineInvoice(row, promised.get(row.id) ?? 0n),
    payments: (paymentsOf.get(row.id) ?? []).map(({ amountMinor, paidOn, transid }) => ({
      amountMinor,
      date: paidOn,
      transid,
    })),
    collects: row.collects.flatMap((externalId) => byExternalId.get(`${row.instanceId}|${externalId}`) ?? []),
  }))
  return { invoices, history: await loadHistory(tx) }
}

async function loadHistory(tx: TenantTx): Promise<PastDecision[]> {
  const decisions = await listDecisions(tx, DECISIONS_MAX)
  const lines = new Map(
    (await getTransactions(tx, [...new Set(decisions.map((decision) => decision.transactionId))])).map((row) => [
      row.id,
      row,
    ]),
  )
  return decisions.flatMap(({ transactionId, invoiceIds, accepted }) => {
    const line = lines.get(transactionId)
    return line ? [{ transaction: engineTransaction(line), invoiceIds, accepted }] : []
  })
}

function engineInvoice(row: InvoiceRow, promisedMinor: bigint): Omit<MatchInvoice, 'payments' | 'collects'> {
  const freeMinor = row.balanceMinor > promisedMinor ? row.balanceMinor - promisedMinor : 0n
  return {
    id: row.id,
    // WHMCS shows the number, or the id where there is none: clients quote either (reference 2.3).
    number: row.number === '' ? row.externalId : row.number,
    totalMinor: row.totalMinor,
    balanceMinor: freeMinor,
    currency: row.currency,
    date: row.issuedOn ?? '',
    dueDate: row.dueOn ?? '',
    status: row.status,
    client: { id: row.client.externalId, name: row.client.name, company: row.client.company, email: row.client.email },
    items: row.items.map(({ description }) => ({ description })),
  }
}

export function engineTransaction(row: TransactionRow): MatchTransaction {
  return {
    id: row.id,
    amountMinor: row.amountMinor,
    currency: row.currency,
    direction: row.direction,
    date: row.bookedOn,
    reference: row.reference,
    description: row.description,
    counterparty: { name: row.counterpartyName, iban: row.counterpartyIban },
  }
}

/** The engine speaks of plain ids; ours keep their kind. */
export const invoiceIdOf = (id: string): Id<'inv'> => id as Id<'inv'>
