import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { makePairingCode } from '../module/pairing-code.ts'
import { lockInstance } from './queries.ts'

/** Makes a code to pair the module of an installation with; the former is void. Throws `resource_not_found`, and
 *  `resource_conflict` for an installation that no module is waited for. */
export async function offerPairing(
  deps: { store: Store; publicUrl(): string },
  tenantId: TenantId,
  actor: Actor,
  id: Id<'whm'>,
): Promise<string> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const instance = await lockInstance(tx, id)
    if (!instance) throw notFound()
    if (instance.status === 'disconnected') {
      throw new AppError('resource_conflict', 'This installation was disconnected. Connect it anew.')
    }
    if (instance.mode !== 'module') {
      throw new AppError(
        'resource_conflict',
        'This installation is reached over the API. Set its mode to module, then pair the module.',
      )
    }
    return makePairingCode(tx, id, deps.publicUrl())
  })
}
