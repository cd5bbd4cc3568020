import { type Id, idOf, type TenantId, uuidOf } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'

export interface ConsentRow {
  uuid: string
  connectionId: Id<'bank'>
  requisitionId: string
  redirectUrl: string
  maxHistoryDays: number
  accessDays: number
  status: 'pending' | 'linked' | 'failed' | 'ended'
  error: string | null
  expiresAt: Date
}

export async function insertConsent(
  tx: TenantTx,
  consent: {
    uuid: string
    connectionId: Id<'bank'>
    requisitionId: string
    referenceDigest: Buffer
    redirectUrl: string
    maxHistoryDays: number
    accessDays: number
    expiresAt: Date
    pollInMs: number
  },
): Promise<void> {
  await tx.run(
    `insert into bank_consents (tenant_id, id, connection_id, requisition_id, reference_digest, redirect_url, max_history_days, access_days,
       expires_at, next_poll_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 millisecond')`,
    [
      tx.tenantUuid,
      consent.uuid,
      uuidOf(consent.connectionId),
      consent.requisitionId,
      consent.referenceDigest,
      consent.redirectUrl,
      consent.maxHistoryDays,
      consent.accessDays,
      consent.expiresAt,
      consent.pollInMs,
    ],
  )
}

/** The consent that a person comes back from, by the digest of the reference. */
export async function findConsent(
  tx: Tx,
  referenceDigest: Buffer,
): Promise<{ tenantId: TenantId; uuid: string } | undefined> {
  const row = await tx.first<{ tenant_id: string; id: string }>(
    `select c.tenant_id, c.id from bank_consents c join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
      where c.reference_digest = $1`,
    [referenceDigest],
  )
  return row && { tenantId: idOf('ten', row.tenant_id), uuid: row.id }
}

/** Consents whose person may never come back: asked at the provider from time to time. */
export async function listPendingConsents(tx: Tx, limit: number): Promise<{ tenantId: TenantId; uuid: string }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select c.tenant_id, c.id from bank_consents c join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
      where c.status = 'pending' and c.next_poll_at <= now() order by c.next_poll_at limit $1`,
    [limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), uuid: row.id }))
}

export async function getConsent(tx: TenantTx, uuid: string, lock = false): Promise<ConsentRow | undefined> {
  const row = await tx.first<ConsentRecord>(
    `select id, connection_id, requisition_id, redirect_url, max_history_days, access_days, status, error, expires_at
       from bank_consents where tenant_id = $1 and id = $2 ${lock ? 'for no key update' : ''}`,
    [tx.tenantUuid, uuid],
  )
  return row && consentOf(row)
}

/** The consents of a connection that still stand at the provider, newest first. */
export async function listLiveConsents(tx: TenantTx, connectionId: Id<'bank'>): Promise<ConsentRow[]> {
  const rows = await tx.many<ConsentRecord>(
    `select id, connection_id, requisition_id, redirect_url, max_history_days, access_days, status, error, expires_at
       from bank_consents where tenant_id = $1 and connection_id = $2 and status in ('pending', 'linked') order by id desc`,
    [tx.tenantUuid, uuidOf(connectionId)],
  )
  return rows.map(consentOf)
}

export async function setConsent(
  tx: TenantTx,
  uuid: string,
  change: { status?: ConsentRow['status']; error?: string; pollInMs?: number; returned?: boolean },
): Promise<void> {
  await tx.run(
    `update bank_consents set status = coalesce($3, status), error = coalesce($4, error),
       next_poll_at = case when $5::bigint is null then next_poll_at else now() + $5 * interval '1 millisecond' end,
       returned_at = case when $6 then coalesce(returned_at, now()) else returned_at end, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuid,
      change.status ?? null,
      change.error ?? null,
      change.pollInMs ?? null,
      change.returned ?? false,
    ],
  )
}

interface ConsentRecord {
  id: string
  connection_id: string
  requisition_id: string
  redirect_url: string
  max_history_days: number
  access_days: number
  status: ConsentRow['status']
  error: string | null
  expires_at: Date
}

const consentOf = (row: ConsentRecord): ConsentRow => ({
  uuid: row.id,
  connectionId: idOf('bank', row.connection_id),
  requisitionId: row.requisition_id,
  redirectUrl: row.redirect_url,
  maxHistoryDays: row.max_history_days,
  accessDays: row.access_days,
  status: row.status,
  error: row.error,
  expiresAt: row.expires_at,
})
