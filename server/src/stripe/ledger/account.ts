import { assert } from '../../base/errors.ts'
import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { keepAccount, stripeIdentity } from '../../transactions/index.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import { StripeFeedError } from '../stripe-feed.ts'

/** A connection while its rows are being written. */
export interface LedgerAccount {
  id: Id<'strc'>
  /** `acct_…` */
  accountId: string
  name: string
  livemode: boolean
  connectedOn: string
}

/** Holds the connection against other changes of its rows until the transaction ends: all of them take this lock first. Undefined
 *  when it is not (or no longer) connected. */
export async function lockAccountOf(tx: TenantTx, id: Id<'strc'>): Promise<LedgerAccount | undefined> {
  const row = await tx.first<{
    account_id: string | null
    account_name: string | null
    livemode: boolean
    connected_on: string
    status: string
  }>(
    `select account_id, account_name, livemode, coalesce(connected_at, created_at)::date::text as connected_on, status
       from stripe_connections where tenant_id = $1 and id = $2 for no key update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  if (!row || row.account_id === null || (row.status !== 'active' && row.status !== 'error')) return undefined
  return {
    id,
    accountId: row.account_id,
    name: row.account_name || row.account_id,
    livemode: row.livemode,
    connectedOn: row.connected_on,
  }
}

/** The account that lines of this currency stand on. */
export async function moneyAccount(
  tx: TenantTx,
  deps: Pick<StripeDeps, 'vault'>,
  account: LedgerAccount,
  currency: string,
): Promise<Id<'acc'>> {
  const identity = stripeIdentity({ id: account.accountId, livemode: account.livemode }, currency)
  // Looked up first: `keepAccount` writes the row, and every line refers to it.
  const known = await tx.first<{ id: string }>(
    'select id from accounts where tenant_id = $1 and connection_id = $2 and identity = $3',
    [tx.tenantUuid, uuidOf(account.id), identity],
  )
  if (known) return idOf('acc', known.id)
  const { id } = await keepAccount(tx, deps.vault, {
    connectionId: account.id,
    bankName: 'Stripe',
    name: `${account.name} (${currency})`,
    currency,
    iban: null,
    identity,
    providerAccountId: account.accountId,
    firstSeenOn: account.connectedOn,
  })
  return id
}

/** Now, by the database's clock: every reading is stamped with it before it begins, so that its answer never undoes a newer one. */
export async function readingBegins(deps: Pick<StripeDeps, 'store'>, ref: ConnectionRef): Promise<Date> {
  const row = await deps.store.look(ref.tenantId, (tx) => tx.one<{ at: Date }>('select clock_timestamp() as at'))
  assert(row.at instanceof Date, 'the database tells the time')
  return row.at
}

/** Money of another mode must never be shown as the connection's. Throws `unreadable`. */
export function checkMode(account: LedgerAccount, livemode: boolean): void {
  if (account.livemode === livemode) return
  throw new StripeFeedError(
    'unreadable',
    'wrong_mode',
    `Stripe answered with ${livemode ? 'live' : 'test'} data for a connection in ${account.livemode ? 'live' : 'test'} mode.`,
  )
}
