import { randomBytes } from 'node:crypto'
import { Client, type ClientConfig, type Pool } from 'pg'
import { inject } from 'vitest'
import { createTenant } from '../../src/access/index.ts'
import { type Scaled, systemClock } from '../../src/base/clock.ts'
import { type Id, newId, type TenantId, uuidOf } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import type {
  BilledPayment,
  BilledStatus,
  BillingSystem,
  ClientCredit,
  SendOutcome,
} from '../../src/billing/billing-system.ts'
import { createClaim, createUndoClaim } from '../../src/billing/payments/claim.ts'
import { crashPoints } from '../../src/billing/payments/crash-point.ts'
import type { PaymentDeps } from '../../src/billing/payments/deps.ts'
import { applyPayment } from '../../src/billing/payments/apply-payment.ts'
import { getPayment, type PaymentRow } from '../../src/billing/payments/queries.ts'
import { requestPayment } from '../../src/billing/payments/request-payment.ts'
import { getUndo, type UndoRow } from '../../src/billing/payments/undo/queries.ts'
import { requestUndo } from '../../src/billing/payments/undo/request-undo.ts'
import { takeBack } from '../../src/billing/payments/undo/take-back.ts'
import { connectPool } from '../../src/database/open.ts'
import { systemActor } from '../../src/events/audit.ts'
import { createStore, type Store } from '../../src/events/store.ts'
import type { JobQueue } from '../../src/jobs/queue.ts'
import { databaseOf, TEMPLATE } from './database.ts'

/** A billing system that a test writes the script for: what it holds, and what it does at the next calls. */
export interface ScriptedBilling extends BillingSystem {
  invoices: Map<string, { status: BilledStatus; balanceMinor: bigint; totalMinor?: bigint }>
  payments: BilledPayment[]
  /** Called instead of the plain booking; `book` commits. The last one stays. */
  onAdd: ((wanted: AddedPayment, book: () => void) => Promise<SendOutcome>)[]
  /** Runs before each look-up by id; may throw. */
  onFind: () => void
  onInvoice: () => void
  /** Credit of the one client: what is left, and how it moved. */
  credit: ClientCredit
  onCredit: () => void
  /** What answers the next writes of a taking-back, by step, instead of the plain writing; `write` commits. */
  onUndo: ((step: 'money' | 'reopen' | 'credit', write: () => void) => Promise<SendOutcome>)[]
  /** What the rows of the ledger say to give back, by their id. */
  refunds: Map<string, string>
  addsFunds: boolean
  collects: string[]
  calls: { find: number; invoice: number; add: number; money: number; reopen: number; credit: number }
}

type AddedPayment = Parameters<BillingSystem['addPayment']>[0]

