import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

export type InstanceStatus = 'pending' | 'active' | 'error' | 'disconnected'
export type ProofMethod = 'module' | 'file' | 'dns'

/** How payments are written into an installation. */
export interface InstanceSettings {
  /** What becomes of money beyond the invoices it settles. `leave`: it stays unallocated on the transaction; `credit`: it becomes
   *  credit of their client. */
  surplus: 'leave' | 'credit'
  /** Whether WHMCS mails the client its confirmation of the payment. */
  confirmationEmail: boolean
  /** Whether what Stripe kept is noted as the fee of the payment. */
  stripeFees: boolean
}

/** A WHMCS installation of the tenant. `pending` until it first answered, `error` while it does not, `disconnected` for good.
 *  It is paid into only once `verifiedAt` says that the tenant proved to control it. */
export interface InstanceRow {
  id: Id<'whm'>
  /** Full, with its sub-path, without trailing slash. */
  systemUrl: string
  /** The same installation however its address is written. */
  installation: string
  mode: 'api' | 'module'
  apiIdentifier: string | null
  sealedApiSecret: Buffer | null
  sealedAccessKey: Buffer | null
  sealedWebhookSecret: Buffer
  paymentMethod: string
  settings: InstanceSettings
  status: InstanceStatus
  errorCode: string | null
  errorMessage: string | null
  proofToken: string
  verifiedAt: Date | null
  verifiedBy: ProofMethod | null
  /** When the proof was last looked at, and, where it was not there any more, on how many daily looks in a row and what was found
   *  instead, in words. */
  proofCheckedAt: Date | null
  proofsMissed: number
  proofFault: string | null
  version: string | null
  lastSeenAt: Date | null
  lastSyncAt: Date | null
  nextSyncAt: Date | null
  /** When the mirror first held everything; nothing is decided automatically before. */
  mirroredAt: Date | null
  closedListedAt: Date | null
  slowestAnswerMs: number
  createdAt: Date
  updatedAt: Date
}

export const INSTANCE_COLUMNS = `w.id, w.system_url, w.installation, w.mode, w.api_identifier, w.sealed_api_secret, w.sealed_access_key,
  w.sealed_webhook_secret, w.payment_method, w.surplus, w.confirmation_email, w.stripe_fees, w.status, w.error_code, w.error_message, w.proof_token, w.verified_at, w.verified_by,
  w.proof_checked_at, w.proofs_missed, w.proof_fault, w.version, w.last_seen_at, w.last_sync_at, w.next_sync_at, w.mirrored_at, w.closed_listed_at, w.slowest_answer_ms, w.created_at,
  w.updated_at`

