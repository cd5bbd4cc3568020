import { type Id, idOf, idOrNull, newId, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

/** What a person granted an application, or an application has by itself; the root of a family of tokens. */
export interface GrantRow {
  uuid: string
  ownerId: TenantId
  applicationId: Id<'app'>
  /** Null: the application acts as itself. */
  userId: Id<'usr'> | null
  permissions: string[]
  redirectUri: string | null
  codeChallenge: string | null
  revokedAt: Date | null
}

export type TokenKind = 'code' | 'refresh' | 'access'

export interface TokenRow {
  kind: TokenKind
  /** Of access tokens. */
  permissions: string[] | null
  usedAt: Date | null
  expiresAt: Date
}

/** Which tenant a code or token belongs to. */
export async function findTokenTenant(tx: Tx, digest: Buffer): Promise<TenantId | undefined> {
  const row = await tx.first<{ tenant_id: string }>('select tenant_id from oauth_tokens where digest = $1', [digest])
  return row && idOf('ten', row.tenant_id)
}

export async function insertGrant(tx: TenantTx, grant: Omit<GrantRow, 'uuid' | 'revokedAt'>): Promise<string> {
  const uuid = uuidOf(newId('app'))
  await tx.run(
    `insert into oauth_grants (tenant_id, id, owner_id, application_id, user_id, permissions, redirect_uri, code_challenge)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tx.tenantUuid,
      uuid,
      uuidOf(grant.ownerId),
      uuidOf(grant.applicationId),
      grant.userId && uuidOf(grant.userId),
      grant.permissions,
      grant.redirectUri,
      grant.codeChallenge,
    ],
  )
  return uuid
}

const GRANT =
  'g.id, g.owner_id, g.application_id, g.user_id, g.permissions, g.redirect_uri, g.code_challenge, g.revoked_at'

/** The code or token and its grant. */
export async function getToken(
  tx: TenantTx,
  digest: Buffer,
): Promise<{ token: TokenRow; grant: GrantRow } | undefined> {
  const row = await tx.first<TokenRecord & GrantRecord>(
    `select t.kind, t.permissions as token_permissions, t.used_at, t.expires_at, ${GRANT}
       from oauth_tokens t join oauth_grants g on g.tenant_id = t.tenant_id and g.id = t.grant_id
      where t.tenant_id = $1 and t.digest = $2`,
    [tx.tenantUuid, digest],
  )
  return row && { token: tokenOf(row), grant: grantOf(row) }
}

/** As `getToken`, holding the grant until the transaction ends: of a family one code or token at a time is looked at, so that
 *  of two uses of the same one the second sees the first. */
export async function lockToken(
  tx: TenantTx,
  digest: Buffer,
): Promise<{ token: TokenRow; grant: GrantRow } | undefined> {
  const locked = await tx.first(
    `select 1 from oauth_grants g
      where g.tenant_id = $1 and g.id = (select t.grant_id from oauth_tokens t where t.tenant_id = $1 and t.digest = $2)
        for no key update`,
    [tx.tenantUuid, digest],
  )
  return locked === undefined ? undefined : getToken(tx, digest)
}

export async function insertToken(
  tx: TenantTx,
  token: {
    grantUuid: string
    digest: Buffer
    kind: TokenKind
    permissions?: string[]
    expiresAt: Date
    keptUntil: Date
  },
): Promise<void> {
  await tx.run(
    `insert into oauth_tokens (tenant_id, digest, grant_id, kind, permissions, expires_at, kept_until)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      tx.tenantUuid,
      token.digest,
      token.grantUuid,
      token.kind,
      token.permissions ?? null,
      token.expiresAt,
      token.keptUntil,
    ],
  )
}

export async function markUsed(tx: TenantTx, digest: Buffer, at: Date): Promise<void> {
  await tx.run('update oauth_tokens set used_at = $3 where tenant_id = $1 and digest = $2', [tx.tenantUuid, digest, at])
}

export async function removeToken(tx: TenantTx, digest: Buffer): Promise<void> {
  await tx.run('delete from oauth_tokens where tenant_id = $1 and digest = $2', [tx.tenantUuid, digest])
}

/** Ends the whole family. */
export async function revokeGrant(tx: TenantTx, uuid: string, at: Date): Promise<void> {
  await tx.run('update oauth_grants set revoked_at = coalesce(revoked_at, $3) where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuid,
    at,
  ])
}

/** Tenants that have something to forget. */
export async function listTenantsWithOldTokens(tx: Tx, at: Date, limit: number): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    'select distinct tenant_id from (select tenant_id from oauth_tokens where kept_until <= $1 order by kept_until limit $2) t',
    [at, limit],
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Forgets codes and tokens that nobody needs any more, and the grants that have none left. */
export async function forgetOldTokens(tx: TenantTx, at: Date): Promise<void> {
  await tx.run('delete from oauth_tokens where tenant_id = $1 and kept_until <= $2', [tx.tenantUuid, at])
  await tx.run(
    `delete from oauth_grants g where g.tenant_id = $1
        and not exists (select 1 from oauth_tokens t where t.tenant_id = $1 and t.grant_id = g.id)`,
    [tx.tenantUuid],
  )
}

interface TokenRecord {
  kind: TokenKind
  token_permissions: string[] | null
  used_at: Date | null
  expires_at: Date
}

interface GrantRecord {
  id: string
  owner_id: string
  application_id: string
  user_id: string | null
  permissions: string[]
  redirect_uri: string | null
  code_challenge: string | null
  revoked_at: Date | null
}

const tokenOf = (row: TokenRecord): TokenRow => ({
  kind: row.kind,
  permissions: row.token_permissions,
  usedAt: row.used_at,
  expiresAt: row.expires_at,
})

const grantOf = (row: GrantRecord): GrantRow => ({
  uuid: row.id,
  ownerId: idOf('ten', row.owner_id),
  applicationId: idOf('app', row.application_id),
  userId: idOrNull('usr', row.user_id),
  permissions: row.permissions,
  redirectUri: row.redirect_uri,
  codeChallenge: row.code_challenge,
  revokedAt: row.revoked_at,
})
