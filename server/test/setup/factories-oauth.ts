import { createHash, randomBytes } from 'node:crypto'
import { apiKeys, createAuthenticate, keyRoutes, pagesSlice } from '../../src/access/index.ts'
import { oauthSlice, oauthTokens } from '../../src/access/oauth/index.ts'
import { type PeopleDeps, peopleSlice, peopleTokens } from '../../src/access/people/index.ts'
import { silentLog } from '../../src/base/log.ts'
import type { Caller } from '../../src/http/route.ts'
import { createHttp } from '../../src/http/server.ts'
import { transactionRoutes } from '../../src/transactions/index.ts'
import type { TestAnswer, TestTenant } from './app.ts'
import { createPeopleApp, PASSWORD, type PeopleApp } from './factories-people.ts'

export const REDIRECT_URI = 'https://ledger.example.com/callback'

/** OAuth and people on a database of their own, with a clock that the test turns. */
export interface OAuthApp extends PeopleApp {
  /** One request, its body a form when there is one. */
  send(
    method: string,
    url: string,
    form?: Record<string, string> | string,
    headers?: Record<string, string | undefined>,
  ): Promise<TestAnswer>
  api(token: string, method: string, path: string, body?: unknown): Promise<TestAnswer>
  /** Who the token is to a process that asks for the first time; undefined when it is refused. */
  callerOf(token: string): Promise<Caller | undefined>
  /** A tenant made elsewhere, calling here. */
  adopt(tenant: TestTenant): TestTenant
  window(): Window
  /** Registers an application of the tenant; a client that knows nothing but the protocol. */
  client(tenant: TestTenant, about?: Record<string, unknown>): Promise<Client>
  /** Signs in, allows, and gives the code to the client: the whole way. */
  tokens(client: Client, email: string, scope?: string): Promise<any> // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  /** Rows of the tenant's audit trail of this action. */
  audited(tenantId: string, action: string): Promise<any[]> // oxlint-disable-line typescript/no-explicit-any -- as above
}

/** A browser window: keeps the cookie, follows to our own pages, fills in forms. */
export interface Window {
  cookie: string | undefined
  page: TestAnswer
  open(url: string, headers?: Record<string, string>): Promise<TestAnswer>
  /** Fills in and sends the form on the page. Redirects within Payymo are followed. */
  submit(fields: Record<string, string>, headers?: Record<string, string | undefined>): Promise<TestAnswer>
  /** Where the browser was sent to at last, outside. */
  landed(): URL
}

/** A plain OAuth client. */
export interface Client {
  id: string
  secret: string | null
  verifier: string
  state: string
  url(change?: Record<string, string | undefined>): string
  token(form: Record<string, string>, how?: { basic?: boolean; secret?: string; ip?: string }): Promise<TestAnswer>
  exchange(code: string, change?: Record<string, string>): Promise<TestAnswer>
  revoke(token: string): Promise<TestAnswer>
}

