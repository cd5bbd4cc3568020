import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeChild, makePartner, makeTenant } from '../../../test/setup/factories-tenants.ts'
import { newId } from '../../base/ids.ts'

let app: TestApp
let tenant: TestTenant
let partner: TestTenant
let child: TestTenant
let rival: TestTenant
let strange: TestTenant
const operator = (method: string, path: string, body?: unknown) => app.call(OPERATOR_KEY, method, path, body)
const idsOf = (answer: { body: { data: { id: string }[] } }) => answer.body.data.map(({ id }) => id).sort()
const fieldsOf = (answer: { body: { error: { details: { field: string }[] } } }) =>
  answer.body.error.details.map(({ field }) => field).sort()

beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  partner = await makePartner(app)
  child = await makeChild(app, partner)
  rival = await makePartner(app)
  strange = await makeChild(app, rival)
})
afterAll(() => app.stop())

describe('GET /tenants', () => {
  it('200: the operator sees all but its own row, a partner itself and its children, others themselves', async () => {
    const all = idsOf(await operator('GET', '/tenants?per_page=100'))
    expect(all).toEqual(expect.arrayContaining([tenant.id, partner.id, child.id, rival.id, strange.id]))
    expect((await operator('GET', '/tenants?slug=operator')).body.data).toEqual([])
    expect(idsOf(await partner.call('GET', '/tenants'))).toEqual([partner.id, child.id].sort())
    expect(idsOf(await child.call('GET', '/tenants'))).toEqual([child.id])
    expect(idsOf(await tenant.call('GET', '/tenants'))).toEqual([tenant.id])
  })

  it('200: filters, sorts, pages and walks by cursor, and shows exactly what a single read shows', async () => {
    expect(idsOf(await operator('GET', `/tenants?parent_id=${rival.id}`))).toEqual([strange.id])
    expect(idsOf(await partner.call('GET', '/tenants?kind=customer'))).toEqual([child.id])
    expect(idsOf(await partner.call('GET', '/tenants?q=chi'))).toEqual([child.id])
    expect(idsOf(await partner.call('GET', '/tenants?q=nobody'))).toEqual([])
    expect((await partner.call('GET', '/tenants?updated_since=2999-01-01')).body.pagination.total_items).toBe(0)
    const first = await partner.call('GET', '/tenants?per_page=1&sort=name')
    expect([first.body.data[0].name, first.body.pagination.total_items]).toEqual(['Child', 2])
    const second = await partner.call(
      'GET',
      `/tenants?per_page=1&sort=name&cursor=${first.body.pagination.next_cursor}`,
    )
    expect([second.body.data[0].name, second.body.pagination.next_cursor]).toEqual(['Partner', null])
    expect(first.body.data[0]).toEqual((await partner.call('GET', `/tenants/${child.id}`)).body)
  })

  it('400 for an unknown parameter', async () => {
    expect(fieldsOf(await tenant.call('GET', '/tenants?colour=red'))).toEqual(['colour'])
  })
})

describe('POST /tenants', () => {
  it('201 for the operator: a tenant with the defaults, and its first key', async () => {
    const made = await operator('POST', '/tenants', { name: 'Northbyte', slug: 'northbyte' })
    expect(made.status).toBe(201)
    expect(made.headers.location).toBe(`/api/v1/tenants/${made.body.id}`)
    expect(made.body).toMatchObject({
      kind: 'customer',
      tier: 'standard',
      environment: 'live',
      status: 'active',
      parent_id: null,
      settings: {},
    })
    const key = await operator('POST', `/tenants/${made.body.id}/api-keys`, { name: 'first', permissions: ['*'] })
    expect(key.body.key).toMatch(/^pk_live_/)
    expect((await app.call(key.body.key, 'GET', `/tenants/${made.body.id}`)).body).toEqual(made.body)
  })

  it('201 for a partner: always its own customer, whatever the environment', async () => {
    const made = await partner.call('POST', '/tenants', { name: 'Box', slug: 'box', environment: 'sandbox' })
    expect(made.body).toMatchObject({
      parent_id: partner.id,
      kind: 'customer',
      tier: 'standard',
      environment: 'sandbox',
    })
  })

  it('201 for the operator: below a partner', async () => {
    const made = await operator('POST', '/tenants', { name: 'Below', slug: 'below', parent_id: rival.id })
    expect(made.body.parent_id).toBe(rival.id)
  })

  it('400 names every fault', async () => {
    const answer = await operator('POST', '/tenants', {
      slug: 'Nein!',
      environment: 'test',
      colour: 1,
      branding: {
        logo_url: 'http://x.example/a.png',
        primary_color: 'red',
        support_email: 'me',
        custom_domain: '10.0.0.1',
      },
    })
    expect(answer.status).toBe(400)
    expect(fieldsOf(answer)).toEqual([
      'branding.custom_domain',
      'branding.logo_url',
      'branding.primary_color',
      'branding.support_email',
      'colour',
      'environment',
      'name',
      'slug',
    ])
  })

  it('403 for a customer, and for what a partner may not give', async () => {
    expect((await tenant.call('POST', '/tenants', {})).status).toBe(403)
    const wanted = { name: 'X', slug: 'x' }
    expect(fieldsOf(await partner.call('POST', '/tenants', { ...wanted, kind: 'partner' }))).toEqual(['kind'])
    expect(fieldsOf(await partner.call('POST', '/tenants', { ...wanted, parent_id: rival.id }))).toEqual(['parent_id'])
    expect(fieldsOf(await partner.call('POST', '/tenants', { ...wanted, tier: 'premium' }))).toEqual(['tier'])
    const rich = await makePartner(app, { tier: 'premium' })
    expect((await rich.call('POST', '/tenants', { ...wanted, tier: 'premium' })).status).toBe(201)
  })

  it('409 when the slug is taken', async () => {
    await operator('POST', '/tenants', { name: 'One', slug: 'taken' })
    const again = await operator('POST', '/tenants', { name: 'Other', slug: 'taken' })
    expect([again.status, again.body.error.code, fieldsOf(again)]).toEqual([409, 'resource_conflict', ['slug']])
  })

  it('422 for a parent that is none, and for a partner below a partner', async () => {
    for (const parent_id of [tenant.id, child.id, newId('ten')]) {
      const answer = await operator('POST', '/tenants', { name: 'X', slug: 'orphan', parent_id })
      expect([answer.status, fieldsOf(answer)]).toEqual([422, ['parent_id']])
    }
    const deep = await operator('POST', '/tenants', { name: 'X', slug: 'deep', kind: 'partner', parent_id: partner.id })
    expect([deep.status, fieldsOf(deep)]).toEqual([422, ['kind']])
    expect((await operator('GET', '/tenants?slug=orphan')).body.data).toEqual([])
  })
})