export async function getInstance(tx: TenantTx, id: Id<'whm'>): Promise<InstanceRow | undefined> {
  const row = await tx.first<object>(
    `select ${INSTANCE_COLUMNS} from whmcs_instances w where w.tenant_id = $1 and w.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && instanceOf(row)
}

/** As `getInstance`, held against other changes until the transaction ends. */
export async function lockInstance(tx: TenantTx, id: Id<'whm'>): Promise<InstanceRow | undefined> {
  const row = await tx.first<object>(
    `select ${INSTANCE_COLUMNS} from whmcs_instances w where w.tenant_id = $1 and w.id = $2 for no key update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && instanceOf(row)
}

/** All that are still connected, by id. */
export async function listInstances(tx: TenantTx): Promise<InstanceRow[]> {
  const rows = await tx.many<object>(
    `select ${INSTANCE_COLUMNS} from whmcs_instances w where w.tenant_id = $1 and w.status <> 'disconnected' order by w.id`,
    [tx.tenantUuid],
  )
  return rows.map(instanceOf)
}

/** Fails with the unique violation `whmcs_instances_once` when the tenant holds this installation already. */
export async function insertInstance(
  tx: TenantTx,
  row: Pick<
    InstanceRow,
    | 'id'
    | 'systemUrl'
    | 'installation'
    | 'mode'
    | 'apiIdentifier'
    | 'sealedApiSecret'
    | 'sealedAccessKey'
    | 'sealedWebhookSecret'
    | 'paymentMethod'
    | 'settings'
    | 'proofToken'
  >,
): Promise<void> {
  await tx.run(
    `insert into whmcs_instances (tenant_id, id, system_url, installation, mode, api_identifier, sealed_api_secret, sealed_access_key,
       sealed_webhook_secret, payment_method, proof_token, surplus, confirmation_email, stripe_fees, next_sync_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, case when $5 = 'api' then now() + interval '1 minute' end)`,
    [
      tx.tenantUuid,
      uuidOf(row.id),
      row.systemUrl,
      row.installation,
      row.mode,
      row.apiIdentifier,
      row.sealedApiSecret,
      row.sealedAccessKey,
      row.sealedWebhookSecret,
      row.paymentMethod,
      row.proofToken,
      ...settingValues(row.settings),
    ],
  )
}

/** Writes the settings a person may change, and has the next reading come soon, should the job for it be lost. */
export async function updateInstance(
  tx: TenantTx,
  row: Pick<
    InstanceRow,
    | 'id'
    | 'systemUrl'
    | 'installation'
    | 'mode'
    | 'apiIdentifier'
    | 'sealedApiSecret'
    | 'sealedAccessKey'
    | 'paymentMethod'
    | 'settings'
    | 'verifiedAt'
    | 'verifiedBy'
  >,
): Promise<void> {
  await tx.run(
    `update whmcs_instances set system_url = $3, installation = $4, mode = $5, api_identifier = $6, sealed_api_secret = $7,
       sealed_access_key = $8, payment_method = $9, verified_at = $10, verified_by = $11,
       surplus = $12, confirmation_email = $13, stripe_fees = $14,
       next_sync_at = case when $5 = 'api' then now() + interval '1 minute' end, updated_at = now()
     where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(row.id),
      row.systemUrl,
      row.installation,
      row.mode,
      row.apiIdentifier,
      row.sealedApiSecret,
      row.sealedAccessKey,
      row.paymentMethod,
      row.verifiedAt,
      row.verifiedBy,
      ...settingValues(row.settings),
    ],
  )
}

const settingValues = ({ surplus, confirmationEmail, stripeFees }: InstanceSettings) => [
  surplus,
  confirmationEmail,
  stripeFees,
]

/** Keeps the history and forgets the secrets. */
export async function setDisconnected(tx: TenantTx, id: Id<'whm'>): Promise<void> {
  await tx.run(
    `update whmcs_instances set status = 'disconnected', sealed_api_secret = null, sealed_access_key = null, sealed_webhook_secret = '',
       error_code = null, error_message = null, next_sync_at = null, updated_at = now()
     where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
}

/** Fails with the unique violation `whmcs_instances_verified` when another tenant has proven the installation. */
export async function setVerified(
  tx: TenantTx,
  id: Id<'whm'>,
  proven: { method: ProofMethod; at: Date; againInMs: number },
): Promise<void> {
  await tx.run(
    `update whmcs_instances set verified_at = $3, verified_by = $4, last_seen_at = $3, proof_checked_at = $3, proofs_missed = 0,
            proof_fault = null, next_proof_at = now() + $5 * interval '1 millisecond', updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), proven.at, proven.method, proven.againInMs],
  )
}

/** Notes an answer of the installation, and its version where it told it. */
export async function setSeen(tx: TenantTx, id: Id<'whm'>, at: Date, version: string | null): Promise<void> {
  await tx.run(
    'update whmcs_instances set last_seen_at = $3, version = coalesce($4, version), updated_at = now() where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(id), at, version],
  )
}

/** Whether invoices of this installation are mirrored: then its address may not come to mean another installation. */
export async function hasInvoices(tx: TenantTx, id: Id<'whm'>): Promise<boolean> {
  const row = await tx.first('select 1 from invoices where tenant_id = $1 and instance_id = $2 limit 1', [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row !== undefined
}

/** Whether a payment may have reached the installation without our knowing the outcome. */
export async function hasPaymentsInDoubt(tx: TenantTx, id: Id<'whm'>): Promise<boolean> {
  const row = await tx.first(
    "select 1 from payments where tenant_id = $1 and instance_id = $2 and state in ('sending', 'unknown') limit 1",
    [tx.tenantUuid, uuidOf(id)],
  )
  return row !== undefined
}

export async function listConnected(tx: TenantTx): Promise<Id<'whm'>[]> {
  const rows = await tx.many<{ id: string }>(
    "select id from whmcs_instances where tenant_id = $1 and status <> 'disconnected' order by id",
    [tx.tenantUuid],
  )
  return rows.map((row) => idOf('whm', row.id))
}

/** Installations of all active tenants whose next reading is due. */
export async function listDue(tx: Tx, limit: number): Promise<{ tenantId: TenantId; instanceId: Id<'whm'> }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select w.tenant_id, w.id from whmcs_instances w join tenants t on t.tenant_id = w.tenant_id
      where w.status <> 'disconnected' and w.next_sync_at <= now() and t.status = 'active'
      order by w.next_sync_at limit $1`,
    [limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), instanceId: idOf('whm', row.id) }))
}

