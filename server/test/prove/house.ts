import { createKey, createTenant } from '../../src/access/index.ts'
import type { TenantId } from '../../src/base/ids.ts'
import { createLog } from '../../src/base/log.ts'
import { readConfig } from '../../src/config.ts'
import { connectPool } from '../../src/database/open.ts'
import { systemActor } from '../../src/events/audit.ts'
import { buildPayymo, type Payymo } from '../../src/main.ts'
import { type SuiteServer, startServer } from './server.ts'

export const OPERATOR_KEY = 'operator-key-of-the-suite-0123456789abcdef'

/** An answer as it came. */
export interface HouseAnswer {
  status: number
  body: string
  headers: Record<string, unknown>
}

/** The whole program on a database of its own, for suites that look at its surface. */
export interface House {
  payymo: Payymo
  server: SuiteServer
  /** What the program logged. */
  log: string[]
  call(
    authorization: string | undefined,
    method: string,
    path: string,
    body?: string,
    headers?: Record<string, string>,
  ): Promise<HouseAnswer>
  tenant(options?: { kind?: 'customer' | 'partner'; parentId?: TenantId; name?: string }): Promise<TenantId>
  key(tenantId: TenantId, permissions: string[], expiresAt?: Date): Promise<{ id: string; text: string }>
  stop(): Promise<void>
}

/** Limits far above what a suite asks: it looks at other things. */
const NO_LIMITS = '{"standard":1000000,"premium":1000000,"transactions":1000000,"bank_connections":1000000}'

export async function openHouse(options: { name?: string; environment?: Record<string, string> } = {}): Promise<House> {
  const server = await startServer()
  const { connection } = await server.database(options.name ?? 'house')
  const log: string[] = []
  const opened = await connectPool(connection, 10)
  const payymo = await buildPayymo(
    readConfig({
      PAYYMO_DATA_DIR: server.folder,
      PAYYMO_ENCRYPTION_KEYS: `suite:${Buffer.alloc(32, 7).toString('base64')}`,
      PAYYMO_SANDBOX: 'off',
      PAYYMO_OPERATOR_KEY: OPERATOR_KEY,
      PAYYMO_RATE_LIMITS: NO_LIMITS,
      GOCARDLESS_BANK_DATA_URL: 'http://127.0.0.1:9',
      ...options.environment,
    }),
    createLog('info', (line) => void log.push(line.trimEnd())),
    { database: { ...opened, embedded: false, description: 'house', close: () => opened.pool.end() } },
  )
  const actor = systemActor('suite')
  let count = 0
  return {
    payymo,
    server,
    log,
    call: async (authorization, method, path, body, headers = {}) => {
      const answer = await payymo.http.inject({
        method: method as 'GET',
        url: path,
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body }),
      })
      return { status: answer.statusCode, body: answer.body, headers: answer.headers }
    },
    tenant: async ({ kind = 'customer', parentId = null as never, name = 'House Hosting' } = {}) => {
      const { id } = await createTenant(payymo.store, actor, {
        parentId,
        slug: `house-${(count += 1)}`,
        name,
        kind,
        tier: 'premium',
        environment: 'live',
        settings: {},
      })
      return id
    },
    key: async (tenantId, permissions, expiresAt) => {
      const { key, text } = await createKey(payymo, tenantId, actor, new Set(['*']), {
        name: 'suite',
        permissions,
        expiresAt: expiresAt ?? null,
      })
      return { id: key.id, text }
    },
    stop: async () => {
      await payymo.stop()
      await server.stop()
    },
  }
}
