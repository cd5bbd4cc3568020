import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import {
  type Desk,
  type LedgerOptions,
  type LedgerTruth,
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
} from '../../../sandbox/src/stripe/index.ts'
import { createKey, createTenant } from '../../src/access/index.ts'
import { type Id, newId, type TenantId } from '../../src/base/ids.ts'
import { createLog } from '../../src/base/log.ts'
import { formatAmount } from '../../src/base/money.ts'
import { Secret } from '../../src/base/secret.ts'
import { readConfig } from '../../src/config.ts'
import { connectPool } from '../../src/database/open.ts'
import { systemActor } from '../../src/events/audit.ts'
import { buildPayymo, type Payymo } from '../../src/main.ts'
import { accountIdentity, keepAccount } from '../../src/transactions/index.ts'
import { callerOf } from './company.ts'
import type { SuiteServer } from './server.ts'
import { openTime } from './stripe-time.ts'

const MERCHANT = SANDBOX_MERCHANT.id
const BACK = 'http://127.0.0.1:9/back'
const CURRENCIES = ['eur', 'usd', 'jpy']
/** Passed only when something hangs. */
const SETTLE_MS_MAX = 300_000

/** A merchant with a ledger at a Stripe of its own, and the whole program with the merchant as its tenant, on a database and in a time
 *  of their own. */
export interface StripeStage {
  stripe: StripeServer
  desk: Desk
  payymo: Payymo
  tenantId: TenantId
  call: ReturnType<typeof callerOf>
  pool: pg.Pool
  /** What the program said. */
  log: string[]
  /** Settings of a worker process on the same database. */
  environment: Record<string, string>
  /** Unix seconds: authorisations older than this when the account was connected are not looked for. They lapse within a week. */
  seenFrom: number
  /** Lines of the bank by the simulator's keys. */
  lines: ReadonlyMap<string, string>
  connect(kind: 'connect_oauth' | 'restricted_key'): Promise<Id<'strc'>>
  /** So much time passes, for all of them. */
  turn(ms: number): Promise<void>
  /** Posts what the bank has shown since. */
  bank(truth?: LedgerTruth): Promise<void>
  /** Waits until all deliveries arrived and all work ended that is due. */
  settle(): Promise<void>
  /** Asks for a reading, and waits for it. */
  sync(): Promise<void>
  stop(): Promise<void>
}

/** Many keys of one platform, a fresh one each time: we ask as slowly as Stripe wants of each, which would take the suite an hour. */
class ManyKeys extends Secret {
  #next = 0
  readonly #keys: readonly string[]
  constructor(keys: readonly string[]) {
    super(keys[0]!)
    this.#keys = keys
  }
  override reveal(): string {
    this.#next = (this.#next + 1) % this.#keys.length
    return this.#keys[this.#next]!
  }
}

/** `webhooks`: the simulator sends its events to the program. The time is one o'clock after noon, UTC, when no payout is made; the
 *  true time where other processes `work` instead of this one. */
