import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWhmcs, DEFAULT_CREDENTIAL, type WhmcsSimulator } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeAccount } from '../../../test/setup/factories.ts'
import { type BillingBench, createBillingBench } from '../../../test/setup/factories-billing.ts'

let app: TestApp
let whmcs: WhmcsSimulator
let bench: BillingBench
let tenant: TestTenant

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  whmcs = await createWhmcs({ basePath: '/billing' })
  bench = await createBillingBench(app, [whmcs])
  tenant = await app.tenant()
})
afterEach(() => bench.stop())

const credential = { api_identifier: DEFAULT_CREDENTIAL.identifier, api_secret: DEFAULT_CREDENTIAL.secret }
const wanted = (change: object = {}) => ({ system_url: whmcs.url, ...credential, ...change })
const post = (body: object, who = tenant) => bench.call(who, 'POST', '/whmcs-instances', body)

describe('POST /whmcs-instances', () => {
  it('201: shows the webhook secret once and no other secret ever, and starts to read', async () => {
    const answer = await post(wanted({ access_key: 'access-canary' }))
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`/api/v1/whmcs-instances/${answer.body.id}`)
    expect(answer.body).toMatchObject({ mode: 'api', status: 'pending', payment_method: 'banktransfer', error: null })
    expect(answer.body.webhook_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const { token } = /payymo-(?<token>[0-9a-f]{32})\.txt$/.exec(answer.body.proofs.file.url)!.groups!
    expect(answer.body.proofs).toEqual({
      module: { url: `${whmcs.url}/modules/addons/payymo/proof.php` },
      file: { url: `${new URL(whmcs.url).origin}/.well-known/payymo-${token}.txt`, content: token },
      dns: { name: '_payymo.127.0.0.1', value: token },
    })
    const shown = await bench.call(tenant, 'GET', `/whmcs-instances/${answer.body.id}`)
    const list = await bench.call(tenant, 'GET', '/whmcs-instances?status=pending')
    const { module, ...listed } = shown.body
    expect([module, list.body.data]).toEqual([null, [listed]])
    const said = JSON.stringify([shown.body, list.body, await rows()])
    for (const secret of [credential.api_secret, 'access-canary', answer.body.webhook_secret]) {
      expect(said).not.toContain(secret)
      expect(JSON.stringify(answer.body).replace(answer.body.webhook_secret, '')).not.toContain(secret)
    }
    expect((await jobs()).filter((job) => job.instanceId === answer.body.id)).toHaveLength(1)
  })

  it('201: without an API credential it waits for the module', async () => {
    const answer = await post({ system_url: whmcs.url })
    expect(answer.body).toMatchObject({ mode: 'module', api_identifier: null, next_sync_at: null })
    expect((await bench.call(tenant, 'POST', `/whmcs-instances/${answer.body.id}/sync`)).status).toBe(409)
  })

  it('400: names what is missing or malformed', async () => {
    const faults = async (body: object) => (await post(body)).body.error.details
    expect(await faults({})).toEqual([{ field: 'system_url', issue: 'This field is required' }])
    expect(await faults({ system_url: whmcs.url, mode: 'api' })).toEqual([
      { field: 'api_identifier', issue: 'This field is required' },
      { field: 'api_secret', issue: 'This field is required' },
    ])
    expect(await faults(wanted({ system_url: 'my whmcs' }))).toMatchObject([{ field: 'system_url' }])
    expect(await faults(wanted({ payment_method: 'Bank Transfer' }))).toMatchObject([{ field: 'payment_method' }])
  })

  it('409: the same installation once more, however it is written', async () => {
    expect((await post(wanted())).status).toBe(201)
    expect((await post(wanted({ system_url: `${whmcs.url}/includes/api.php` }))).status).toBe(409)
    expect((await post(wanted(), await app.tenant())).status).toBe(201)
  })

  it.each([
    'https://10.0.0.8',
    'http://whmcs.example.com',
    'https://localhost',
    'https://[::1]/',
    'https://example.com:22',
  ])('422: %s is nothing we call', async (system_url) => {
    const answer = await post(wanted({ system_url }))
    expect([answer.status, answer.body.error.details[0].field]).toEqual([422, 'system_url'])
  })
})

