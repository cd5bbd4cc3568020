import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Engine from '@supabase/stripe-sync-engine'
import { Stripe } from 'stripe'
import { SANDBOX_MERCHANT, SANDBOX_PLATFORM } from '../../sandbox/src/stripe/index.ts'
import { createTenant } from '../../server/src/access/index.ts'
import { type Id, newId, type TenantId, uuidOf } from '../../server/src/base/ids.ts'
import { silentLog } from '../../server/src/base/log.ts'
import { Secret } from '../../server/src/base/secret.ts'
import { readConfig } from '../../server/src/config.ts'
import { withOwner } from '../../server/src/database/transaction.ts'
import { systemActor } from '../../server/src/events/audit.ts'
import { buildPayymo, type Payymo } from '../../server/src/main.ts'
import { createOutbound } from '../../server/src/outbound/index.ts'
import { releaseTransfer, takeAsTransfer } from '../../server/src/reconciliation/index.ts'
import { analyzeSmallTables, createStripeFeed, stripeSlice } from '../../server/src/stripe/index.ts'
import { root } from '../run.ts'
import type { Figure, Measurement } from './figure.ts'

/** Its ES module looks for its migrations at `__dirname`, which such modules do not have. */
const { StripeSync, runMigrations } = createRequire(import.meta.url)('@supabase/stripe-sync-engine') as typeof Engine

/** Sales that make a ledger of a hundred thousand balance transactions. */
const SALES = Number.parseInt(process.env.BENCH_STRIPE_SALES ?? '97000', 10)
const PEERS_DATABASE = 'peer'
const LIMITS_OF_STRIPE = 'none: both read as fast as they can'

interface Simulator {
  url: string
  rows: number
  charges: number
  payouts: number
  child: ChildProcess
}

/** The first reading of a Stripe account of a hundred thousand balance transactions, beside the open sync engine for the same task on the
 *  same simulator and database server, one after the other. It has no balance transactions and no payouts: its nearest is the backfill
 *  of charges. We store the ledger, the charges, a line of money for each with its audit row, and every payout explained to the cent. */
export const stripe: Measurement = {
  ids: ['STRIPE'],
  floor: `@supabase/stripe-sync-engine, backfill of charges. Limits of Stripe: ${LIMITS_OF_STRIPE}`,
  run: async (folder): Promise<Figure[]> => {
    const simulator = await startSimulator()
    Object.assign(process.env, { PAYYMO_DATA_DIR: folder, PORT: '0', PAYYMO_SANDBOX: 'off' })
    const payymo = await buildPayymo(readConfig(), silentLog)
    try {
      const peer = await peers(payymo, simulator)
      const own = await ours(payymo, simulator)
      const beside = { floor: peer, goal: peer, unit: '/s', better: 'higher' } as const
      return [
        { id: 'STRIPE', what: "first reading: Stripe's objects stored", measured: own.objects, ...beside },
        { id: 'STRIPE', what: 'first reading: balance transactions', measured: own.rows, ...beside },
      ]
    } finally {
      await payymo.stop()
      simulator.child.kill('SIGTERM')
    }
  },
}

