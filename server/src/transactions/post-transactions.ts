import type { z } from 'zod'
import { AppError, type FaultyField } from '../base/errors.ts'
import { type Id, isId, newId, type TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import { amountAboveZero, check } from '../http/validate.ts'
import { type AccountRow, getAccount, isAtStripe } from './accounts.ts'
import { findPosted, getTransactions, insertPosted, type PostedRow, type TransactionRow } from './queries.ts'
import { postTransactionSchema, presentTransaction } from './schemas.ts'

type Wanted = z.output<typeof postTransactionSchema>

/** Job that looks for the invoices of new money; reconciliation/ offers it. */
export const MATCH_JOB = 'match-transactions'

/** Records one line that another system posts. Throws `resource_conflict` when the account holds its `transaction_id`
 *  already, `validation_failed` for an unknown account, one at Stripe, or another currency than the
 *  account's. */
export async function postTransaction(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  wanted: Wanted,
): Promise<TransactionRow> {
  return store.change(tenantId, actor, async (tx) => {
    const row = await posted(tx, wanted, new Map())
    const stored = await record(tx, [row])
    if (stored[0]) return stored[0]
    throw new AppError('resource_conflict', `The account already holds a transaction with the id "${row.externalId}"`, {
      details: [{ field: 'transaction_id', issue: 'Exists already in this account' }],
    })
  })
}

export interface BatchResult {
  index: number
  status: 'created' | 'duplicate' | 'invalid'
  id: Id<'txn'> | null
  error: { code: string; message: string; details: FaultyField[] } | null
}

/** Records up to a thousand lines at once. Each is judged for itself; the good ones are stored together or not at all. */
export async function postBatch(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  items: unknown[],
): Promise<BatchResult[]> {
  return store.change(tenantId, actor, async (tx) => {
    const results: BatchResult[] = []
    const rows = new Map<number, PostedRow>()
    const seen = new Set<string>()
    const accounts = new Map<string, AccountRow | undefined>()
    for (const [index, item] of items.entries()) {
      try {
        const row = await posted(tx, check(postTransactionSchema, item) as Wanted, accounts)
        const key = `${row.accountId}|${row.externalId}`
        if (row.externalId !== null && seen.has(key)) {
          results[index] = { index, status: 'duplicate', id: null, error: null }
          continue
        }
        seen.add(key)
        rows.set(index, row)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        results[index] = {
          index,
          status: 'invalid',
          id: null,
          error: { code: error.code, message: error.message, details: error.details },
        }
      }
    }
    const stored = new Set((await record(tx, [...rows.values()])).map((row) => row.id))
    for (const [index, row] of rows) {
      results[index] = stored.has(row.id)
        ? { index, status: 'created', id: row.id, error: null }
        : { index, status: 'duplicate', id: null, error: null }
    }
    const duplicates = results.filter((result) => result.status === 'duplicate')
    const keys = duplicates.map(({ index }) => {
      const item = items[index] as Wanted
      return { accountId: item.account_id as Id<'acc'>, externalId: item.transaction_id! }
    })
    const known = await findPosted(tx, keys)
    for (const [n, result] of duplicates.entries())
      result.id = known.get(`${keys[n]!.accountId}|${keys[n]!.externalId}`) ?? null
    return results
  })
}

/** The row to store, judged against its account. */
async function posted(tx: Change, wanted: Wanted, accounts: Map<string, AccountRow | undefined>): Promise<PostedRow> {
  const accountId = wanted.account_id
  if (!isId('acc', accountId)) {
    throw new AppError('validation_failed', 'Money of Stripe is read from Stripe and cannot be posted', {
      details: [{ field: 'account_id', issue: 'Must be an account of GET /bank-accounts, not a Stripe connection' }],
    })
  }
  if (!accounts.has(accountId)) accounts.set(accountId, await getAccount(tx, accountId))
  const account = accounts.get(accountId)
  if (!account || isAtStripe(account)) {
    throw new AppError('validation_failed', 'The account does not exist', {
      details: [{ field: 'account_id', issue: 'No account of this tenant has this id' }],
    })
  }
  const amountMinor = amountAboveZero(wanted.amount, wanted.currency)
  if (account.currency !== wanted.currency) {
    throw new AppError('validation_failed', `The account is kept in ${account.currency}`, {
      details: [{ field: 'currency', issue: `Must be ${account.currency}, the currency of the account` }],
    })
  }
  const id = newId('txn')
  const bookedAt = new Date(wanted.transaction_date)
  return {
    id,
    accountId: account.id,
    externalId: wanted.transaction_id ?? null,
    direction: wanted.direction ?? 'credit',
    amountMinor,
    currency: wanted.currency,
    // The day as the caller wrote it: no time zone may move money to another day.
    bookedOn: wanted.transaction_date.slice(0, 10),
    valueOn: wanted.value_date?.slice(0, 10) ?? null,
    bookedAt,
    reference: wanted.reference ?? '',
    description: wanted.description ?? '',
    counterpartyName: wanted.counterparty?.name ?? '',
    counterpartyIban: wanted.counterparty?.iban?.replaceAll(/\s/g, '').toUpperCase() || null,
    identityKey: `api:${wanted.transaction_id ?? id}`,
  }
}

/** State, events, audit rows and the job that matches: one transaction. Returns what was new, in the order given. */
async function record(tx: Change, rows: PostedRow[]): Promise<TransactionRow[]> {
  if (rows.length === 0) return []
  const stored = await insertPosted(tx, rows)
  const fresh = rows.filter((row) => stored.has(row.id))
  if (fresh.length === 0) return []
  const shown = new Map(
    (
      await getTransactions(
        tx,
        fresh.map((row) => row.id),
      )
    ).map((row) => [row.id, row]),
  )
  for (const { id } of fresh) {
    tx.event('transaction.created', id, presentTransaction(shown.get(id)!))
    tx.audit({
      action: 'transaction.create',
      resource: { type: 'transaction', id },
      changes: { after: { source: 'api' } },
    })
  }
  tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  return fresh.map((row) => shown.get(row.id)!)
}
