import { notFound } from '../../base/errors.ts'
import { isId } from '../../base/ids.ts'
import { type ListSource, listBody, listExample, listPage, listQuery, listSchema } from '../../http/list.ts'
import { created, noContent, ok, type Route, type TenantCaller, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { ROLES } from '../roles.ts'
import { changeUser, deleteUser } from './change-user.ts'
import type { PeopleDeps } from './deps.ts'
import { inviteUser } from './invite-user.ts'
import { refuseBeyond } from './limits.ts'
import {
  createUserSchema,
  invitedExample,
  patchUserSchema,
  presentUser,
  STATUSES,
  userExample,
  userSchema,
} from './schemas.ts'
import { getUser, USER_COLUMNS, type UserRow, userOf } from './user-queries.ts'

const USER_LIST: ListSource = {
  select: USER_COLUMNS,
  from: '(select * from users where deleted_at is null) u',
  alias: 'u',
  search: ["search_words(u.name || ' ' || u.email)"],
  filters: {
    // Addresses are found however they are written.
    email: { sql: 'u.email_key', kind: 'text', where: (placeholder) => `u.email_key = lower(${placeholder})` },
    name: { sql: 'u.name', kind: 'text' },
    role: { sql: 'u.role', kind: 'enum', values: ROLES },
    status: { sql: 'u.status', kind: 'enum', values: STATUSES },
    last_signed_in_at: { sql: 'u.last_signed_in_at', kind: 'time', range: true },
  },
  sortable: {
    email: { sql: 'u.email_key', kind: 'text' },
    name: { sql: 'u.name', kind: 'text' },
    last_signed_in_at: { sql: 'u.last_signed_in_at', kind: 'time', nullable: true },
  },
}
const userListQuery = listQuery(USER_LIST)
const INVITATIONS_PER_MINUTE = 100

/** The people of a tenant, by invitation. */
export function userRoutes(deps: PeopleDeps): Route[] {
  const { store } = deps
  const userOfPath = async (caller: TenantCaller, id: string): Promise<UserRow> => {
    const user = isId('usr', id) ? await store.read(caller.tenantId, (tx) => getUser(tx, id)) : undefined
    if (!user) throw notFound()
    return user
  }
  return [
    tenantRoute({
      operationId: 'listUsers',
      method: 'GET',
      path: '/users',
      tag: 'Users',
      summary: 'List the users of the tenant',
      permission: 'users:read',
      query: userListQuery,
      answers: {
        200: { description: 'A page of users', schema: listSchema(userSchema), example: listExample(userExample) },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, USER_LIST, query))
        return ok(listBody(page, (row) => presentUser(userOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'inviteUser',
      method: 'POST',
      path: '/users',
      tag: 'Users',
      summary: 'Invite a user by mail',
      description:
        'Sends a link that works once, within seven days. An address that is a user of the tenant already, also an invited one, answers 409; PATCH with status "invited" sends an open invitation again. Nobody gives a role that holds more than he does.',
      permission: 'users:write',
      body: createUserSchema,
      bodyExample: { email: 'ada@example.com', role: 'reviewer', name: 'Ada Lovelace' },
      sensitive: true,
      failClosed: true,
      answers: { 201: { description: 'The invited user', schema: userSchema, example: invitedExample } },
      handle: async ({ caller, body }) => {
        await refuseBeyond(deps, `invitations ${caller.tenantId}`, INVITATIONS_PER_MINUTE)
        const wanted = { email: body.email, role: body.role, name: body.name ?? '' }
        const { user } = await inviteUser(deps, caller.tenantId, caller.actor, caller.permissions, wanted)
        return created(`/users/${user.id}`, presentUser(user))
      },
    }),
    tenantRoute({
      operationId: 'getUser',
      method: 'GET',
      path: '/users/{id}',
      tag: 'Users',
      summary: 'Read a user',
      permission: 'users:read',
      params: pathId,
      answers: { 200: { description: 'The user', schema: userSchema, example: userExample } },
      handle: async ({ caller, params }) => ok(presentUser(await userOfPath(caller, params.id))),
    }),
    tenantRoute({
      operationId: 'changeUser',
      method: 'PATCH',
      path: '/users/{id}',
      tag: 'Users',
      summary: 'Change name, role or status of a user',
      description:
        'Status "disabled" shuts the user out at once, "active" lets in again who had accepted, "invited" sends an open invitation again and voids the former link. The last active owner stays one (409).',
      permission: 'users:write',
      params: pathId,
      body: patchUserSchema,
      bodyExample: { role: 'admin' },
      sensitive: true,
      answers: {
        200: { description: 'The user as it is now', schema: userSchema, example: { ...userExample, role: 'admin' } },
      },
      find: async ({ caller, params }) => void (await userOfPath(caller, params.id)),
      handle: async ({ caller, params, body }) => {
        if (!isId('usr', params.id)) throw notFound()
        if (body.status === 'invited')
          await refuseBeyond(deps, `invitations ${caller.tenantId}`, INVITATIONS_PER_MINUTE)
        const patch = { ...body, name: body.name === null ? '' : body.name }
        const { tenantId, actor, permissions } = caller
        return ok(presentUser(await changeUser(deps, tenantId, actor, permissions, params.id, patch)))
      },
    }),
    tenantRoute({
      operationId: 'deleteUser',
      method: 'DELETE',
      path: '/users/{id}',
      tag: 'Users',
      summary: 'Remove a user from the tenant',
      description: 'The user is shut out at once. The last active owner stays (409).',
      permission: 'users:write',
      params: pathId,
      sensitive: true,
      answers: { 204: { description: 'Removed' } },
      handle: async ({ caller, params }) => {
        if (!isId('usr', params.id)) throw notFound()
        await deleteUser(deps, caller.tenantId, caller.actor, caller.permissions, params.id)
        return noContent()
      },
    }),
  ]
}
