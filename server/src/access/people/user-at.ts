import { AppError } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Call } from './change-person.ts'
import type { People } from './deps.ts'
import { sessionOf } from './sessions.ts'
import { isActive } from './user-queries.ts'

/** Who the person with this browser's session is to the tenant; undefined without a session, or without a part in the tenant. For
 *  callbacks that must come back to the browser they were begun in. */
export async function userAt(people: People, call: Call, tenantId: TenantId): Promise<Id<'usr'> | undefined> {
  try {
    const { memberships } = await sessionOf(people, call)
    return memberships.find((one) => one.tenantId === tenantId && isActive(one))?.userId
  } catch (error) {
    if (error instanceof AppError && error.code === 'authentication_required') return undefined
    throw error
  }
}
