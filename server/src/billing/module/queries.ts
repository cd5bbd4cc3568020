import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

/** What is known of the module of an installation. */
export interface ModuleRow {
  pairingDigest: Buffer | null
  /** Whether the code may still be used, by the clock of the database. */
  pairingOpen: boolean
  pairedAt: Date | null
  calledAt: Date | null
  moduleVersion: string | null
  cronLastAt: Date | null
  paymentMethods: { name: string; title: string }[]
  lastPushAt: Date | null
  runId: string | null
  /** Everything is wanted anew: it never came whole, somebody asked, or the last time was too long ago. */
  fullWanted: boolean
  /** No call within the time given. */
  silent: boolean
}

const COLUMNS = `pairing_digest, pairing_expires_at > now() as pairing_open, paired_at, called_at, module_version, cron_last_at,
  payment_methods, last_push_at, run_id,
  full_wanted_at is not null or full_ended_at is null or full_ended_at < now() - interval '7 days' as full_wanted`

/** Undefined where no pairing code was ever made. `silentMs`: after how long without a call it counts as silent. */
export async function getModule(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  options: { lock?: boolean; silentMs?: number } = {},
): Promise<ModuleRow | undefined> {
  const row = await tx.first<{
    pairing_digest: Buffer | null
    pairing_open: boolean | null
    paired_at: Date | null
    called_at: Date | null
    module_version: string | null
    cron_last_at: Date | null
    payment_methods: ModuleRow['paymentMethods']
    last_push_at: Date | null
    run_id: string | null
    full_wanted: boolean
    silent: boolean | null
  }>(
    `select ${COLUMNS}, coalesce(called_at, paired_at) < now() - $3 * interval '1 millisecond' as silent
       from whmcs_modules where tenant_id = $1 and instance_id = $2 ${options.lock ? 'for no key update' : ''}`,
    [tx.tenantUuid, uuidOf(instanceId), options.silentMs ?? 0],
  )
  return (
    row && {
      pairingDigest: row.pairing_digest,
      pairingOpen: row.pairing_open === true,
      pairedAt: row.paired_at,
      calledAt: row.called_at,
      moduleVersion: row.module_version,
      cronLastAt: row.cron_last_at,
      paymentMethods: row.payment_methods,
      lastPushAt: row.last_push_at,
      runId: row.run_id,
      fullWanted: row.full_wanted,
      silent: row.silent === true,
    }
  )
}

/** Which tenant an installation belongs to, before anything is known of the caller. */
export async function findInstallation(
  tx: Tx,
  id: Id<'whm'>,
): Promise<{ tenantId: TenantId; tenantStatus: 'active' | 'suspended' | 'deleted' } | undefined> {
  const row = await tx.first<{ tenant_id: string; tenant_status: 'active' | 'suspended' | 'deleted' }>(
    `select w.tenant_id, t.status as tenant_status from whmcs_instances w join tenants t on t.tenant_id = w.tenant_id
      where w.id = $1 and w.status <> 'disconnected'`,
    [uuidOf(id)],
  )
  return row && { tenantId: idOf('ten', row.tenant_id), tenantStatus: row.tenant_status }
}

export async function setPairing(tx: TenantTx, instanceId: Id<'whm'>, digest: Buffer): Promise<void> {
  await tx.run(
    `insert into whmcs_modules (tenant_id, instance_id, pairing_digest, pairing_expires_at) values ($1, $2, $3, now() + interval '1 hour')
     on conflict (tenant_id, instance_id) do update set pairing_digest = excluded.pairing_digest, pairing_expires_at = excluded.pairing_expires_at`,
    [tx.tenantUuid, uuidOf(instanceId), digest],
  )
}

export async function voidPairing(tx: TenantTx, instanceId: Id<'whm'>): Promise<void> {
  await tx.run(
    'update whmcs_modules set pairing_digest = null, pairing_expires_at = null where tenant_id = $1 and instance_id = $2',
    [tx.tenantUuid, uuidOf(instanceId)],
  )
}

/** The code was used: the module holds the secret, and everything is wanted of it. */
export async function setPaired(tx: TenantTx, instanceId: Id<'whm'>, versions: ModuleVersions): Promise<void> {
  await tx.run(
    `update whmcs_modules set pairing_digest = null, pairing_expires_at = null, paired_at = now(), full_wanted_at = now(),
            module_version = $3, php_version = $4
      where tenant_id = $1 and instance_id = $2`,
    [tx.tenantUuid, uuidOf(instanceId), versions.module, versions.php],
  )
}

export interface ModuleVersions {
  module: string
  php: string
}

/** Takes a request id once. False when it was taken within the last quarter of an hour. */
export async function takeRequest(tx: TenantTx, instanceId: Id<'whm'>, requestId: string): Promise<boolean> {
  const taken = await tx.run(
    `insert into module_requests (tenant_id, instance_id, request_id) values ($1, $2, $3)
     on conflict (tenant_id, instance_id, request_id) do nothing`,
    [tx.tenantUuid, uuidOf(instanceId), requestId],
  )
  return taken === 1
}