export async function setStripeStage(
  server: SuiteServer,
  {
    name,
    ledger,
    webhooks = false,
    work = 'here',
    timeScale = 1,
  }: { name: string; ledger: LedgerOptions; webhooks?: boolean; work?: 'here' | 'elsewhere'; timeScale?: number },
): Promise<StripeStage> {
  const { connection, url } = await server.database(name)
  const time = await openTime(connection)
  if (work === 'here') await time.turn(untilOneOClock())
  const stripe = await startStripe({ now: time.clock.now().toISOString(), frozen: false, seed: name })
  const { control } = stripe
  control.setPlatform({ redirectUri: BACK })
  const keys = Array.from({ length: 2_000 }, (_, n) => `${SANDBOX_PLATFORM.secretKeys.test}${n}`)
  for (const key of keys) control.setKey(key, { account: SANDBOX_PLATFORM.id, mode: 'test' })
  const desk = control.on(MERCHANT)
  const webhookSecrets: Secret[] = []
  const platform = {
    secretKey: new ManyKeys(keys),
    clientId: SANDBOX_PLATFORM.clientIds.test,
    webhookSecrets,
    livemode: false,
  }
  const dataDir = join(server.folder, `data-${name}`)
  mkdirSync(dataDir)
  const environment = {
    DATABASE_URL: url,
    PAYYMO_DATA_DIR: dataDir,
    PAYYMO_ENCRYPTION_KEYS: `suite:${Buffer.alloc(32, 7).toString('base64')}`,
    PAYYMO_SANDBOX: 'off',
    PAYYMO_RATE_LIMITS: '{"standard":1000000,"premium":1000000,"transactions":1000000,"bank_connections":1000000}',
    GOCARDLESS_BANK_DATA_URL: 'http://127.0.0.1:9',
    STRIPE_API_URL: stripe.url,
    STRIPE_CONNECT_URL: stripe.url,
    STRIPE_SECRET_KEY: SANDBOX_PLATFORM.secretKeys.test,
    STRIPE_CLIENT_ID: SANDBOX_PLATFORM.clientIds.test,
    PAYYMO_TIME_SCALE: String(timeScale),
  }
  const log: string[] = []
  const opened = await connectPool(connection, 16)
  const payymo = await buildPayymo(
    readConfig(environment),
    createLog('warn', (line) => log.push(line.trimEnd())),
    {
      clock: time.clock,
      // How busy this machine is says nothing about the program.
      lag: { lagMs: () => 0, stop: () => {} },
      database: { ...opened, embedded: false, description: name, close: () => opened.pool.end() },
      privateHosts: [new URL(stripe.url).host],
      stripeOf: () => ({ apiUrl: stripe.url, connectUrl: stripe.url, platform }),
    },
  )
  const { tenantId, call, accounts } = await openTenant(payymo)
  desk.seedLedger({ currencies: CURRENCIES, ...ledger })
  const { pool } = payymo.database
  const lines = new Map<string, string>()
  if (work === 'here') await payymo.startWorkers()
  if (webhooks) webhookSecrets.push(await listen(payymo, stripe))

  const settle = async (): Promise<void> => {
    await control.settled()
    const until = performance.now() + SETTLE_MS_MAX
    while (await isBusy(pool)) {
      if (performance.now() > until)
        throw new Error(`${name}: the work did not end: ${await leftOver(pool)} ${log.slice(-5).join(' ')}`)
      await sleep(25)
    }
  }
  let connectionId: Id<'strc'> | undefined
  return {
    stripe,
    desk,
    seenFrom: time.clock.now().getTime() / 1_000 - 7 * 86_400,
    payymo,
    tenantId,
    call,
    pool,
    log,
    environment,
    lines,
    connect: async (kind) => {
      connectionId = await (kind === 'connect_oauth' ? byOauth(call, stripe) : byKey(call))
      return connectionId
    },
    turn: async (ms) => {
      await time.turn(ms)
      control.setClock({ advanceMs: ms })
    },
    bank: async (truth = desk.truth()) => {
      const fresh = truth.bankLines.filter((line) => !lines.has(line.key))
      if (fresh.length === 0) return
      const { results } = (await call('POST', '/transactions/batch', {
        transactions: fresh.map((line) => ({
          account_id: accounts.get(line.currency),
          amount: formatAmount(
            line.amountMinor < 0n ? -line.amountMinor : line.amountMinor,
            line.currency.toUpperCase(),
          ),
          currency: line.currency.toUpperCase(),
          direction: line.amountMinor < 0n ? 'debit' : 'credit',
          transaction_date: line.day,
          transaction_id: line.key,
          description: line.text,
          counterparty: { name: line.name },
        })),
      })) as { results: { id: string }[] }
      for (const [at, line] of fresh.entries()) lines.set(line.key, results[at]!.id)
    },
    settle,
    sync: async () => {
      await call('POST', `/stripe-connections/${connectionId!}/sync`)
      await settle()
    },
    stop: async () => {
      await payymo.stop()
      await stripe.close()
      await time.close()
    },
  }
}

