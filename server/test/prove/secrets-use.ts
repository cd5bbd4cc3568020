import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { exportTenant, inviteUser, ownersOf } from '../../src/access/index.ts'
import { systemActor } from '../../src/events/audit.ts'
import { type House, type HouseAnswer, OPERATOR_KEY } from './house.ts'

/** What was used: the secrets by what they are, every answer that came (but the one that shows a new secret once), and the
 *  export of the tenant. */
export interface Used {
  canaries: Record<string, string>
  answers: string[]
  exported: Buffer
}

const fresh = (word: string): string => `${word}-${randomBytes(12).toString('hex')}`

/** Uses every kind of secret as its owner would, and as somebody would who types them into the wrong place. `planted` is
 *  written where anybody may see it. */
export async function useSecrets(house: House, planted: string): Promise<Used> {
  const answers: string[] = []
  const canaries: Record<string, string> = {
    'WHMCS api secret': fresh('whmcs-secret'),
    'WHMCS access key': fresh('whmcs-access'),
    'GoCardless secret key': fresh('gocardless-key'),
    'GoCardless access token': fresh('gocardless-token'),
    'GoCardless webhook secret': fresh('gocardless-hook'),
    password: fresh('Password'),
    'new password': fresh('Another'),
    'misplaced key': fresh('misplaced'),
  }
  const tenantId = await house.tenant({ name: planted })
  const { text: key } = await house.key(tenantId, ['*'])
  canaries['API key'] = key
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    options: { key?: string; shows?: string; headers?: Record<string, string> } = {},
  ): Promise<HouseAnswer & { json: Record<string, unknown> }> => {
    const answer = await house.call(
      `Bearer ${options.key ?? key}`,
      method,
      path.startsWith('/api/') || path.startsWith('/auth/') ? path : `/api/v1${path}`,
      body === undefined ? undefined : JSON.stringify(body),
      options.headers,
    )
    const json = answer.body.startsWith('{') ? (JSON.parse(answer.body) as Record<string, unknown>) : {}
    if (options.shows) canaries[options.shows] = must(json[fieldOf(options.shows)], `${method} ${path}: ${answer.body}`)
    else answers.push(answer.body)
    return { ...answer, json }
  }

  // Keys: made, made again under an idempotency key, rotated, revoked, wrong, in the wrong place.
  const made = await call(
    'POST',
    '/api-keys',
    { name: planted, permissions: ['transactions:read'] },
    { shows: 'second key' },
  )
  const repeat = { headers: { 'idempotency-key': 'secrets-1' } }
  await call(
    'POST',
    '/api-keys',
    { name: 'once', permissions: ['invoices:read'] },
    { ...repeat, shows: 'key made once' },
  )
  await call('POST', '/api-keys', { name: 'once', permissions: ['invoices:read'] }, repeat)
  await call('POST', `/api-keys/${String(made.json.id)}/rotate`, {}, { shows: 'rotated key' })
  await call('GET', '/api-keys')
  await call('GET', `/transactions?api_key=${key}`)
  await call('GET', `/transactions?q=${canaries['misplaced key']}`)
  await call('POST', '/transactions', { secret: canaries['misplaced key'], [canaries['misplaced key']!]: 1 }).then(
    forget,
  )
  await call('GET', '/transactions', undefined, { key: `${key.slice(0, -3)}abc` })
  await call('GET', '/transactions', undefined, { key: canaries['misplaced key']! })
  await call('GET', `/transactions/${canaries['misplaced key']}`)

  // Webhooks and installations.
  const hook = await call(
    'POST',
    '/webhooks',
    { url: 'https://hooks.example.com/x', events: ['*'] },
    { shows: 'webhook secret' },
  )
  await call('POST', `/webhooks/${String(hook.json.id)}/rotate-secret`, undefined, { shows: 'rotated webhook secret' })
  await call('POST', `/webhooks/${String(hook.json.id)}/test`)
  const instance = await call(
    'POST',
    '/whmcs-instances',
    {
      system_url: 'https://billing.example.com/whmcs',
      api_identifier: 'identifier',
      api_secret: canaries['WHMCS api secret'],
      access_key: canaries['WHMCS access key'],
    },
    { shows: 'instance webhook_secret' },
  )
  await call('PATCH', `/whmcs-instances/${String(instance.json.id)}`, { api_secret: canaries['WHMCS api secret'] })
  await call('GET', `/whmcs-instances/${String(instance.json.id)}`)
  await call('PUT', '/provider-credentials/gocardless', {
    secret_id: 'public-part',
    secret_key: canaries['GoCardless secret key'],
    access_token: canaries['GoCardless access token'],
    webhook_secret: canaries['GoCardless webhook secret'],
  })
  await call('GET', '/provider-credentials')

  await signIn(house, { tenantId, canaries, answers })

  // Something to do for jobs, and a failure that carries its cause.
  await call('POST', '/invoice-matches/run', {})
  await house.call(`Bearer ${OPERATOR_KEY}`, 'PATCH', `/api/v1/tenants/${tenantId}`, '{"tier":"premium"}')
  const file = join(house.server.folder, 'exports', 'suite.jsonl')
  await exportTenant(house.payymo.store, tenantId, file, new Date())
  await call('GET', '/audit-events?per_page=100')
  return { canaries, answers, exported: readFileSync(file) }

  /** An unknown field is named in the refusal: that is what the caller typed, back to the caller alone. */
  function forget(): void {
    answers.pop()
  }
}

