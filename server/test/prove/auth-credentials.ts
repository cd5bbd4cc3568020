import { ROLES, type Role } from '../../src/access/index.ts'
import { makeKey } from '../../src/access/credentials/key-format.ts'
import { type TenantId, uuidOf } from '../../src/base/ids.ts'
import { OPERATOR_TENANT, PERMISSIONS } from '../../src/http/route.ts'
import { makePerson, makeStale, type Person } from './auth-people.ts'
import { type House, OPERATOR_KEY } from './house.ts'
import type { Operation } from './operations.ts'

export interface Credentials {
  /** The Authorization header for an operation, by the credential's name. */
  credentials: Record<string, (operation: Operation) => Promise<string | undefined>>
  /** The tenant a credential belongs to, where it has one. */
  tenantOf: Record<string, TenantId>
}

/** One of every kind of credential there is, good and bad. */
export async function makeCredentials(house: House): Promise<Credentials> {
  const tenant = await house.tenant()
  const partner = await house.tenant({ kind: 'partner', name: 'House Partner' })
  const suspended = await house.tenant()
  const deleted = await house.tenant()
  const good = await house.key(tenant, ['*'])
  const revoked = await house.key(tenant, ['*'])
  const expiresAt = Date.now() + 1_500
  const expired = await house.key(tenant, ['*'], new Date(expiresAt))
  const ofSuspended = await house.key(suspended, ['*'])
  const ofDeleted = await house.key(deleted, ['*'])
  const ofPartner = await house.key(partner, ['*'])
  await must(house, `Bearer ${good.text}`, 'DELETE', `/api/v1/api-keys/${revoked.id}`)
  const { store } = house.payymo
  for (const [tenantId, status] of [
    [suspended, 'suspended'],
    [deleted, 'deleted'],
  ] as const)
    await store.read(tenantId, (tx) =>
      tx.run('update tenants set status = $2 where tenant_id = $1', [tx.tenantUuid, status]),
    )
  // The key stays well formed and known; what its holder sends is no longer what we keep.
  const changed = await house.key(tenant, ['*'])
  await store.read(tenant, (tx) =>
    tx.run("update api_keys set digest = sha256('another') where tenant_id = $1 and id = $2", [
      tx.tenantUuid,
      uuidOf(changed.id),
    ]),
  )

  const people = Object.fromEntries(
    await Promise.all(ROLES.map(async (role) => [role, await makePerson(house, tenant, role, role)])),
  ) as Record<Role, Person>
  const stale = await makePerson(house, tenant, 'owner', 'stale')
  await makeStale(house, stale)
  const disabled = await makePerson(house, tenant, 'owner', 'disabled')
  await must(house, `Bearer ${good.text}`, 'PATCH', `/api/v1/users/${disabled.userId}`, '{"status":"disabled"}')
  const gone = await makePerson(house, tenant, 'owner', 'gone')
  const browser = { origin: house.payymo.config.publicUrl, 'sec-fetch-site': 'same-origin', 'x-csrf-token': gone.csrf }
  const left = await house.call(undefined, 'POST', '/auth/logout', undefined, { ...browser, cookie: gone.cookie })
  if (left.status !== 204) throw new Error(`logout: ${left.status} ${left.body}`)
  const operatorPerson = await makePerson(house, OPERATOR_TENANT, 'owner', 'root')

  const made = new Map<string, string>()
  const keyWith = async (permissions: string[]) => {
    const name = permissions.join()
    if (!made.has(name)) made.set(name, (await house.key(tenant, permissions)).text)
    return `Bearer ${made.get(name)!}`
  }
  const always = (authorization: string | undefined) => async () => authorization
  return {
    tenantOf: Object.fromEntries(
      ['all', 'exact', 'sibling', 'all_others', 'operator', 'operator_person', 'stale_owner', ...ROLES]
        .map((name) => [name, tenant])
        .concat([['partner', partner]]),
    ) as Record<string, TenantId>,
    credentials: {
      none: always(undefined),
      basic: always(`Basic ${Buffer.from(`${good.text}:`).toString('base64')}`),
      garbage: always('Bearer !!!'),
      unknown_key: always(`Bearer ${makeKey('live').text}`),
      wrong_secret: always(`Bearer ${changed.text}`),
      expired_key: async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, expiresAt + 2_500 - Date.now())))
        return `Bearer ${expired.text}`
      },
      revoked_key: always(`Bearer ${revoked.text}`),
      suspended_tenant: always(`Bearer ${ofSuspended.text}`),
      deleted_tenant: always(`Bearer ${ofDeleted.text}`),
      stripe_key: always('Bearer sk_live_51HabcdefghijklmnopQ'),
      operator: always(`Bearer ${OPERATOR_KEY}`),
      all: always(`Bearer ${good.text}`),
      exact: ({ permission }) => keyWith([permission]),
      sibling: ({ permission }) => keyWith([sibling(permission)]),
      all_others: ({ permission }) => keyWith(PERMISSIONS.filter((one) => one !== permission)),
      partner: always(`Bearer ${ofPartner.text}`),
      owner: always(`Bearer ${people.owner.token}`),
      admin: always(`Bearer ${people.admin.token}`),
      reviewer: always(`Bearer ${people.reviewer.token}`),
      viewer: always(`Bearer ${people.viewer.token}`),
      stale_owner: always(`Bearer ${stale.token}`),
      operator_person: always(`Bearer ${operatorPerson.token}`),
      disabled_user: always(`Bearer ${disabled.token}`),
      signed_out_user: always(`Bearer ${gone.token}`),
      session_cookie: always(`cookie: ${people.owner.cookie}`),
    },
  }
}

const sibling = (permission: string): string =>
  permission.endsWith(':read') ? permission.replace(':read', ':write') : permission.replace(':write', ':read')

async function must(house: House, authorization: string, method: string, path: string, body?: string): Promise<void> {
  const answer = await house.call(authorization, method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`)
}
