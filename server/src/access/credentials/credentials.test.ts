import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { createKeysApp, type KeysApp, withWrongSecret } from '../../../test/setup/factories-keys.ts'
import type { AppError } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Caller } from '../../http/route.ts'
import { apiKeys } from './api-key.ts'
import { createAuthenticate } from './authenticate.ts'
import { makeKey } from './key-format.ts'

const CALLER: Caller = {
  kind: 'tenant',
  tenantId: 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab',
  actor: { type: 'api_key', id: 'key_01jrfzq4v8m2k9d7t5x3w1c0ab', name: 'known', ip: null, requestId: null },
  permissions: new Set(['*']),
  tier: 'standard',
  partner: false,
  signedInAt: null,
}

let bench: KeysApp
let tenant: TestTenant
beforeAll(async () => {
  bench = await createKeysApp()
  tenant = await bench.tenant()
})
afterAll(() => bench.stop())

const messageOf = async (authorization: string | undefined) => {
  const answer = await bench.call(undefined, 'GET', '/api-keys', undefined, authorization ? { authorization } : {})
  expect(answer.status).toBe(401)
  return answer.body.error.message as string
}

describe('401', () => {
  it('API key is required: without a header, or with another scheme', async () => {
    for (const header of [undefined, 'Basic eDp5', tenant.key]) {
      expect(await messageOf(header)).toBe('API key is required')
    }
  })

  it('every other fault in the same words', async () => {
    const unknown = makeKey('live').text
    for (const token of ['', 'x', unknown, withWrongSecret(tenant.key), `${tenant.key} ${tenant.key}`, 'pk_live_']) {
      expect(await messageOf(`Bearer ${token}`)).toBe('Invalid or expired API key')
    }
  })

  it("a Stripe key and a webhook's secret get a sentence of their own", async () => {
    const tail = '51HabcdefghijklmnopQRSTUV'
    for (const form of ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_', 'pk_test_', 'sk_org_live_']) {
      expect(await messageOf(`Bearer ${form}${tail}`)).toMatch(/^This looks like a Stripe key\. .*pk_live_/)
    }
    expect(await messageOf(`Bearer whsec_${tail}`)).toMatch(/^This looks like the signing secret of a webhook\. /)
  })

  it('names the scheme to use, as RFC 9110 asks', async () => {
    for (const path of ['/api-keys', '/nothing']) {
      expect((await bench.call(undefined, 'GET', path)).headers['www-authenticate']).toBe('Bearer')
    }
  })

  it('bearer in any case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer']) {
      const answer = await bench.call(undefined, 'GET', '/api-keys', undefined, {
        authorization: `${scheme} ${tenant.key}`,
      })
      expect(answer.status).toBe(200)
    }
  })
})

describe('a flood of made-up keys', () => {
  it('503 for who comes too late, and nothing for callers who are known', async () => {
    const known = makeKey('live').text
    let asked = 0
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    const authenticate = createAuthenticate([
      {
        owns: () => true,
        remembers: (token) => token === known,
        callerOf: async (token) => {
          if (token === known) return { ...CALLER }
          asked += 1
          await answered
          return undefined
        },
      },
    ])
    const from = { ip: '203.0.113.7', requestId: 'req_x' }
    const waiting = Array.from({ length: 204 }, () =>
      authenticate(`Bearer ${makeKey('live').text}`, from).catch((error: AppError) => error.code),
    )
    await expect(authenticate(`Bearer ${makeKey('live').text}`, from)).rejects.toMatchObject({
      code: 'service_unavailable',
    })
    expect(asked).toBe(4)
    expect(await authenticate(`Bearer ${known}`, from)).toEqual(CALLER)
    answer()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['authentication_required']))
    expect(asked).toBe(204)
  })

  it('a key is known by all of it, and only once it held', async () => {
    const kind = apiKeys({ store: bench.app.store, pepper: bench.app.pepper })
    const call = { ip: '203.0.113.7', requestId: 'req_x' }
    expect(kind.remembers(tenant.key)).toBe(false)
    await kind.callerOf(tenant.key, call)
    expect([kind.remembers(tenant.key), kind.remembers(withWrongSecret(tenant.key))]).toEqual([true, false])
  })
})

describe('a key that does not hold', () => {
  /** Counts the database's work, which is what an outsider could measure. */
  const counted = () => {
    const reads: string[] = []
    const kind = apiKeys({
      store: {
        ...bench.app.store,
        directory: (work) => {
          reads.push('directory')
          return bench.app.store.directory(work)
        },
        read: (tenantId: TenantId, work) => {
          reads.push('tenant')
          return bench.app.store.read(tenantId, work)
        },
      },
      pepper: bench.app.pepper,
    })
    return { reads, kind }
  }
  const call = { ip: '203.0.113.7', requestId: 'req_x' }

  it('asks the same of the database whether its id is known or not, at first and afterwards', async () => {
    const seen = await Promise.all(
      [makeKey('live').text, withWrongSecret(tenant.key)].map(async (token) => {
        const { reads, kind } = counted()
        expect(kind.owns(token)).toBe(true)
        for (let n = 0; n < 3; n++) expect(await kind.callerOf(token, call)).toBeUndefined()
        return reads
      }),
    )
    expect(seen).toEqual([
      ['directory', 'tenant'],
      ['directory', 'tenant'],
    ])
  })

  it('calls that come together share one look-up', async () => {
    const { reads, kind } = counted()
    const callers = await Promise.all(Array.from({ length: 50 }, () => kind.callerOf(tenant.key, call)))
    expect(callers.every((caller) => caller?.tenantId === tenant.id)).toBe(true)
    // The second read of the tenant writes when the key was last used.
    expect(reads).toEqual(['directory', 'tenant', 'tenant'])
  })
})
