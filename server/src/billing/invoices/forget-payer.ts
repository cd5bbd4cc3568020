import { notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import { getClient } from './client-queries.ts'
import { forgetDecisions, getPayer, keepNumbers, setSays } from './payer-queries.ts'

/** A person has matching forget that this payer pays for this client, or never does; open suggestions are judged anew. Decisions that come later
 *  teach it again. Throws `not_found` where nothing is remembered under the number. */
export async function forgetPayer(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  { clientId, n }: { clientId: Id<'cli'>; n: number },
): Promise<void> {
  await store.change(tenantId, actor, async (tx) => {
    if (!(await getClient(tx, clientId))) throw notFound()
    await keepNumbers(tx, clientId)
    const payer = await getPayer(tx, clientId, n)
    if (!payer) throw notFound()
    await forgetDecisions(tx, clientId, n, tx.now)
    await setSays(tx, clientId, n, null)
    tx.audit({
      action: 'client.forget_payer',
      resource: { type: 'client', id: clientId },
      changes: { before: { payer: payer.name } },
    })
    tx.job(MATCH_JOB, {}, { onlyOne: tenantId })
  })
}
