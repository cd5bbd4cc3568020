import { describe, expect, it } from 'vitest'
import { createTestDatabase, testConfig } from '../test/setup/app.ts'
import { silentLog } from './base/log.ts'
import { buildPayymo } from './main.ts'

const build = async (role: 'all' | 'api' | 'worker') =>
  buildPayymo(testConfig({ role }), silentLog, {
    database: await createTestDatabase(),
    lag: { lagMs: () => 0, stop: () => {} },
  })

describe('stop', () => {
  it('ends once, however often it is asked', async () => {
    const payymo = await build('all')
    await payymo.startWorkers()
    const first = payymo.stop()
    expect(payymo.stop()).toBe(first)
    await first
    expect(payymo.stop()).toBe(first)
  })
})

describe('door', () => {
  it('of a worker leads to health, readiness and figures, and to nothing else', async () => {
    const payymo = await build('worker')
    const statusOf = async (url: string) => (await payymo.door.inject({ url })).statusCode
    for (const url of ['/healthz', '/readyz', '/metrics']) expect([url, await statusOf(url)]).toEqual([url, 200])
    for (const url of ['/', '/auth/forgot', '/api/docs', '/api/openapi.json', '/oauth/authorize'])
      expect([url, await statusOf(url)]).toEqual([url, 404])
    expect(await statusOf('/api/v1/transactions')).toBe(401)
    const stopped = payymo.stop()
    await stopped
  })

  it('of every other role leads to everything', async () => {
    const payymo = await build('api')
    expect(payymo.door).toBe(payymo.http)
    await payymo.stop()
  })
})
