/** People: who works for which tenant, in what role, and how they prove who they are. */
import type { Slice } from '../../http/slice.ts'
import type { People, PeopleDeps } from './deps.ts'
import { createGate } from './gate.ts'
import { resetJob } from './forgot-password.ts'
import { passwordRoutes } from './password-routes.ts'
import { createPasswords } from './passwords.ts'
import { sessionRoutes } from './session-routes.ts'
import { eraseSweep, peopleSweep } from './sweep.ts'
import { tellJob } from './tell-tenants.ts'
import { userRoutes } from './user-routes.ts'

export { ROLES, type Role } from '../roles.ts'
export type { People, PeopleDeps } from './deps.ts'
export { type InviteDeps, inviteUser } from './invite-user.ts'
export { inviteFirstOwner, renewFirstOwner } from './first-owner.ts'
export { peopleTokens } from './people-tokens.ts'
export { changeUser, deleteUser } from './change-user.ts'
export { emailKey } from './address.ts'
export { listUsers, ownersOf, type UserRow } from './user-queries.ts'
export { userAt } from './user-at.ts'

/** Each takes a connection and much of its time a processor. */
const AT_ONCE = 4
/** About half a second: who waits longer has gone, or is not a person. */
const WAITING = 30

/** One for the whole process: whatever signs people in shares the hashes and sign-ins that may be under way at once. */
export const createPeople = (deps: PeopleDeps): People => ({
  ...deps,
  passwords: createPasswords(deps.pepper),
  admit: createGate(AT_ONCE, WAITING),
})

/** Users under /api, signing in outside it. */
export function peopleSlice(people: People): Slice {
  return {
    routes: [...userRoutes(people), ...sessionRoutes(people), ...passwordRoutes(people)],
    jobs: [resetJob(people), tellJob(people)],
    sweeps: [peopleSweep(people), eraseSweep(people)],
  }
}
