import { AppError, assert, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { formatAmount } from '../base/money.ts'
import { getInvoices, requestPayment } from '../billing/index.ts'
import type { Actor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import {
  getTransaction,
  lockTransaction,
  presentTransaction,
  setTransactionMatch,
  type TransactionRow,
} from '../transactions/index.ts'
import {
  getMatch,
  listSuggested,
  lockInvoices,
  lockMatch,
  type MatchRow,
  promisedOn,
  setMatchStatus,
} from './queries.ts'
import { presentMatch } from './schemas.ts'

/** States a match can be approved from; everything else has moved on. */
const APPROVABLE: readonly string[] = ['suggested', 'failed']

/** A person says yes: the match is approved and its payments are requested, in one transaction. Of equal calls at the same
 *  moment one wins. Throws `resource_conflict` when the match or the line has moved on, `validation_failed` when the money or
 *  the invoice no longer allows it. */
export async function approveMatch(store: Store, tenantId: TenantId, actor: Actor, id: Id<'match'>): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await getMatch(tx, id)
    if (!before) throw notFound()
    // The line first, then the match: every decision locks in this order.
    const line = await lockTransaction(tx, before.transactionId)
    const match = await lockMatch(tx, id)
    assert(line && match, 'a match and its line are never removed')
    if (!APPROVABLE.includes(match.status)) {
      throw new AppError('resource_conflict', `This match is ${match.status} and cannot be approved any more.`)
    }
    const fault = await approve(tx, match, line, actor.id)
    if (fault) throw fault
    return (await getMatch(tx, id))!
  })
}

/** Approves a suggestion just made, when nothing stands against it. Returns false, leaving it a suggestion, otherwise. */
export async function approveFresh(tx: Change, id: Id<'match'>, line: TransactionRow): Promise<boolean> {
  const match = await getMatch(tx, id)
  assert(match, 'a match just made exists')
  return (await approve(tx, match, line, 'system:auto')) === undefined
}

/** The decision itself; the caller holds the locks on line and match. Returns the fault instead of deciding. */
export async function approve(
  tx: Change,
  match: MatchRow,
  line: TransactionRow,
  decidedBy: string,
): Promise<AppError | undefined> {
  const fault = lineFault(line, match) ?? (await allocationFault(tx, match, line)) ?? (await requestParts(tx, match))
  if (fault) return fault
  const others = (await listSuggested(tx, [line.id])).filter((other) => other.id !== match.id)
  for (const other of others) await setMatchStatus(tx, other.id, { status: 'superseded' })
  await setMatchStatus(tx, match.id, { status: 'approved', decidedBy, decidedAt: tx.now })
  const allocatedMinor = match.allocations.reduce((sum, allocation) => sum + allocation.amountMinor, 0n)
  await setTransactionMatch(tx, line.id, { matchStatus: 'matched', allocatedMinor })
  tx.event('match.approved', match.id, presentMatch((await getMatch(tx, match.id))!))
  tx.event('transaction.updated', line.id, presentTransaction((await getTransaction(tx, line.id))!))
  tx.audit({
    action: 'match.approve',
    resource: { type: 'match', id: match.id },
    changes: { before: { status: match.status }, after: { status: 'approved', decided_by: decidedBy } },
  })
  return undefined
}

/** The intents to pay. Billing judges before it writes anything, so that a refusal leaves no trace. */
async function requestParts(tx: Change, match: MatchRow): Promise<AppError | undefined> {
  try {
    await requestPayment(tx, {
      matchId: match.id,
      transactionId: match.transactionId,
      parts: match.allocations.map(({ invoiceId, amountMinor }) => ({ invoiceId, amountMinor })),
    })
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

function lineFault(line: TransactionRow, match: MatchRow): AppError | undefined {
  const invalid = (message: string) => new AppError('validation_failed', message)
  if (line.direction === 'debit') return invalid('This money went out. Only money that came in pays invoices.')
  if (line.status === 'pending')
    return invalid('The bank has only announced this transaction. Wait until it is booked.')
  if (line.status === 'ignored') return invalid('This transaction was set aside. Take it back first.')
  const free = match.status === 'failed' ? ['matched'] : ['unmatched', 'suggested']
  if (!free.includes(line.matchStatus)) return new AppError('resource_conflict', 'This transaction is decided already.')
  return undefined
}

async function allocationFault(tx: Change, match: MatchRow, line: TransactionRow): Promise<AppError | undefined> {
  const ids = match.allocations.map((allocation) => allocation.invoiceId)
  await lockInvoices(tx, ids)
  const invoices = new Map((await getInvoices(tx, ids)).map((row) => [row.id, row]))
  const promised = await promisedOn(tx, ids)
  const sum = match.allocations.reduce((total, allocation) => total + allocation.amountMinor, 0n)
  if (sum > line.amountMinor) return new AppError('validation_failed', 'The parts are more than the transaction holds.')
  for (const allocation of match.allocations) {
    const invoice = invoices.get(allocation.invoiceId)
    if (!invoice) return new AppError('validation_failed', 'The invoice does not exist any more.')
    const name = allocation.invoiceNumber
    if (invoice.currency !== line.currency) {
      return new AppError(
        'validation_failed',
        `Invoice ${name} is in ${invoice.currency}, the transaction in ${line.currency}.`,
      )
    }
    if (invoice.status !== 'unpaid')
      return new AppError('validation_failed', `Invoice ${name} is ${invoice.status} and takes no money.`)
    const free = invoice.balanceMinor - (promised.get(invoice.id) ?? 0n)
    if (allocation.amountMinor > free) {
      return new AppError(
        'validation_failed',
        `Invoice ${name} has ${formatAmount(free, invoice.currency)} ${invoice.currency} open, less than the ${formatAmount(allocation.amountMinor, invoice.currency)} of this match.`,
      )
    }
  }
  return undefined
}