export async function createOAuthApp(
  options: { publicUrl?: string; limit?: PeopleDeps['limit'] } = {},
): Promise<OAuthApp> {
  const people = await createPeopleApp(options)
  const { app, store, deps, clock } = people
  const publicUrl = deps.publicUrl()
  const http = createHttp({
    routes: [
      ...oauthSlice(deps).routes!,
      ...peopleSlice(deps).routes!,
      ...pagesSlice(deps).routes!,
      ...keyRoutes({ store, pepper: app.pepper }),
      ...transactionRoutes({ store }),
    ],
    authenticate: createAuthenticate([oauthTokens(deps), peopleTokens(deps), apiKeys({ store, pepper: app.pepper })]),
    log: silentLog,
    now: () => clock.now(),
    publicUrl,
  })

  const inject = async (method: string, url: string, payload?: string, headers: Record<string, unknown> = {}) => {
    const { ip = '127.0.0.1', ...rest } = headers
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const answer = await http.inject({
      method: method as 'GET',
      url,
      remoteAddress: String(ip),
      headers: { host: new URL(publicUrl).host, ...(given as Record<string, string>) },
      ...(payload === undefined ? {} : { payload }),
    })
    const json = answer.headers['content-type']?.toString().startsWith('application/json')
    return { status: answer.statusCode, body: json ? JSON.parse(answer.body) : answer.body, headers: answer.headers }
  }
  const send: OAuthApp['send'] = (method, url, form, headers = {}) =>
    inject(method, url, form === undefined ? undefined : new URLSearchParams(form).toString(), {
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    })
  const api: OAuthApp['api'] = (token, method, path, body) =>
    inject(method, `/api/v1${path}`, body === undefined ? undefined : JSON.stringify(body), {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    })

  const window = (): Window => {
    const own: Window = {
      cookie: undefined,
      page: { status: 0, body: '', headers: {} },
      open: async (url, headers = {}) => {
        own.page = await send('GET', url, undefined, { cookie: own.cookie, ...headers })
        return own.page
      },
      submit: async (fields, headers = {}) => {
        const { action, hidden } = formOf(own.page.body as string)
        const answer = await send(
          'POST',
          action,
          { ...hidden, ...fields },
          {
            cookie: own.cookie,
            origin: new URL(publicUrl).origin,
            'sec-fetch-site': 'same-origin',
            ...headers,
          },
        )
        const set = answer.headers['set-cookie'] as string | undefined
        if (set !== undefined) own.cookie = set.split(';')[0]
        own.page = answer
        const to = answer.headers.location as string | undefined
        return to?.startsWith('/') ? own.open(to) : answer
      },
      landed: () => new URL(own.page.headers.location as string),
    }
    return own
  }

  const makeClient: OAuthApp['client'] = async (tenant, about = {}) => {
    const made = await api(tenant.key, 'POST', '/oauth-applications', {
      name: 'Ledger',
      redirect_uris: [REDIRECT_URI],
      permissions: ['transactions:read', 'transactions:write'],
      grant_types: ['authorization_code', 'refresh_token'],
      ...about,
    })
    if (made.status !== 201) throw new Error(JSON.stringify(made.body))
    const { client_id: id, client_secret: secret } = made.body as { client_id: string; client_secret: string | null }
    const verifier = randomBytes(32).toString('base64url')
    const state = randomBytes(32).toString('base64url')
    const client: Client = {
      id,
      secret,
      verifier,
      state,
      url: (change = {}) => {
        const query = {
          response_type: 'code',
          client_id: id,
          redirect_uri: REDIRECT_URI,
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
          state,
          ...change,
        }
        const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
        return `/oauth/authorize?${new URLSearchParams(given).toString()}`
      },
      token: (form, how = {}) => {
        const wanted = how.secret ?? secret ?? undefined
        const basic = how.basic ?? wanted !== undefined
        const pair = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(wanted ?? '')}`).toString('base64')
        const named = { client_id: id, ...(wanted === undefined ? {} : { client_secret: wanted }) }
        return send('POST', '/oauth/token', basic ? form : { ...form, ...named }, {
          ...(basic ? { authorization: `Basic ${pair}` } : {}),
          ip: how.ip,
        })
      },
      exchange: (code, change = {}) =>
        client.token({
          grant_type: 'authorization_code',
          code,
          redirect_uri: REDIRECT_URI,
          code_verifier: verifier,
          ...change,
        }),
      revoke: (token) =>
        send('POST', '/oauth/revoke', { token, client_id: id, ...(secret === null ? {} : { client_secret: secret }) }),
    }
    return client
  }

  return {
    ...people,
    http,
    send,
    api,
    window,
    adopt: (tenant) => ({ ...tenant, call: (method, path, body) => api(tenant.key, method, path, body) }),
    callerOf: (token) => oauthTokens(deps).callerOf(token, { ip: '127.0.0.1', requestId: 'req_x' }),
    client: makeClient,
    tokens: async (client, email, scope) => {
      const code = await codeOf(window(), client, email, scope)
      const answer = await client.exchange(code)
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
      return answer.body
    },
    audited: (tenantId, action) =>
      store.read(tenantId as TestTenant['id'], async (tx) => {
        const rows = await tx.many<{ entry: object }>(
          'select entry from audit_events where tenant_id = $1 and action = $2 order by sequence',
          [tx.tenantUuid, action],
        )
        return rows.map((row) => row.entry)
      }),
    stop: async () => {
      await http.close()
      await people.stop()
    },
  }
}

/** Signs in and allows. The code that the client gets. */
export async function codeOf(window: Window, client: Client, email: string, scope?: string): Promise<string> {
  await window.open(client.url({ scope }))
  await window.submit({ email, password: PASSWORD })
  await window.submit({ action: 'approve' })
  const code = window.landed().searchParams.get('code')
  if (code === null) throw new Error(window.landed().href)
  return code
}

/** The form of a page: where it goes and what it sends along. */
export function formOf(html: string): { action: string; hidden: Record<string, string> } {
  const plain = (text: string) =>
    text.replaceAll(/&#(\d+);/g, (_whole, code: string) => String.fromCharCode(Number(code)))
  const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1]
  if (action === undefined) throw new Error(`no form on the page: ${html.slice(0, 400)}`)
  const inputs = [...html.matchAll(/<input type="(?:hidden|radio)" name="([^"]+)" value="([^"]*)"/g)].reverse()
  return {
    action: plain(action),
    hidden: Object.fromEntries(inputs.map(([, name, value]) => [name!, plain(value!)])),
  }
}
