import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
})

describe('a full push', () => {
  beforeEach(async () => {
    for (const id of ['1', '2', '3']) bench.whmcs.addInvoice({ id, total: `${id}0.00` })
  })
  const begin = (id: string) => bench.module.call('push', { full: { step: 'begin', id } })
  const page = (id: string, ids: string[]) => bench.module.push(ids, { full: { step: 'page', id } })
  const end = (id: string) => bench.module.call('push', { full: { step: 'end', id } })
  const [one, two] = ['1'.repeat(32), '2'.repeat(32)] as const
  const open = async () =>
    (await bench.tenant.call('GET', '/invoices?status=unpaid&sort=created_at')).body.data.map(
      (each: { external_id: string }) => each.external_id,
    )

  it('closes what nobody named since it began, and what another push named stays open', async () => {
    await bench.module.pushAll()
    bench.whmcs.invoices.delete('1')
    await begin(one)
    await page(one, ['2'])
    await bench.module.push(['3'])
    expect((await end(one)).status).toBe(200)
    expect(await open()).toEqual(['2', '3'])
    expect(await bench.invoice('1')).toMatchObject({ status: 'cancelled', balance: 0 })
  })

  it('the first one that ends lets decisions be made, and its history is no news', async () => {
    bench.whmcs.addInvoice({ id: '4', total: '5.00', status: 'Paid', date_paid: '2025-03-01' })
    await bench.module.pushAll()
    expect((await bench.instance()).mirrored_at).not.toBeNull()
    expect((await bench.events()).filter((type) => type === 'invoice.paid')).toEqual([])
    const { rows } = await app.database.pool.query(
      "select 1 from pgboss.job where name = 'match-transactions' and data->>'tenantId' = $1",
      [bench.tenant.id],
    )
    expect(rows.length).toBeGreaterThan(0)
  })

  it('a repeated begin changes nothing, a repeated end closes nothing more', async () => {
    await bench.module.pushAll(one)
    await begin(one)
    expect((await end(one)).status).toBe(200)
    expect((await end(one)).status).toBe(200)
    expect(await open()).toEqual(['1', '2', '3'])
  })

  it('409: a newer one voids the former, whose end closes nothing', async () => {
    await bench.module.pushAll()
    await begin(one)
    await page(one, ['1'])
    await begin(two)
    expect((await end(one)).status).toBe(409)
    expect((await bench.module.call('push', { full: { step: 'page', id: one } })).status).toBe(409)
    expect(await open()).toEqual(['1', '2', '3'])
    await page(two, ['1', '2', '3'])
    expect((await end(two)).status).toBe(200)
    expect(await open()).toEqual(['1', '2', '3'])
  })

  it('409: one that named nothing closes nothing', async () => {
    await bench.module.pushAll()
    await bench.sql("update invoices set read_at = read_at - interval '1 hour' where tenant_id = :tenant")
    await begin(two)
    expect((await end(two)).status).toBe(409)
    expect(await open()).toEqual(['1', '2', '3'])
    // Of an empty WHMCS there is nothing to close.
    const empty = await createModuleBench(app)
    await empty.module.pushAll()
    expect((await empty.instance()).mirrored_at).not.toBeNull()
  })

  it('closes many in short portions', async () => {
    await bench.module.pushAll()
    await bench.sql(`insert into invoices (tenant_id, id, instance_id, client_id, external_id, status, total_minor, balance_minor, currency, read_at)
      select tenant_id, gen_random_uuid(), instance_id, client_id, (1000 + n)::text, 'unpaid', 100, 100, 'EUR', now() - interval '1 day'
        from invoices, generate_series(1, 130) n where tenant_id = :tenant and external_id = '1'`)
    await bench.module.pushAll()
    expect((await open()).length).toBe(3)
  })

  it('what is asked for while it goes on is still wanted afterwards', async () => {
    await begin(one)
    await page(one, ['1', '2', '3'])
    await bench.billing.call(bench.tenant, 'POST', `/whmcs-instances/${bench.instanceId}/sync`)
    await end(one)
    expect((await bench.module.state()).wanted.full).toBe(true)
  })
})
