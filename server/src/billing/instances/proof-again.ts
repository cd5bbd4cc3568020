import type { Scaled } from '../../base/clock.ts'
import { eachApart } from '../../base/each-apart.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { Vault } from '../../database/vault.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import type { Change, Store } from '../../events/store.ts'
import type { Sweep } from '../../http/slice.ts'
import type { JobData, JobKind } from '../../jobs/queue.ts'
import type { Outbound } from '../../outbound/index.ts'
import { waitForProof } from '../payments/wait-for-proof.ts'
import { listProofsDue, setProofLook, takeProofDue, unprove } from './proof-queries.ts'
import { lookForProof, type ProofLook, proofsOf, type ResolveTxt } from './proofs.ts'
import { getInstance, type InstanceRow, lockInstance } from './queries.ts'

export const PROOF_JOB = 'check-proof'
const ACTOR = systemActor(PROOF_JOB)

/** How often a proof is looked at, and how soon again when it could not be (planned). */
export const PROOF_EVERY_MS = 24 * 3_600_000
const AGAIN_MS = 3_600_000
const SWEEP_MS = 5 * 60_000
const DUE_MAX = 200
/** Daily looks in a row without a proof: after so many the owner hears of it, after so many nothing is booked any more. */
const MISSED_ALERT = 3
const MISSED_MAX = 7

const MISSING = 'whmcs_proof_missing'
const LOST = 'whmcs_proof_lost'

export interface ProofDeps {
  store: Store
  vault: Vault
  outbound: Pick<Outbound, 'request'>
  resolveTxt: ResolveTxt
  scaled: Scaled
  log: Log
}

/** Looks again for the proof of an installation, the way it was proven, once a day.
 *
 *  Found: all is well, and what was missed before is forgotten. None, though the place could be looked at: the third day in a row
 *  opens an alert, the seventh takes the proof away; then the installation is read and not paid into, and payments wait until it
 *  is proven anew. A look that could not be made (name servers, network, firewall, a server in trouble) counts for nothing and
 *  is made again within the hour: a site that is down has not changed hands. */
export async function checkProof(deps: ProofDeps, tenantId: TenantId, id: Id<'whm'>): Promise<void> {
  const { store, vault } = deps
  const proven = await store.read(tenantId, async (tx) => {
    const instance = await getInstance(tx, id)
    if (!instance || !isProven(instance)) return undefined
    const place = { table: 'whmcs_instances', column: 'sealed_webhook_secret', rowId: id }
    return { instance, webhookSecret: await vault.open(tx, place, instance.sealedWebhookSecret) }
  })
  if (!proven?.instance.verifiedBy) return
  const { instance, webhookSecret } = proven
  const look = await lookForProof(proven.instance.verifiedBy, instance, webhookSecret, deps)
  if (look.found !== 'proof') deps.log.info('proof not found', { instance_id: id, reason: look.found })
  await store.change(tenantId, ACTOR, async (tx) => {
    const now = await lockInstance(tx, id)
    // Moved, verified anew or disconnected meanwhile: what was looked at is not what counts now.
    if (!now || !isProven(now) || now.systemUrl !== instance.systemUrl) return
    if (now.verifiedAt?.getTime() !== instance.verifiedAt?.getTime()) return
    await keepLook(tx, now, look, deps.scaled)
  })
}

async function keepLook(tx: Change, instance: InstanceRow, look: ProofLook, scaled: Scaled): Promise<void> {
  const { id, installation } = instance
  if (look.found === 'unknown') {
    return setProofLook(tx, id, { at: null, missed: instance.proofsMissed, fault: null, againInMs: scaled(AGAIN_MS) })
  }
  const missed = look.found === 'proof' ? 0 : instance.proofsMissed + 1
  const fault = look.found === 'proof' ? null : look.issue
  await setProofLook(tx, id, { at: tx.now, missed, fault, againInMs: scaled(PROOF_EVERY_MS) })
  if (missed === 0) return closeProofAlerts(tx, id)
  const subject = { type: 'whmcs_instance', id }
  const mend = `Put back ${placeOf(instance)}, or prove it another way, and press Check on the page of this WHMCS in Payymo, which shows all ways.`
  if (missed >= MISSED_MAX) {
    await unprove(tx, id)
    await waitForProof(tx, id)
    await closeAlert(tx, MISSING, id)
    await openAlert(tx, {
      code: LOST,
      severity: 'critical',
      subject,
      message: `The proof that the WHMCS at ${installation} is yours was not found for ${missed} days (${fault}). Its invoices are still read, but nothing is booked there: payments wait. ${mend}`,
    })
    tx.audit({
      action: 'whmcs_instance.unprove',
      resource: { type: 'whmcs_instance', id },
      changes: { before: { method: instance.verifiedBy }, after: { method: null, missed } },
    })
  } else if (missed >= MISSED_ALERT) {
    await openAlert(tx, {
      code: MISSING,
      severity: 'warning',
      subject,
      message: `The proof that the WHMCS at ${installation} is yours was not found for ${missed} days (${fault}). In ${MISSED_MAX - missed} more days Payymo stops booking payments there. ${mend}`,
    })
  }
}

const isProven = (instance: InstanceRow): boolean => instance.verifiedAt !== null && instance.status !== 'disconnected'

/** What stood where, by the way it was proven. */
function placeOf(instance: InstanceRow): string {
  const { module, file, dns } = proofsOf(instance)
  if (instance.verifiedBy === 'dns') return `the TXT record ${dns.name}`
  return instance.verifiedBy === 'file' ? `the file ${file.url}` : `the addon module, which answers at ${module.url}`
}

/** The proof is there, or nothing is to be proven any more. */
export async function closeProofAlerts(tx: Change, id: Id<'whm'>): Promise<void> {
  for (const code of [MISSING, LOST]) await closeAlert(tx, code, id)
}

export function proofJob(deps: ProofDeps): JobKind {
  return {
    queue: PROOF_JOB,
    concurrency: 4,
    expireInSeconds: 120,
    retryLimit: 0,
    retryDelaySeconds: 60,
    handle: (data: JobData) => checkProof(deps, data.tenantId, data.instanceId as Id<'whm'>),
  }
}

/** Has the proofs looked at that are due, over all tenants. Several processes may do so at once: each look is taken once, and one
 *  that is lost is due again within the hour. */
export function proofSweep({ store, scaled }: Pick<ProofDeps, 'store' | 'scaled'>): Sweep {
  return {
    name: PROOF_JOB,
    everyMs: Math.max(250, scaled(SWEEP_MS)),
    run: async () => {
      await eachApart(await store.directory((tx) => listProofsDue(tx, DUE_MAX)), ({ tenantId, instanceId }) =>
        store.change(tenantId, ACTOR, async (tx) => {
          if (await takeProofDue(tx, instanceId, scaled(AGAIN_MS))) {
            tx.job(PROOF_JOB, { instanceId }, { onlyOne: instanceId })
          }
        }),
      )
    },
  }
}
