import type { FastifyInstance } from 'fastify'
import { apiKeys, createAuthenticate, keyRoutes } from '../../src/access/index.ts'
import { createPeople, type People, type PeopleDeps, peopleSlice, peopleTokens } from '../../src/access/people/index.ts'
import { testClock } from '../../src/base/clock.ts'
import { silentLog } from '../../src/base/log.ts'
import { createStore, type Store } from '../../src/events/store.ts'
import { createHttp } from '../../src/http/server.ts'
import type { JobData } from '../../src/jobs/queue.ts'
import type { Mail } from '../../src/mail/index.ts'
import { transactionRoutes } from '../../src/transactions/index.ts'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from './app.ts'

export const PASSWORD = 'quiet harbour lights'

/** People on a database of their own: mails are caught, jobs run when asked, the clock stands until it is turned. */
export interface PeopleApp {
  app: TestApp
  store: Store
  http: FastifyInstance
  deps: People
  clock: ReturnType<typeof testClock>
  mails: Mail[]
  refused: string[]
  tenant(options?: Parameters<TestApp['tenant']>[0]): Promise<TestTenant>
  browser(ip?: string): Browser
  /** Invites, accepts and signs in: how a user comes to be. */
  member(tenant: TestTenant, role?: string, email?: string): Promise<Member>
  /** Works on what was queued since the last time. Returns how many. */
  runJobs(): Promise<number>
  sweep(): Promise<void>
  stop(): Promise<void>
}

/** A browser that keeps the cookie and sends what browsers send. */
export interface Browser {
  cookie: string | undefined
  csrf: string | undefined
  send(method: string, path: string, body?: unknown, headers?: Record<string, string | undefined>): Promise<TestAnswer>
  post(path: string, body?: unknown, headers?: Record<string, string | undefined>): Promise<TestAnswer>
  /** A bearer token of the signed-in person, and calls of the API with it. */
  token(tenantId?: string): Promise<string>
  api(method: string, path: string, body?: unknown): Promise<TestAnswer>
}

export interface Member extends Browser {
  id: string
  email: string
}

let count = 0

export async function createPeopleApp(
  options: { publicUrl?: string; limit?: PeopleDeps['limit']; at?: string } = {},
): Promise<PeopleApp> {
  const clock = testClock(options.at ?? '2026-03-02T09:00:00Z')
  const publicUrl = options.publicUrl ?? 'http://127.0.0.1:8080'
  const app = await createTestApp()
  const jobs: { queue: string; data: JobData }[] = []
  const mails: Mail[] = []
  const refused: string[] = []
  const queue = {
    ...app.queue,
    enqueue: async (_tx: unknown, name: string, data: JobData) => void jobs.push({ queue: name, data }),
  }
  const store = createStore({ pool: app.database.pool, queue, clock, subscribers: [] })
  const deps = createPeople({
    store,
    pool: app.database.pool,
    vault: app.vault,
    mailer: { queue: async (_tx, mail) => void mails.push(mail) },
    pepper: app.pepper,
    clock,
    publicUrl: () => publicUrl,
    limit: options.limit ?? (async () => ({ admitted: true, retryAfterSeconds: 0 })),
    networkOf: (ip) => ip,
    productNameOf: async () => 'Payymo',
    onRefused: ({ credential, reason }) => void refused.push(`${credential}: ${reason}`),
  })
  const slice = peopleSlice(deps)
  const http = createHttp({
    routes: [...slice.routes!, ...keyRoutes({ store, pepper: app.pepper }), ...transactionRoutes({ store })],
    authenticate: createAuthenticate([peopleTokens(deps), apiKeys({ store, pepper: app.pepper })]),
    log: silentLog,
    now: () => clock.now(),
    publicUrl,
  })

  const inject = async (
    method: string,
    url: string,
    body: unknown,
    headers: Record<string, string | undefined>,
    ip = '127.0.0.1',
  ): Promise<TestAnswer> => {
    const given = Object.entries(headers).filter(([, value]) => value !== undefined)
    const answer = await http.inject({
      method: method as 'GET',
      url,
      remoteAddress: ip,
      headers: {
        host: new URL(publicUrl).host,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(Object.fromEntries(given) as Record<string, string>),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    const json = answer.headers['content-type']?.toString().startsWith('application/json')
    return { status: answer.statusCode, body: json ? JSON.parse(answer.body) : answer.body, headers: answer.headers }
  }
  const callAs = (key: string) => (method: string, path: string, body?: unknown) =>
    inject(method, `/api/v1${path}`, body, { authorization: `Bearer ${key}` })

  const browser = (ip?: string): Browser => {
    const own: Browser = {
      cookie: undefined,
      csrf: undefined,
      send: async (method, path, body, headers = {}) => {
        const answer = await inject(
          method,
          path,
          body,
          {
            origin: method === 'GET' ? undefined : new URL(publicUrl).origin,
            'sec-fetch-site': 'same-origin',
            cookie: own.cookie,
            'x-csrf-token': own.csrf,
            ...headers,
          },
          ip,
        )
        const set = answer.headers['set-cookie'] as string | undefined
        if (set !== undefined) own.cookie = set.includes('Max-Age=0') ? undefined : set.split(';')[0]
        if (answer.headers['x-csrf-token']) own.csrf = String(answer.headers['x-csrf-token'])
        return answer
      },
      post: (path, body = {}, headers) => own.send('POST', path, body, headers),
      token: async (tenantId) => {
        const answer = await own.post('/auth/token', tenantId === undefined ? {} : { tenant_id: tenantId })
        if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
        return answer.body.access_token as string
      },
      api: async (method, path, body) => callAs(await own.token())(method, path, body),
    }
    return own
  }

  return {
    app,
    store,
    http,
    deps,
    clock,
    mails,
    refused,
    browser,
    tenant: async (tenantOptions) => {
      const tenant = await app.tenant(tenantOptions)
      return { ...tenant, call: callAs(tenant.key) }
    },
    member: async (tenant, role = 'owner', email = `person${(count += 1)}@example.com`) => {
      const made = await tenant.call('POST', '/users', { email, role, name: 'Ada' })
      if (made.status !== 201) throw new Error(JSON.stringify(made.body))
      const own = browser()
      const accepted = await own.post('/auth/accept', { token: linkToken(mails.at(-1)!), password: PASSWORD })
      if (accepted.status !== 204) throw new Error(JSON.stringify(accepted.body))
      return Object.assign(own, { id: made.body.id as string, email })
    },
    runJobs: async () => {
      const due = jobs.splice(0)
      for (const { queue: name, data } of due) await slice.jobs!.find((kind) => kind.queue === name)!.handle(data)
      return due.length
    },
    sweep: () => slice.sweeps![0]!.run(),
    stop: async () => {
      await http.close()
      await app.stop()
    },
  }
}

/** The token of the link in a mail. */
export const linkToken = (mail: Mail): string => /token=([A-Za-z0-9_-]+)/.exec(mail.text)![1]!