describe('PATCH /whmcs-instances/{id}', () => {
  it('200: merges, null restores the default, another address must be proven again', async () => {
    const { id, webhookSecret } = await bench.connect(tenant, whmcs, { payment_method: 'mailin' })
    whmcs.control.setProof({ webhookSecret })
    await bench.call(tenant, 'POST', `/whmcs-instances/${id}/verify`)
    const patch = (body: object) => bench.call(tenant, 'PATCH', `/whmcs-instances/${id}`, body)
    expect((await patch({ payment_method: null })).body).toMatchObject({
      payment_method: 'banktransfer',
      verified_by: 'module',
    })
    const moved = await patch({ system_url: new URL(whmcs.url).origin })
    expect(moved.body).toMatchObject({ system_url: new URL(whmcs.url).origin, verified_at: null, verified_by: null })
    expect((await patch({ api_secret: null })).status).toBe(400)
    expect((await patch({ mode: 'module', api_secret: null, api_identifier: null })).body).toMatchObject({
      mode: 'module',
    })
  })

  it('422: not to another installation once invoices are mirrored', async () => {
    whmcs.control.seed({ clients: [{ id: 1 }], invoices: [{ client: 1, total: '5.00' }] })
    const { id } = await bench.connect(tenant, whmcs)
    await bench.mirror(tenant, id)
    const answer = await bench.call(tenant, 'PATCH', `/whmcs-instances/${id}`, {
      system_url: new URL(whmcs.url).origin,
    })
    expect([answer.status, answer.body.error.details[0].field]).toEqual([422, 'system_url'])
  })

  it('404: of another tenant, like a made-up one', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    const stranger = await app.tenant()
    for (const each of [id, 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab', 'nothing']) {
      for (const [method, path] of [
        ['GET', ''],
        ['PATCH', ''],
        ['DELETE', ''],
        ['POST', '/verify'],
        ['POST', '/test'],
        ['POST', '/sync'],
      ]) {
        const answer = await bench.call(
          stranger,
          method!,
          `/whmcs-instances/${each}${path}`,
          method === 'PATCH' ? {} : undefined,
        )
        expect([each, method, path, answer.status]).toEqual([each, method, path, 404])
      }
    }
  })
})

describe('DELETE /whmcs-instances/{id}', () => {
  it('204: forgets the secrets, stays readable, twice does no harm, and frees the installation', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    for (let n = 0; n < 2; n++) expect((await bench.call(tenant, 'DELETE', `/whmcs-instances/${id}`)).status).toBe(204)
    expect((await bench.call(tenant, 'GET', `/whmcs-instances/${id}`)).body).toMatchObject({ status: 'disconnected' })
    const row = (await rows()).find((each) => each.status === 'disconnected')
    expect(row).toMatchObject({ sealed_api_secret: null, sealed_access_key: null })
    expect((await bench.call(tenant, 'PATCH', `/whmcs-instances/${id}`, {})).status).toBe(409)
    await expect(bench.connections.open(tenant.id, id)).rejects.toMatchObject({ code: 'disconnected' })
    await bench.connect(tenant, whmcs)
  })
})

describe('DELETE /whmcs-instances/{id} while a payment is in doubt', () => {
  it('409: without the connection its outcome could never be learnt', async () => {
    whmcs.control.seed({ clients: [{ id: 1 }], invoices: [{ client: 1, total: '5.00' }] })
    const { id, webhookSecret } = await bench.connect(tenant, whmcs)
    whmcs.control.setProof({ webhookSecret })
    await bench.call(tenant, 'POST', `/whmcs-instances/${id}/verify`)
    await bench.mirror(tenant, id)
    const account = await makeAccount(app, tenant, { currency: 'USD' })
    const line = { account_id: account, amount: '5.00', currency: 'USD', transaction_date: '2025-04-10' }
    const { body: transaction } = await tenant.call('POST', '/transactions', line)
    const [invoice] = (await bench.call(tenant, 'GET', '/invoices')).body.data
    const match = await tenant.call('POST', '/invoice-matches', {
      transaction_id: transaction.id,
      invoice_id: invoice.id,
      amount: '5.00',
    })
    expect([match.status, match.body.payments?.length]).toEqual([201, 1])
    const setState = (state: string) =>
      app.store.read(tenant.id, (tx) =>
        tx.run('update payments set state = $2 where tenant_id = $1', [tx.tenantUuid, state]),
      )
    await setState('unknown')
    expect((await bench.call(tenant, 'DELETE', `/whmcs-instances/${id}`)).status).toBe(409)
    await setState('applied')
    expect((await bench.call(tenant, 'DELETE', `/whmcs-instances/${id}`)).status).toBe(204)
  })
})

