import { inviteFirstOwner, renewFirstOwner } from '../access/index.ts'
import type { TenantId } from '../base/ids.ts'
import type { Payymo } from '../main.ts'

/** Nobody reads mail there: names under .example are kept for examples. Source: RFC 2606 */
const OWNER = { email: 'owner@sandbox.example', name: 'Sandbox owner' }

/** A link by which whoever reads the terminal becomes the owner of the sandbox company; a fresh one at each start, until somebody
 *  has come in. Undefined afterwards. No mail is sent. */
export async function inviteSandboxOwner(
  { people }: Pick<Payymo, 'people'>,
  tenantId: TenantId,
): Promise<{ link: string; email: string } | undefined> {
  const { store, clock, publicUrl } = people
  const deps = { store, clock, publicUrl }
  const made = (await inviteFirstOwner(deps, tenantId, OWNER)) ?? (await renewFirstOwner(deps, tenantId, OWNER.email))
  return made && { link: made.link, email: OWNER.email }
}