/** Takes a due reading, so that no other process starts it as well; false when somebody did, or when nothing is due. */
export async function takeDue(tx: TenantTx, id: Id<'whm'>, againInMs: number): Promise<boolean> {
  const taken = await tx.run(
    `update whmcs_instances set next_sync_at = now() + $3 * interval '1 millisecond'
      where tenant_id = $1 and id = $2 and next_sync_at <= now() and status <> 'disconnected'`,
    [tx.tenantUuid, uuidOf(id), againInMs],
  )
  return taken === 1
}

interface InstanceRecord {
  id: string
  system_url: string
  installation: string
  mode: 'api' | 'module'
  api_identifier: string | null
  sealed_api_secret: Buffer | null
  sealed_access_key: Buffer | null
  sealed_webhook_secret: Buffer
  payment_method: string
  surplus: InstanceSettings['surplus']
  confirmation_email: boolean
  stripe_fees: boolean
  status: InstanceStatus
  error_code: string | null
  error_message: string | null
  proof_token: string
  verified_at: Date | null
  verified_by: ProofMethod | null
  proof_checked_at: Date | null
  proofs_missed: number
  proof_fault: string | null
  version: string | null
  last_seen_at: Date | null
  last_sync_at: Date | null
  next_sync_at: Date | null
  mirrored_at: Date | null
  closed_listed_at: Date | null
  slowest_answer_ms: number
  created_at: Date
  updated_at: Date
}

export function instanceOf(record: object): InstanceRow {
  const row = record as InstanceRecord
  return {
    id: idOf('whm', row.id),
    systemUrl: row.system_url,
    installation: row.installation,
    mode: row.mode,
    apiIdentifier: row.api_identifier,
    sealedApiSecret: row.sealed_api_secret,
    sealedAccessKey: row.sealed_access_key,
    sealedWebhookSecret: row.sealed_webhook_secret,
    paymentMethod: row.payment_method,
    settings: {
      surplus: row.surplus,
      confirmationEmail: row.confirmation_email,
      stripeFees: row.stripe_fees,
    },
    status: row.status,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    proofToken: row.proof_token,
    verifiedAt: row.verified_at,
    verifiedBy: row.verified_by,
    proofCheckedAt: row.proof_checked_at,
    proofsMissed: row.proofs_missed,
    proofFault: row.proof_fault,
    version: row.version,
    lastSeenAt: row.last_seen_at,
    lastSyncAt: row.last_sync_at,
    nextSyncAt: row.next_sync_at,
    mirroredAt: row.mirrored_at,
    closedListedAt: row.closed_listed_at,
    slowestAnswerMs: row.slowest_answer_ms,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
