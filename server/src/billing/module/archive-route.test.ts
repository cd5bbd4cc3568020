import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { ADDON, buildModuleZip, listShipped, MODULE_ROOT } from './module-zip.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())

describe('GET /whmcs-module', () => {
  it('200: the archive that npm run module:zip builds, with the module and nothing else', async () => {
    const tenant = await app.tenant({ permissions: ['whmcs_instances:read'] })
    const { status, body } = await tenant.call('GET', '/whmcs-module')
    const zip = Buffer.from(body.zip, 'base64')
    const { name, version, digest } = buildModuleZip()
    expect([status, body.name, body.version, body.size, body.sha256]).toEqual([200, name, version, zip.length, digest])
    expect(createHash('sha256').update(zip).digest('hex')).toBe(digest)
    const files = unzipSync(zip)
    expect(Object.keys(files)).toEqual(listShipped())
    expect(Object.keys(files).every((path) => path.startsWith(`${ADDON}/`))).toBe(true)
    const main = `${ADDON}/payymo.php`
    expect(Buffer.from(files[main]!)).toEqual(readFileSync(join(MODULE_ROOT, main)))
  })

  it('401 without a key, 403 without the permission', async () => {
    expect((await app.call(undefined, 'GET', '/whmcs-module')).status).toBe(401)
    const other = await app.tenant({ permissions: ['invoices:read'] })
    expect((await other.call('GET', '/whmcs-module')).status).toBe(403)
  })
})
