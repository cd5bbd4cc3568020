import { idOf, type TenantId } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'

/** A mail that this worker holds. */
export interface ClaimedMail {
  id: string
  recipient: Buffer
  content: Buffer
  attempts: number
  queuedAt: Date
  /** Nobody took it for so long that it is given up after this try. */
  last: boolean
}

export async function insertMail(
  tx: TenantTx,
  mail: { id: string; recipient: Buffer; content: Buffer; retryInMs: number },
): Promise<void> {
  await tx.run(
    `insert into mails (tenant_id, id, recipient, content, due_at) values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')`,
    [tx.tenantUuid, mail.id, mail.recipient, mail.content, mail.retryInMs],
  )
}

/** Takes a queued mail for `leaseMs`, by the database's clock; undefined when it is settled, or another worker has it. */
export async function claimMail(
  tx: TenantTx,
  id: string,
  { leaseMs, givenUpAfterMs }: { leaseMs: number; givenUpAfterMs: number },
): Promise<ClaimedMail | undefined> {
  const row = await tx.first<{
    recipient: Buffer
    content: Buffer
    attempts: number
    created_at: Date
    last: boolean
  }>(
    `update mails set attempts = attempts + 1, lease_until = now() + $3 * interval '1 millisecond',
            due_at = now() + $3 * interval '1 millisecond', updated_at = now()
      where tenant_id = $1 and id = $2 and state = 'queued' and (lease_until is null or lease_until < now())
      returning recipient, content, attempts, created_at, created_at < now() - $4 * interval '1 millisecond' as last`,
    [tx.tenantUuid, id, leaseMs, givenUpAfterMs],
  )
  return (
    row && {
      id,
      recipient: row.recipient,
      content: row.content,
      attempts: row.attempts,
      queuedAt: row.created_at,
      last: row.last,
    }
  )
}

/** Ends the work on a mail and erases what it said. */
export async function settleMail(
  tx: TenantTx,
  id: string,
  end: { state: 'sent' | 'failed'; reason: string | null },
): Promise<void> {
  await tx.run(
    `update mails set state = $3, reason = $4, content = null, due_at = null, lease_until = null, settled_at = now(), updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, id, end.state, end.reason],
  )
}

export async function postponeMail(
  tx: TenantTx,
  id: string,
  { inMs, reason }: { inMs: number; reason: string },
): Promise<void> {
  await tx.run(
    `update mails set reason = $4, lease_until = null, due_at = now() + $3 * interval '1 millisecond', updated_at = now()
      where tenant_id = $1 and id = $2 and state = 'queued'`,
    [tx.tenantUuid, id, inMs, reason],
  )
}

/** Mails due for a try, over all tenants at work: those of others wait, and stand in nobody's way. */
export async function listDueMails(tx: Tx, limit: number): Promise<{ tenantId: TenantId; id: string }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select m.tenant_id, m.id from mails m join tenants t on t.tenant_id = m.tenant_id and t.status = 'active'
      where m.due_at <= now() order by m.due_at limit $1`,
    [limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), id: row.id }))
}

/** Tenants with mails older than so many days. */
export async function listTenantsWithOldMails(tx: Tx, days: number): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    "select distinct tenant_id from mails where created_at < now() - $1 * interval '1 day'",
    [days],
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Removes them, whatever became of them; returns their ids. */
export async function deleteOldMails(tx: TenantTx, days: number): Promise<string[]> {
  const rows = await tx.many<{ id: string }>(
    "delete from mails where tenant_id = $1 and created_at < now() - $2 * interval '1 day' returning id",
    [tx.tenantUuid, days],
  )
  return rows.map((row) => row.id)
}
