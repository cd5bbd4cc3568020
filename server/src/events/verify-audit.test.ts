import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { uuidOf } from '../base/ids.ts'
import { systemActor } from './audit.ts'
import { walkAudit } from './verify-audit.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())

const ROWS = 9
/** A chain of nine rows; the tenant's own creation and its key are the first two. */
async function chain(): Promise<TestTenant> {
  const tenant = await app.tenant()
  await app.store.change(tenant.id, systemActor('test'), async (tx) => {
    for (let n = 3; n <= ROWS; n++) tx.audit({ action: 'test.do', resource: { type: 'test', id: `${n} "ö" 🏦` } })
  })
  return tenant
}
const walk = (tenant: TestTenant, size: number) =>
  walkAudit((work) => app.store.read(tenant.id, work), [], BigInt(size))
const sizes = Array.from({ length: ROWS + 1 }, (_, n) => n + 1)

// Where a piece ends must make no difference: every size of pieces is tried at every row.
describe('a chain read in pieces', () => {
  it('is whole in pieces of any size', async () => {
    const tenant = await chain()
    for (const size of sizes) {
      expect(await walk(tenant, size)).toEqual({ valid: true, checked: ROWS, firstBroken: null })
    }
  })

  it.each([
    ['deleted', 'delete from audit_events where tenant_id = $1 and sequence = $2'],
    ['edited', "update audit_events set entry = '{}' where tenant_id = $1 and sequence = $2"],
    ['hashed anew', 'update audit_events set hash = sha256(hash) where tenant_id = $1 and sequence = $2'],
  ])('shows the very row that was %s', async (_what, sql) => {
    for (let row = 1; row <= ROWS; row++) {
      const tenant = await chain()
      await app.database.pool.query(sql, [uuidOf(tenant.id), row])
      for (const size of sizes) {
        expect(await walk(tenant, size)).toEqual({ valid: false, checked: row - 1, firstBroken: row })
      }
    }
  })
})