/** Notes a call, at most once a minute; whoever signs has the secret, by pairing or by hand. Returns whether it was the first
 *  since the pairing. */
export async function touchModule(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  moduleVersion: string | null,
): Promise<{ first: boolean }> {
  const before = await tx.first<{ called_at: Date | null; first: boolean }>(
    `select called_at, called_at is null or called_at <= paired_at as first from whmcs_modules where tenant_id = $1 and instance_id = $2`,
    [tx.tenantUuid, uuidOf(instanceId)],
  )
  await tx.run(
    `insert into whmcs_modules as m (tenant_id, instance_id, paired_at, called_at, module_version) values ($1, $2, now(), now(), $3)
     on conflict (tenant_id, instance_id) do update
       set called_at = now(), paired_at = coalesce(m.paired_at, now()), module_version = coalesce(excluded.module_version, m.module_version)
     where m.called_at is null or m.called_at < now() - interval '1 minute' or m.called_at <= m.paired_at
        or m.module_version is distinct from coalesce(excluded.module_version, m.module_version)`,
    [tx.tenantUuid, uuidOf(instanceId), moduleVersion],
  )
  return { first: before?.first ?? true }
}

/** The installation answers again, or for the first time. */
export async function setReached(tx: TenantTx, instanceId: Id<'whm'>, at: Date): Promise<void> {
  await tx.run(
    `update whmcs_instances set status = 'active', error_code = null, error_message = null, last_seen_at = $3, updated_at = now()
      where tenant_id = $1 and id = $2 and status <> 'disconnected'`,
    [tx.tenantUuid, uuidOf(instanceId), at],
  )
}

/** The installation has not called for too long. */
export async function setSilent(tx: TenantTx, instanceId: Id<'whm'>, code: string, message: string): Promise<void> {
  await tx.run(
    `update whmcs_instances set status = 'error', error_code = $3, error_message = $4, updated_at = now()
      where tenant_id = $1 and id = $2 and status <> 'disconnected'`,
    [tx.tenantUuid, uuidOf(instanceId), code, message],
  )
}

/** What a module told of itself and of WHMCS. */
export async function setTold(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  told: { php: string; cronLastAt: Date | null; paymentMethods: ModuleRow['paymentMethods'] },
): Promise<void> {
  await tx.run(
    `update whmcs_modules set php_version = $3, cron_last_at = $4, payment_methods = $5 where tenant_id = $1 and instance_id = $2`,
    [tx.tenantUuid, uuidOf(instanceId), told.php, told.cronLastAt, JSON.stringify(told.paymentMethods)],
  )
}

/** Has everything pushed anew. False where no module was ever paired. */
export async function wantFull(tx: TenantTx, instanceId: Id<'whm'>): Promise<boolean> {
  const wanted = await tx.run(
    'update whmcs_modules set full_wanted_at = now() where tenant_id = $1 and instance_id = $2 and paired_at is not null',
    [tx.tenantUuid, uuidOf(instanceId)],
  )
  return wanted === 1
}

/** What waits: payments of this installation that are not settled, and decisions of the tenant that need a person. */
export async function countWaiting(
  tx: TenantTx,
  instanceId: Id<'whm'>,
): Promise<{ payments: number; reviews: number }> {
  return tx.one<{ payments: number; reviews: number }>(
    `select (select count(*)::int from payments
              where tenant_id = $1 and instance_id = $2 and state in ('pending', 'sending', 'unknown')) as payments,
            (select count(*)::int from transactions where tenant_id = $1 and match_status = 'suggested')
              + (select count(*)::int from payments where tenant_id = $1 and state = 'quarantined') as reviews`,
    [tx.tenantUuid, uuidOf(instanceId)],
  )
}

/** Paired modules that have not called for so long, of all tenants, and those of deleted tenants. */
export async function listToWatch(
  tx: Tx,
  silentMs: number,
): Promise<{ tenantId: TenantId; instanceId: Id<'whm'>; deleted: boolean }[]> {
  const rows = await tx.many<{ tenant_id: string; instance_id: string; deleted: boolean }>(
    `select m.tenant_id, m.instance_id, t.status = 'deleted' as deleted
       from whmcs_modules m join tenants t on t.tenant_id = m.tenant_id
       join whmcs_instances w on w.tenant_id = m.tenant_id and w.id = m.instance_id
      where m.paired_at is not null and w.mode = 'module' and w.status <> 'disconnected'
        and (t.status = 'deleted' or (t.status = 'active' and exists (
          select 1 from payments p where p.tenant_id = m.tenant_id and p.instance_id = m.instance_id and p.state in ('sending', 'unknown')
            and p.next_attempt_at <= now()))
          or (t.status = 'active' and w.status <> 'error' and coalesce(m.called_at, m.paired_at) < now() - $1 * interval '1 millisecond'))
      order by m.tenant_id, m.instance_id`,
    [silentMs],
  )
  return rows.map((row) => ({
    tenantId: idOf('ten', row.tenant_id),
    instanceId: idOf('whm', row.instance_id),
    deleted: row.deleted,
  }))
}
