import { notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { AlertRow } from '../events/alerts.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { getAlert, markClosed } from './queries.ts'

/** A person has seen to it. One that is closed already stays as it is; what is noticed again is a new alert. Throws
 *  `resource_not_found`. */
export async function closeByPerson(store: Store, tenantId: TenantId, actor: Actor, id: Id<'alr'>): Promise<AlertRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await getAlert(tx, id)
    if (!before) throw notFound()
    if (await markClosed(tx, id, tx.now)) {
      tx.audit({
        action: 'alert.close',
        resource: { type: 'alert', id },
        changes: {
          before: { status: 'open', code: before.code, subject: before.subject },
          after: { status: 'closed' },
        },
      })
    }
    return (await getAlert(tx, id))!
  })
}