export function scriptedBilling(): ScriptedBilling {
  const billing: ScriptedBilling = {
    invoices: new Map(),
    payments: [],
    onAdd: [],
    onFind: () => {},
    onInvoice: () => {},
    credit: { balanceMinor: 0n, movements: [] },
    onCredit: () => {},
    onUndo: [],
    refunds: new Map(),
    addsFunds: false,
    collects: [],
    calls: { find: 0, invoice: 0, add: 0, money: 0, reopen: 0, credit: 0 },
    listInvoices: async function* () {},
    findPayments: async (transid) => {
      billing.calls.find += 1
      billing.onFind()
      return billing.payments.filter((payment) => payment.transid === transid)
    },
    getInvoice: async (externalId) => {
      billing.calls.invoice += 1
      billing.onInvoice()
      const invoice = billing.invoices.get(externalId)
      return (
        invoice && {
          externalId,
          number: '',
          status: invoice.status,
          totalMinor: invoice.totalMinor ?? invoice.balanceMinor,
          balanceMinor: invoice.balanceMinor,
          issuedOn: null,
          dueOn: null,
          items: [],
          collects: billing.collects,
          payments: billing.payments.filter((payment) => payment.invoiceExternalId === externalId),
        }
      )
    },
    addPayment: async (wanted) => {
      billing.calls.add += 1
      const book = () => {
        billing.payments.push({
          externalId: String(billing.payments.length + 1),
          invoiceExternalId: wanted.invoiceExternalId,
          transid: wanted.transid,
          amountMinor: wanted.amountMinor,
          paidOn: wanted.paidOn,
          gateway: wanted.paymentMethod,
        })
        const invoice = billing.invoices.get(wanted.invoiceExternalId)
        if (invoice) {
          invoice.balanceMinor -= wanted.amountMinor
          if (invoice.balanceMinor <= 0n) invoice.status = 'paid'
        }
      }
      const script = billing.onAdd.length > 1 ? billing.onAdd.shift() : billing.onAdd[0]
      if (script) return script(wanted, book)
      book()
      return { outcome: 'applied' }
    },
    getLedger: async (externalId, currency) => {
      const invoice = await billing.getInvoice(externalId, currency)
      return (
        invoice && {
          invoice,
          clientExternalId: '7',
          rows: invoice.payments.map((row) => ({ ...row, refunds: billing.refunds.get(row.externalId) ?? null })),
          addsFunds: billing.addsFunds,
        }
      )
    },
    getCredit: async () => {
      billing.onCredit()
      return billing.credit
    },
    takeMoneyOut: async (out) =>
      undoStep('money', () => {
        billing.payments.push({
          externalId: String(billing.payments.length + 1),
          invoiceExternalId: out.invoiceExternalId,
          transid: out.transid,
          amountMinor: -out.amountMinor,
          paidOn: '2025-04-11',
          gateway: out.paymentMethod,
        })
        const invoice = billing.invoices.get(out.invoiceExternalId)
        if (invoice) invoice.balanceMinor += out.amountMinor
      }),
    reopenInvoice: async (externalId) =>
      undoStep('reopen', () => void (billing.invoices.get(externalId)!.status = 'unpaid')),
    removeCredit: async ({ amountMinor, description }) =>
      undoStep('credit', () => {
        billing.credit.balanceMinor -= amountMinor
        billing.credit.movements.push({ description, amountMinor: -amountMinor, invoiceExternalId: null })
      }),
  }
  const undoStep = async (step: 'money' | 'reopen' | 'credit', write: () => void): Promise<SendOutcome> => {
    billing.calls[step] += 1
    const script = billing.onUndo.shift()
    if (script) return script(step, write)
    write()
    return { outcome: 'applied' }
  }
  return billing
}

/** What a test does as one tenant with one proven WHMCS. */
interface TenantBench {
  tenantId: TenantId
  instanceId: Id<'whm'>
  makeInvoice(options?: { balanceMinor?: bigint; status?: BilledStatus }): Promise<{
    id: Id<'inv'>
    externalId: string
  }>
  makeLine(amountMinor?: bigint): Promise<{ transactionId: Id<'txn'>; matchId: Id<'match'> }>
  /** A payment of an invoice of its own, requested. */
  makePayment(options?: {
    amountMinor?: bigint
    status?: BilledStatus
    invoice?: { id: Id<'inv'> }
  }): Promise<PaymentRow>
  request(line: {
    transactionId: Id<'txn'>
    matchId: Id<'match'>
    parts: { invoiceId: Id<'inv'>; amountMinor: bigint }[]
  }): Promise<PaymentRow[]>
  payment(id: Id<'pay'>): Promise<PaymentRow>
  alerts(): Promise<string[]>
  events(): Promise<string[]>
  audits(): Promise<string[]>
}

export interface PaymentBench extends PaymentDeps, TenantBench {
  billing: ScriptedBilling
  settled: { matchId: string; outcome: string }[]
  otherTenant(): Promise<TenantBench>
  /** Claims whatever is due and works on it, once. */
  visit(): Promise<PaymentRow[]>
  /** The same for what is to be taken back; answers how many there were. */
  visitUndos(): Promise<number>
  /** Asks for the taking-back of a payment's match. */
  takeBack(payment: PaymentRow): Promise<void>
  undo(payment: PaymentRow): Promise<UndoRow>
  /** All that was waited for has passed: settle times, back-offs, and the leases of workers that died. */
  passTime(payment?: PaymentRow): Promise<void>
  run(sql: string): Promise<void>
  stop(): Promise<void>
}

let count = 0
const NOBODY = newId('pay')

