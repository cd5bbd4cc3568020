import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { BankLine, SoughtPayout } from './pair-lines.ts'
import { COMPLETE } from './queries.ts'
import { MAY_BE_STRIPE } from './stripe-like.ts'

/** More lines than these are not looked at in one run. */
const LINES_MAX = 5_000

/** A payout without a line, with what is said of it today. */
export interface UnfoundPayout extends SoughtPayout {
  externalId: string
  candidates: Id<'txn'>[]
}

/** Whether Stripe is connected, and whether there ever was a payout: without both there is nothing to look for. */
export async function stripeState(tx: TenantTx): Promise<{ active: boolean; payouts: boolean; since: string | null }> {
  return tx.one<{ active: boolean; payouts: boolean; since: string | null }>(
    `select exists (select 1 from stripe_connections where tenant_id = $1 and status in ('active', 'error')) as active,
            exists (select 1 from payouts where tenant_id = $1) as payouts,
            (select min(backfill_from)::date::text from stripe_connections where tenant_id = $1 and status in ('active', 'error')) as since`,
    [tx.tenantUuid],
  )
}

/** Payouts to a bank that have no line yet and arrive on `since` or later. Of failed ones those whose two lines are not found. */
export async function listUnfound(tx: TenantTx, since: string): Promise<UnfoundPayout[]> {
  const rows = await tx.many<{
    id: string
    external_id: string
    amount_minor: string
    currency: string
    arrival_on: string
    status: string
    descriptor: string
    trace_id: string | null
    destination_last4: string | null
    sound: boolean
    bank_refused: string[]
    bank_candidates: string[]
  }>(
    `select p.id, p.external_id, p.amount_minor, p.currency, p.arrival_on::text as arrival_on, p.status, p.descriptor, p.trace_id,
            p.destination_last4, (not p.automatic or ${COMPLETE}) as sound, p.bank_refused, p.bank_candidates
       from payouts p
      where p.tenant_id = $1 and p.bank_transaction_id is null and p.to_bank and p.arrival_on >= $2 and p.status <> 'canceled'
        and cardinality(p.bank_returned) = 0
      order by p.id`,
    [tx.tenantUuid, since],
  )
  return rows.map((row) => ({
    id: idOf('pout', row.id),
    externalId: row.external_id,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    arrivalOn: row.arrival_on,
    status: row.status,
    descriptor: row.descriptor,
    traceId: row.trace_id,
    last4: row.destination_last4,
    sound: row.sound,
    refused: row.bank_refused.map((id) => idOf('txn', id)),
    candidates: row.bank_candidates.map((id) => idOf('txn', id)),
  }))
}

/** Booked lines of other accounts from `since` on that no payout has and the bank still shows: those with one of the amounts in either direction, and those
 *  that may read like Stripe. The newest, should there be too many. */
export async function listBankLines(tx: TenantTx, since: string, amountsMinor: readonly bigint[]): Promise<BankLine[]> {
  const rows = await tx.many<{
    id: string
    account_id: string
    iban_last4: string | null
    external_id: string | null
    direction: 'credit' | 'debit'
    amount_minor: string
    currency: string
    status: string
    match_status: string
    booked_on: string
    reference: string
    description: string
    counterparty_name: string
  }>(
    `select t.id, t.account_id, a.iban_last4, t.external_id, t.direction, t.amount_minor, t.currency, t.status, t.match_status,
            t.booked_on::text as booked_on, t.reference, t.description, t.counterparty_name
       from transactions t join accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id
      where t.tenant_id = $1 and t.booked_at >= $2::date and t.source <> 'stripe' and t.status <> 'pending'
        and t.match_status <> 'transfer' and not t.missing_at_bank and (t.amount_minor = any($3::bigint[]) or ${MAY_BE_STRIPE})
        and not exists (select 1 from payouts p where p.tenant_id = t.tenant_id and t.id = any(p.bank_returned))
      order by t.booked_at desc, t.id desc limit ${LINES_MAX}`,
    [tx.tenantUuid, since, [...new Set(amountsMinor.map((amount) => String(amount < 0n ? -amount : amount)))]],
  )
  return rows.map((row) => ({
    id: idOf('txn', row.id),
    accountId: row.account_id,
    accountLast4: row.iban_last4,
    externalId: row.external_id,
    amountMinor: row.direction === 'credit' ? BigInt(row.amount_minor) : -BigInt(row.amount_minor),
    currency: row.currency,
    state:
      row.match_status === 'matched' || row.match_status === 'applied'
        ? 'decided'
        : row.status === 'ignored'
          ? 'aside'
          : 'free',
    bookedOn: row.booked_on,
    reference: row.reference,
    description: row.description,
    counterpartyName: row.counterparty_name,
  }))
}

export async function setCandidates(tx: TenantTx, id: Id<'pout'>, lineIds: readonly Id<'txn'>[]): Promise<void> {
  await tx.run(
    `update payouts set bank_candidates = $3::uuid[], updated_at = now()
      where tenant_id = $1 and id = $2 and bank_transaction_id is null and bank_candidates is distinct from $3::uuid[]`,
    [tx.tenantUuid, uuidOf(id), lineIds.map(uuidOf)],
  )
}

export async function setReturned(tx: TenantTx, id: Id<'pout'>, lineIds: readonly Id<'txn'>[]): Promise<void> {
  await tx.run(
    `update payouts set bank_returned = $3::uuid[], bank_candidates = '{}', updated_at = now() where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), lineIds.map(uuidOf)],
  )
}

/** Bank accounts that are not Stripe's own: their currencies, and since when each is known (YYYY-MM-DD). */
export async function listBankAccounts(tx: TenantTx): Promise<{ currency: string; since: string }[]> {
  return tx.many<{ currency: string; since: string }>(
    `select a.currency, min(a.first_seen_on)::text as since from accounts a
      where a.tenant_id = $1
        and not exists (select 1 from stripe_connections c where c.tenant_id = a.tenant_id and c.id = a.connection_id)
      group by a.currency`,
    [tx.tenantUuid],
  )
}

/** Which of the subjects there ever was an alert about, open or closed. */
export async function listEverTold(tx: TenantTx, code: string, subjects: readonly string[]): Promise<Set<string>> {
  if (subjects.length === 0) return new Set()
  const rows = await tx.many<{ subject_id: string }>(
    'select distinct subject_id from alerts where tenant_id = $1 and code = $2 and subject_id = any($3::text[])',
    [tx.tenantUuid, code, subjects],
  )
  return new Set(rows.map((row) => row.subject_id))
}

/** What open alerts of this code are about. */
export async function listTold(tx: TenantTx, code: string): Promise<string[]> {
  const rows = await tx.many<{ subject_id: string }>(
    'select subject_id from alerts where tenant_id = $1 and code = $2 and closed_at is null',
    [tx.tenantUuid, code],
  )
  return rows.map((row) => row.subject_id)
}