describe('PATCH /tenants/{id}', () => {
  const patch = (who: TestTenant, id: string, body: unknown) => who.call('PATCH', `/tenants/${id}`, body)

  it('200: settings merge, null restores the default, money keeps its digits', async () => {
    await patch(tenant, tenant.id, { settings: { matching: { mode: 'auto', max_auto_amount: '250.00' } } })
    const changed = await app.http.inject({
      method: 'PATCH',
      url: `/api/v1/tenants/${tenant.id}`,
      headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/merge-patch+json' },
      payload: '{"settings":{"matching":{"auto_threshold":0.995}}}',
    })
    expect(changed.body).toContain('"max_auto_amount":250.00')
    expect(changed.json().settings.matching).toMatchObject({ mode: 'auto', auto_threshold: 0.995 })
    const restored = await patch(tenant, tenant.id, { settings: { matching: { mode: null } } })
    expect(restored.body.settings.matching.mode).toBeUndefined()
  })

  it('200: a partner changes its child, also tier and status; what was read may be sent back', async () => {
    const own = await makeChild(app, partner)
    const renamed = await patch(partner, own.id, { name: 'Renamed', status: 'suspended', environment: 'live' })
    expect([renamed.status, renamed.body.name, renamed.body.status]).toEqual([200, 'Renamed', 'suspended'])
    expect((await patch(partner, own.id, { status: 'active' })).body.status).toBe('active')
  })

  it('200: the operator makes a partner, and moves tenants to it', async () => {
    const mover = await makeTenant(app)
    const becoming = await makeTenant(app)
    expect((await operator('PATCH', `/tenants/${becoming.id}`, { kind: 'partner' })).body.kind).toBe('partner')
    const moved = await operator('PATCH', `/tenants/${mover.id}`, { parent_id: becoming.id, tier: 'premium' })
    expect(moved.body).toMatchObject({ parent_id: becoming.id, tier: 'premium' })
    const back = await operator('PATCH', `/tenants/${becoming.id}`, { kind: 'customer' })
    expect(back.status).toBe(409)
    expect((await operator('PATCH', `/tenants/${mover.id}`, { parent_id: null })).body.parent_id).toBe(null)
    expect((await operator('PATCH', `/tenants/${becoming.id}`, { kind: 'customer' })).status).toBe(200)
  })

  it('400: unknown settings and impossible values are named', async () => {
    const answer = await patch(tenant, tenant.id, {
      settings: { matching: { mode: 'yolo', colour: 1, start_on: '2025-02-30' }, timezone: 'Mars', locale: 'de_AT' },
      status: 'deleted',
    })
    expect([answer.status, fieldsOf(answer)]).toEqual([
      400,
      [
        'settings.locale',
        'settings.matching.colour',
        'settings.matching.mode',
        'settings.matching.start_on',
        'settings.timezone',
        'status',
      ],
    ])
  })

  it('403 names the fields a tenant may not change of itself, and a partner of its child', async () => {
    for (const who of [tenant, partner, child]) {
      const answer = await patch(who, who.id, { name: 'Fine', tier: 'premium', status: 'active', parent_id: null })
      expect([answer.status, fieldsOf(answer)]).toEqual([403, ['parent_id', 'status', 'tier']])
    }
    expect(fieldsOf(await patch(partner, child.id, { kind: 'partner' }))).toEqual(['kind'])
    expect(fieldsOf(await patch(partner, child.id, { tier: 'premium' }))).toEqual(['tier'])
  })

  it('403 when a partner would resume what the operator suspended', async () => {
    const own = await makeChild(app, partner)
    await patch(partner, own.id, { status: 'suspended' })
    await operator('PATCH', `/tenants/${own.id}`, { status: 'suspended' })
    await patch(partner, own.id, { status: 'suspended' })
    expect(fieldsOf(await patch(partner, own.id, { status: 'active' }))).toEqual(['status'])
    expect((await operator('PATCH', `/tenants/${own.id}`, { status: 'active' })).body.status).toBe('active')
  })

  it('422: slug and environment never change', async () => {
    const answer = await operator('PATCH', `/tenants/${tenant.id}`, { environment: 'sandbox' })
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['environment']])
    expect((await operator('PATCH', `/tenants/${tenant.id}`, { slug: 'elsewhere' })).status).toBe(422)
  })
})

