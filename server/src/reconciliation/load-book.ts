import type { Id } from '../base/ids.ts'
import {
  type InvoiceRow,
  isTransid,
  wordsOf,
  listClosedInvoices,
  listInvoicePayments,
  listOpenInvoices,
  listTaught,
} from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import type {
  KnownPayment,
  MatchInvoice,
  MatchTransaction,
  PastDecision,
  Reason,
  TaughtPayer,
} from '../matching/index.ts'
import { getTransactions, type TransactionRow } from '../transactions/index.ts'
import { listExplained, listUnseenPayments, paymentKey } from './booked-queries.ts'
import type { SurplusInvoice } from './judge-surplus.ts'
import { closedSince } from './policy.ts'
import { listDecisions, promisedOn } from './queries.ts'

/** Past decisions the engine is shown; older ones have faded anyway. */
const DECISIONS_MAX = 5_000
/** What people said of payers: the same. */
const TAUGHT_MAX = 5_000

/** The tenant's invoices and memory in the engine's shapes, and whose each invoice is. Balances are what is really free:
 *  payments under way count. */
export async function loadBook(
  tx: TenantTx,
  today: string,
): Promise<{
  invoices: MatchInvoice[]
  history: PastDecision[]
  taught: TaughtPayer[]
  owned: Map<string, SurplusInvoice>
}> {
  const rows = [...(await listOpenInvoices(tx)), ...(await listClosedInvoices(tx, closedSince(today)))]
  const payments = await loadPayments(tx, today)
  const promised = await promisedOn(tx, 'all')
  const byExternalId = new Map(rows.map((row) => [`${row.instanceId}|${row.externalId}`, row.id]))
  // Two installations count their clients alike: the number alone would make one client of two.
  const several = new Set(rows.map((row) => row.instanceId)).size > 1
  // Clients of invoices that came by API may have no number.
  const nameOf = ({ id, externalId }: InvoiceRow['client']): string => (several || externalId === '' ? id : externalId)
  const invoices = rows.map((row) => ({
    ...engineInvoice(row, promised.get(row.id) ?? 0n),
    client: {
      id: nameOf(row.client),
      name: row.client.name,
      company: row.client.company,
      email: row.client.email,
    },
    payments: payments.get(row.id) ?? [],
    collects: row.collects.flatMap((externalId) => byExternalId.get(`${row.instanceId}|${externalId}`) ?? []),
  }))
  const owned = new Map<string, SurplusInvoice>()
  for (const [n, row] of rows.entries()) {
    const { balanceMinor: freeMinor } = invoices[n]!
    owned.set(row.id, { freeMinor, clientId: row.client.id, instanceId: row.instanceId })
  }
  const clients = new Map(rows.map(({ client }) => [client.id, nameOf(client)]))
  return { invoices, history: await loadHistory(tx), taught: await loadTaught(tx, clients), owned }
}

/** Ids that Stripe gives: such a payment came by card or debit, never as a line of its own on a bank account. */
const STRIPE_ID = /^(ch|pi|py|txn|cs|in|sub)_/
/** Those that its lines always have: a payment under one of them is the line that has it and no other. */
const OF_ITS_LINE = /^(ch|pi|py|txn)_/

/** What the id of a payment says of the money: made by us, a card's, or nothing. */
function takenBy(transid: string): KnownPayment['takenBy'] {
  if (isTransid(transid)) return 'payymo'
  const ids = wordsOf(transid).filter((word) => STRIPE_ID.test(word))
  if (ids.length === 0) return undefined
  return ids.some((id) => OF_ITS_LINE.test(id)) ? 'other' : 'gateway'
}

/** What stands on each invoice, and of which payment it is known what money it is: ours, one that an earlier decision found to
 *  be a line, or a card's. Only the rest can be a line that somebody booked by hand. */
async function loadPayments(tx: TenantTx, today: string): Promise<Map<Id<'inv'>, KnownPayment[]>> {
  const explained = await listExplained(tx)
  const known = (await listInvoicePayments(tx, closedSince(today))).map((row) => {
    const known = takenBy(row.transid)
    const taken = known !== 'payymo' && explained.has(paymentKey(row.invoiceId, row.externalId)) ? 'other' : known
    const payment: KnownPayment = {
      id: row.externalId,
      amountMinor: row.amountMinor,
      date: row.paidOn,
      transid: row.transid,
      ...(taken ? { takenBy: taken } : {}),
    }
    return { invoiceId: row.invoiceId, payment }
  })
  const byInvoice = new Map<Id<'inv'>, KnownPayment[]>()
  for (const { invoiceId, payment } of known) byInvoice.set(invoiceId, [...(byInvoice.get(invoiceId) ?? []), payment])
  for (const own of await listUnseenPayments(tx)) {
    const list = byInvoice.get(own.invoiceId) ?? []
    const same = own.saidToBeThere
      ? list.find((payment) => payment.amountMinor === own.amountMinor && payment.takenBy === undefined)
      : undefined
    if (same) same.takenBy = 'payymo'
    else {
      const { amountMinor, paidOn, transid } = own
      byInvoice.set(own.invoiceId, [...list, { amountMinor, date: paidOn, transid, takenBy: 'payymo' }])
    }
  }
  return byInvoice
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

/** `clients`: what the engine calls them. Of others it knows no invoice. */
async function loadTaught(tx: TenantTx, clients: ReadonlyMap<Id<'cli'>, string>): Promise<TaughtPayer[]> {
  return (await listTaught(tx, TAUGHT_MAX)).flatMap(({ clientId, name, iban, says, saidOn }) => {
    const known = clients.get(clientId)
    return known === undefined ? [] : [{ payer: { name, iban }, clientId: known, pays: says === 'pays', date: saidOn }]
  })
}

function engineInvoice(row: InvoiceRow, promisedMinor: bigint): Omit<MatchInvoice, 'payments' | 'collects' | 'client'> {
  const freeMinor = row.balanceMinor > promisedMinor ? row.balanceMinor - promisedMinor : 0n
  return {
    id: row.id,
    // WHMCS shows the number, or the id where there is none: clients quote either (reference 2.3).
    number: row.number === '' ? row.externalId : row.number,
    // Also where a scheme of numbers came later: a number may then be the id of another invoice.
    ...(row.instanceId === null ? {} : { alias: row.externalId, recordsGateways: true }),
    totalMinor: row.totalMinor,
    balanceMinor: freeMinor,
    currency: row.currency,
    date: row.issuedOn ?? '',
    dueDate: row.dueOn ?? '',
    status: row.status,
    items: row.items.map(({ description }) => ({ description })),
  }
}

/** `doubt`: why another part of Payymo wants a person to look at the line. */
export function engineTransaction(row: TransactionRow, doubt?: Reason): MatchTransaction {
  return {
    id: row.id,
    amountMinor: row.amountMinor,
    currency: row.currency,
    direction: row.direction,
    date: row.bookedOn,
    reference: row.reference,
    description: row.description,
    counterparty: { name: row.counterpartyName, iban: row.counterpartyIban },
    ...(row.source === 'stripe' ? { viaGateway: true } : {}),
    ...(doubt ? { doubt } : {}),
  }
}