/** A person: invited, in with a password, a second factor, tokens, a new password, wrong ones. */
async function signIn(
  house: House,
  {
    tenantId,
    canaries,
    answers,
  }: { tenantId: Awaited<ReturnType<House['tenant']>> } & Pick<Used, 'canaries' | 'answers'>,
): Promise<void> {
  const email = 'ada@example.com'
  const { link } = await inviteUser(house.payymo.people, tenantId, systemActor('suite'), new Set(['*']), {
    email,
    name: 'Ada',
    role: 'owner',
  })
  canaries['invitation token'] = must(new URL(link).searchParams.get('token'), link)
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await house.call(undefined, 'POST', path, JSON.stringify(body), {
      origin: house.payymo.config.publicUrl,
      'sec-fetch-site': 'same-origin',
      ...headers,
    })
    return answer
  }
  const accepted = await post('/auth/accept', { token: canaries['invitation token'], password: canaries.password })
  const cookie = String(accepted.headers['set-cookie']).split(';')[0]!
  canaries['session id'] = must(cookie.split('=')[1], accepted.body)
  const csrf = String(accepted.headers['x-csrf-token'])
  const browser = { cookie, 'x-csrf-token': csrf }
  answers.push((await post('/auth/login', { email, password: 'not the password' })).body)
  const token = await post('/auth/token', {}, browser)
  canaries['access token'] = must((JSON.parse(token.body) as { access_token?: string }).access_token, token.body)
  const factor = await post('/auth/second-factor', {}, browser)
  canaries['second factor'] = must((JSON.parse(factor.body) as { secret?: string }).secret, factor.body)
  answers.push((await post('/auth/second-factor', { code: '000000' }, browser)).body)
  const changed = await post('/auth/password', { current: canaries.password, next: canaries['new password'] }, browser)
  if (changed.status >= 300) throw new Error(`password: ${changed.status} ${changed.body}`)
  answers.push(changed.body, (await house.call(`Bearer ${canaries['access token']}`, 'GET', '/api/v1/users')).body)
  answers.push((await post('/auth/forgot', { email })).body)
  const owners = await house.payymo.store.read(tenantId, ownersOf)
  if (owners.length !== 1) throw new Error('the owner is not in')
}

const fieldOf = (what: string): string =>
  what.includes('webhook_secret') ? 'webhook_secret' : what.includes('secret') ? 'secret' : 'key'

function must(value: unknown, where: string): string {
  if (typeof value !== 'string' || value.length < 8) throw new Error(`no secret came: ${where.slice(0, 300)}`)
  return value
}