/** A tenant with one proven WHMCS on a database of its own, worked on by hand. */
export async function createPaymentBench(options: { scaled?: Scaled } = {}): Promise<PaymentBench> {
  const pool = await openCopy()
  const queue: JobQueue = {
    enqueue: async () => {},
    prepare: async () => {},
    work: async () => {},
    stop: async () => {},
  }
  const store = createStore({ pool, queue, clock: systemClock, subscribers: [] })
  const billing = scriptedBilling()
  const settled: PaymentBench['settled'] = []
  const run = async (sql: string) => void (await pool.query(sql))

  const bench: PaymentBench = {
    ...(await tenantBench(store, billing)),
    store,
    openBilling: async () => billing,
    scaled: options.scaled ?? ((plannedMs) => plannedMs),
    log: silentLog,
    crash: crashPoints(undefined),
    onSettled: async (_tx, { matchId, outcome }) => void settled.push({ matchId, outcome }),
    billing,
    settled,
    otherTenant: () => tenantBench(store, billing),
    visit: async () => {
      const leased = await createClaim(bench)(100)
      await Promise.all(leased.map((payment) => applyPayment(bench, payment)))
      return leased
    },
    visitUndos: async () => {
      const leased = await createUndoClaim(bench)(100)
      await Promise.all(leased.map((undo) => takeBack(bench, undo)))
      return leased.length
    },
    takeBack: async ({ matchId, transactionId, tenantId }) =>
      void (await store.change(tenantId, systemActor('test'), (tx) => requestUndo(tx, { matchId, transactionId }))),
    undo: async ({ id, tenantId }) => (await store.read(tenantId, (tx) => getUndo(tx, id)))!,
    passTime: async (payment) => {
      await run(
        `update undos set next_attempt_at = now() - interval '1 second', settled_at = settled_at - interval '10 days',
                lease_until = lease_until - interval '10 days', unknown_since = unknown_since - interval '1 hour'
          where ${payment === undefined} or id = '${uuidOf(payment?.id ?? NOBODY)}'`,
      )
      await run(
        `update payments set next_attempt_at = now() - interval '1 second', settled_at = settled_at - interval '10 days',
                lease_until = lease_until - interval '10 days', checked_at = checked_at - interval '1 day',
                unknown_since = unknown_since - interval '1 hour'
          where ${payment === undefined} or transid = '${payment?.transid}'`,
      )
    },
    run,
    stop: () => pool.end(),
  }
  return bench
}

async function tenantBench(store: Store, billing: ScriptedBilling): Promise<TenantBench> {
  const slug = `pay-${(count += 1)}-${randomBytes(3).toString('hex')}`
  const actor = systemActor('test')
  const { id: tenantId } = await createTenant(store, actor, {
    parentId: null,
    slug,
    name: 'Test Hosting',
    kind: 'customer',
    tier: 'standard',
    environment: 'live',
    settings: {},
  })
  const seeded = await seedInstance(store, tenantId, `${slug}.example.net`)
  const texts = async (sql: string) =>
    (await store.read(tenantId, (tx) => tx.many<{ text: string }>(sql, [tx.tenantUuid]))).map((row) => row.text)

  const bench: TenantBench = {
    tenantId,
    instanceId: seeded.instanceId,
    makeInvoice: async ({ balanceMinor = 10_000n, status = 'unpaid' } = {}) => {
      const id = newId('inv')
      const externalId = String(1000 + (count += 1))
      billing.invoices.set(externalId, { status, balanceMinor })
      await store.read(tenantId, (tx) => insertInvoice(tx, { ...seeded, id, externalId, balanceMinor }))
      return { id, externalId }
    },
    makeLine: (amountMinor = 10_000n) =>
      store.read(tenantId, (tx) => insertLine(tx, { ...seeded, amountMinor, identityKey: `api:${(count += 1)}` })),
    request: (line) => store.change(tenantId, actor, (tx) => requestPayment(tx, line)),
    makePayment: async ({ amountMinor = 10_000n, status, invoice } = {}) => {
      const line = await bench.makeLine(amountMinor)
      const { id } = invoice ?? (await bench.makeInvoice({ balanceMinor: amountMinor, ...(status ? { status } : {}) }))
      const rows = await bench.request({ ...line, parts: [{ invoiceId: id, amountMinor }] })
      return rows[0]!
    },
    payment: async (id) => (await store.read(tenantId, (tx) => getPayment(tx, id)))!,
    alerts: () =>
      texts('select code as text from alerts where tenant_id = $1 and closed_at is null order by opened_at'),
    events: () => texts('select type as text from events where tenant_id = $1 order by id'),
    audits: () => texts('select action as text from audit_events where tenant_id = $1 order by sequence'),
  }
  return bench
}

