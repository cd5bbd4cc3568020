import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { createKey, createTenant } from '../../src/access/index.ts'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { readKeyRing } from '../../src/base/envelope.ts'
import type { TenantId } from '../../src/base/ids.ts'
import { createLog, silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import type { Config } from '../../src/config.ts'
import { connectPool, type Database } from '../../src/database/open.ts'
import { systemActor } from '../../src/events/audit.ts'
import { type BuildOptions, buildPayymo, type Payymo } from '../../src/main.ts'
import { databaseOf, TEMPLATE } from './database.ts'

export const OPERATOR_KEY = 'operator-key-for-tests-0123456789abcdef'

/** One answer of the app, read. */
export interface TestAnswer {
  status: number
  body: any // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  headers: Record<string, string | string[] | number | undefined>
}

/** The whole program on a database of its own, reached through its HTTP surface without a socket. */
export interface TestApp extends Payymo {
  /** A tenant with a key of all permissions (or those named), and how to call as it. */
  tenant(options?: { permissions?: string[]; settings?: object; environment?: 'live' | 'sandbox' }): Promise<TestTenant>
  call(
    key: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<TestAnswer>
}

export interface TestTenant {
  id: TenantId
  key: string
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>
}

let count = 0

/** A database of its own, copied from the migrated template. */
export async function createTestDatabase(): Promise<Database> {
  const server = inject('server') as pg.ClientConfig
  const name = `payymo_t${process.pid}_${(count += 1)}_${randomBytes(3).toString('hex')}`
  const admin = new pg.Client(server.connectionString === undefined ? { ...server, database: 'postgres' } : server)
  await admin.connect()
  // Copying needs the template to itself for a moment: files that start together take turns.
  await admin.query('select pg_advisory_lock(7299461002)')
  await admin.query(`create database ${name} template ${TEMPLATE}`)
  await admin.end()
  const opened = await connectPool(databaseOf(server, name), 8)
  return {
    ...opened,
    embedded: false,
    description: `test database ${name}`,
    close: () => opened.pool.end(),
  }
}

const NO_MODE = { secretKey: undefined, clientId: undefined, webhookSecret: undefined }
/** Stripe as nobody has set it up; no address that answers. */
export const NO_STRIPE: Config['stripe'] = {
  apiUrl: 'http://127.0.0.1:9',
  connectUrl: 'http://127.0.0.1:9',
  live: NO_MODE,
  test: NO_MODE,
  redirectUrls: [],
}

/** Settings as `npm start` would have them, with what a test changes. */
export function testConfig(change: Partial<Config> = {}): Config {
  return {
    host: '127.0.0.1',
    port: 0,
    listens: true,
    publicUrl: 'http://127.0.0.1:8080',
    environment: 'development',
    dataDir: '/nonexistent',
    databaseUrl: undefined,
    redisUrl: undefined,
    role: 'all',
    keyRing: readKeyRing(`test:${randomBytes(32).toString('base64')}`),
    operatorKey: new Secret(OPERATOR_KEY),
    sandbox: false,
    allowedPrivateHosts: [],
    timeScale: 1,
    gocardlessBankDataUrl: 'http://127.0.0.1:9',
    gocardlessSecretId: undefined,
    gocardlessSecretKey: undefined,
    stripe: NO_STRIPE,
    smtpUrl: undefined,
    mailFrom: 'Payymo <no-reply@localhost>',
    // What a test asks within a minute is no user's pace.
    rateLimits: { standard: 1_000_000, premium: 1_000_000, transactions: 1_000_000, bank_connections: 1_000_000 },
    otlpEndpoint: undefined,
    logLevel: 'silent',
    crashPoint: undefined,
    ...change,
  }
}

export async function createTestApp(
  options: { config?: Partial<Config>; clock?: Clock; workers?: boolean; build?: BuildOptions } = {},
): Promise<TestApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'payymo-app-'))
  const payymo = await buildPayymo(testConfig({ dataDir, ...options.config }), testLog(), {
    // Tests share their processors: how late this process is says nothing about the program.
    lag: { lagMs: () => 0, stop: () => {} },
    ...options.build,
    clock: options.clock ?? systemClock,
    database: await createTestDatabase(),
  })
  if (options.workers) await payymo.startWorkers()

  const call: TestApp['call'] = async (key, method, path, body, headers = {}) => {
    const answer = await payymo.http.inject({
      method: method as 'GET',
      url: path.startsWith('/api/') || path.startsWith('/callbacks') || path === '/' ? path : `/api/v1${path}`,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const json = answer.headers['content-type']?.toString().startsWith('application/json')
    return { status: answer.statusCode, body: json ? JSON.parse(answer.body) : answer.body, headers: answer.headers }
  }
  return {
    ...payymo,
    call,
    tenant: async ({ permissions = ['*'], settings = {}, environment = 'live' } = {}) => {
      const actor = systemActor('test')
      const tenant = await createTenant(payymo.store, actor, {
        parentId: null,
        slug: `t-${(count += 1)}-${randomBytes(3).toString('hex')}`,
        name: 'Test Hosting',
        kind: 'customer',
        tier: 'standard',
        environment,
        settings,
      })
      const { text } = await createKey(payymo, tenant.id, actor, new Set(['*']), {
        name: 'test',
        permissions,
        expiresAt: null,
      })
      return {
        id: tenant.id,
        key: text,
        call: (method, path, body, headers) => call(text, method, path, body, headers),
      }
    },
    stop: async () => {
      await payymo.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Silent, unless PAYYMO_TEST_LOG names a level: then what the program logs is shown among the tests. */
const testLog = () =>
  process.env.PAYYMO_TEST_LOG ? createLog(process.env.PAYYMO_TEST_LOG, (line) => process.stderr.write(line)) : silentLog
