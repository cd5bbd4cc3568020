import { setTimeout as sleep } from 'node:timers/promises'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createKey, createTenant } from '../../src/access/index.ts'
import { type Id, idOf, newId, type TenantId } from '../../src/base/ids.ts'
import { createLog } from '../../src/base/log.ts'
import { createBillingConnections, mirrorInstance } from '../../src/billing/index.ts'
import { readConfig } from '../../src/config.ts'
import { connectPool } from '../../src/database/open.ts'
import { systemActor } from '../../src/events/audit.ts'
import { buildPayymo, type Payymo } from '../../src/main.ts'
import { createOutbound } from '../../src/outbound/index.ts'
import { accountIdentity, keepAccount } from '../../src/transactions/index.ts'
import { DEFAULT_CREDENTIAL } from '../../../sandbox/src/whmcs/access.ts'
import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import type { Dice } from './dice.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import type { SuiteServer } from './server.ts'
import { type Simulator, startSimulator } from './simulator.ts'

/** A hosting company with its own WHMCS, and what it is to be paid. */
export interface Company {
  tenantId: TenantId
  key: string
  instanceId: Id<'whm'>
  simulator: Simulator
}

/** Everything of one scenario: companies whose payments are requested, and how a worker reaches it all. */
export interface Stage {
  payymo: Payymo
  companies: Company[]
  receiver: Receiver
  payments: number
  environment: Record<string, string>
  /** What the program of the API said. */
  log: string[]
  /** Texts that must stand nowhere outside ciphertext. */
  canaries: string[]
  stop(): Promise<void>
}

/** How many companies are paid, and how many payments each gets: hundreds. */
export interface Size {
  companies: number
  paymentsEach: number
}

const USUAL: Size = { companies: 2, paymentsEach: 100 }

interface Plan {
  seed: WhmcsSeed
  /** What each line pays, in cents by invoice number. */
  lines: Map<number, number>[]
}

/** Of a hundred payments, eighty are an invoice paid by one line, ten share an invoice two by two, and ten are lines that pay two
 *  invoices. */
function planOf(chance: Dice, payments: number): Plan {
  const [single, shared, split] = [(payments / 100) * 80, (payments / 100) * 5, (payments / 100) * 5]
  const invoices: { id: number; cents: number }[] = []
  const lines: Map<number, number>[] = []
  const invoice = (cents: number) => invoices.push({ id: 1000 + invoices.length + 1, cents }) - 1
  for (let n = 0; n < single; n++) {
    const at = invoice(chance.between(100, 500_000))
    lines.push(new Map([[invoices[at]!.id, invoices[at]!.cents]]))
  }
  for (let n = 0; n < shared; n++) {
    const half = chance.between(100, 50_000)
    const { id } = invoices[invoice(2 * half)]!
    // Equal halves: two payments of one invoice that differ in nothing but the money behind them.
    lines.push(new Map([[id, half]]), new Map([[id, half]]))
  }
  for (let n = 0; n < split; n++) {
    const [one, two] = [invoice(chance.between(100, 50_000)), invoice(chance.between(100, 50_000))]
    lines.push(new Map([one, two].map((at) => [invoices[at]!.id, invoices[at]!.cents])))
  }
  const seed: WhmcsSeed = {
    currencies: [{ code: 'EUR', prefix: '', suffix: ' EUR', format: 1, rate: '1.00000' }],
    clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting Co', currency: 'EUR' }],
    invoices: invoices.map(({ id, cents }) => ({ id, client: 1, total: euros(cents) })),
  }
  return { seed, lines }
}

const euros = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

/** Builds the stage on a database of its own: companies (two where nothing else is said), connected, proven and mirrored, every payment requested through
 *  the API as a customer would. */
export async function setStage(
  server: SuiteServer,
  options: { name: string; timeScale: number; chance: Dice; size?: Size; environment?: Record<string, string> },
): Promise<Stage> {
  const { name, chance, size = USUAL } = options
  const { connection, url } = await server.database(name)
  const dataDir = join(server.folder, `data-${name}`)
  mkdirSync(dataDir)
  const receiver = await startReceiver()
  const plans = Array.from({ length: size.companies }, () => planOf(chance, size.paymentsEach))
  const simulators = await Promise.all(
    plans.map((plan, index) => startSimulator(server.folder, `${name}-${index + 1}`, plan.seed)),
  )
  const environment = {
    DATABASE_URL: url,
    // Of its own: it holds the heads of these companies' audit chains.
    PAYYMO_DATA_DIR: dataDir,
    PAYYMO_ENCRYPTION_KEYS: `suite:${Buffer.alloc(32, 7).toString('base64')}`,
    PAYYMO_SANDBOX: 'off',
    PAYYMO_TIME_SCALE: String(options.timeScale),
    // No real provider is ever asked.
    GOCARDLESS_BANK_DATA_URL: 'http://127.0.0.1:9',
    PAYYMO_ALLOWED_PRIVATE_HOSTS: [receiver, ...simulators].map(({ host }) => host).join(','),
    // The suites look at other things than limits.
    PAYYMO_RATE_LIMITS: '{"standard":1000000,"premium":1000000,"transactions":1000000,"bank_connections":1000000}',
    ...options.environment,
  }
  const log: string[] = []
  const opened = await connectPool(connection, 8)
  const payymo = await buildPayymo(
    readConfig(environment),
    createLog('warn', (line) => log.push(line.trimEnd())),
    {
      database: { ...opened, embedded: false, description: name, close: () => opened.pool.end() },
    },
  )
  const companies = await Promise.all(
    simulators.map((simulator, index) => openCompany(payymo, { simulator, receiver, slug: `company-${index + 1}` })),
  )
  await Promise.all(companies.map((company, index) => requestAll(payymo, company, plans[index]!)))
  return {
    payymo,
    companies,
    receiver,
    payments: size.companies * size.paymentsEach,
    environment,
    log,
    canaries: [DEFAULT_CREDENTIAL.secret],
    stop: async () => {
      await payymo.stop().catch(() => {})
      await Promise.all([receiver.close(), ...simulators.map((simulator) => simulator.stop())])
    },
  }
}

