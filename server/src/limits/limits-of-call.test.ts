import { describe, expect, it } from 'vitest'
import { limitOfAddress, limitsOfCall, networkOf, RATES } from './limits-of-call.ts'

const key = { type: 'api_key', id: 'key_1', name: 'shop', ip: null, requestId: null } as const
const tenant = { kind: 'tenant', tenantId: 'ten_1', tier: 'standard', actor: key, signedInAt: null } as const

describe('the limits of a call', () => {
  it.each([
    ['/invoices', [1000]],
    ['/transactions', [1000, 200]],
    ['/transactions/batch', [1000, 200]],
    ['/transactions/{id}/candidates', [1000, 200]],
    ['/transactions-of-others', [1000]],
    ['/bank-connections', [1000, 50]],
    ['/bank-connections/{id}/statements', [1000, 50]],
    ['', [1000]],
  ])('%s: %j', (path, numbers) => {
    expect(limitsOfCall(tenant, path, RATES).map(({ perMinute }) => perMinute)).toEqual(numbers)
  })

  it('are those of the tenant, not of the key', () => {
    const other = { ...tenant, actor: { ...key, id: 'key_2' } }
    expect(limitsOfCall(other, '/transactions', RATES)).toEqual(limitsOfCall(tenant, '/transactions', RATES))
    const neighbour = limitsOfCall({ ...tenant, tenantId: 'ten_2' }, '/transactions', RATES)
    expect(neighbour.map(({ subject }) => subject)).not.toContain(limitsOfCall(tenant, '/invoices', RATES)[0]!.subject)
  })

  it('are wider for premium tenants and the operator, with the same classes', () => {
    const premium = limitsOfCall({ ...tenant, tier: 'premium' }, '/transactions', RATES)
    expect(premium.map(({ perMinute }) => perMinute)).toEqual([5000, 200])
    const operator = limitsOfCall({ ...tenant, kind: 'operator', tier: 'standard' }, '/tenants', RATES)
    expect(operator.map(({ perMinute }) => perMinute)).toEqual([5000])
  })

  it('of a person are the person’s own, whatever is called', () => {
    const person = { ...tenant, actor: { ...key, type: 'user' as const, id: 'usr_1' }, signedInAt: new Date(0) }
    const [limit, ...more] = limitsOfCall(person, '/transactions', RATES)
    expect([limit!.perMinute, more]).toEqual([1000, []])
    expect(limit!.subject).not.toBe(limitsOfCall(tenant, '/invoices', RATES)[0]!.subject)
  })

  it('of an application that acts for a person are those of the tenant', () => {
    const application = { ...tenant, actor: { ...key, type: 'user' as const, id: 'usr_1' } }
    expect(limitsOfCall(application, '/transactions', RATES)).toEqual(limitsOfCall(tenant, '/transactions', RATES))
  })
})

describe('addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['unknown', 'unknown'],
  ])('%s counts as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })

  it('may make 3000 calls a minute without a key', () => {
    expect(limitOfAddress('192.0.2.7', RATES).perMinute).toBe(3000)
  })
})
