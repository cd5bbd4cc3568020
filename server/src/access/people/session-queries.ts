import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { PersonTx, TenantTx, Tx } from '../../database/transaction.ts'

export interface SessionRow {
  id: string
  personUuid: string
  startedAt: Date
  signedInAt: Date
}

/** Whose session a cookie is. */
export async function findSession(
  tx: Tx,
  digest: Buffer,
): Promise<{ id: string; personUuid: string; startedAt: Date; seenAt: Date } | undefined> {
  const row = await tx.first<{ id: string; person_id: string; started_at: Date; seen_at: Date }>(
    'select id, person_id, started_at, seen_at from sessions where digest = $1',
    [digest],
  )
  return row && { id: row.id, personUuid: row.person_id, startedAt: row.started_at, seenAt: row.seen_at }
}

export async function insertSession(tx: PersonTx, session: { id: string; digest: Buffer; at: Date }): Promise<void> {
  await tx.run(
    `insert into sessions (person_id, id, digest, started_at, seen_at, signed_in_at) values ($1, $2, $3, $4, $4, $4)`,
    [tx.personUuid, session.id, session.digest, session.at],
  )
}

/** Notes that the session was used now. Undefined when it has ended, or goes by another id since. */
export async function touchSession(
  tx: PersonTx,
  session: { id: string; digest: Buffer; at: Date },
): Promise<SessionRow | undefined> {
  const row = await tx.first<{ started_at: Date; signed_in_at: Date }>(
    `update sessions set seen_at = greatest(seen_at, $4)
      where person_id = $1 and id = $2 and digest = $3 returning started_at, signed_in_at`,
    [tx.personUuid, session.id, session.digest, session.at],
  )
  return row && { id: session.id, personUuid: tx.personUuid, startedAt: row.started_at, signedInAt: row.signed_in_at }
}

/** A new id for the cookie; `signedInAt` where the password was typed just now. False when the session has ended. */
export async function renewSession(
  tx: PersonTx,
  session: { id: string; digest: Buffer; signedInAt?: Date },
): Promise<boolean> {
  const touched = await tx.run(
    'update sessions set digest = $3, signed_in_at = coalesce($4, signed_in_at) where person_id = $1 and id = $2',
    [tx.personUuid, session.id, session.digest, session.signedInAt ?? null],
  )
  return touched === 1
}

/** Ends one session and the tokens that came from it. */
export async function endSession(tx: PersonTx, id: string): Promise<void> {
  await tx.run('delete from sessions where person_id = $1 and id = $2', [tx.personUuid, id])
}

/** Ends every session of the person, except the one named. Returns how many. */
export async function endSessions(tx: PersonTx, except?: string): Promise<number> {
  return tx.run('delete from sessions where person_id = $1 and id is distinct from $2::uuid', [
    tx.personUuid,
    except ?? null,
  ])
}

/** Sessions nobody may use any more, over all people. */
export async function listEndedSessions(
  tx: Tx,
  before: { startedAt: Date; seenAt: Date },
  limit: number,
): Promise<{ id: string; personUuid: string }[]> {
  const rows = await tx.many<{ id: string; person_id: string }>(
    'select id, person_id from sessions where seen_at < $1 or started_at < $2 order by seen_at limit $3',
    [before.seenAt, before.startedAt, limit],
  )
  return rows.map((row) => ({ id: row.id, personUuid: row.person_id }))
}

export async function insertAccessToken(
  tx: TenantTx,
  token: {
    digest: Buffer
    userId: Id<'usr'>
    personUuid: string
    sessionId: string
    signedInAt: Date
    expiresAt: Date
  },
): Promise<void> {
  await tx.run(
    `insert into access_tokens (tenant_id, digest, user_id, person_id, session_id, signed_in_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      tx.tenantUuid,
      token.digest,
      uuidOf(token.userId),
      token.personUuid,
      token.sessionId,
      token.signedInAt,
      token.expiresAt,
    ],
  )
}

/** Whether the session has been in this tenant before. */
export async function hasToken(tx: TenantTx, session: { id: string; personUuid: string }): Promise<boolean> {
  const row = await tx.first(
    'select 1 from access_tokens where tenant_id = $1 and person_id = $2 and session_id = $3 limit 1',
    [tx.tenantUuid, session.personUuid, session.id],
  )
  return row !== undefined
}

export async function findTokenTenant(tx: Tx, digest: Buffer): Promise<TenantId | undefined> {
  const row = await tx.first<{ tenant_id: string }>('select tenant_id from access_tokens where digest = $1', [digest])
  return row && idOf('ten', row.tenant_id)
}

export async function getAccessToken(
  tx: TenantTx,
  digest: Buffer,
): Promise<{ userId: Id<'usr'>; signedInAt: Date; expiresAt: Date } | undefined> {
  const row = await tx.first<{ user_id: string; signed_in_at: Date; expires_at: Date }>(
    'select user_id, signed_in_at, expires_at from access_tokens where tenant_id = $1 and digest = $2',
    [tx.tenantUuid, digest],
  )
  return row && { userId: idOf('usr', row.user_id), signedInAt: row.signed_in_at, expiresAt: row.expires_at }
}

/** Tenants in which somebody holds or held a token. */
export async function listTenantsWithTokens(tx: Tx): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>('select distinct tenant_id from access_tokens order by tenant_id')
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Removes tokens that have run out, except the last of each session: it says that the session has been in this tenant, and goes
 *  with it. */
export async function deleteEndedTokens(tx: TenantTx, at: Date): Promise<void> {
  await tx.run(
    `delete from access_tokens old
      where old.tenant_id = $1 and old.expires_at <= $2
        and exists (select 1 from access_tokens newer
                     where newer.tenant_id = $1 and newer.person_id = old.person_id and newer.session_id = old.session_id
                       and (newer.expires_at, newer.digest) > (old.expires_at, old.digest))`,
    [tx.tenantUuid, at],
  )
}

/** The user's tokens die with the commit. */
export async function deleteTokensOf(tx: TenantTx, userId: Id<'usr'>): Promise<void> {
  await tx.run('delete from access_tokens where tenant_id = $1 and user_id = $2', [tx.tenantUuid, uuidOf(userId)])
}
