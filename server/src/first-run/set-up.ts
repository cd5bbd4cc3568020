import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { createKey, createTenant, findTenantBySlug, revokeKey } from '../access/index.ts'
import type { TenantId } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import type { Payymo } from '../main.ts'
import type { Simulators } from './simulators.ts'

export const SANDBOX_SLUG = 'sandbox'
const SHOWN_KEY = 'sandbox company'
const ACTOR = systemActor('first start')
const ALL = new Set(['*'])

/** The sandbox company as a tenant; `key` only when it was made just now. */
export async function keepSandboxTenant(
  payymo: Payymo,
  simulators: Simulators,
): Promise<{ tenantId: TenantId; key: string | undefined }> {
  const { store } = payymo
  const known = await store.directory((tx) => findTenantBySlug(tx, SANDBOX_SLUG))
  const tenantId =
    known ??
    (
      await createTenant(store, ACTOR, {
        parentId: null,
        slug: SANDBOX_SLUG,
        name: simulators.facts.company.name,
        kind: 'customer',
        tier: 'standard',
        environment: 'sandbox',
        settings: {
          timezone: 'Europe/Berlin',
          home_currency: 'EUR',
          // The month lies before the first start: by default money that old would wait for a person.
          matching: { mode: 'auto', start_on: simulators.facts.from },
        },
      })
    ).id
  const shown = await store.read(tenantId, (tx) =>
    tx.first<object>('select id from api_keys where tenant_id = $1 and name = $2', [tx.tenantUuid, SHOWN_KEY]),
  )
  if (shown) return { tenantId, key: undefined }
  const made = await createKey(payymo, tenantId, ACTOR, ALL, { name: SHOWN_KEY, permissions: ['*'], expiresAt: null })
  return { tenantId, key: made.text }
}

/** Connects WHMCS, a receiver of events, Stripe and the bank, through the API as any customer would, each only where it is missing: a
 *  first start that was cut off goes on where it stopped. */
export async function connectSandbox(payymo: Payymo, tenantId: TenantId, simulators: Simulators): Promise<void> {
  const { key, text } = await createKey(payymo, tenantId, ACTOR, ALL, {
    name: 'first start',
    permissions: ['*'],
    expiresAt: new Date(Date.now() + 600_000),
  })
  try {
    const api = apiAs(payymo.http, text)
    await connectWhmcs(api, simulators)
    await connectReceiver(api, simulators)
    await connectStripe(api, simulators)
    await connectBank(api, payymo.http, simulators)
  } finally {
    await revokeKey(payymo.store, tenantId, ACTOR, key.id)
  }
}

type Api = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => Promise<Record<string, never>>

/** On a small machine that has just begun everything at once, lists may be refused for a moment. */
const BUSY = { tries: 60, waitMs: 500 }

function apiAs(http: FastifyInstance, key: string): Api {
  return async (method, path, body) => {
    const ask = () =>
      http.inject({
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { payload: JSON.stringify(body) } : {}),
      })
    let answer = await ask()
    const triesMax = method === 'GET' ? BUSY.tries : 1
    for (let tries = 1; answer.statusCode === 503 && tries < triesMax; tries++) {
      await sleep(BUSY.waitMs)
      answer = await ask()
    }
    if (answer.statusCode >= 400)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body.slice(0, 500)}`)
    return answer.body === '' ? {} : (answer.json() as Record<string, never>)
  }
}

interface Listed<Row> {
  data: Row[]
}

async function connectWhmcs(api: Api, simulators: Simulators): Promise<void> {
  const { facts } = simulators
  type Instance = { id: string; system_url: string; verified_at: string | null; proofs: { file: { content: string } } }
  const listed = (await api('GET', '/whmcs-instances')) as unknown as Listed<Instance>
  let [instance] = listed.data
  instance ??= (await api('POST', '/whmcs-instances', {
    system_url: facts.whmcsUrl,
    mode: 'api',
    api_identifier: facts.whmcsIdentifier,
    api_secret: facts.whmcsSecret,
  })) as unknown as Instance
  // The simulator may have had to take another port.
  if (instance.system_url !== facts.whmcsUrl)
    await api('PATCH', `/whmcs-instances/${instance.id}`, { system_url: facts.whmcsUrl })
  const current = (await api('GET', `/whmcs-instances/${instance.id}`)) as unknown as Instance
  if (current.verified_at !== null) return
  await simulators.putProofFile(current.proofs.file.content)
  await api('POST', `/whmcs-instances/${current.id}/verify`, { method: 'file' })
}

async function connectReceiver(api: Api, simulators: Simulators): Promise<void> {
  type Webhook = { id: string; url: string; secret?: string }
  const url = `${simulators.facts.receiverUrl}/hooks/payymo`
  const listed = (await api('GET', '/webhooks')) as unknown as Listed<Webhook>
  const [known] = listed.data
  if (!known) {
    const made = (await api('POST', '/webhooks', { url, events: ['*'] })) as unknown as Webhook
    await simulators.setReceiverSecret(made.secret!)
    return
  }
  if (known.url !== url) await api('PATCH', `/webhooks/${known.id}`, { url })
  if (await simulators.receiverKnowsSecret()) return
  const rotated = (await api('POST', `/webhooks/${known.id}/rotate-secret`)) as unknown as Webhook
  await simulators.setReceiverSecret(rotated.secret!)
}

async function connectStripe(api: Api, simulators: Simulators): Promise<void> {
  const listed = (await api('GET', '/stripe-connections')) as unknown as Listed<{ status: string }>
  if (listed.data.some(({ status }) => status === 'active' || status === 'error')) return
  const started = (await api('POST', '/stripe-connections/initialize', {
    redirect_url: 'http://127.0.0.1/connected',
  })) as unknown as { authorization_url: string }
  const back = new URL(await simulators.authorizeStripe(started.authorization_url)).searchParams
  await api('POST', '/stripe-connections/callback', { code: back.get('code'), state: back.get('state') })
}

async function connectBank(api: Api, http: FastifyInstance, simulators: Simulators): Promise<void> {
  const listed = (await api('GET', '/bank-connections')) as unknown as Listed<{ id: string; status: string }>
  if (listed.data.some((connection) => connection.status === 'active')) return
  const started = (await api('POST', '/bank-connections/initialize', {
    institution_id: simulators.facts.company.institutionId,
    redirect_url: 'http://127.0.0.1/connected',
    max_history_days: 60,
  })) as unknown as { authorization_id: string }
  // The simulated customer of the bank says yes, and the browser comes back.
  const back = new URL(await simulators.approveConsent(started.authorization_id))
  const answer = await http.inject({ method: 'GET', url: `${back.pathname}${back.search}` })
  if (answer.statusCode !== 302 || !String(answer.headers.location).includes('status=active')) {
    throw new Error(
      `the bank consent of the sandbox was not finished: ${answer.statusCode} ${String(answer.headers.location)}`,
    )
  }
}
