import { crc32 } from 'node:zlib'
import { apiKeys } from '../../src/access/credentials/api-key.ts'
import { createAuthenticate } from '../../src/access/credentials/authenticate.ts'
import { operatorKey } from '../../src/access/credentials/operator-key.ts'
import { type AuditHeads, createAuditHeads } from '../../src/access/audit/heads.ts'
import { permissionsOf } from '../../src/access/audit/permission-of.ts'
import { createRefusals, type Refusals } from '../../src/access/audit/refusals.ts'
import { auditRoutes } from '../../src/access/audit/routes.ts'
import { createKey } from '../../src/access/keys/create-key.ts'
import { keyRoutes } from '../../src/access/keys/routes.ts'
import { type CallLog, createCallLog } from '../../src/access/usage/call-log.ts'
import { usageRoutes } from '../../src/access/usage/routes.ts'
import { createTenant } from '../../src/access/tenants/create-tenant.ts'
import { testClock } from '../../src/base/clock.ts'
import { newId, type TenantId } from '../../src/base/ids.ts'
import { createLog, silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import { systemActor } from '../../src/events/audit.ts'
import { createHttp } from '../../src/http/server.ts'
import { type AuditWatch, expectAudited } from './audited.ts'
import { createTestApp, OPERATOR_KEY, type TestAnswer, type TestApp, type TestTenant } from './app.ts'

/** Keys, the log of their calls and the audit trail on a database of their own, with a clock that the test turns. */
export interface KeysApp {
  app: TestApp
  clock: ReturnType<typeof testClock>
  calls: CallLog
  refusals: Refusals
  heads: AuditHeads
  /** What was logged at `error`, a line each. */
  errors: string[]
  call(
    key: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<TestAnswer>
  /** As the app's; or a partner, or a child of one. */
  tenant(options?: { permissions?: string[]; kind?: 'customer' | 'partner'; parentId?: TenantId }): Promise<TestTenant>
  /** The tenant's audit rows of this action, oldest first, straight from the table. */
  audited(tenantId: string, action: string): Promise<any[]> // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  /** Which changes left no audit row. */
  watch: AuditWatch
  stop(): Promise<void>
}

export async function createKeysApp(): Promise<KeysApp> {
  const clock = testClock(new Date().toISOString())
  const app = await createTestApp({ clock })
  const { store, pepper } = app
  const errors: string[] = []
  const log = { ...silentLog, error: createLog('error', (line) => void errors.push(line)).error }
  const heads = createAuditHeads({ store, dataDir: app.config.dataDir, clock, log })
  const routes = [...keyRoutes({ store, pepper }), ...usageRoutes({ store }), ...auditRoutes({ store, heads, clock })]
  const calls = createCallLog({ store, log })
  const refusals = createRefusals({ store, log, now: () => clock.now(), permissionOf: permissionsOf(routes) })
  const onRefused = (attempt: Parameters<Refusals['note']>[0]) => refusals.note(attempt)
  const http = createHttp({
    routes,
    authenticate: createAuthenticate(
      [operatorKey({ pepper, key: new Secret(OPERATOR_KEY) }), apiKeys({ store, pepper, clock, onRefused })],
      { onRefused },
    ),
    observers: [calls.observe, refusals.observe],
    log: silentLog,
    now: () => clock.now(),
    publicUrl: 'http://127.0.0.1:8080',
  })
  const watch = expectAudited({ http, database: app.database })
  const call: KeysApp['call'] = async (key, method, path, body, headers = {}) => {
    const answer = await http.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    return {
      status: answer.statusCode,
      body: answer.body === '' ? undefined : JSON.parse(answer.body),
      headers: answer.headers,
    }
  }
  return {
    app,
    clock,
    calls,
    refusals,
    heads,
    errors,
    watch,
    call,
    tenant: async ({ permissions = ['*'], kind = 'customer', parentId } = {}) => {
      const actor = systemActor('test')
      const { id } = await createTenant(store, actor, {
        parentId: parentId ?? null,
        slug: newId('ten').replace('_', '-'),
        name: 'Test Hosting',
        kind,
        tier: 'standard',
        environment: 'live',
        settings: {},
      })
      const wanted = { name: 'test', permissions, expiresAt: null }
      const { text: key } = await createKey({ store, pepper }, id, actor, new Set(['*']), wanted)
      return { id, key, call: (method, path, body, headers) => call(key, method, path, body, headers) }
    },
    audited: async (tenantId, action) =>
      store.read(tenantId as TestTenant['id'], async (tx) => {
        const rows = await tx.many<{ entry: object }>(
          'select entry from audit_events where tenant_id = $1 and action = $2 order by sequence',
          [tx.tenantUuid, action],
        )
        return rows.map((row) => row.entry)
      }),
    stop: async () => {
      await http.close()
      await Promise.all([calls.stop(), refusals.stop()])
      await app.stop()
    },
  }
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The key with another secret and a checksum that is right again: well formed, and wrong. */
export function withWrongSecret(key: string): string {
  const [head, secret] = [key.slice(0, 21), key.slice(21, -6)]
  const unsigned = head + secret.slice(0, -1) + (secret.endsWith('a') ? 'b' : 'a')
  let value = crc32(unsigned)
  let sum = ''
  for (let n = 0; n < 6; n++) {
    sum = BASE62[value % 62] + sum
    value = Math.floor(value / 62)
  }
  return unsigned + sum
}
