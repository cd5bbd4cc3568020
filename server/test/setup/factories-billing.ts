import { apiKeys, createAuthenticate, operatorKey } from '../../src/access/index.ts'
import { systemClock } from '../../src/base/clock.ts'
import type { Clock } from '../../src/base/clock.ts'
import type { Id } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import {
  type BillingConnections,
  type BillingDeps,
  type BillingError,
  billingSlice,
  createBillingConnections,
  mirrorInstance,
} from '../../src/billing/index.ts'
import { createHttp } from '../../src/http/server.ts'
import type { Slice } from '../../src/http/slice.ts'
import { networkOf } from '../../src/limits/index.ts'
import { createOutbound } from '../../src/outbound/index.ts'
import { settleMatch } from '../../src/reconciliation/index.ts'
import { DEFAULT_CREDENTIAL, type WhmcsSimulator } from '../../../sandbox/src/whmcs/index.ts'
import { OPERATOR_KEY, type TestAnswer, type TestApp, type TestTenant } from './app.ts'

/** The billing slice on a test app's database, able to reach the simulators named, with the clock a test turns. */
export interface BillingBench {
  slice: Slice
  connections: BillingConnections
  /** What was left out because it could not be read. */
  reported: BillingError[]
  /** TXT records by name. */
  txt: Map<string, string[][]>
  call(tenant: TestTenant, method: string, path: string, body?: unknown): Promise<TestAnswer>
  /** A call without a credential, outside the API: what modules and hints send, byte for byte. */
  post(path: string, body: string | Buffer, headers: Record<string, string>): Promise<TestAnswer & { text: string }>
  /** How often each subject was counted; at `limited` the next use of a subject that begins so is refused. */
  counted: Map<string, number>
  limited: string[]
  /** Connects a simulator, by POST /whmcs-instances. */
  connect(tenant: TestTenant, whmcs: WhmcsSimulator, change?: object): Promise<{ id: Id<'whm'>; webhookSecret: string }>
  /** One run of the job that reads an installation. */
  mirror(tenant: TestTenant, id: Id<'whm'>, readsMax?: number): Promise<void>
  stop(): Promise<void>
}

/** The simulators named end with the bench. */
export async function createBillingBench(
  app: TestApp,
  simulators: WhmcsSimulator[],
  clock: Clock = systemClock,
  more: Pick<BillingDeps, 'feesOf'> = {},
): Promise<BillingBench> {
  const outbound = createOutbound({ allowedPrivateHosts: simulators.map(({ url }) => new URL(url).host) })
  const reported: BillingError[] = []
  const txt = new Map<string, string[][]>()
  // Waits between tries are planned time; here they take none.
  const scaled = (plannedMs: number) => (plannedMs < 30_000 ? 0 : plannedMs)
  const report = (_: Id<'whm'>, error: BillingError) => void reported.push(error)
  const connections = createBillingConnections({ store: app.store, vault: app.vault, outbound, scaled, report })
  const counted = new Map<string, number>()
  const limited: string[] = []
  const deps = {
    store: app.store,
    vault: app.vault,
    outbound,
    connections,
    clock,
    scaled,
    report,
    log: silentLog,
    publicUrl: () => 'https://payymo.example',
    networkOf,
    onSettled: settleMatch,
    ...more,
    limit: async (subject: string) => {
      counted.set(subject, (counted.get(subject) ?? 0) + 1)
      const admitted = !limited.some((each) => subject.startsWith(each))
      return { admitted, retryAfterSeconds: admitted ? 0 : 7 }
    },
  }
  const slice = billingSlice({
    ...deps,
    resolveTxt: async (name) => {
      const records = txt.get(name)
      if (records) return records
      throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
    },
  })
  await app.queue.prepare(slice.jobs ?? [])
  const http = createHttp({
    routes: slice.routes ?? [],
    authenticate: createAuthenticate([
      operatorKey({ pepper: app.pepper, key: new Secret(OPERATOR_KEY) }),
      apiKeys({ store: app.store, pepper: app.pepper }),
    ]),
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1:8080',
  })

  const call: BillingBench['call'] = async (tenant, method, path, body) => {
    const answer = await http.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${tenant.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    const json = answer.headers['content-type']?.toString().startsWith('application/json')
    return { status: answer.statusCode, body: json ? JSON.parse(answer.body) : answer.body, headers: answer.headers }
  }
  return {
    slice,
    connections,
    reported,
    txt,
    counted,
    limited,
    call,
    post: async (path, body, headers) => {
      const answer = await http.inject({ method: 'POST', url: path, headers, payload: body })
      const json = answer.headers['content-type']?.toString().startsWith('application/json')
      const text = answer.body
      return { status: answer.statusCode, body: json ? JSON.parse(text) : text, headers: answer.headers, text }
    },
    connect: async (tenant, whmcs, change = {}) => {
      const answer = await call(tenant, 'POST', '/whmcs-instances', {
        system_url: whmcs.url,
        api_identifier: DEFAULT_CREDENTIAL.identifier,
        api_secret: DEFAULT_CREDENTIAL.secret,
        ...change,
      })
      if (answer.status !== 201) throw new Error(`not connected: ${JSON.stringify(answer.body)}`)
      return { id: answer.body.id, webhookSecret: answer.body.webhook_secret }
    },
    mirror: (tenant, id, readsMax) =>
      mirrorInstance({ ...deps, ...(readsMax === undefined ? {} : { readsMax }) }, tenant.id, id),
    stop: async () => {
      await http.close()
      await outbound.close()
      await Promise.all(simulators.map((simulator) => simulator.close()))
    },
  }
}
