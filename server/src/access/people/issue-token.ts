import { AppError, notFound } from '../../base/errors.ts'
import { newAccessToken, tokenDigest } from './chance.ts'
import type { Call } from './change-person.ts'
import type { People } from './deps.ts'
import { hasToken, insertAccessToken } from './session-queries.ts'
import { ABSOLUTE_MS, type OpenSession } from './sessions.ts'
import { getUser, isActive, isOpen, type Membership, noteSignIn } from './user-queries.ts'

const TOKEN_MS = 10 * 60_000

/** A short bearer token for the API, as the person's user of one tenant: the one named, else the first that lets him in. The
 *  first of a session in a tenant is written into that tenant's audit trail as a sign-in. Throws `resource_not_found` for a
 *  tenant the person does not belong to, `permission_denied` where he is disabled or the tenant is suspended. */
export async function issueToken(
  people: People,
  call: Call,
  session: OpenSession,
  tenantId: string | undefined,
): Promise<{ accessToken: string; expiresInSeconds: number }> {
  const membership = choose(session.memberships, tenantId)
  const now = people.clock.now()
  const endsAt = Math.min(now.getTime() + TOKEN_MS, session.startedAt.getTime() + ABSOLUTE_MS)
  const accessToken = newAccessToken()
  const actor = { type: 'user' as const, id: membership.userId, name: '', ip: call.ip, requestId: call.requestId }
  const user = await people.store.read(membership.tenantId, (tx) => getUser(tx, membership.userId))
  if (user?.status !== 'active') throw shut('This tenant has disabled your access. Ask an owner of it.')
  await people.store.change(membership.tenantId, { ...actor, name: user.name || user.email }, async (tx) => {
    if (!(await hasToken(tx, session))) {
      await noteSignIn(tx, user.id, tx.now)
      tx.audit({ action: 'user.sign_in', resource: { type: 'user', id: user.id } })
    }
    await insertAccessToken(tx, {
      digest: tokenDigest(accessToken),
      userId: user.id,
      personUuid: session.personUuid,
      sessionId: session.id,
      signedInAt: session.signedInAt,
      expiresAt: new Date(endsAt),
    })
  })
  return { accessToken, expiresInSeconds: Math.floor((endsAt - now.getTime()) / 1000) }
}

function choose(memberships: Membership[], tenantId: string | undefined): Membership {
  if (tenantId === undefined) {
    const first = memberships.find(isOpen)
    if (!first) throw shut('The tenants you belong to are suspended. Ask whoever runs this installation.')
    return first
  }
  const named = memberships.find((one) => one.tenantId === tenantId)
  if (!named) throw notFound()
  if (!isActive(named)) throw shut('This tenant has disabled your access. Ask an owner of it.')
  if (!isOpen(named)) throw shut('This tenant is suspended. Ask whoever runs this installation.')
  return named
}

const shut = (message: string): AppError => new AppError('permission_denied', message)