describe('POST /whmcs-instances/{id}/verify', () => {
  it('200: by the module, the file, or DNS, each asked for alone', async () => {
    for (const method of ['module', 'file', 'dns']) {
      const owner = await app.tenant()
      const { id, webhookSecret } = await bench.connect(owner, whmcs)
      const { proofs } = (await bench.call(owner, 'GET', `/whmcs-instances/${id}`)).body
      const verify = () => bench.call(owner, 'POST', `/whmcs-instances/${id}/verify`, { method })
      expect((await verify()).body.error.details).toMatchObject([{ field: method }])
      if (method === 'module') whmcs.control.setProof({ webhookSecret })
      if (method === 'file') whmcs.control.setProof({ wellKnown: { [proofs.dns.value]: `${proofs.file.content}\r\n` } })
      if (method === 'dns')
        bench.txt.set(proofs.dns.name, [['other'], [proofs.dns.value.slice(0, 9), proofs.dns.value.slice(9)]])
      const proven = await verify()
      expect([proven.status, proven.body.verified_by]).toEqual([200, method])
      expect(proven.body.verified_at).not.toBeNull()
      expect(await events(owner, 'whmcs_instance.verified')).toEqual([id])
      await verify()
      expect(await events(owner, 'whmcs_instance.verified')).toEqual([id])
      await bench.call(owner, 'DELETE', `/whmcs-instances/${id}`)
    }
  })

  it('422: says what each proof found; a proof under another secret is none', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    whmcs.control.setProof({ webhookSecret: 'whsec_of_somebody_else' })
    const answer = await bench.call(tenant, 'POST', `/whmcs-instances/${id}/verify`)
    expect(answer.status).toBe(422)
    expect(answer.body.error.details.map((detail: { field: string }) => detail.field)).toEqual([
      'module',
      'file',
      'dns',
    ])
    expect(answer.body.error.details[0].issue).toContain('wrong proof')
    expect(answer.body.error.details[1].issue).toContain('404')
    expect(answer.body.error.details[2].issue).toContain('No TXT record')
    expect((await bench.call(tenant, 'GET', `/whmcs-instances/${id}`)).body.verified_at).toBeNull()
  })

  it('409: a second tenant never has the same installation verified, until the first leaves', async () => {
    const second = await app.tenant()
    const mine = await bench.connect(tenant, whmcs)
    const theirs = await bench.connect(second, whmcs)
    whmcs.control.setProof({ webhookSecret: mine.webhookSecret })
    const verify = (who: TestTenant, id: string) => bench.call(who, 'POST', `/whmcs-instances/${id}/verify`)
    expect((await verify(tenant, mine.id)).status).toBe(200)
    whmcs.control.setProof({ webhookSecret: theirs.webhookSecret })
    const refused = await verify(second, theirs.id)
    expect([refused.status, refused.body.error.code]).toEqual([409, 'resource_conflict'])
    expect(JSON.stringify(refused.body)).not.toContain(tenant.id)
    await bench.call(tenant, 'DELETE', `/whmcs-instances/${mine.id}`)
    expect((await verify(second, theirs.id)).status).toBe(200)
  })

  it('of 10 tenants at once exactly one is verified', async () => {
    const contenders = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const who = await app.tenant()
        const { id } = await bench.connect(who, whmcs)
        const { proofs } = (await bench.call(who, 'GET', `/whmcs-instances/${id}`)).body
        whmcs.control.setProof({ wellKnown: { [proofs.dns.value]: proofs.file.content } })
        return { who, id }
      }),
    )
    const statuses = await Promise.all(
      contenders.map(async ({ who, id }) => (await bench.call(who, 'POST', `/whmcs-instances/${id}/verify`)).status),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(9)
  })
})

