import { notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import { getClient } from './client-queries.ts'
import { forgetPayer as forgetRow } from './payer-queries.ts'

/** A person has matching forget that this payer pays for this client; open suggestions are judged anew. Decisions that come later
 *  teach it again. Throws `not_found` where nothing is remembered under the number. */
export async function forgetPayer(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  { clientId, n }: { clientId: Id<'cli'>; n: number },
): Promise<void> {
  await store.change(tenantId, actor, async (tx) => {
    const name = (await getClient(tx, clientId)) && (await forgetRow(tx, clientId, n, tx.now))
    if (name === undefined) throw notFound()
    tx.audit({
      action: 'client.forget_payer',
      resource: { type: 'client', id: clientId },
      changes: { before: { payer: name } },
    })
    tx.job(MATCH_JOB, {}, { onlyOne: tenantId })
  })
}
