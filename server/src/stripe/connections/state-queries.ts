import { createHash } from 'node:crypto'
import { type Id, idOf, newId, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'

/** `caller`: Stripe sends the browser to the caller's address, who posts code and state. `browser`: Stripe sends it to us. */
export type Way = 'caller' | 'browser'
export type Outcome = 'connected' | 'declined' | 'failed'

/** One try to connect. Its state goes from unused to used once, whatever comes of it; `outcome` is null while it is worked on. */
export interface StateRow {
  uuid: string
  connectionId: Id<'strc'>
  actor: Actor
  livemode: boolean
  redirectUrl: string
  way: Way
  consumed: boolean
  expired: boolean
  outcome: Outcome | null
  error: string | null
}

/** How long the merchant may take at Stripe (reliability 38). No planned wait: it is not scaled. */
export const STATE_MS = 600_000

/** What is kept of a state: it is the key to the way back. */
export const stateDigest = (state: string): Buffer => createHash('sha256').update(state).digest()

/** Returns when it ends, by the database's clock. */
export async function insertState(
  tx: TenantTx,
  state: {
    digest: Buffer
    connectionId: Id<'strc'>
    actor: Actor
    livemode: boolean
    redirectUrl: string
    way: Way
  },
): Promise<{ expiresAt: Date }> {
  const row = await tx.one<{ expires_at: Date }>(
    `insert into stripe_states (tenant_id, id, connection_id, state_digest, actor, livemode, redirect_url, way, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 millisecond') returning expires_at`,
    [
      tx.tenantUuid,
      uuidOf(newId('req')),
      uuidOf(state.connectionId),
      state.digest,
      JSON.stringify(state.actor),
      state.livemode,
      state.redirectUrl,
      state.way,
      STATE_MS,
    ],
  )
  return { expiresAt: row.expires_at }
}

/** Whose try it is that a browser comes back from. */
export async function findState(tx: Tx, digest: Buffer): Promise<TenantId | undefined> {
  const row = await tx.first<{ tenant_id: string }>(
    `select s.tenant_id from stripe_states s join tenants t on t.tenant_id = s.tenant_id and t.status = 'active'
      where s.state_digest = $1`,
    [digest],
  )
  return row && idOf('ten', row.tenant_id)
}

const COLUMNS = `s.id, s.connection_id, s.actor, s.livemode, s.redirect_url, s.way, s.consumed_at is not null as consumed,
  s.expires_at <= now() as expired, s.outcome, s.error`

export async function getState(tx: TenantTx, digest: Buffer): Promise<StateRow | undefined> {
  const row = await tx.first<StateRecord>(
    `select ${COLUMNS} from stripe_states s where s.tenant_id = $1 and s.state_digest = $2`,
    [tx.tenantUuid, digest],
  )
  return row && stateOf(row)
}

export async function getStateById(tx: TenantTx, uuid: string): Promise<StateRow | undefined> {
  const row = await tx.first<StateRecord>(
    `select ${COLUMNS} from stripe_states s where s.tenant_id = $1 and s.id = $2`,
    [tx.tenantUuid, uuid],
  )
  return row && stateOf(row)
}

/** Uses the state, if it is neither used nor run out: of any number of calls at once one gets true. */
export async function consumeState(tx: TenantTx, uuid: string): Promise<boolean> {
  const used = await tx.run(
    `update stripe_states set consumed_at = now(), updated_at = now()
      where tenant_id = $1 and id = $2 and consumed_at is null and expires_at > now()`,
    [tx.tenantUuid, uuid],
  )
  return used === 1
}

/** Writes down what came of it, once: false when that is known already. `connectionId`: the connection that has the account. */
export async function setOutcome(
  tx: TenantTx,
  uuid: string,
  outcome: Outcome,
  more: { connectionId?: Id<'strc'>; error?: string } = {},
): Promise<boolean> {
  const set = await tx.run(
    `update stripe_states set outcome = $3, connection_id = coalesce($4, connection_id), error = $5,
       consumed_at = coalesce(consumed_at, now()), updated_at = now()
      where tenant_id = $1 and id = $2 and outcome is null`,
    [
      tx.tenantUuid,
      uuid,
      outcome,
      more.connectionId === undefined ? null : uuidOf(more.connectionId),
      more.error ?? null,
    ],
  )
  return set === 1
}

/** The tries of a connection that have no outcome yet. */
export async function listOpenStates(tx: TenantTx, connectionId: Id<'strc'>): Promise<StateRow[]> {
  const rows = await tx.many<StateRecord>(
    `select ${COLUMNS} from stripe_states s where s.tenant_id = $1 and s.connection_id = $2 and s.outcome is null for no key update`,
    [tx.tenantUuid, uuidOf(connectionId)],
  )
  return rows.map(stateOf)
}

interface StateRecord {
  id: string
  connection_id: string
  actor: Actor
  livemode: boolean
  redirect_url: string
  way: Way
  consumed: boolean
  expired: boolean
  outcome: Outcome | null
  error: string | null
}

const stateOf = (row: StateRecord): StateRow => ({
  uuid: row.id,
  connectionId: idOf('strc', row.connection_id),
  actor: row.actor,
  livemode: row.livemode,
  redirectUrl: row.redirect_url,
  way: row.way,
  consumed: row.consumed,
  expired: row.expired,
  outcome: row.outcome,
  error: row.error,
})