describe('POST /whmcs-instances/{id}/test', () => {
  const test = async (change: object = {}) => {
    const { id } = await bench.connect(tenant, whmcs, change)
    const answer = await bench.call(tenant, 'POST', `/whmcs-instances/${id}/test`)
    expect(answer.status).toBe(200)
    return {
      id,
      ...(answer.body as {
        ok: boolean
        steps: { step: string; ok: boolean; message: string; remedy: string | null }[]
      }),
    }
  }
  const failing = (steps: { step: string; ok: boolean }[]) => steps.filter((step) => !step.ok).map((step) => step.step)

  it('all is well: each step says so, the version is known, and nothing was booked', async () => {
    const { id, ok, steps } = await test()
    expect(ok).toBe(true)
    expect(steps.map((step) => step.step)).toEqual([
      'reachability',
      'tls',
      'whmcs',
      'ip_allow_list',
      'credentials',
      'permission_GetInvoices',
      'permission_GetInvoice',
      'permission_GetTransactions',
      'permission_GetPaymentMethods',
      'payment_method',
      'permission_AddInvoicePayment',
      'permission_AddTransaction',
      'permission_UpdateInvoice',
      'permission_AddCredit',
      'permission_GetCredits',
      'permission_GetClientsDetails',
    ])
    expect((await bench.call(tenant, 'GET', `/whmcs-instances/${id}`)).body).toMatchObject({ version: '8.13.1' })
    expect(whmcs.control.books().transactions).toEqual([])
  })

  it('an address that is not listed: names it, and where to list it', async () => {
    whmcs.control.setAccess({ allowedIps: [], seenIp: '203.0.113.9' })
    const { ok, steps } = await test()
    expect([ok, failing(steps)]).toEqual([false, ['ip_allow_list']])
    expect(steps.at(-1)!.message).toContain('203.0.113.9')
    expect(steps.at(-1)!.remedy).toContain('General Settings > Security > API IP Access Restriction')
  })

  it('an access key replaces the list of addresses', async () => {
    whmcs.control.setAccess({ allowedIps: [], accessKey: 'key-in-configuration' })
    expect((await test({ access_key: 'key-in-configuration' })).ok).toBe(true)
  })

  it.each([
    ['html_403', 'whmcs'],
    ['502_html', 'whmcs'],
    ['redirect', 'whmcs'],
    ['html_error_page', 'whmcs'],
    ['drop_before', 'reachability'],
  ] as const)('%s stops at %s', async (mode, step) => {
    whmcs.control.addFaults({ mode })
    const { steps } = await test()
    expect([failing(steps), steps.at(-1)!.step]).toEqual([[step], step])
    expect(steps.at(-1)!.remedy ?? steps.at(-1)!.message).not.toBe('')
  })

  it('a wrong secret, and each action that no role allows', async () => {
    const wrong = await test({ api_secret: 'wrong-canary-secret' })
    expect(failing(wrong.steps)).toEqual(['credentials'])
    expect(JSON.stringify(wrong.steps)).not.toContain('wrong-canary')
    await bench.call(tenant, 'DELETE', `/whmcs-instances/${wrong.id}`)
    whmcs.control.setAccess({ roles: { full: ['GetInvoices', 'GetTransactions', 'GetPaymentMethods'] } })
    const some = await test()
    const undo = ['AddTransaction', 'UpdateInvoice', 'AddCredit', 'GetCredits', 'GetClientsDetails']
    expect([some.ok, failing(some.steps)]).toEqual([
      false,
      ['GetInvoice', 'AddInvoicePayment', ...undo].map((action) => `permission_${action}`),
    ])
  })

  it('a payment method that does not exist', async () => {
    // Saved while nobody could say so.
    whmcs.control.setAccess({ roles: { full: ['GetInvoices'] } })
    const { id } = await bench.connect(tenant, whmcs, { payment_method: 'wire' })
    whmcs.control.setAccess({ roles: { full: ['*'] } })
    const { steps } = (await bench.call(tenant, 'POST', `/whmcs-instances/${id}/test`)).body as {
      steps: { step: string; ok: boolean; remedy: string | null }[]
    }
    expect(failing(steps)).toEqual(['payment_method'])
    expect(steps.find((step) => !step.ok)!.remedy).toContain('banktransfer')
  })
})

describe('POST /whmcs-instances/{id}/sync', () => {
  it('202: asks for a reading now', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    const answer = await bench.call(tenant, 'POST', `/whmcs-instances/${id}/sync`)
    expect([answer.status, answer.body.id]).toEqual([202, id])
    expect((await jobs()).filter((job) => job.instanceId === id)).toHaveLength(1)
  })

  it('403: names the permission', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    const reader = await app.tenant({ permissions: ['whmcs_instances:read'] })
    const answer = await bench.call(reader, 'POST', `/whmcs-instances/${id}/sync`)
    expect([answer.status, answer.body.error.details[0].issue]).toEqual([403, 'whmcs_instances:write'])
  })
})

const rows = () =>
  app.store.read(tenant.id, (tx) =>
    tx.many<{ status: string }>('select * from whmcs_instances where tenant_id = $1', [tx.tenantUuid]),
  )

async function events(who: TestTenant, type: string): Promise<string[]> {
  const found = await app.store.read(who.id, (tx) =>
    tx.many<{ resource_id: string }>('select resource_id from events where tenant_id = $1 and type = $2', [
      tx.tenantUuid,
      type,
    ]),
  )
  return found.map((row) => row.resource_id)
}

async function jobs(): Promise<{ instanceId: string }[]> {
  const { rows: found } = await app.database.pool.query<{ data: { instanceId: string } }>(
    "select data from pgboss.job where name = 'mirror-invoices'",
  )
  return found.map((row) => row.data)
}
