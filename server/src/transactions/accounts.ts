import { createHash } from 'node:crypto'
import { type Id, idOf, newId, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'

/** Where money sits. The bank, file or Stripe connection that brings its lines is only named here. */
export interface AccountRow {
  id: Id<'acc'>
  connectionId: Id<'bank'>
  bankName: string
  name: string
  currency: string
  identity: string
  ibanLast4: string | null
  providerAccountId: string | null
  balanceMinor: bigint | null
  balanceAt: Date | null
  firstSeenOn: string
  createdAt: Date
  updatedAt: Date
}

export const ACCOUNT_COLUMNS = `a.id, a.connection_id, a.bank_name, a.name, a.currency, a.identity, a.iban_last4, a.provider_account_id,
  a.balance_minor, a.balance_at, a.first_seen_on::text as first_seen_on, a.created_at, a.updated_at`

/** What tells the same account again, whoever brings it: IBAN (or BBAN, or sort code and number) plus currency, or the
 *  provider's id where there is nothing better. A digest, so that no account number stands in an index. */
export function accountIdentity(number: { iban?: string | null; other?: string | null }, currency: string): string {
  const text = (number.iban ?? number.other ?? '').replaceAll(/\s/g, '').toUpperCase()
  return createHash('sha256').update(`${text}|${currency}`).digest('base64url')
}

/** Begins the identity of accounts at Stripe, and of no other: digests hold no colon. */
const AT_STRIPE = 'stripe:'

/** As `accountIdentity`, for the money of one currency at Stripe: `acct_…` names it, together with the mode. */
export const stripeIdentity = (account: { id: string; livemode: boolean }, currency: string): string =>
  `${AT_STRIPE}${account.id}|${account.livemode ? 'live' : 'test'}|${currency}`

/** Whether the account is Stripe's: callers know it by the id of its connection only (contract 4.2). */
export const isAtStripe = (account: { identity: string }): boolean => account.identity.startsWith(AT_STRIPE)

/** The same in SQL, of the identity in this column. */
export const atStripe = (column: string): string => `starts_with(${column}, '${AT_STRIPE}')`

/** Adds an account, or finds it again by its identity within the connection. */
export async function keepAccount(
  tx: TenantTx,
  vault: Vault,
  account: {
    connectionId: Id<'bank'> | Id<'strc'>
    bankName: string
    name: string
    currency: string
    iban: string | null
    identity: string
    providerAccountId: string | null
    firstSeenOn: string
  },
): Promise<{ id: Id<'acc'>; known: boolean }> {
  const known = await tx.first<{ id: string }>(
    'select id from accounts where tenant_id = $1 and connection_id = $2 and identity = $3 for no key update',
    [tx.tenantUuid, uuidOf(account.connectionId), account.identity],
  )
  if (known) {
    const id = idOf('acc', known.id)
    await tx.run(
      'update accounts set provider_account_id = coalesce($3, provider_account_id), bank_name = $4, updated_at = now() where tenant_id = $1 and id = $2',
      [tx.tenantUuid, known.id, account.providerAccountId, account.bankName],
    )
    return { id, known: true }
  }
  const id = newId('acc')
  const iban = account.iban?.replaceAll(/\s/g, '').toUpperCase() || null
  await tx.run(
    `insert into accounts (tenant_id, id, connection_id, bank_name, name, currency, identity, iban_last4, sealed_iban, provider_account_id, first_seen_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tx.tenantUuid,
      uuidOf(id),
      uuidOf(account.connectionId),
      account.bankName,
      account.name,
      account.currency,
      account.identity,
      iban?.slice(-4) ?? null,
      iban && (await vault.seal(tx, { table: 'accounts', column: 'sealed_iban', rowId: id }, iban)),
      account.providerAccountId,
      account.firstSeenOn,
    ],
  )
  return { id, known: false }
}

export async function getAccount(tx: TenantTx, id: Id<'acc'>): Promise<AccountRow | undefined> {
  const row = await tx.first<object>(`select ${ACCOUNT_COLUMNS} from accounts a where a.tenant_id = $1 and a.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && accountOf(row)
}

export async function listAccountsOf(tx: TenantTx, connectionId: Id<'bank'>): Promise<AccountRow[]> {
  const rows = await tx.many<object>(
    `select ${ACCOUNT_COLUMNS} from accounts a where a.tenant_id = $1 and a.connection_id = $2 order by a.id`,
    [tx.tenantUuid, uuidOf(connectionId)],
  )
  return rows.map(accountOf)
}

export async function setBalance(tx: TenantTx, id: Id<'acc'>, balanceMinor: bigint, at: Date): Promise<void> {
  await tx.run(
    'update accounts set balance_minor = $3, balance_at = $4, updated_at = now() where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(id), balanceMinor, at],
  )
}

/** The day of the tenant's first bank account, or of its first at Stripe where it has no bank: money older than this is never
 *  applied without a person (contract 4.6). */
export async function firstAccountDay(tx: TenantTx): Promise<string | null> {
  const row = await tx.one<{ day: string | null }>(
    `select coalesce(min(first_seen_on) filter (where not ${atStripe('identity')}), min(first_seen_on))::text as day
       from accounts where tenant_id = $1`,
    [tx.tenantUuid],
  )
  return row.day
}

interface AccountRecord {
  id: string
  connection_id: string
  bank_name: string
  name: string
  currency: string
  identity: string
  iban_last4: string | null
  provider_account_id: string | null
  balance_minor: string | null
  balance_at: Date | null
  first_seen_on: string
  created_at: Date
  updated_at: Date
}

export function accountOf(record: object): AccountRow {
  const row = record as AccountRecord
  return {
    id: idOf('acc', row.id),
    connectionId: idOf('bank', row.connection_id),
    bankName: row.bank_name,
    name: row.name,
    currency: row.currency,
    identity: row.identity,
    ibanLast4: row.iban_last4,
    providerAccountId: row.provider_account_id,
    balanceMinor: row.balance_minor === null ? null : BigInt(row.balance_minor),
    balanceAt: row.balance_at,
    firstSeenOn: row.first_seen_on,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
