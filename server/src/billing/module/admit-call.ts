import type { z } from 'zod'
import { AppError, notFound } from '../../base/errors.ts'
import { type Id, isId, type TenantId } from '../../base/ids.ts'
import { readJson } from '../../base/json.ts'
import type { Secret } from '../../base/secret.ts'
import { closeAlert } from '../../events/alerts.ts'
import { type Actor, systemActor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { check } from '../../http/validate.ts'
import { getInstance, type InstanceRow } from '../instances/queries.ts'
import { alertCode } from '../mirror/settle-run.ts'
import { CALLS_PER_MINUTE, type ModuleDeps, NETWORK_PER_MINUTE } from './deps.ts'
import { findInstallation, setReached, takeRequest, touchModule } from './queries.ts'
import { badSignature, checkSignature, replayed, SIGNATURE_HEADER } from './signature.ts'

/** The parts of a request that a module's call is judged by. */
export interface RawCall {
  params: { id: string }
  rawBody: Buffer
  header(name: string): string | undefined
  requestId: string
  ip: string
}

/** A signed message of an installation, whose body nobody has looked at yet. */
export interface Signed {
  tenantId: TenantId
  tenantStatus: 'active' | 'suspended' | 'deleted'
  instance: InstanceRow
  secret: Secret
  actor: Actor
  text: string
}

/** A module's call that may go on: signed, in time, for this call, for the first time. */
export interface ModuleCall<Body> extends Signed {
  body: Body
  /** The first call since the module was paired. */
  first: boolean
}

/** Who signed these bytes. The tenant follows from the id in the address, and the signature is checked before anything of the
 *  body is read. Throws `rate_limit_exceeded` for a network that calls too often, `resource_not_found` for an installation that
 *  is unknown or disconnected, `invalid_request` for a signature that is wrong or too old or new. */
export async function readSigned(deps: ModuleDeps, raw: RawCall): Promise<Signed> {
  await limited(deps, `module from:${deps.networkOf(raw.ip)}`, NETWORK_PER_MINUTE)
  const { id } = raw.params
  const found = isId('whm', id) ? await deps.store.directory((tx) => findInstallation(tx, id)) : undefined
  if (!found) throw notFound()
  const opened = await deps.store.read(found.tenantId, async (tx) => {
    const instance = await getInstance(tx, id as Id<'whm'>)
    if (!instance || instance.status === 'disconnected') throw notFound()
    return { instance, secret: await deps.vault.open(tx, secretPlace(instance.id), instance.sealedWebhookSecret) }
  })
  checkSignature(raw.header(SIGNATURE_HEADER), raw.rawBody, opened.secret, deps.clock.now())
  return { ...found, ...opened, actor: actorOf(raw), text: textOf(raw.rawBody) }
}

/** Admits one call of a module, and takes its request id. Beyond what `readSigned` throws: `invalid_request` for a body out of
 *  shape, made for another call, or seen before; `resource_conflict` for an installation that is reached over the API, and while
 *  the tenant is suspended. `atRest` lets a tenant at rest through: what was handed out before is still settled. */
export async function admitCall<S extends z.ZodType<{ call: string; request_id: string; module_version: string }>>(
  deps: ModuleDeps,
  raw: RawCall,
  kind: { call: string; schema: S; atRest?: boolean },
): Promise<ModuleCall<z.output<S>>> {
  const signed = await readSigned(deps, raw)
  const body = check(kind.schema, readJson(signed.text), 'body') as z.output<S>
  if (body.call !== kind.call) throw badSignature()
  await limited(deps, `module:${signed.instance.id}`, CALLS_PER_MINUTE)
  if (!kind.atRest) refuseAtRest(signed)
  if (signed.instance.mode !== 'module') {
    throw new AppError('resource_conflict', 'This installation is reached over the API. Set its mode to module first.')
  }
  const { first } = await deps.store.change(signed.tenantId, signed.actor, async (tx) => {
    if (!(await takeRequest(tx, signed.instance.id, body.request_id))) throw replayed()
    return noteCall(tx, signed.instance, body.module_version || null)
  })
  return { ...signed, body, first }
}

/** The module has called: whatever said that it does not is over. */
export async function noteCall(
  tx: Change,
  instance: InstanceRow,
  moduleVersion: string | null,
): Promise<{ first: boolean }> {
  const touched = await touchModule(tx, instance.id, moduleVersion)
  if (instance.mode === 'module' && (instance.status !== 'active' || touched.first)) {
    await setReached(tx, instance.id, tx.now)
    if (instance.errorCode !== null) await closeAlert(tx, alertCode(instance.errorCode), instance.id)
  }
  return touched
}

export function refuseAtRest({ tenantStatus }: Pick<Signed, 'tenantStatus'>): void {
  if (tenantStatus === 'deleted') throw notFound()
  if (tenantStatus === 'suspended') {
    throw new AppError('resource_conflict', 'This account is suspended. Nothing is taken or booked until it is active.')
  }
}

/** One use of a limit, or `rate_limit_exceeded`. */
export async function limited(deps: Pick<ModuleDeps, 'limit'>, subject: string, perMinute: number): Promise<void> {
  const use = await deps.limit(subject, perMinute)
  if (use.admitted) return
  throw new AppError('rate_limit_exceeded', `At most ${perMinute} calls a minute are taken from here.`, {
    retryAfterSeconds: use.retryAfterSeconds,
  })
}

export const secretPlace = (instanceId: Id<'whm'>) => ({
  table: 'whmcs_instances',
  column: 'sealed_webhook_secret',
  rowId: instanceId,
})

export const actorOf = ({ ip, requestId }: Pick<RawCall, 'ip' | 'requestId'>): Actor => ({
  ...systemActor('whmcs-module'),
  ip,
  requestId,
})

/** The body as text that PostgreSQL can keep: what is no character becomes U+FFFD instead of making every push fail that holds
 *  it. Escapes are read one by one, so that an escaped backslash before a `u` stays what it is. */
function textOf(raw: Buffer): string {
  return raw
    .toString('utf8')
    .replaceAll(
      /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})|\\./gs,
      (escape) => (escape.length === 6 && /^\\u(0000|d[89a-f])/i.test(escape) ? '\\ufffd' : escape),
    )
}
