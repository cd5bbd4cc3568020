import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { isUniqueViolation } from '../../database/transaction.ts'
import type { Vault } from '../../database/vault.ts'
import type { Actor } from '../../events/audit.ts'
import type { Outbound } from '../../outbound/index.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import { MIRROR_JOB } from '../mirror/job-name.ts'
import { waitForProof } from '../payments/wait-for-proof.ts'
import {
  alreadyConnected,
  DEFAULT_PAYMENT_METHOD,
  DEFAULT_SETTINGS,
  judgeSystemUrl,
  refuseHalfCredential,
} from './create-instance.ts'
import { closeProofAlerts } from './proof-again.ts'
import { forgetLooks } from './proof-queries.ts'
import {
  getInstance,
  hasInvoices,
  type InstanceRow,
  type InstanceSettings,
  lockInstance,
  updateInstance,
} from './queries.ts'
import { refuseUnknownMethod } from './payment-method.ts'
import { presentSettings } from './schemas.ts'

/** Undefined leaves a setting, null restores its default. */
export interface InstancePatch {
  systemUrl: string | undefined
  mode: 'api' | 'module' | null | undefined
  apiIdentifier: string | null | undefined
  apiSecret: string | null | undefined
  accessKey: string | null | undefined
  paymentMethod: string | null | undefined
  settings: { [Name in keyof InstanceSettings]?: InstanceSettings[Name] | null | undefined }
}

/** Changes how an installation is reached, and reads it anew. Another address must be proven again, and payments wait for that; the address of another
 *  installation is refused once invoices are mirrored, since ids would then mean other invoices; so is a payment method that WHMCS
 *  does not know. */
export async function changeInstance(
  deps: Parameters<typeof refuseUnknownMethod>[0] & { vault: Vault; outbound: Pick<Outbound, 'checkUrl'> },
  tenantId: TenantId,
  actor: Actor,
  id: Id<'whm'>,
  patch: InstancePatch,
): Promise<InstanceRow> {
  const { store, vault } = deps
  const address = patch.systemUrl === undefined ? undefined : await judgeSystemUrl(patch.systemUrl, deps.outbound)
  await checkMethod(deps, tenantId, id, { ...patch, systemUrl: address?.systemUrl })
  return store
    .change(tenantId, actor, async (tx) => {
      const before = await lockInstance(tx, id)
      if (!before) throw notFound()
      if (before.status === 'disconnected') {
        throw new AppError('resource_conflict', 'This installation was disconnected. Connect it anew.')
      }
      if (address && address.installation !== before.installation && (await hasInvoices(tx, id))) {
        throw new AppError('validation_failed', 'The address belongs to another installation. Connect that one anew.', {
          details: [{ field: 'system_url', issue: `Must remain the installation ${before.installation}` }],
        })
      }
      const sealed = async (column: string, text: string | null | undefined, was: Buffer | null) => {
        if (text === undefined || text === null) return text === null ? null : was
        return vault.seal(tx, { table: 'whmcs_instances', column, rowId: id }, text)
      }
      const apiIdentifier = patch.apiIdentifier === undefined ? before.apiIdentifier : patch.apiIdentifier
      const mode = patch.mode === undefined ? before.mode : (patch.mode ?? (apiIdentifier === null ? 'module' : 'api'))
      const moved = address !== undefined && address.systemUrl !== before.systemUrl
      const after = {
        id,
        systemUrl: address?.systemUrl ?? before.systemUrl,
        installation: address?.installation ?? before.installation,
        mode,
        apiIdentifier,
        sealedApiSecret: await sealed('sealed_api_secret', patch.apiSecret, before.sealedApiSecret),
        sealedAccessKey: await sealed('sealed_access_key', patch.accessKey, before.sealedAccessKey),
        paymentMethod:
          patch.paymentMethod === undefined ? before.paymentMethod : (patch.paymentMethod ?? DEFAULT_PAYMENT_METHOD),
        settings: settingsAfter(before.settings, patch.settings),
        verifiedAt: moved ? null : before.verifiedAt,
        verifiedBy: moved ? null : before.verifiedBy,
      }
      if (mode === 'api') refuseHalfCredential(after.apiIdentifier, after.sealedApiSecret)
      await updateInstance(tx, after)
      if (moved) {
        await forgetLooks(tx, id)
        await closeProofAlerts(tx, id)
        await waitForProof(tx, id)
      }
      if (mode === 'api') tx.job(MIRROR_JOB, { instanceId: id }, { onlyOne: id })
      // What is proposed says what becomes of a surplus.
      if (after.settings.surplus !== before.settings.surplus) tx.job(MATCH_JOB, {}, { onlyOne: tenantId })
      tx.audit({
        action: 'whmcs_instance.change',
        resource: { type: 'whmcs_instance', id },
        changes: {
          before: settingsOf(before),
          after: settingsOf(after),
          secrets: [
            ...(patch.apiSecret === undefined ? [] : ['api_secret']),
            ...(patch.accessKey === undefined ? [] : ['access_key']),
          ],
        },
      })
      return (await getInstance(tx, id))!
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error, 'whmcs_instances_once') ? alreadyConnected() : error
    })
}

/** A method that is not the one it was: WHMCS, or its module, is asked before anything is held. */
async function checkMethod(
  deps: Parameters<typeof refuseUnknownMethod>[0],
  tenantId: TenantId,
  id: Id<'whm'>,
  patch: InstancePatch,
): Promise<void> {
  const method = patch.paymentMethod === null ? DEFAULT_PAYMENT_METHOD : patch.paymentMethod
  if (method === undefined) return
  const before = await deps.store.read(tenantId, (tx) => getInstance(tx, id))
  if (!before || before.paymentMethod === method) return
  await refuseUnknownMethod(deps, tenantId, { id, method, mode: patch.mode ?? before.mode, access: patch })
}

function settingsAfter(before: InstanceSettings, patch: InstancePatch['settings']): InstanceSettings {
  const after = <Name extends keyof InstanceSettings>(name: Name): InstanceSettings[Name] => {
    const wanted = patch[name]
    return wanted === undefined ? before[name] : (wanted ?? DEFAULT_SETTINGS[name])
  }
  return {
    surplus: after('surplus'),
    confirmationEmail: after('confirmationEmail'),
    stripeFees: after('stripeFees'),
  }
}

const settingsOf = (row: Pick<InstanceRow, 'systemUrl' | 'mode' | 'apiIdentifier' | 'paymentMethod' | 'settings'>) => ({
  system_url: row.systemUrl,
  mode: row.mode,
  api_identifier: row.apiIdentifier,
  payment_method: row.paymentMethod,
  settings: presentSettings(row.settings),
})
