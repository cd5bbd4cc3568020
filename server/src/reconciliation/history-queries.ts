import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import { ALERT_COLUMNS, alertOf, type AlertRow } from '../events/alerts.ts'
import { MATCH_COLUMNS, matchOf, type MatchRow } from './queries.ts'

/** A row of the audit trail, as far as a history tells of it. */
export interface HistoryAudit {
  id: Id<'aud'>
  sequence: bigint
  at: Date
  actor: { type: string; id: string; name: string }
  action: string
  resource: { type: string; id: string }
  changes: Record<string, unknown> | null
}

/** Matches that a line ever had, oldest first, at most `limit`. */
export async function listMatchesOf(tx: TenantTx, id: Id<'txn'>, limit: number): Promise<MatchRow[]> {
  const rows = await tx.many<object>(
    `select ${MATCH_COLUMNS} from matches m where m.tenant_id = $1 and m.transaction_id = $2 order by m.id limit $3`,
    [tx.tenantUuid, uuidOf(id), limit],
  )
  return rows.map(matchOf)
}

/** The gateways under which the billing system shows the payments that these matches were recognised as. */
export async function listGatewaysOf(
  tx: TenantTx,
  matches: readonly Pick<MatchRow, 'id'>[],
): Promise<Map<Id<'match'>, string>> {
  const rows = await tx.many<{ match_id: string; gateways: string }>(
    `select l.match_id, string_agg(distinct p.gateway, ', ' order by p.gateway) as gateways
       from match_allocations l
       join invoice_payments p on p.tenant_id = l.tenant_id and p.invoice_id = l.invoice_id and p.external_id = l.external_payment_id
      where l.tenant_id = $1 and l.match_id = any($2::uuid[]) and p.gateway <> ''
      group by l.match_id`,
    [tx.tenantUuid, matches.map(({ id }) => uuidOf(id))],
  )
  return new Map(rows.map((row) => [idOf('match', row.match_id), row.gateways]))
}

/** What was done to these things, in the order in which it was committed, at most `limit`, the oldest first. */
export async function listAuditsOf(tx: TenantTx, ids: readonly string[], limit: number): Promise<HistoryAudit[]> {
  const rows = await tx.many<{
    id: string
    sequence: string
    at: Date
    entry: Pick<HistoryAudit, 'actor' | 'action' | 'resource' | 'changes'>
  }>(
    `select e.id, e.sequence, e.at, e.entry from audit_events e
      where e.tenant_id = $1 and e.resource_id = any($2::text[]) order by e.sequence limit $3`,
    [tx.tenantUuid, ids, limit],
  )
  return rows.map(({ id, sequence, at, entry }) => ({
    id: idOf('aud', id),
    sequence: BigInt(sequence),
    at,
    actor: entry.actor,
    action: entry.action,
    resource: entry.resource,
    changes: entry.changes,
  }))
}

/** What people were told to look at about these things, oldest first, at most `limit`. */
export async function listAlertsOf(tx: TenantTx, ids: readonly string[], limit: number): Promise<AlertRow[]> {
  const rows = await tx.many<object>(
    `select ${ALERT_COLUMNS} from alerts a where a.tenant_id = $1 and a.subject_id = any($2::text[]) order by a.id limit $3`,
    [tx.tenantUuid, ids, limit],
  )
  return rows.map(alertOf)
}

/** What the line looked like after each change, by the moment of the change: notes stand in events, not in the audit trail. */
export async function listNotes(
  tx: TenantTx,
  id: Id<'txn'>,
  limit: number,
): Promise<{ at: Date; note: string | null }[]> {
  const rows = await tx.many<{ created_at: Date; note: string | null }>(
    `select e.created_at, e.body::json -> 'data' ->> 'note' as note from events e
      where e.tenant_id = $1 and e.resource_id = $2 and e.type in ('transaction.created', 'transaction.updated') order by e.id limit $3`,
    [tx.tenantUuid, id, limit],
  )
  return rows.map((row) => ({ at: row.created_at, note: row.note }))
}
