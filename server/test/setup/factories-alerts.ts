import type { FastifyInstance } from 'fastify'
import { apiKeys, createAuthenticate } from '../../src/access/index.ts'
import { alertsSlice } from '../../src/alerts/index.ts'
import type { TenantId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { type Alert, closeAlert, openAlert } from '../../src/events/alerts.ts'
import { systemActor } from '../../src/events/audit.ts'
import { createHttp } from '../../src/http/server.ts'
import type { Slice } from '../../src/http/slice.ts'
import type { Mail } from '../../src/mail/index.ts'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from './app.ts'

/** Routes of one slice with the keys of a test app, before or beside the whole program. */
export function httpOf(app: TestApp, slice: Slice): FastifyInstance {
  return createHttp({
    routes: slice.routes!,
    authenticate: createAuthenticate([apiKeys({ store: app.store, pepper: app.pepper })]),
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1:8080',
  })
}

export async function callThrough(
  http: FastifyInstance,
  key: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<TestAnswer> {
  const answer = await http.inject({
    method: method as 'GET',
    url: `/api/v1${path}`,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  const json = answer.headers['content-type']?.toString().startsWith('application/json')
  return { status: answer.statusCode, body: json ? JSON.parse(answer.body) : answer.body, headers: answer.headers }
}

/** The alerts slice by itself; mails are kept instead of sent. */
export interface AlertApp {
  app: TestApp
  mails: (Mail & { tenantId: TenantId })[]
  /** Who gets the mails of every tenant. */
  owners: { email: string; name: string }[]
  tenant(permissions?: string[]): Promise<TestTenant>
  open(tenant: { id: TenantId }, alert?: Partial<Alert>): Promise<void>
  close(tenant: { id: TenantId }, code: string, subjectId: string): Promise<void>
  sweep(): Promise<void>
  stop(): Promise<void>
}

export async function createAlertApp(): Promise<AlertApp> {
  const app = await createTestApp()
  const mails: AlertApp['mails'] = []
  const owners: AlertApp['owners'] = [{ email: 'ann@example.com', name: 'Ann' }]
  const slice = alertsSlice({
    store: app.store,
    scaled: (ms) => ms,
    mailer: { queue: async (tx, mail) => void mails.push({ ...mail, tenantId: tx.tenantId }) },
    ownersOf: async () => owners,
    publicUrl: () => 'https://pay.example',
  })
  const http = httpOf(app, slice)
  return {
    app,
    mails,
    owners,
    tenant: async (permissions) => {
      const tenant = await app.tenant(permissions ? { permissions } : {})
      return { ...tenant, call: (method, path, body) => callThrough(http, tenant.key, method, path, body) }
    },
    open: (tenant, alert = {}) =>
      app.store.change(tenant.id, systemActor('test'), (tx) =>
        openAlert(tx, {
          code: 'test',
          severity: 'warning',
          subject: { type: 'thing', id: 'thing_1' },
          message: 'Something happened. Look at it.',
          ...alert,
        }),
      ),
    close: (tenant, code, subjectId) =>
      app.store.change(tenant.id, systemActor('test'), (tx) => closeAlert(tx, code, subjectId)),
    sweep: () => slice.sweeps![0]!.run(),
    stop: async () => {
      await http.close()
      await app.stop()
    },
  }
}
