import { randomBytes } from 'node:crypto'
import type { TenantId } from '../../src/base/ids.ts'
import { OPERATOR_KEY, type TestAnswer, type TestApp, type TestTenant } from './app.ts'

/** A tenant made through the API by the operator, with its first key. Whatever is left out is filled in. */
export async function makeTenant(app: TestApp, fields: Record<string, unknown> = {}): Promise<TestTenant> {
  const slug = `f-${randomBytes(5).toString('hex')}`
  const made = await app.call(OPERATOR_KEY, 'POST', '/tenants', { name: 'Made Hosting', slug, ...fields })
  if (made.status !== 201) throw new Error(`not made: ${JSON.stringify(made.body)}`)
  return withKey(app, made)
}

/** As `makeTenant`, a partner. */
export const makePartner = (app: TestApp, fields: Record<string, unknown> = {}): Promise<TestTenant> =>
  makeTenant(app, { name: 'Partner', kind: 'partner', ...fields })

/** A tenant that the partner made for itself. */
export async function makeChild(
  app: TestApp,
  partner: TestTenant,
  fields: Record<string, unknown> = {},
): Promise<TestTenant> {
  const slug = `c-${randomBytes(5).toString('hex')}`
  const made = await partner.call('POST', '/tenants', { name: 'Child', slug, ...fields })
  if (made.status !== 201) throw new Error(`not made: ${JSON.stringify(made.body)}`)
  return withKey(app, made)
}

async function withKey(app: TestApp, made: TestAnswer): Promise<TestTenant> {
  const id = made.body.id as TenantId
  const { body } = await app.call(OPERATOR_KEY, 'POST', `/tenants/${id}/api-keys`, {
    name: 'first',
    permissions: ['*'],
  })
  const key = body.key as string
  return { id, key, call: (method, path, json, headers) => app.call(key, method, path, json, headers) }
}
