import { createHash } from 'node:crypto'
import { newId, type TenantId } from '../../src/base/ids.ts'
import type { Store } from '../../src/events/store.ts'
import { created, ok, type Route, tenantRoute } from '../../src/http/route.ts'
import { pathId } from '../../src/http/validate.ts'
import { idempotencySlice } from '../../src/idempotency/index.ts'
import { createTestApp, type TestApp, type TestTenant } from './app.ts'

/** One answer, with its bytes. */
export interface OnceAnswer {
  status: number
  text: string
  body: any // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  headers: Record<string, string | string[] | number | undefined>
}

/** Stops a request of `POST /steps` where a test wants it: the n-th time it gets to this place. */
export interface Gate {
  /** Resolves when the request stands at the gate. */
  reached: Promise<void>
  open(): void
}

/** The whole program with idempotency keys, and one route of the test's own: `POST /steps` makes `steps` changes, stops at gates
 *  between them, and answers 200 with how often it ran. */
export interface OnceApp {
  app: TestApp
  call(
    credential: string,
    method: string,
    path: string,
    options?: { key?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<OnceAnswer>
  tenant(): Promise<TestTenant>
  /** The next `POST /steps` waits after its n-th change. */
  gateAfter(change: number): Gate
  /** The next `POST /steps` ends like this after its last change. */
  failNext(error: Error): void
  /** How many changes of `POST /steps` stand. */
  changesOf(tenantId: TenantId): Promise<number>
  /** What the key's row says, or undefined. */
  row(tenantId: TenantId, key: string): Promise<KeyRow | undefined>
  /** As if so many hours had passed since the key was used. */
  age(tenantId: TenantId, key: string, hours: number): Promise<void>
  /** As if the try had not been heard of for its whole lease. */
  loseLease(tenantId: TenantId, key: string): Promise<void>
  /** What is left when the process dies between the commit and the answer. */
  loseAnswer(tenantId: TenantId, key: string): Promise<void>
  sweep(): Promise<void>
  stop(): Promise<void>
}

export interface KeyRow {
  fence: string
  changes: number
  resource_id: string | null
  sealed_answer: Buffer | null
}

export async function createOnceApp(): Promise<OnceApp> {
  let steps: ReturnType<typeof stepsRoute> | undefined
  const app = await createTestApp({
    build: { slices: ({ store }) => [{ routes: [(steps = stepsRoute(store)).route] }] },
  })
  const { store, http } = app
  const [sweep] = idempotencySlice({ store, scaled: (ms) => ms }).sweeps!
  const change = async (tenantId: TenantId, key: string, set: string, values: unknown[] = []) => {
    const changed = await store.read(tenantId, (tx) =>
      tx.run(`update idempotency_keys set ${set} where tenant_id = $1 and key_digest = $2`, [
        tx.tenantUuid,
        digest(key),
        ...values,
      ]),
    )
    if (changed !== 1) throw new Error(`no key ${key}`)
  }

  return {
    app,
    call: async (credential, method, path, { key, body, headers = {} } = {}) => {
      const answer = await http.inject({
        method: method as 'POST',
        url: `/api/v1${path}`,
        headers: {
          authorization: `Bearer ${credential}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      })
      const json = answer.headers['content-type']?.toString().startsWith('application/json')
      return {
        status: answer.statusCode,
        text: answer.body,
        body: json ? JSON.parse(answer.body) : undefined,
        headers: answer.headers,
      }
    },
    tenant: app.tenant,
    gateAfter: steps!.gateAfter,
    failNext: steps!.failNext,
    changesOf: (tenantId) =>
      store.read(tenantId, async (tx) => {
        const { count } = await tx.one<{ count: string }>(
          "select count(*) as count from audit_events where tenant_id = $1 and action = 'step.take'",
          [tx.tenantUuid],
        )
        return Number.parseInt(count, 10)
      }),
    row: (tenantId, key) =>
      store.read(tenantId, (tx) =>
        tx.first<KeyRow>(
          'select fence, changes, resource_id, sealed_answer from idempotency_keys where tenant_id = $1 and key_digest = $2',
          [tx.tenantUuid, digest(key)],
        ),
      ),
    age: (tenantId, key, hours) =>
      change(tenantId, key, 'created_at = created_at - $3::interval, keep_until = keep_until - $3::interval', [
        `${hours} hours`,
      ]),
    loseLease: (tenantId, key) => change(tenantId, key, "lease_until = now() - interval '1 second'"),
    loseAnswer: (tenantId, key) =>
      change(tenantId, key, "answered_at = null, sealed_answer = null, lease_until = now() - interval '1 second'"),
    sweep: () => sweep!.run(),
    stop: app.stop,
  }
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest()

function stepsRoute(store: Store) {
  let gate: { after: number; reach(): void; opened: Promise<void> } | undefined
  let failure: Error | undefined
  let runs = 0
  const route: Route = tenantRoute({
    operationId: 'takeSteps',
    method: 'POST',
    path: '/steps/{id}',
    tag: 'Transactions',
    summary: 'Take steps',
    permission: 'transactions:write',
    answers: { 200: { description: 'Taken' } },
    params: pathId,
    handle: async ({ caller, params }) => {
      const steps = Number.parseInt(params.id, 10)
      const ownGate = gate
      const ownFailure = failure
      gate = undefined
      failure = undefined
      runs += 1
      const run = runs
      for (let step = 1; step <= steps; step++) {
        await store.change(caller.tenantId, caller.actor, async (tx) =>
          tx.audit({ action: 'step.take', resource: { type: 'step', id: newId('evt') } }),
        )
        if (ownGate?.after === step) {
          ownGate.reach()
          await ownGate.opened
        }
      }
      if (ownFailure) throw ownFailure
      return steps === 0 ? created('/steps/0', { run }) : ok({ run, name: 'Zoë', steps })
    },
  })
  return {
    route,
    gateAfter: (after: number): Gate => {
      let reach = () => {}
      let open = () => {}
      const reached = new Promise<void>((resolve) => void (reach = resolve))
      const opened = new Promise<void>((resolve) => void (open = resolve))
      gate = { after, reach, opened }
      return { reached, open: () => open() }
    },
    failNext: (error: Error) => void (failure = error),
  }
}