const untilOneOClock = (): number => {
  const at = new Date()
  return (Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), 13) - at.getTime() + 86_400_000) % 86_400_000
}

async function openTenant(payymo: Payymo) {
  const actor = systemActor('suite')
  const { id: tenantId } = await createTenant(payymo.store, actor, {
    parentId: null,
    slug: 'merchant',
    name: 'Merchant',
    kind: 'customer',
    tier: 'premium',
    // Its Stripe is in test mode.
    environment: 'sandbox',
    settings: {},
  })
  const { text: key } = await createKey(payymo, tenantId, actor, new Set(['*']), {
    name: 'suite',
    permissions: ['*'],
    expiresAt: null,
  })
  const accounts = new Map<string, string>()
  for (const currency of CURRENCIES) {
    const { id } = await payymo.store.read(tenantId, (tx) =>
      keepAccount(tx, payymo.vault, {
        connectionId: newId('bank'),
        bankName: 'Suite Bank',
        name: currency,
        currency: currency.toUpperCase(),
        iban: null,
        identity: accountIdentity({ iban: null, other: `${tenantId} ${currency}` }, currency.toUpperCase()),
        providerAccountId: null,
        firstSeenOn: '2025-01-01',
      }),
    )
    accounts.set(currency, id)
  }
  return { tenantId, call: callerOf(payymo, key), accounts }
}

async function byOauth(call: StripeStage['call'], stripe: StripeServer): Promise<Id<'strc'>> {
  const { authorization_url } = await call('POST', '/stripe-connections/initialize', { redirect_url: BACK })
  const back = new URL(stripe.control.authorize(authorization_url as string, MERCHANT)).searchParams
  const { connection_id } = await call('POST', '/stripe-connections/callback', {
    code: back.get('code'),
    state: back.get('state'),
  })
  return connection_id as Id<'strc'>
}

async function byKey(call: StripeStage['call']): Promise<Id<'strc'>> {
  const key = SANDBOX_MERCHANT.restrictedKeys!.find(({ mode }) => mode === 'test')!.key
  const { id } = await call('POST', '/stripe-connections', { kind: 'restricted_key', api_key: key })
  return id as Id<'strc'>
}

/** The program answers on a port, where the platform's endpoint sends to. Returns the endpoint's secret. */
async function listen(payymo: Payymo, stripe: StripeServer): Promise<Secret> {
  await payymo.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = payymo.http.server.address() as { port: number }
  const form = new URLSearchParams({ url: `http://127.0.0.1:${port}/webhooks/stripe`, connect: 'true' })
  form.append('enabled_events[]', '*')
  const answer = await fetch(`${stripe.url}/v1/webhook_endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SANDBOX_PLATFORM.secretKeys.test}` },
    body: form,
  })
  const { secret } = (await answer.json()) as { secret?: string }
  if (secret === undefined) throw new Error(`no endpoint: ${answer.status}`)
  return new Secret(secret)
}

async function leftOver(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ text: string }>(
    `select name || ' ' || state || ' since ' || coalesce(started_on, start_after)::text || ' ' || coalesce(left(output::text, 200), '') || ': ' || count(*) as text from pgboss.job
      where state < 'completed' and start_after <= pg_catalog.now() group by name, state, started_on, start_after, output
     union all select 'events: ' || count(*) from stripe_events where state = 'waiting'`,
  )
  return rows.map((row) => row.text).join(', ')
}

/** The queue lives in the true time. */
async function isBusy(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ busy: boolean }>(
    `select exists (select 1 from pgboss.job where name like 'stripe.%' and state < 'completed' and start_after <= pg_catalog.now())
         or exists (select 1 from stripe_events where state = 'waiting' and next_attempt_at <= now()) as busy`,
  )
  return rows[0]!.busy
}
