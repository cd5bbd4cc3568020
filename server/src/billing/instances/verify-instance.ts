import type { Scaled } from '../../base/clock.ts'
import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { isUniqueViolation } from '../../database/transaction.ts'
import type { Vault } from '../../database/vault.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import type { Outbound } from '../../outbound/index.ts'
import { lookForProof, PROOF_METHODS, type ResolveTxt } from './proofs.ts'
import { resumeProven } from '../payments/wait-for-proof.ts'
import { PROOF_EVERY_MS, closeProofAlerts } from './proof-again.ts'
import { getInstance, type InstanceRow, lockInstance, type ProofMethod, setVerified } from './queries.ts'
import { presentInstance } from './schemas.ts'

/** Looks for the proof that the tenant controls the installation, by one way or by all in turn. From then on payments may go
 *  there, also those that waited for it. Throws `validation_failed` that says what each proof found, `resource_conflict` when
 *  another tenant has proven the same installation. */
export async function verifyInstance(
  deps: {
    store: Store
    vault: Vault
    outbound: Pick<Outbound, 'request'>
    resolveTxt: ResolveTxt
    scaled: Scaled
  },
  tenantId: TenantId,
  actor: Actor,
  id: Id<'whm'>,
  method: ProofMethod | undefined,
): Promise<InstanceRow> {
  const { store, vault } = deps
  const { instance, webhookSecret } = await store.read(tenantId, async (tx) => {
    const row = await getInstance(tx, id)
    if (!row) throw notFound()
    if (row.status === 'disconnected') throw disconnected()
    const place = { table: 'whmcs_instances', column: 'sealed_webhook_secret', rowId: id }
    return { instance: row, webhookSecret: await vault.open(tx, place, row.sealedWebhookSecret) }
  })
  const found: { field: string; issue: string }[] = []
  for (const each of method === undefined ? PROOF_METHODS : [method]) {
    const look = await lookForProof(each, instance, webhookSecret, deps)
    if (look.found === 'proof') return keepProof(deps, tenantId, actor, instance, each)
    found.push({ field: each, issue: look.issue })
  }
  throw new AppError('validation_failed', 'No proof was found that this installation is yours.', { details: found })
}

async function keepProof(
  { store, scaled }: { store: Store; scaled: Scaled },
  tenantId: TenantId,
  actor: Actor,
  proven: InstanceRow,
  method: ProofMethod,
): Promise<InstanceRow> {
  const { id } = proven
  return store
    .change(tenantId, actor, async (tx) => {
      const before = await lockInstance(tx, id)
      // What was proven is the address we looked at, which may have changed meanwhile.
      if (!before || before.status === 'disconnected' || before.systemUrl !== proven.systemUrl) throw disconnected()
      await setVerified(tx, id, { method, at: tx.now, againInMs: scaled(PROOF_EVERY_MS) })
      await closeProofAlerts(tx, id)
      await resumeProven(tx, id)
      const after = (await getInstance(tx, id))!
      if (before.verifiedAt === null) tx.event('whmcs_instance.verified', id, presentInstance(after))
      tx.audit({
        action: 'whmcs_instance.verify',
        resource: { type: 'whmcs_instance', id },
        changes: { after: { method, system_url: after.systemUrl } },
      })
      return after
    })
    .catch((error: unknown) => {
      if (!isUniqueViolation(error, 'whmcs_instances_verified')) throw error
      throw new AppError(
        'resource_conflict',
        'This installation is verified by another account. It must be disconnected there first.',
      )
    })
}

const disconnected = (): AppError =>
  new AppError('resource_conflict', 'This installation was disconnected or changed meanwhile.')
