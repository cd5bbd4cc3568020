import { createWhmcs, type WhmcsSeed, type WhmcsSimulator } from '../../../sandbox/src/whmcs/index.ts'
import type { Clock } from '../../src/base/clock.ts'
import type { Id } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { keepInvoice } from '../../src/billing/index.ts'
import { applyPayment } from '../../src/billing/payments/apply-payment.ts'
import { createClaim, createUndoClaim } from '../../src/billing/payments/claim.ts'
import type { FeesOf } from '../../src/billing/payments/fees.ts'
import { crashPoints } from '../../src/billing/payments/crash-point.ts'
import { takeBack } from '../../src/billing/payments/undo/take-back.ts'
import { createAsk } from '../../src/reconciliation/ask-aside.ts'
import { type MatchingDeps, type MatchRun, matchTransactions } from '../../src/reconciliation/match-transactions.ts'
import { settleMatch } from '../../src/reconciliation/index.ts'
import type { TestAnswer, TestApp, TestTenant } from './app.ts'
import { createBillingBench } from './factories-billing.ts'
import { makeAccount } from './factories.ts'

/** The day on which everything happens, in Payymo and in WHMCS. */
export const TODAY = '2025-04-10'

/** A tenant with one bank account and one proven WHMCS that a test fills; nothing happens unless it says so. */
export interface ReconciliationBench {
  tenant: TestTenant
  whmcs: WhmcsSimulator
  instanceId: Id<'whm'>
  account: Id<'acc'>
  /** Plants rows in WHMCS and mirrors them. */
  seed(rows: WhmcsSeed): Promise<void>
  mirror(): Promise<void>
  /** What the test of the connection says. */
  test(): Promise<TestAnswer['body']>
  /** Money in. `text` is the description; everything else has a default. */
  line(line: LineOptions): Promise<Id<'txn'>>
  /** Our id of the invoice with this number. */
  invoice(number: string): Promise<Id<'inv'>>
  /** One run of the matching job; `store` to come between. */
  run(store?: TestApp['store']): Promise<MatchRun>
  /** Books every payment that is due, and takes back what is to be taken back, until nothing is due. */
  pay(): Promise<void>
  get(path: string): Promise<TestAnswer['body']>
  /** The matches of a line, oldest first. */
  matches(line: Id<'txn'>): Promise<TestAnswer['body'][]>
  status(line: Id<'txn'>): Promise<string>
  /** Changes the settings of matching. */
  set(matching: object): Promise<void>
  approve(matchId: string): Promise<TestAnswer>
  reject(matchId: string): Promise<TestAnswer>
  reverse(matchId: string): Promise<TestAnswer>
  /** A match by hand; `parts` as invoice number to amount. */
  create(line: string, parts: Record<string, number | string>, more?: object): Promise<TestAnswer>
  /** How many rows of each kind there are: two equal answers mean that nothing was written between. */
  traces(): Promise<Record<string, string>>
  stop(): Promise<void>
}

export interface LineOptions {
  amount: number | string
  text?: string
  name?: string
  iban?: string
  date?: string
  currency?: string
  account?: Id<'acc'>
  direction?: 'credit' | 'debit'
}

let count = 0

const drawingAll: typeof settleMatch = (tx, match) => settleMatch(tx, match, () => true)

const EUR: WhmcsSeed = { currencies: [{ code: 'EUR' }, { code: 'USD' }] }

