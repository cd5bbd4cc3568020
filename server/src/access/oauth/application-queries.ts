import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const
export type GrantType = (typeof GRANT_TYPES)[number]

/** A program that may be let in. Its id is also its `client_id`. */
export interface ApplicationRow {
  id: Id<'app'>
  name: string
  redirectUris: string[]
  permissions: string[]
  grantTypes: GrantType[]
  /** Null: a public client, which can keep no secret. */
  secretDigest: Buffer | null
  status: 'active' | 'disabled'
  createdAt: Date
  updatedAt: Date
}

/** What may change of it. */
export type ApplicationState = Pick<ApplicationRow, 'name' | 'redirectUris' | 'permissions' | 'grantTypes' | 'status'>

export const APPLICATION_COLUMNS =
  'a.id, a.name, a.redirect_uris, a.permissions, a.grant_types, a.secret_digest, a.status, a.created_at, a.updated_at'

/** Which tenant an application belongs to. */
export async function findApplicationOwner(tx: Tx, id: Id<'app'>): Promise<TenantId | undefined> {
  const row = await tx.first<{ tenant_id: string }>('select tenant_id from oauth_applications where id = $1', [
    uuidOf(id),
  ])
  return row && idOf('ten', row.tenant_id)
}

export async function getApplication(tx: TenantTx, id: Id<'app'>): Promise<ApplicationRow | undefined> {
  const row = await tx.first<object>(
    `select ${APPLICATION_COLUMNS} from oauth_applications a where a.tenant_id = $1 and a.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && applicationOf(row)
}

/** As `getApplication`, holding the row until the transaction ends. */
export async function lockApplication(tx: TenantTx, id: Id<'app'>): Promise<ApplicationRow | undefined> {
  const row = await tx.first<object>(
    `select ${APPLICATION_COLUMNS} from oauth_applications a where a.tenant_id = $1 and a.id = $2 for update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && applicationOf(row)
}

export async function insertApplication(
  tx: TenantTx,
  application: ApplicationState & Pick<ApplicationRow, 'id' | 'secretDigest'> & { createdBy: string },
): Promise<ApplicationRow> {
  const row = await tx.one<object>(
    `insert into oauth_applications as a
       (tenant_id, id, name, redirect_uris, permissions, grant_types, status, secret_digest, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${APPLICATION_COLUMNS}`,
    [...valuesOf(tx, application), application.secretDigest, application.createdBy],
  )
  return applicationOf(row)
}

export async function updateApplication(
  tx: TenantTx,
  application: ApplicationState & Pick<ApplicationRow, 'id'>,
): Promise<ApplicationRow> {
  const row = await tx.one<object>(
    `update oauth_applications as a
        set name = $3, redirect_uris = $4, permissions = $5, grant_types = $6, status = $7, updated_at = now()
      where tenant_id = $1 and id = $2 returning ${APPLICATION_COLUMNS}`,
    valuesOf(tx, application),
  )
  return applicationOf(row)
}

/** False when there is none. Its grants go with the sweep: without the application none of their tokens holds. */
export async function removeApplication(tx: TenantTx, id: Id<'app'>): Promise<boolean> {
  const removed = await tx.run('delete from oauth_applications where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return removed === 1
}

const valuesOf = (tx: TenantTx, one: ApplicationState & Pick<ApplicationRow, 'id'>): unknown[] => [
  tx.tenantUuid,
  uuidOf(one.id),
  one.name,
  one.redirectUris,
  one.permissions,
  one.grantTypes,
  one.status,
]

export function applicationOf(record: unknown): ApplicationRow {
  const row = record as {
    id: string
    name: string
    redirect_uris: string[]
    permissions: string[]
    grant_types: GrantType[]
    secret_digest: Buffer | null
    status: ApplicationRow['status']
    created_at: Date
    updated_at: Date
  }
  return {
    id: idOf('app', row.id),
    name: row.name,
    redirectUris: row.redirect_uris,
    permissions: row.permissions,
    grantTypes: row.grant_types,
    secretDigest: row.secret_digest,
    status: row.status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