describe('foreign ids', () => {
  it('404: the very same answer as for an id that never was, for every route and caller', async () => {
    const unknown = newId('ten')
    const shown = ({ status, body }: { status: number; body: { error: { request_id?: string } } }) => {
      const { request_id: _, ...error } = body.error
      return { status, error }
    }
    const foreign: [TestTenant, string[]][] = [
      [tenant, [partner.id, child.id]],
      [child, [partner.id, strange.id]],
      [partner, [rival.id, strange.id, tenant.id]],
    ]
    for (const [who, ids] of foreign) {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const made = await who.call(method, `/tenants/${unknown}`, method === 'PATCH' ? { name: 'Mine' } : undefined)
        for (const id of [...ids, 'ten_00000000000000000000000001', 'nonsense']) {
          const answer = await who.call(method, `/tenants/${id}`, method === 'PATCH' ? { name: 'Mine' } : undefined)
          expect(shown(answer)).toEqual(shown(made))
        }
      }
    }
    expect((await operator('GET', '/tenants/ten_00000000000000000000000001')).status).toBe(404)
    expect((await operator('GET', `/tenants/${strange.id}`)).body.name).toBe('Child')
  })
})

describe('suspension', () => {
  it('401 for the keys of a suspended tenant, 200 again when it is resumed', async () => {
    const own = await makeTenant(app)
    await operator('PATCH', `/tenants/${own.id}`, { status: 'suspended' })
    const answer = await own.call('GET', '/tenants')
    expect([answer.status, answer.body.error.message]).toEqual([401, 'Invalid or expired API key'])
  })
})

describe('DELETE /tenants/{id}', () => {
  it('204 by its partner: keys end, the operator and the partner still see it, nobody changes it', async () => {
    const gone = await makeChild(app, partner)
    const removed = await partner.call('DELETE', `/tenants/${gone.id}`)
    expect([removed.status, removed.body]).toEqual([204, ''])
    expect((await gone.call('GET', '/tenants')).status).toBe(401)
    expect((await partner.call('GET', `/tenants/${gone.id}`)).body.status).toBe('deleted')
    expect((await operator('GET', `/tenants/${gone.id}`)).body.status).toBe('deleted')
    expect(idsOf(await partner.call('GET', '/tenants?status=deleted'))).toEqual([gone.id])
    expect((await operator('PATCH', `/tenants/${gone.id}`, { status: 'active' })).status).toBe(409)
    expect((await operator('POST', `/tenants/${gone.id}/api-keys`, { name: 'x', permissions: ['*'] })).status).toBe(404)
    expect((await partner.call('DELETE', `/tenants/${gone.id}`)).status).toBe(204)
    const trail = await app.store.read(gone.id, (tx) =>
      tx.many<{ action: string }>('select action from audit_events where tenant_id = $1 order by sequence', [
        tx.tenantUuid,
      ]),
    )
    // That a key of it was refused is written down a moment later.
    const done = trail.map(({ action }) => action).filter((action) => action !== 'api_key.refuse')
    expect(done).toEqual(['tenant.create', 'api_key.create', 'tenant.delete'])
  })

  it('403 for oneself, and for a customer whatever the id', async () => {
    expect((await partner.call('DELETE', `/tenants/${partner.id}`)).status).toBe(403)
    expect((await tenant.call('DELETE', `/tenants/${tenant.id}`)).status).toBe(403)
    expect((await tenant.call('DELETE', `/tenants/${child.id}`)).status).toBe(403)
  })

  it('409 for a partner while it has tenants, also one that is just being made', async () => {
    const busy = await makePartner(app)
    const own = await makeChild(app, busy)
    expect((await operator('DELETE', `/tenants/${busy.id}`)).status).toBe(409)
    await operator('DELETE', `/tenants/${own.id}`)
    const [made, removed] = await Promise.all([
      operator('POST', '/tenants', { name: 'Race', slug: 'race', parent_id: busy.id }),
      operator('DELETE', `/tenants/${busy.id}`),
    ])
    expect([
      [201, 409],
      [422, 204],
    ]).toContainEqual([made.status, removed.status])
  })
})
