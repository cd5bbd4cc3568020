import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeChild, makePartner, makeTenant } from '../../../test/setup/factories-tenants.ts'
import { brandingForHost, brandingOf, hostName } from './branding.ts'

let app: TestApp
let partner: TestTenant
let child: TestTenant
const patch = (who: TestTenant, branding: unknown) => who.call('PATCH', `/tenants/${who.id}`, { branding })
beforeAll(async () => {
  app = await createTestApp({ config: { publicUrl: 'https://payymo.example' } })
  partner = await makePartner(app)
  child = await makeChild(app, partner)
  await patch(partner, { product_name: 'Partner Pay', primary_color: '#0a7c5f', custom_domain: 'Pay.Partner.Example' })
})
afterAll(() => app.stop())

const NOTHING = { product_name: null, logo_url: null, primary_color: null, support_email: null, custom_domain: null }

describe('branding', () => {
  it('comes from the partner, part by part, until the tenant sets its own; null gives it back', async () => {
    const shown = async () => (await child.call('GET', `/tenants/${child.id}`)).body.branding
    const partners = {
      ...NOTHING,
      product_name: 'Partner Pay',
      primary_color: '#0a7c5f',
      custom_domain: 'pay.partner.example',
    }
    expect(await shown()).toEqual(partners)
    const set = await patch(child, { product_name: 'Child Pay', support_email: 'help@child.example' })
    expect(set.body.branding).toEqual({ ...partners, product_name: 'Child Pay', support_email: 'help@child.example' })
    expect(await brandingOf(app.store, child.id)).toEqual(set.body.branding)
    expect((await partner.call('GET', '/tenants?kind=customer')).body.data[0].branding).toEqual(set.body.branding)
    await patch(child, { product_name: null })
    expect((await shown()).product_name).toBe('Partner Pay')
    await patch(child, null)
    expect(await shown()).toEqual(partners)
  })

  it('is nothing at all without a partner and of one that does not exist', async () => {
    const alone = await makeTenant(app)
    expect(await brandingOf(app.store, alone.id)).toEqual(NOTHING)
    expect(await brandingOf(app.store, 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab')).toEqual(NOTHING)
  })

  it('is found by host name, as browsers write it, while the tenant is active', async () => {
    expect(await brandingForHost(app.store, 'PAY.partner.example:8443')).toMatchObject({
      tenantId: partner.id,
      branding: { product_name: 'Partner Pay' },
    })
    for (const host of ['other.example', '127.0.0.1:8080', 'localhost', '', "x' or true--"])
      expect(await brandingForHost(app.store, host)).toBeUndefined()
    const own = await makeTenant(app, { branding: { custom_domain: 'own.example' } })
    expect((await brandingForHost(app.store, 'own.example'))?.tenantId).toBe(own.id)
    await app.call(OPERATOR_KEY, 'PATCH', `/tenants/${own.id}`, { status: 'suspended' })
    expect(await brandingForHost(app.store, 'own.example')).toBeUndefined()
  })

  it('409 for a host name of another tenant, until that one is deleted; 422 for our own', async () => {
    const holder = await makeTenant(app, { branding: { custom_domain: 'held.example' } })
    const taken = await patch(child, { custom_domain: 'HELD.example' })
    expect([taken.status, taken.body.error.details[0].field]).toEqual([409, 'branding.custom_domain'])
    const made = await app.call(OPERATOR_KEY, 'POST', '/tenants', {
      name: 'X',
      slug: 'same-host',
      branding: { custom_domain: 'held.example' },
    })
    expect(made.status).toBe(409)
    for (const answer of [
      await patch(child, { custom_domain: 'payymo.example' }),
      await app.call(OPERATOR_KEY, 'POST', '/tenants', {
        name: 'X',
        slug: 'our-host',
        branding: { custom_domain: 'payymo.example' },
      }),
    ])
      expect([answer.status, answer.body.error.details[0].field]).toEqual([422, 'branding.custom_domain'])
    await app.call(OPERATOR_KEY, 'DELETE', `/tenants/${holder.id}`)
    expect((await patch(child, { custom_domain: 'held.example' })).status).toBe(200)
  })

  it.each([
    ['product_name', 'Two\nlines'],
    ['product_name', ' '],
    ['product_name', 'Pay <b>'],
    ['product_name', 'evil.example'],
    ['product_name', 'Log in at evil.example now'],
    ['product_name', 'evil\u3002example'],
    ['product_name', 'evil\uff0eexample'],
    ['product_name', 'evil.\u4f8b\u3048'],
    ['product_name', 'https://203'],
    ['product_name', 'Pay 203.0.113.9'],
    ['product_name', 'pay@evil'],
    ['product_name', 'a\\b'],
    ['logo_url', 'https://user:pass@x.example/a.png'],
    ['logo_url', 'javascript:alert(1)'],
    ['logo_url', 'https://x.example/"><script>'],
    ['primary_color', '#fff'],
    ['primary_color', 'red;background:url(x)'],
    ['support_email', 'a@b'],
    ['support_email', 'a@b.example\nBcc: c@d.example'],
    ['custom_domain', 'https://x.example'],
    ['custom_domain', 'x.example/path'],
    ['custom_domain', '[::1]'],
    ['custom_domain', 'localhost'],
  ])('400: %s may not be %j', async (part, value) => {
    const answer = await patch(child, { [part]: value })
    expect([answer.status, answer.body.error.details.map(({ field }: { field: string }) => field)]).toEqual([
      400,
      [`branding.${part}`],
    ])
  })

  it.each(['Müller & Co. Pay', 'Pay 2.0', 'No. 1: Billing (EU)', '支払い'])(
    '200: a product may be called %s',
    async (name) => {
      expect((await patch(child, { product_name: name })).body.branding.product_name).toBe(name)
    },
  )

  it('keeps host names in one spelling', () => {
    expect(hostName('Zahlung.Müller.Example')).toBe('zahlung.xn--mller-kva.example')
    expect(['1.2.3.4', '0x7f.1', 'a..b.example', '-a.example', 'a.example.', 'a b.example'].map(hostName)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
