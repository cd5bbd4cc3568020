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
