import { AppError } from '../../base/errors.ts'
import { newId, type TenantId } from '../../base/ids.ts'
import { isUniqueViolation } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { coversRole, type Role } from '../roles.ts'
import { getTenant } from '../tenants/queries.ts'
import { emailKey } from './address.ts'
import { newToken, tokenDigest } from './chance.ts'
import type { PeopleDeps } from './deps.ts'
import { invitationMail } from './mails.ts'
import { insertUser, type UserRow } from './user-queries.ts'

const INVITATION_MS = 7 * 86_400_000

/** What inviting needs. Without a mailer the link is only returned, for whoever hands it over. */
export type InviteDeps = Pick<PeopleDeps, 'store' | 'clock' | 'publicUrl'> &
  Partial<Pick<PeopleDeps, 'mailer' | 'productNameOf'>>

/** Invites an address into the tenant: by mail, seven days, once. The returned `link` is the only time it is seen. `granter`:
 *  what the inviter holds; nobody gives a role that holds more (403). Throws `resource_conflict` when the address is a user
 *  of this tenant already, invited ones included. */
export async function inviteUser(
  deps: InviteDeps,
  tenantId: TenantId,
  actor: Actor,
  granter: ReadonlySet<string>,
  wanted: { email: string; name: string; role: Role },
): Promise<{ user: UserRow; link: string }> {
  if (!coversRole(granter, wanted.role)) throw roleTooHigh(wanted.role)
  const invitation = newInvitation(deps)
  const product = await productName(deps, tenantId)
  try {
    const user = await deps.store.change(tenantId, actor, async (tx) => {
      const made = await insertUser(tx, {
        id: newId('usr'),
        ...wanted,
        emailKey: emailKey(wanted.email),
        ...invitation.row,
      })
      await sendInvitation(deps, tx, made, product, invitation.link)
      tx.audit({ action: 'user.invite', resource: { type: 'user', id: made.id }, changes: { after: { ...wanted } } })
      return made
    })
    return { user, link: invitation.link }
  } catch (error) {
    if (!isUniqueViolation(error, 'users_email')) throw error
    throw new AppError(
      'resource_conflict',
      'This address is a user of this tenant already. PATCH the user with status "invited" to send an open invitation again.',
      { details: [{ field: 'email', issue: 'Is a user of this tenant already' }] },
    )
  }
}

/** A fresh link, and what is kept of it. A former link no longer holds once the row is written. */
export function newInvitation(deps: InviteDeps): {
  link: string
  row: { invitationDigest: Buffer; invitationExpiresAt: Date }
} {
  const token = newToken()
  return {
    link: `${deps.publicUrl()}/auth/accept?token=${token}`,
    row: {
      invitationDigest: tokenDigest(token),
      invitationExpiresAt: new Date(deps.clock.now().getTime() + INVITATION_MS),
    },
  }
}

/** Queues the mail of an invitation in the change that makes it. */
export async function sendInvitation(
  deps: InviteDeps,
  tx: Change,
  user: UserRow,
  product: string,
  link: string,
): Promise<void> {
  const tenant = await getTenant(tx)
  if (!tenant || !deps.mailer) return
  await deps.mailer.queue(
    tx,
    invitationMail({
      to: user.email,
      locale: tenant.settings.locale,
      product,
      tenant: tenant.name,
      // A key's name says nothing to the person invited.
      ...(tx.actor.type === 'user' ? { inviter: tx.actor.name } : {}),
      link,
    }),
  )
}

/** How the product is called there. */
export const productName = async (
  deps: Partial<Pick<PeopleDeps, 'productNameOf'>>,
  tenantId: TenantId,
): Promise<string> => (await deps.productNameOf?.(tenantId)) ?? 'Payymo'

export const roleTooHigh = (role: Role): AppError =>
  new AppError(
    'permission_denied',
    `The role ${role} holds more than you do, so it is not yours to give or to change`,
    {
      details: [{ field: 'role', issue: role }],
    },
  )
