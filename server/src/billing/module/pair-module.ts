import { AppError } from '../../base/errors.ts'
import { closeAlert } from '../../events/alerts.ts'
import { lockInstance, setSeen } from '../instances/queries.ts'
import { readSystemUrl } from '../instances/system-url.ts'
import { alertCode } from '../mirror/settle-run.ts'
import { actorOf, limited, type RawCall, refuseAtRest, secretPlace } from './admit-call.ts'
import type { ModuleDeps } from './deps.ts'
import { isSameDigest, readPairingCode } from './pairing-code.ts'
import { PROVE_JOB } from './prove-module.ts'
import { findInstallation, getModule, setPaired, setReached } from './queries.ts'
import type { PairBody } from './schemas.ts'
import { proofOf, unixSeconds } from './signature.ts'

/** Codes tried from one network a minute: nobody mistypes more often. */
const TRIES_PER_MINUTE = 20
/** By then the module has kept the secret it was just given, and can answer for it. */
const PROVE_AFTER_MS = 5_000

/** Gives the module that shows an open code the secret of its installation, once. Throws `invalid_request` in the same words
 *  for every code that does not open, `resource_conflict` when the module runs in another WHMCS: then the code stays open. */
export async function pairModule(
  deps: ModuleDeps,
  raw: Omit<RawCall, 'params'>,
  body: PairBody,
): Promise<{ instance_id: string; secret: string; proof: string; server_time: number }> {
  await limited(deps, `module pair from:${deps.networkOf(raw.ip)}`, TRIES_PER_MINUTE)
  const code = readPairingCode(body.code)
  const found = code && (await deps.store.directory((tx) => findInstallation(tx, code.instanceId)))
  if (!code || !found) throw closedCode()
  const { tenantId } = found
  const secret = await deps.store.change(tenantId, actorOf(raw), async (tx) => {
    const instance = await lockInstance(tx, code.instanceId)
    const module = await getModule(tx, code.instanceId, { lock: true })
    const same = isSameDigest(module?.pairingDigest ?? null, code.digest)
    if (!instance || !module?.pairingOpen || !same || instance.status === 'disconnected' || instance.mode !== 'module')
      throw closedCode()
    refuseAtRest(found)
    refuseOther(instance.systemUrl, instance.installation, body.system_url)
    await setPaired(tx, instance.id, { module: body.module_version, php: body.php_version })
    await setSeen(tx, instance.id, tx.now, body.whmcs_version || null)
    await setReached(tx, instance.id, tx.now)
    if (instance.errorCode !== null) await closeAlert(tx, alertCode(instance.errorCode), instance.id)
    tx.audit({
      action: 'whmcs_instance.pair',
      resource: { type: 'whmcs_instance', id: instance.id },
      changes: { after: { module_version: body.module_version, whmcs_version: body.whmcs_version } },
    })
    if (instance.verifiedAt === null) {
      const delayMs = deps.scaled(PROVE_AFTER_MS)
      tx.job(PROVE_JOB, { instanceId: instance.id, attempt: 1 }, { onlyOne: instance.id, delayMs })
    }
    return deps.vault.open(tx, secretPlace(instance.id), instance.sealedWebhookSecret)
  })
  return {
    instance_id: code.instanceId,
    secret: secret.reveal(),
    proof: proofOf(secret, body.nonce),
    server_time: unixSeconds(deps.clock.now()),
  }
}

/** The same installation however its address is written: with or without `www.`, a slash at its end, or https. */
export function refuseOther(systemUrl: string, installation: string, told: string): void {
  const address = readSystemUrl(told)
  if (address?.installation === installation) return
  const theirs = address?.systemUrl ?? told.slice(0, 200).toWellFormed()
  throw new AppError(
    'resource_conflict',
    `This WHMCS calls itself ${theirs}; the installation in Payymo is ${systemUrl}. Correct the System URL on either side.`,
    {
      details: [
        { field: 'system_url', issue: theirs },
        { field: 'installation', issue: systemUrl },
      ],
    },
  )
}

const closedCode = (): AppError =>
  new AppError(
    'invalid_request',
    'This pairing code is not valid, was used, or is older than an hour. Make a new one in Payymo.',
    { details: [{ field: 'code', issue: 'Opens nothing' }] },
  )
