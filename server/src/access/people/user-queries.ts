import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'
import type { Role } from '../roles.ts'

export interface UserRow {
  id: Id<'usr'>
  personUuid: string | null
  email: string
  emailKey: string
  name: string
  role: Role
  status: 'invited' | 'active' | 'disabled'
  invitationDigest: Buffer | null
  invitationExpiresAt: Date | null
  lastSignedInAt: Date | null
  createdAt: Date
  updatedAt: Date
}

export const USER_COLUMNS = `u.id, u.person_id, u.email, u.email_key, u.name, u.role, u.status, u.invitation_digest,
  u.invitation_expires_at, u.last_signed_in_at, u.created_at, u.updated_at`

export async function getUser(tx: TenantTx, id: Id<'usr'>): Promise<UserRow | undefined> {
  const row = await tx.first<object>(
    `select ${USER_COLUMNS} from users u where u.tenant_id = $1 and u.id = $2 and u.deleted_at is null`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && userOf(row)
}

/** All users of the tenant that were not removed, in the order they came; for the command line. */
export async function listUsers(tx: TenantTx): Promise<UserRow[]> {
  const rows = await tx.many<object>(
    `select ${USER_COLUMNS} from users u where u.tenant_id = $1 and u.deleted_at is null order by u.id`,
    [tx.tenantUuid],
  )
  return rows.map(userOf)
}

/** As `getUser`, holding the row until the transaction ends. */
export async function lockUser(tx: TenantTx, id: Id<'usr'>): Promise<UserRow | undefined> {
  const row = await tx.first<object>(
    `select ${USER_COLUMNS} from users u where u.tenant_id = $1 and u.id = $2 and u.deleted_at is null for update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && userOf(row)
}

export async function insertUser(
  tx: TenantTx,
  user: Pick<UserRow, 'id' | 'email' | 'emailKey' | 'name' | 'role' | 'invitationDigest' | 'invitationExpiresAt'>,
): Promise<UserRow> {
  const row = await tx.one<object>(
    `insert into users as u (tenant_id, id, email, email_key, name, role, status, invitation_digest, invitation_expires_at)
     values ($1, $2, $3, $4, $5, $6, 'invited', $7, $8) returning ${USER_COLUMNS}`,
    [
      tx.tenantUuid,
      uuidOf(user.id),
      user.email,
      user.emailKey,
      user.name,
      user.role,
      user.invitationDigest,
      user.invitationExpiresAt,
    ],
  )
  return userOf(row)
}

/** Writes name, role, state and invitation as given. */
export async function updateUser(
  tx: TenantTx,
  user: Pick<UserRow, 'id' | 'name' | 'role' | 'status' | 'invitationDigest' | 'invitationExpiresAt'>,
): Promise<UserRow> {
  const row = await tx.one<object>(
    `update users as u set name = $3, role = $4, status = $5, invitation_digest = $6, invitation_expires_at = $7,
            updated_at = now()
      where tenant_id = $1 and id = $2 returning ${USER_COLUMNS}`,
    [
      tx.tenantUuid,
      uuidOf(user.id),
      user.name,
      user.role,
      user.status,
      user.invitationDigest,
      user.invitationExpiresAt,
    ],
  )
  return userOf(row)
}

/** Ties the user to the person who accepted; the invitation is used up. */
export async function activateUser(tx: TenantTx, id: Id<'usr'>, personUuid: string, name: string): Promise<void> {
  await tx.run(
    `update users set person_id = $3, name = $4, status = 'active', invitation_digest = null,
            invitation_expires_at = null, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), personUuid, name],
  )
}

export async function markUserDeleted(tx: TenantTx, id: Id<'usr'>): Promise<void> {
  await tx.run(
    `update users set status = 'disabled', deleted_at = now(), invitation_digest = null, invitation_expires_at = null,
            updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
}

/** Owners who have accepted and are not disabled: those whom a tenant cannot be without. */
export async function countActiveOwners(tx: TenantTx): Promise<number> {
  const { count } = await tx.one<{ count: number }>(
    `select count(*)::int as count from users
      where tenant_id = $1 and role = 'owner' and status = 'active' and deleted_at is null`,
    [tx.tenantUuid],
  )
  return count
}

/** Whom to tell what a person must look at: the tenant's active owners, in the order they came. */
export async function ownersOf(tx: TenantTx): Promise<{ email: string; name: string }[]> {
  return tx.many<{ email: string; name: string }>(
    `select email, name from users
      where tenant_id = $1 and role = 'owner' and status = 'active' and deleted_at is null order by id`,
    [tx.tenantUuid],
  )
}

export async function noteSignIn(tx: TenantTx, id: Id<'usr'>, at: Date): Promise<void> {
  await tx.run('update users set last_signed_in_at = $3 where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
    at,
  ])
}

/** Which user of which tenant an invitation's link belongs to. */
export async function findInvitation(
  tx: Tx,
  digest: Buffer,
): Promise<{ tenantId: TenantId; id: Id<'usr'> } | undefined> {
  const row = await tx.first<{ tenant_id: string; id: string }>(
    'select tenant_id, id from users where invitation_digest = $1',
    [digest],
  )
  return row && { tenantId: idOf('ten', row.tenant_id), id: idOf('usr', row.id) }
}

/** What a person is to one tenant. */
export interface Membership {
  tenantId: TenantId
  tenantName: string
  tenantStatus: 'active' | 'suspended'
  locale: string | undefined
  userId: Id<'usr'>
  role: Role
  status: 'active' | 'disabled'
}

export const isActive = (membership: Membership): boolean => membership.status === 'active'

/** The tenant a person is at home in: the first that lets him in, one that is not suspended where there is one. */
export const homeOf = (memberships: Membership[]): Membership | undefined =>
  memberships.find(isOpen) ?? memberships.find(isActive)

export const isOpen = (membership: Membership): boolean => isActive(membership) && membership.tenantStatus === 'active'

/** Everything a person is, over all tenants that are not deleted; the oldest first. */
export async function membershipsOf(tx: Tx, personUuid: string): Promise<Membership[]> {
  const rows = await tx.many<{
    tenant_id: string
    name: string
    tenant_status: Membership['tenantStatus']
    settings: { locale?: string }
    id: string
    role: Role
    status: Membership['status']
  }>(
    `select u.tenant_id, t.name, t.status as tenant_status, t.settings, u.id, u.role, u.status
       from users u join tenants t on t.tenant_id = u.tenant_id
      where u.person_id = $1 and u.deleted_at is null and t.status <> 'deleted' order by u.id`,
    [personUuid],
  )
  return rows.map((row) => ({
    tenantId: idOf('ten', row.tenant_id),
    tenantName: row.name,
    tenantStatus: row.tenant_status,
    locale: row.settings.locale,
    userId: idOf('usr', row.id),
    role: row.role,
    status: row.status,
  }))
}

interface UserRecord {
  id: string
  person_id: string | null
  email: string
  email_key: string
  name: string
  role: Role
  status: UserRow['status']
  invitation_digest: Buffer | null
  invitation_expires_at: Date | null
  last_signed_in_at: Date | null
  created_at: Date
  updated_at: Date
}

export function userOf(record: unknown): UserRow {
  const row = record as UserRecord
  return {
    id: idOf('usr', row.id),
    personUuid: row.person_id,
    email: row.email,
    emailKey: row.email_key,
    name: row.name,
    role: row.role,
    status: row.status,
    invitationDigest: row.invitation_digest,
    invitationExpiresAt: row.invitation_expires_at,
    lastSignedInAt: row.last_signed_in_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
