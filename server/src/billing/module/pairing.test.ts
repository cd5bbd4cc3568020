import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { fakeModule, pairFakeModule, readCode, tryPairing } from '../../../test/setup/fake-module.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app, { paired: false, proven: false })
})

const pair = (code: string, more: object = {}) => tryPairing(bench.billing, bench.whmcs, code, more)
const newCode = async (): Promise<string> =>
  (await bench.billing.call(bench.tenant, 'POST', `/whmcs-instances/${bench.instanceId}/pairing-code`)).body
    .pairing_code

describe('POST /module/pair', () => {
  it('200: gives the secret once, with the proof that we hold it; all is audited, and no secret is kept in the open', async () => {
    const { server, instanceId, token } = readCode(bench.pairingCode)
    expect([server, instanceId]).toEqual(['https://payymo.example', bench.instanceId])
    const module = await pairFakeModule(bench.billing, bench.whmcs, bench.pairingCode)
    expect(module.secret).toMatch(/^whsec_/)
    expect(await bench.instance()).toMatchObject({ status: 'active', version: '8.13.1' })
    const kept = await app.store.read(bench.tenant.id, (tx) =>
      tx.many('select * from whmcs_modules where tenant_id = $1', [tx.tenantUuid]),
    )
    const audits = (await bench.tenant.call('GET', '/audit-events?per_page=100')).body
    expect(audits.data.map((row: { action: string }) => row.action)).toEqual(
      expect.arrayContaining(['whmcs_instance.make_pairing_code', 'whmcs_instance.pair']),
    )
    const said = JSON.stringify([kept, audits])
    for (const secret of [token, module.secret, bench.pairingCode]) expect(said).not.toContain(secret)
    expect(kept[0]).toMatchObject({ pairing_digest: null })
  })

  it('400: the same words for a code that was used, voided, is old, wrong, or of nothing', async () => {
    const said = new Set<string>()
    const refused = async (code: string) => {
      const answer = await pair(code)
      expect(answer.status).toBe(400)
      said.add(JSON.stringify({ ...answer.body.error, request_id: '' }))
    }
    const encode = (text: string) => `pyc_${Buffer.from(text).toString('base64url')}`
    await refused('nothing')
    await refused(encode('https://payymo.example whm_01jrfzq4v8m2k9d7t5x3w1c0ab token'))
    await refused(encode(`https://payymo.example ${bench.instanceId} ${'A'.repeat(43)}`))
    const voided = bench.pairingCode
    const old = await newCode()
    await refused(voided)
    await bench.sql('update whmcs_modules set pairing_expires_at = now() where tenant_id = :tenant')
    await refused(old)
    const used = await newCode()
    expect((await pair(used)).status).toBe(200)
    await refused(used)
    const left = await newCode()
    await bench.billing.call(bench.tenant, 'DELETE', `/whmcs-instances/${bench.instanceId}`)
    await refused(left)
    expect(said.size).toBe(1)
  })

  it('of 20 tries at once with one code exactly one gets the secret', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => pair(bench.pairingCode)))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 400)).toHaveLength(19)
  })

  it('409: names both addresses, and the code stays open; another spelling is the same installation', async () => {
    const other = await pair(bench.pairingCode, { system_url: 'https://copy.example.net/billing' })
    expect(other.status).toBe(409)
    expect(other.body.error.message).toContain('https://copy.example.net/billing')
    expect(other.body.error.message).toContain(bench.whmcs.systemUrl)
    expect(JSON.stringify(other.body)).not.toContain('whsec_')
    const spelt = bench.whmcs.systemUrl.replace('https://', 'http://www.')
    expect((await pair(bench.pairingCode, { system_url: `${spelt}/` })).status).toBe(200)
  })

  it('400 and 429: what is no pairing, and a network that tries too often', async () => {
    expect((await pair(bench.pairingCode, { nonce: 'short' })).body.error.details).toMatchObject([{ field: 'nonce' }])
    bench.billing.limited.push('module pair from:')
    const answer = await pair(bench.pairingCode)
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7'])
  })

  it('409: not while the account is suspended', async () => {
    await bench.sql("update tenants set status = 'suspended' where tenant_id = :tenant")
    expect((await pair(bench.pairingCode)).status).toBe(409)
    await bench.sql("update tenants set status = 'active' where tenant_id = :tenant")
    expect((await pair(bench.pairingCode)).status).toBe(200)
  })
})