async function openCompany(
  payymo: Payymo,
  { simulator, receiver, slug }: { simulator: Simulator; receiver: Receiver; slug: string },
): Promise<Company> {
  const actor = systemActor('suite')
  const { id: tenantId } = await createTenant(payymo.store, actor, {
    parentId: null,
    slug,
    name: slug,
    kind: 'customer',
    tier: 'premium',
    environment: 'live',
    settings: {},
  })
  const { text: key } = await createKey(payymo, tenantId, actor, new Set(['*']), {
    name: 'suite',
    permissions: ['*'],
    expiresAt: null,
  })
  const call = callerOf(payymo, key)
  const instance = await call('POST', '/whmcs-instances', {
    system_url: simulator.url,
    api_identifier: DEFAULT_CREDENTIAL.identifier,
    api_secret: DEFAULT_CREDENTIAL.secret,
  })
  const instanceId = instance.id as Id<'whm'>
  const { proofs } = (await call('GET', `/whmcs-instances/${instanceId}`)) as {
    proofs: { file: { content: string } }
  }
  await simulator.control('proof', { wellKnown: { [proofs.file.content.trim()]: proofs.file.content } })
  await call('POST', `/whmcs-instances/${instanceId}/verify`, { method: 'file' })
  await call('POST', '/webhooks', { url: receiver.url, events: ['match.*', 'payment.*'] })
  await mirror(payymo, tenantId, instanceId, simulator)
  return { tenantId, key, instanceId, simulator }
}

/** One reading of the installation now, and none while the scenario runs: only payments are to be seen there. */
async function mirror(payymo: Payymo, tenantId: TenantId, instanceId: Id<'whm'>, simulator: Simulator): Promise<void> {
  const { store, vault } = payymo
  const outbound = createOutbound({ allowedPrivateHosts: [simulator.host] })
  const report = () => {}
  const scaled = (plannedMs: number) => plannedMs
  const connections = createBillingConnections({ store, vault, outbound, scaled, report })
  await mirrorInstance({ store, connections, clock: { now: () => new Date() }, scaled, report }, tenantId, instanceId)
  await outbound.close()
  await payymo.database.pool.query(
    `update whmcs_instances set next_sync_at = now() + interval '1 year', slowest_answer_ms = 0`,
  )
  await payymo.database.pool.query(`delete from pgboss.job where state < 'active'`)
}

async function requestAll(payymo: Payymo, company: Company, plan: Plan): Promise<void> {
  const { store, vault } = payymo
  const call = callerOf(payymo, company.key)
  const { id: accountId } = await store.read(company.tenantId, (tx) =>
    keepAccount(tx, vault, {
      connectionId: newId('bank'),
      bankName: 'Suite Bank',
      name: 'Main',
      currency: 'EUR',
      iban: null,
      identity: accountIdentity({ iban: null, other: company.tenantId }, 'EUR'),
      providerAccountId: null,
      firstSeenOn: '2025-01-01',
    }),
  )
  const { results } = (await call('POST', '/transactions/batch', {
    transactions: plan.lines.map((parts, index) => ({
      account_id: accountId,
      amount: euros([...parts.values()].reduce((sum, cents) => sum + cents, 0)),
      currency: 'EUR',
      transaction_date: '2025-04-10',
      transaction_id: `line-${index + 1}`,
    })),
  })) as { results: { id: string }[] }
  const invoices = await store.read(company.tenantId, (tx) =>
    tx.many<{ id: string; external_id: string }>('select id, external_id from invoices where tenant_id = $1', [
      tx.tenantUuid,
    ]),
  )
  const idOfInvoice = new Map(invoices.map((row) => [row.external_id, idOf('inv', row.id)]))
  // A few at once, as people and rules would.
  const work = [...plan.lines.entries()]
  const hand = async () => {
    for (let next = work.shift(); next; next = work.shift()) {
      const [index, parts] = next
      await call('POST', '/invoice-matches', {
        transaction_id: results[index]!.id,
        allocations: [...parts].map(([number, cents]) => ({
          invoice_id: idOfInvoice.get(String(number)),
          amount: euros(cents),
        })),
      })
    }
  }
  await Promise.all([hand(), hand(), hand(), hand()])
}

const TRIES_MAX = 5

type Call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) => Promise<Record<string, unknown>>

export const callerOf =
  (payymo: Payymo, key: string): Call =>
  async (method, path, body) => {
    const send = () =>
      payymo.http.inject({
        method,
        url: `/api/v1${path}`,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
    let answer = await send()
    // Nothing was done, says a 503, and when to come back: on a busy machine the suite does, as every caller should.
    for (let tries = 1; answer.statusCode === 503 && tries < TRIES_MAX; tries++) {
      await sleep(Number(answer.headers['retry-after'] ?? 1) * 1_000)
      answer = await send()
    }
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body.slice(0, 300)}`)
    return JSON.parse(answer.body) as Record<string, unknown>
  }
