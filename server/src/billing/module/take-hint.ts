import { readJson } from '../../base/json.ts'
import { check } from '../../http/validate.ts'
import { limited, noteCall, type RawCall, readSigned, refuseAtRest } from './admit-call.ts'
import { HINTS_PER_MINUTE, type ModuleDeps } from './deps.ts'
import { HINT_JOB } from './follow-hint.ts'
import { takeEvent } from './event-queries.ts'
import { type HintBody, hintSchema } from './schemas.ts'

/** Takes a hint of a module, once however often it comes: kept with the job that follows it, and nothing more is done here.
 *  Kinds that nobody knows are kept and lead to nothing. Throws what `readSigned` throws. */
export async function takeHint(deps: ModuleDeps, raw: RawCall): Promise<void> {
  const signed = await readSigned(deps, raw)
  await limited(deps, `module hints:${signed.instance.id}`, HINTS_PER_MINUTE)
  refuseAtRest(signed)
  const { event_id: eventId, event, data } = check(hintSchema, readJson(signed.text), 'body') as HintBody
  const { instance } = signed
  await deps.store.change(signed.tenantId, signed.actor, async (tx) => {
    const hint = { event, invoiceId: data.invoice_id ?? null, clientId: data.client_id ?? null }
    if (!(await takeEvent(tx, instance.id, eventId, hint))) return
    await noteCall(tx, instance, null)
    tx.job(HINT_JOB, { instanceId: instance.id, eventId })
  })
}