describe('POST /whmcs-instances/{id}/pairing-code', () => {
  const ask = () => bench.billing.call(bench.tenant, 'POST', `/whmcs-instances/${bench.instanceId}/pairing-code`)

  it('409: not for an installation over the API, nor for one that is gone', async () => {
    const patch = { mode: 'api', api_identifier: 'one', api_secret: 'two' }
    await bench.billing.call(bench.tenant, 'PATCH', `/whmcs-instances/${bench.instanceId}`, patch)
    expect((await ask()).status).toBe(409)
    expect((await pair(bench.pairingCode)).status).toBe(400)
    await bench.billing.call(bench.tenant, 'DELETE', `/whmcs-instances/${bench.instanceId}`)
    expect((await ask()).status).toBe(409)
  })

  it('404: of another tenant, like a made-up one', async () => {
    const stranger = await app.tenant()
    for (const id of [bench.instanceId, 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab'])
      expect((await bench.billing.call(stranger, 'POST', `/whmcs-instances/${id}/pairing-code`)).status).toBe(404)
  })

  it('a module that is paired goes on', async () => {
    const module = await pairFakeModule(bench.billing, bench.whmcs, bench.pairingCode)
    await ask()
    expect((await module.state()).status).toBe('active')
  })
})

describe('a module that is paired', () => {
  it('test: says step by step what is missing, and what to do', async () => {
    const steps = async () =>
      (await bench.billing.call(bench.tenant, 'POST', `/whmcs-instances/${bench.instanceId}/test`)).body.steps.map(
        (step: { step: string; ok: boolean }) => `${step.step} ${step.ok}`,
      )
    expect(await steps()).toEqual(['paired false'])
    const module = await pairFakeModule(bench.billing, bench.whmcs, bench.pairingCode)
    expect(await steps()).toEqual(['paired true', 'module_calls false'])
    await module.cron()
    await bench.prove()
    expect(await steps()).toEqual([
      'paired true',
      'module_calls true',
      'invoices_complete true',
      'proof true',
      'payment_method true',
    ])
    await module.state({ payment_methods: [{ name: 'mailin', title: 'Mail' }] })
    expect((await steps()).at(-1)).toBe('payment_method false')
  })

  it('sync: asks for everything at its next call', async () => {
    const sync = () => bench.billing.call(bench.tenant, 'POST', `/whmcs-instances/${bench.instanceId}/sync`)
    expect((await sync()).status).toBe(409)
    const module = await pairFakeModule(bench.billing, bench.whmcs, bench.pairingCode)
    expect((await module.state()).wanted.full).toBe(true)
    await module.pushAll()
    expect((await module.state()).wanted.full).toBe(false)
    expect((await sync()).status).toBe(202)
    expect((await module.state()).wanted.full).toBe(true)
  })

  it('proof: is looked for by itself, again a few times, and no firewall is a fault', async () => {
    await pairFakeModule(bench.billing, bench.whmcs, bench.pairingCode)
    const jobs = async () =>
      (
        await app.database.pool.query<{ data: { instanceId: string; attempt: number } }>(
          "select data from pgboss.job where name = 'prove-module' and data->>'instanceId' = $1 order by created_on",
          [bench.instanceId],
        )
      ).rows.map((row) => row.data.attempt)
    expect(await jobs()).toEqual([1])
    // Where nobody answers, and nobody is asked either.
    await bench.sql("update whmcs_instances set system_url = 'https://127.0.0.1/billing' where tenant_id = :tenant")
    await app.database.pool.query("delete from pgboss.job where name = 'prove-module'")
    await bench.job('prove-module', { instanceId: bench.instanceId, attempt: 1 })
    expect(await jobs()).toEqual([2])
    expect((await bench.instance()).verified_at).toBeNull()
    await bench.job('prove-module', { instanceId: bench.instanceId, attempt: 4 })
    expect(await jobs()).toEqual([2])
  })

  it('a copy of WHMCS at another address is refused, and both addresses are named', async () => {
    const module = await pairFakeModule(bench.billing, bench.whmcs, bench.pairingCode)
    const answer = await module.call('state', { system_url: 'https://staging.example.net', payment_methods: [] })
    expect(answer.status).toBe(409)
    expect(answer.body.error.message).toContain('https://staging.example.net')
  })

  it('the secret alone is enough: whoever put it in by hand has no code to use', async () => {
    const created = await bench.billing.call(bench.tenant, 'POST', '/whmcs-instances', {
      system_url: 'https://hand.example.net',
    })
    const whmcs = { ...bench.whmcs, systemUrl: 'https://hand.example.net' }
    const module = fakeModule(bench.billing, whmcs, created.body.id, created.body.webhook_secret)
    expect((await module.state()).wanted.full).toBe(true)
  })
})