export async function createReconciliationBench(
  app: TestApp,
  clock: Clock,
  options: {
    settings?: object
    proven?: boolean
    seed?: WhmcsSeed
    /** What main joins from other slices. */
    withhold?: MatchingDeps['withhold']
    feesOf?: FeesOf
    /** Every automatic match is drawn for a look, not one in a hundred. */
    drawAll?: boolean
  } = {},
): Promise<ReconciliationBench> {
  // A path of its own: ports come round again, and an installation is proven by one tenant only.
  const whmcs = await createWhmcs({ sync: false, basePath: `/bench-${(count += 1)}` })
  whmcs.control.setClock({ frozenAt: `${TODAY}T12:00:00Z` })
  whmcs.control.seed({ ...EUR, ...options.seed })
  const billing = await createBillingBench(app, [whmcs], clock)
  const tenant = await app.tenant({ settings: { matching: options.settings ?? { mode: 'auto' } } })
  const account = await makeAccount(app, tenant)
  const { id: instanceId, webhookSecret } = await billing.connect(tenant, whmcs)
  if (options.proven !== false) {
    whmcs.control.setProof({ webhookSecret })
    const proven = await billing.call(tenant, 'POST', `/whmcs-instances/${instanceId}/verify`)
    if (proven.status !== 200) throw new Error(`not proven: ${JSON.stringify(proven.body)}`)
  }
  const deps = {
    store: app.store,
    openBilling: billing.connections.open,
    scaled: (plannedMs: number) => plannedMs,
    log: silentLog,
    crash: crashPoints(undefined),
    onSettled: options.drawAll ? drawingAll : settleMatch,
    keepInvoice,
    ...(options.feesOf ? { feesOf: options.feesOf } : {}),
  }
  const claim = createClaim(deps)
  const claimUndos = createUndoClaim(deps)
  const mirror = () => billing.mirror(tenant, instanceId)
  const get = async (path: string) => (await tenant.call('GET', path)).body
  if (options.seed) await mirror()

  const bench: ReconciliationBench = {
    tenant,
    whmcs,
    instanceId,
    account,
    mirror,
    test: async () => (await billing.call(tenant, 'POST', `/whmcs-instances/${instanceId}/test`)).body,
    get,
    seed: async (rows) => {
      whmcs.control.seed(rows)
      await mirror()
    },
    line: async ({
      amount,
      text = '',
      name = '',
      iban,
      date = TODAY,
      currency = 'EUR',
      direction = 'credit',
      ...more
    }) => {
      const answer = await tenant.call('POST', '/transactions', {
        account_id: more.account ?? account,
        amount,
        currency,
        direction,
        transaction_date: date,
        description: text,
        counterparty: { name, ...(iban === undefined ? {} : { iban }) },
      })
      if (answer.status !== 201) throw new Error(`no line: ${JSON.stringify(answer.body)}`)
      return answer.body.id
    },
    invoice: async (number) => {
      const rows: { id: Id<'inv'>; number: string; external_id: string }[] = (await get('/invoices?per_page=100')).data
      const found = rows.find((row) => row.number === number || row.external_id === number)
      if (!found) throw new Error(`no invoice ${number}`)
      return found.id
    },
    run: (store = app.store) =>
      matchTransactions(
        { store, today: () => TODAY, ask: createAsk(), ...(options.withhold ? { withhold: options.withhold } : {}) },
        tenant.id,
      ),
    pay: async () => {
      for (;;) {
        const undos = await claimUndos(100)
        const due = await claim(100)
        if (due.length + undos.length === 0) return
        await Promise.all([
          ...due.map((payment) => applyPayment(deps, payment)),
          ...undos.map((undo) => takeBack(deps, undo)),
        ])
      }
    },
    matches: async (line) => (await get(`/invoice-matches?transaction_id=${line}&sort=created_at&per_page=100`)).data,
    status: async (line) => (await get(`/transactions/${line}`)).match_status,
    set: async (matching) => {
      const answer = await tenant.call('PATCH', `/tenants/${tenant.id}`, { settings: { matching } })
      if (answer.status !== 200) throw new Error(`not set: ${JSON.stringify(answer.body)}`)
    },
    approve: (id) => tenant.call('PATCH', `/invoice-matches/${id}`, { status: 'approved' }),
    reject: (id) => tenant.call('PATCH', `/invoice-matches/${id}`, { status: 'rejected' }),
    reverse: (id) => tenant.call('PATCH', `/invoice-matches/${id}`, { status: 'reversed' }),
    create: async (line, parts, more = {}) => {
      const allocations = await Promise.all(
        Object.entries(parts).map(async ([number, amount]) => ({ invoice_id: await bench.invoice(number), amount })),
      )
      return tenant.call('POST', '/invoice-matches', { transaction_id: line, allocations, ...more })
    },
    traces: () =>
      app.store.read(tenant.id, (tx) =>
        tx.one<Record<string, string>>(
          `select (select count(*) from matches where tenant_id = $1) as matches,
                  (select count(*) from events where tenant_id = $1) as events,
                  (select count(*) from audit_events where tenant_id = $1) as audits,
                  (select count(*) from payments where tenant_id = $1) as payments,
                  (select coalesce(max(updated_at)::text, '') from matches where tenant_id = $1) as decided,
                  (select coalesce(max(updated_at)::text, '') from transactions where tenant_id = $1) as changed`,
          [tx.tenantUuid],
        ),
      ),
    stop: () => billing.stop(),
  }
  return bench
}
