import { isoSeconds } from '../../base/clock.ts'
import { setSeen } from '../instances/queries.ts'
import type { ModuleCall } from './admit-call.ts'
import type { ModuleDeps } from './deps.ts'
import { refuseOther } from './pair-module.ts'
import { PROVE_JOB } from './prove-module.ts'
import { countWaiting, getModule, setTold } from './queries.ts'
import type { StateBody } from './schemas.ts'
import { unixSeconds } from './signature.ts'
import { takeWanted } from './wanted-queries.ts'

/** What clients are asked to quote; the module puts number and id in. */
const REFERENCE_HINT = '{number}'

/** Keeps what the module tells of itself, and tells it how the installation stands and what is wanted of it. Throws
 *  `resource_conflict` when the module runs in another WHMCS than the installation's: a copy of it, or one that has moved. */
export async function tellState(deps: ModuleDeps, call: ModuleCall<StateBody>) {
  const { tenantId, actor, instance, body, first } = call
  refuseOther(instance.systemUrl, instance.installation, body.system_url)
  const publicUrl = deps.publicUrl()
  return deps.store.change(tenantId, actor, async (tx) => {
    await setTold(tx, instance.id, {
      php: body.php_version,
      cronLastAt: readTime(body.cron_last_at),
      paymentMethods: body.payment_methods,
    })
    await setSeen(tx, instance.id, tx.now, body.whmcs_version || null)
    // The module has surely kept the secret by now, and can show it.
    if (first && instance.verifiedAt === null) {
      tx.job(PROVE_JOB, { instanceId: instance.id, attempt: 1 }, { onlyOne: instance.id })
    }
    const module = (await getModule(tx, instance.id))!
    const waiting = await countWaiting(tx, instance.id)
    return {
      status: 'active',
      verified: instance.verifiedAt !== null,
      server_time: unixSeconds(deps.clock.now()),
      settings: {
        payment_method: instance.paymentMethod,
        no_email: !instance.settings.confirmationEmail,
        review_url: publicUrl.startsWith('https://') ? `${publicUrl}/` : null,
        reference_hint: REFERENCE_HINT,
      },
      pending_payments: waiting.payments,
      waiting_for_review: waiting.reviews,
      last_push_at: module.lastPushAt && isoSeconds(module.lastPushAt),
      wanted: { full: module.fullWanted, invoices: await takeWanted(tx, instance.id) },
    }
  })
}

/** A time as PHP writes it, or Unix seconds; null for what is none. */
function readTime(told: string | number | null | undefined): Date | null {
  if (told === null || told === undefined || told === '') return null
  const text = String(told)
  const at = /^\d{1,12}$/.test(text) ? new Date(Number.parseInt(text, 10) * 1000) : new Date(text)
  return Number.isNaN(at.getTime()) || at.getTime() < 0 ? null : at
}
