import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeChild, makePartner } from '../../../test/setup/factories-tenants.ts'
import { systemActor } from '../../events/audit.ts'
import type { Caller } from '../../http/route.ts'
import { createKey } from '../keys/create-key.ts'
import { changeTenant } from './change-tenant.ts'
import { deleteTenant } from './delete-tenant.ts'
import { reach } from './reach.ts'

let app: TestApp
let partner: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  partner = await makePartner(app)
})
afterAll(() => app.stop())

const ACTOR = systemActor('test')
const caller = (): Caller => ({
  kind: 'tenant',
  tenantId: partner.id,
  actor: ACTOR,
  permissions: new Set(['*']),
  tier: 'standard',
  partner: true,
  signedInAt: null,
})
const KEY = { name: 'late', permissions: ['*'], expiresAt: null }

it('a tenant that was moved away between look and change is not changed, not deleted, and gets no key', async () => {
  const child = await makeChild(app, partner)
  const { tenantId, standing, store } = await reach(app.store, caller(), child.id)
  const by = { standing, tier: 'standard' as const }
  expect((await changeTenant({ store }, tenantId, ACTOR, { name: 'Still ours' }, by)).name).toBe('Still ours')
  const moved = await app.call(OPERATOR_KEY, 'PATCH', `/tenants/${child.id}`, { parent_id: null })
  expect(moved.status).toBe(200)
  const lost = { code: 'resource_not_found' }
  await expect(changeTenant({ store }, tenantId, ACTOR, { status: 'suspended' }, by)).rejects.toMatchObject(lost)
  await expect(deleteTenant(store, tenantId, ACTOR)).rejects.toMatchObject(lost)
  await expect(createKey({ ...app, store }, tenantId, ACTOR, new Set(['*']), KEY)).rejects.toMatchObject(lost)
  expect((await app.call(OPERATOR_KEY, 'GET', `/tenants/${child.id}`)).body.status).toBe('active')
  expect((await app.call(OPERATOR_KEY, 'GET', `/tenants/${child.id}/api-keys`)).body.data).toHaveLength(1)
})
