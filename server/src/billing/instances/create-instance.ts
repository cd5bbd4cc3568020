import { randomBytes } from 'node:crypto'
import { AppError } from '../../base/errors.ts'
import { newId, type TenantId } from '../../base/ids.ts'
import { isUniqueViolation } from '../../database/transaction.ts'
import type { Vault } from '../../database/vault.ts'
import type { Actor } from '../../events/audit.ts'
import type { Outbound } from '../../outbound/index.ts'
import { MIRROR_JOB } from '../mirror/job-name.ts'
import { makePairingCode } from '../module/pairing-code.ts'
import { refuseUnknownMethod } from './payment-method.ts'
import { getInstance, insertInstance, type InstanceRow, type InstanceSettings } from './queries.ts'
import { readSystemUrl, type SystemUrl } from './system-url.ts'

export interface WantedInstance {
  systemUrl: string
  mode: 'api' | 'module' | undefined
  apiIdentifier: string | undefined
  apiSecret: string | undefined
  accessKey: string | undefined
  paymentMethod: string | undefined
  settings: Partial<InstanceSettings>
}

export const DEFAULT_PAYMENT_METHOD = 'banktransfer'
/** Nothing is written into WHMCS, and nothing held back there, that nobody asked for. */
export const DEFAULT_SETTINGS: InstanceSettings = { surplus: 'leave', confirmationEmail: true, stripeFees: false }

/** Connects a WHMCS installation and begins to read it. Returns the webhook secret as well, and where the module is waited for a
 *  code to pair it with, which are shown this once.
 *  Throws `invalid_request` and `validation_failed` naming the field (also for a payment method that WHMCS does not know), `resource_conflict` when the tenant has it already. */
export async function createInstance(
  deps: Parameters<typeof refuseUnknownMethod>[0] & {
    vault: Vault
    outbound: Pick<Outbound, 'checkUrl'>
    publicUrl(): string
  },
  tenantId: TenantId,
  actor: Actor,
  wanted: WantedInstance,
): Promise<{ instance: InstanceRow; webhookSecret: string; pairingCode: string | null }> {
  const { store, vault } = deps
  const address = await judgeSystemUrl(wanted.systemUrl, deps.outbound)
  // Without an API credential only the module can bring the invoices.
  const mode = wanted.mode ?? (wanted.apiIdentifier === undefined ? 'module' : 'api')
  if (mode === 'api') refuseHalfCredential(wanted.apiIdentifier ?? null, wanted.apiSecret ?? null)
  // The method that every WHMCS brings along is not asked after: most never name another.
  if (wanted.paymentMethod !== undefined && wanted.paymentMethod !== DEFAULT_PAYMENT_METHOD) {
    const access = { ...wanted, systemUrl: address.systemUrl }
    await refuseUnknownMethod(deps, tenantId, { method: wanted.paymentMethod, mode, access })
  }
  const id = newId('whm')
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`
  const { instance, pairingCode } = await store
    .change(tenantId, actor, async (tx) => {
      const seal = (column: string, text: string) =>
        vault.seal(tx, { table: 'whmcs_instances', column, rowId: id }, text)
      await insertInstance(tx, {
        id,
        ...address,
        mode,
        apiIdentifier: wanted.apiIdentifier ?? null,
        sealedApiSecret: wanted.apiSecret === undefined ? null : await seal('sealed_api_secret', wanted.apiSecret),
        sealedAccessKey: wanted.accessKey === undefined ? null : await seal('sealed_access_key', wanted.accessKey),
        sealedWebhookSecret: await seal('sealed_webhook_secret', webhookSecret),
        paymentMethod: wanted.paymentMethod ?? DEFAULT_PAYMENT_METHOD,
        settings: { ...DEFAULT_SETTINGS, ...wanted.settings },
        proofToken: randomBytes(16).toString('hex'),
      })
      if (mode === 'api') tx.job(MIRROR_JOB, { instanceId: id }, { onlyOne: id })
      tx.audit({
        action: 'whmcs_instance.create',
        resource: { type: 'whmcs_instance', id },
        changes: { after: { system_url: address.systemUrl, mode } },
      })
      const pairingCode = mode === 'module' ? await makePairingCode(tx, id, deps.publicUrl()) : null
      return { instance: (await getInstance(tx, id))!, pairingCode }
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error, 'whmcs_instances_once') ? alreadyConnected() : error
    })
  return { instance, webhookSecret, pairingCode }
}

/** The address in its plain form. Throws `invalid_request` for what is none, `validation_failed` for what we never call. */
export async function judgeSystemUrl(text: string, outbound: Pick<Outbound, 'checkUrl'>): Promise<SystemUrl> {
  const address = readSystemUrl(text)
  if (!address) {
    throw new AppError('invalid_request', 'The request contains invalid parameters', {
      details: [{ field: 'system_url', issue: 'Must be a web address such as https://example.com/billing' }],
    })
  }
  const fault = await outbound.checkUrl(address.systemUrl, 'tenant')
  if (fault !== null) {
    throw new AppError('validation_failed', fault, { details: [{ field: 'system_url', issue: fault }] })
  }
  return address
}

export function refuseHalfCredential(identifier: string | null, secret: unknown): void {
  const missing = [...(identifier === null ? ['api_identifier'] : []), ...(secret === null ? ['api_secret'] : [])]
  if (missing.length === 0) return
  throw new AppError('invalid_request', 'The request is missing required parameters', {
    details: missing.map((field) => ({ field, issue: 'This field is required' })),
  })
}

export const alreadyConnected = (): AppError =>
  new AppError('resource_conflict', 'This WHMCS installation is connected already.', {
    details: [{ field: 'system_url', issue: 'Another connection of this tenant has this address' }],
  })