async function openCopy(): Promise<Pool> {
  const server = inject('server') as ClientConfig
  const name = `payymo_t${process.pid}_pay${(count += 1)}_${randomBytes(3).toString('hex')}`
  const admin = new Client(databaseOf(server, 'postgres'))
  await admin.connect()
  await admin.query('select pg_advisory_lock(7299461002)')
  await admin.query(`create database ${name} template ${TEMPLATE}`)
  await admin.end()
  const { pool } = await connectPool(databaseOf(server, name), 12)
  return pool
}

interface Seeded {
  instanceId: Id<'whm'>
  accountId: Id<'acc'>
  clientId: Id<'cli'>
}

type Run = Parameters<Parameters<Store['read']>[1]>[0]

/** A proven WHMCS, a client of it, and a bank account. */
export async function seedInstance(store: Store, tenantId: TenantId, installation: string): Promise<Seeded> {
  const seeded = { instanceId: newId('whm'), accountId: newId('acc'), clientId: newId('cli') }
  await store.read(tenantId, async (tx) => {
    await tx.run(
      `insert into whmcs_instances (tenant_id, id, system_url, installation, mode, sealed_webhook_secret, status, proof_token, verified_at, verified_by)
       values ($1, $2, $3, $4, 'api', '', 'active', 'token', now(), 'file')`,
      [tx.tenantUuid, uuidOf(seeded.instanceId), `https://${installation}`, installation],
    )
    await tx.run('insert into clients (tenant_id, id, instance_id, external_id, name) values ($1, $2, $3, $4, $5)', [
      tx.tenantUuid,
      uuidOf(seeded.clientId),
      uuidOf(seeded.instanceId),
      '7',
      'Marlow Hosting Co',
    ])
    await tx.run(
      `insert into accounts (tenant_id, id, connection_id, bank_name, name, currency, identity) values ($1, $2, $3, 'Test Bank', 'Main', 'EUR', $4)`,
      [tx.tenantUuid, uuidOf(seeded.accountId), uuidOf(newId('bank')), `identity-${installation}`],
    )
  })
  return seeded
}

export async function insertInvoice(
  tx: Run,
  invoice: Seeded & { id: Id<'inv'>; externalId: string; balanceMinor: bigint },
): Promise<void> {
  await tx.run(
    `insert into invoices (tenant_id, id, instance_id, client_id, external_id, status, total_minor, balance_minor, currency)
     values ($1, $2, $3, $4, $5, 'unpaid', $6, $6, 'EUR')`,
    [
      tx.tenantUuid,
      uuidOf(invoice.id),
      uuidOf(invoice.instanceId),
      uuidOf(invoice.clientId),
      invoice.externalId,
      invoice.balanceMinor,
    ],
  )
}

/** A line of money in, and a match that was approved for it. */
export async function insertLine(
  tx: Run,
  line: { accountId: Id<'acc'>; amountMinor: bigint; identityKey: string },
): Promise<{ transactionId: Id<'txn'>; matchId: Id<'match'> }> {
  const transactionId = newId('txn')
  const matchId = newId('match')
  await tx.run(
    `insert into transactions (tenant_id, id, account_id, source, direction, amount_minor, currency, booked_on, booked_at, identity_key, fingerprint)
     values ($1, $2, $3, 'api', 'credit', $4, 'EUR', '2025-04-10', '2025-04-10T00:00:00Z', $5, '')`,
    [tx.tenantUuid, uuidOf(transactionId), uuidOf(line.accountId), line.amountMinor, line.identityKey],
  )
  await tx.run(
    `insert into matches (tenant_id, id, transaction_id, status, confidence, score, match_reason, reasons)
     values ($1, $2, $3, 'approved', 0.99, 0.9, 'amount_exact_match', '[]')`,
    [tx.tenantUuid, uuidOf(matchId), uuidOf(transactionId)],
  )
  return { transactionId, matchId }
}
