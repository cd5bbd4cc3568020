import type { Id } from '../../src/base/ids.ts'
import { uuidOf } from '../../src/base/ids.ts'
import { systemClock } from '../../src/base/clock.ts'
import type { FeesOf } from '../../src/billing/payments/fees.ts'
import type { TestApp, TestTenant } from './app.ts'
import { type BillingBench, createBillingBench } from './factories-billing.ts'
import { type FakeModule, pairFakeModule } from './fake-module.ts'
import { type FakeWhmcs, fakeWhmcs } from './fake-whmcs.ts'
import { makeAccount } from './factories.ts'

/** A tenant with one WHMCS that its module reaches us from, and a bank account; nothing happens unless a test says so. */
export interface ModuleBench {
  billing: BillingBench
  tenant: TestTenant
  instanceId: Id<'whm'>
  pairingCode: string
  whmcs: FakeWhmcs
  module: FakeModule
  /** By our own hand: the proof of the domain is another test's matter. */
  prove(): Promise<void>
  /** Money in that a person decided to pay these invoices with, by WHMCS's ids. Returns the payments. */
  approve(amount: string, parts: Record<string, string>): Promise<{ id: Id<'pay'>; matchId: string; transid: string }[]>
  payment(
    id: string,
  ): Promise<{ state: string; attempts: number; reason: string | null; transaction_reference: string }>
  /** The mirrored invoice, as the API shows it. */
  invoice(externalId: string): Promise<any> // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  instance(): Promise<any> // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  alerts(): Promise<string[]>
  events(): Promise<string[]>
  /** Leases ran out, settle times are over, what was young is old. */
  passTime(): Promise<void>
  sql(text: string): Promise<void>
  /** Runs the sweep that looks after modules. */
  watch(): Promise<void>
  /** Runs a job of the slice as the queue would. */
  job(queue: string, data: object): Promise<void>
}

let count = 0

export async function createModuleBench(
  app: TestApp,
  options: { proven?: boolean; paired?: boolean; feesOf?: FeesOf } = {},
): Promise<ModuleBench> {
  const { feesOf } = options
  const billing = await createBillingBench(app, [], systemClock, feesOf ? { feesOf } : {})
  const tenant = await app.tenant()
  const whmcs = fakeWhmcs(`https://whmcs-${(count += 1)}.example.net/billing`)
  const created = await billing.call(tenant, 'POST', '/whmcs-instances', { system_url: whmcs.systemUrl })
  if (created.status !== 201) throw new Error(`not created: ${JSON.stringify(created.body)}`)
  const instanceId: Id<'whm'> = created.body.id
  const account = await makeAccount(app, tenant)
  const sql = (text: string) =>
    app.store.read(tenant.id, async (tx) => void (await tx.run(text.replaceAll(':tenant', `'${tx.tenantUuid}'`))))
  const data = async (path: string) => (await tenant.call('GET', path)).body.data

  const bench: ModuleBench = {
    billing,
    tenant,
    instanceId,
    pairingCode: created.body.pairing_code,
    whmcs,
    module: undefined as unknown as FakeModule,
    prove: () =>
      sql(
        `update whmcs_instances set verified_at = now(), verified_by = 'dns' where tenant_id = :tenant and id = '${uuidOf(instanceId)}'`,
      ),
    approve: async (amount, parts) => {
      const line = await tenant.call('POST', '/transactions', {
        account_id: account,
        amount,
        currency: 'EUR',
        transaction_date: '2025-04-10',
      })
      if (line.status !== 201) throw new Error(`no line: ${JSON.stringify(line.body)}`)
      const allocations = await Promise.all(
        Object.entries(parts).map(async ([id, part]) => ({ invoice_id: (await bench.invoice(id)).id, amount: part })),
      )
      const match = await tenant.call('POST', '/invoice-matches', { transaction_id: line.body.id, allocations })
      if (match.status !== 201) throw new Error(`no match: ${JSON.stringify(match.body)}`)
      const rows: { id: Id<'pay'>; transaction_reference: string }[] = await data(`/payments?match_id=${match.body.id}`)
      return rows.map((row) => ({ id: row.id, matchId: match.body.id, transid: row.transaction_reference }))
    },
    payment: async (id) => (await tenant.call('GET', `/payments/${id}`)).body,
    invoice: async (externalId) =>
      (await data('/invoices?per_page=100')).find((row: { external_id: string }) => row.external_id === externalId),
    instance: async () => (await billing.call(tenant, 'GET', `/whmcs-instances/${instanceId}`)).body,
    alerts: async () =>
      (await data('/alerts?per_page=100'))
        .flatMap((row: { code: string; closed_at: string | null }) => (row.closed_at ? [] : [row.code]))
        .sort(),
    events: async () =>
      (
        await app.store.read(tenant.id, (tx) =>
          tx.many<{ type: string }>('select type from events where tenant_id = $1 order by id', [tx.tenantUuid]),
        )
      ).map((row) => row.type),
    passTime: async () => {
      await sql(
        `update payments set next_attempt_at = now() - interval '1 second', lease_until = lease_until - interval '1 day',
                settled_at = settled_at - interval '1 day', applied_at = applied_at - interval '1 hour',
                unknown_since = unknown_since - interval '1 day'
          where tenant_id = :tenant`,
      )
      await sql(
        `update undos set next_attempt_at = now() - interval '1 second', lease_until = lease_until - interval '1 day',
                settled_at = settled_at - interval '1 day' where tenant_id = :tenant`,
      )
    },
    sql,
    watch: async () => {
      for (const sweep of billing.slice.sweeps ?? []) if (sweep.name === 'watch-modules') await sweep.run()
    },
    job: async (queue, more) => {
      const kind = (billing.slice.jobs ?? []).find((each) => each.queue === queue)
      await kind!.handle({ tenantId: tenant.id, ...more })
    },
  }
  if (options.paired !== false) bench.module = await pairFakeModule(billing, whmcs, bench.pairingCode)
  if (options.proven !== false) await bench.prove()
  return bench
}