async function startSimulator(): Promise<Simulator> {
  const child = spawn(process.execPath, [join(root, 'scripts/bench/stripe-simulator.ts'), String(SALES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.on('exit', () => child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const told = JSON.parse(line.toString()) as Omit<Simulator, 'child'>
  console.log(`simulator: ${told.rows} balance transactions, ${told.charges} charges, ${told.payouts} payouts`)
  return { ...told, child }
}

/** Charges per second. */
async function peers(payymo: Payymo, { url, charges }: Simulator): Promise<number> {
  const { connection, pool } = payymo.database
  await pool.query(`create database ${PEERS_DATABASE}`)
  const { host, user } = connection as { host: string; user: string }
  const databaseUrl = `postgresql://${user}@localhost/${PEERS_DATABASE}?host=${encodeURIComponent(host)}`
  // One of its migrations gives rights to this role.
  await pool.query('create role postgres')
  await runMigrations({ databaseUrl, schema: 'stripe' })
  const apiKey = SANDBOX_MERCHANT.secretKeys!.test!
  const sync = new StripeSync({
    stripeSecretKey: apiKey,
    stripeWebhookSecret: 'whsec_none',
    schema: 'stripe',
    poolConfig: { connectionString: databaseUrl, max: 10 },
  })
  const { hostname, port } = new URL(url)
  sync.stripe = new Stripe(apiKey, { host: hostname, port: Number(port), protocol: 'http', telemetry: false })
  const startedAt = performance.now()
  await sync.syncBackfill({ object: 'charge', backfillRelatedEntities: false })
  const seconds = (performance.now() - startedAt) / 1000
  const { rows } = await sync.postgresClient.query('select count(*) as count from stripe.charges')
  const stored = Number((rows[0] as { count: string }).count)
  await sync.postgresClient.pool.end()
  console.log(`peer: ${stored} of ${charges} charges in ${seconds.toFixed(1)} s`)
  if (stored !== charges) throw new Error('the peer did not store every charge')
  return stored / seconds
}

/** Objects and balance transactions per second, until every payout is explained. */
async function ours(payymo: Payymo, simulator: Simulator): Promise<{ objects: number; rows: number }> {
  const { store, vault, database } = payymo
  const outbound = createOutbound({ allowedPrivateHosts: [new URL(simulator.url).host] })
  const clock = { now: () => new Date() }
  const platform = {
    secretKey: new Secret(SANDBOX_PLATFORM.secretKeys.test),
    clientId: SANDBOX_PLATFORM.clientIds.test,
    webhookSecrets: [],
    livemode: false,
  }
  const pace = { turn: () => Promise.resolve(0) }
  const slice = stripeSlice({
    store,
    vault,
    outbound,
    clock,
    scaled: (plannedMs) => plannedMs,
    log: silentLog,
    stripeOf: () => ({ apiUrl: simulator.url, connectUrl: simulator.url }),
    platformOf: () => Promise.resolve(platform),
    platformSecrets: () => [],
    openFeed: (_tenantId, access, onRead) =>
      createStripeFeed({ outbound, clock, apiUrl: simulator.url, access, pace, onRead }),
    publicUrl: () => 'http://127.0.0.1:9',
    redirectUrls: [],
    production: false,
    backfillDays: 30,
    userAt: () => Promise.resolve(undefined),
    lines: { take: takeAsTransfer, release: releaseTransfer },
    statistics: () => withOwner(database.pool, analyzeSmallTables),
    limit: () => Promise.resolve({ admitted: true, retryAfterSeconds: 0 }),
    networkOf: (ip) => ip,
  })
  const { tenantId, connectionId } = await connected(payymo)
  const sync = slice.jobs!.find(({ queue }) => queue === 'stripe.sync')!
  const startedAt = performance.now()
  const at: string[] = []
  for (let readings = 1; ; readings++) {
    await sync.handle({ tenantId, connectionId, by: 'asked' })
    const { rows } = await database.pool.query<{ ledger: number; explained: number }>(
      `select (select count(*) from stripe_ledger)::int as ledger, (select count(*) from payouts where composition <> 'open')::int as explained`,
    )
    const { ledger, explained } = rows[0]!
    at.push(`${ledger} rows, ${explained} payouts after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    if (ledger === simulator.rows && explained === simulator.payouts) break
    if (readings > 30) throw new Error(`not read to the end: ${at.join('; ')}`)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const { rows } = await database.pool.query<{ objects: number; text: string }>(
    `select ((select count(*) from stripe_ledger) + (select count(*) from stripe_charges) + (select count(*) from stripe_returns)
        + (select count(*) from payouts))::int as objects, format('%s balance transactions, %s charges, %s lines of money, %s payouts (%s explained to the cent)',
        (select count(*) from stripe_ledger), (select count(*) from stripe_charges), (select count(*) from transactions),
        (select count(*) from payouts), (select count(*) from payouts where composition = 'itemised' and difference_minor = 0)) as text`,
  )
  console.log(`ours: ${rows[0]!.text} in ${seconds.toFixed(1)} s (${at.join('; ')})`)
  await outbound.close()
  return { objects: rows[0]!.objects / seconds, rows: simulator.rows / seconds }
}

async function connected({ store, database }: Payymo): Promise<{ tenantId: TenantId; connectionId: Id<'strc'> }> {
  const { id: tenantId } = await createTenant(store, systemActor('bench'), {
    parentId: null,
    slug: 'bench',
    name: 'bench',
    kind: 'customer',
    tier: 'standard',
    environment: 'sandbox',
    settings: {},
  })
  const connectionId = newId('strc')
  await database.pool.query(
    `insert into stripe_connections (tenant_id, id, kind, account_id, account, account_name, livemode, status, connected_at)
     values ($1, $2, 'connect_oauth', $3, $3 || '|test', 'Bench', false, 'active', now())`,
    [uuidOf(tenantId), uuidOf(connectionId), SANDBOX_MERCHANT.id],
  )
  return { tenantId, connectionId }
}
