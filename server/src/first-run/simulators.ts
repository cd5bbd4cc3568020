import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../base/errors.ts'
import type { Outbound } from '../outbound/index.ts'

const PROGRAM = fileURLToPath(new URL('../../../sandbox/src/main.ts', import.meta.url))
const START_DEADLINE_MS = 15_000
const CALL = { budgetMs: 5_000, maxBytes: 16 * 1024 * 1024, policy: 'provider' } as const

/** What the sandbox program says of itself when it listens. */
export interface SandboxFacts {
  whmcsUrl: string
  whmcsIdentifier: string
  whmcsSecret: string
  bankUrl: string
  bankSecretId: string
  bankSecretKey: string
  stripeUrl: string
  stripeSecretKey: string
  stripeClientId: string
  /** Of the company, at Stripe. */
  stripeAccount: string
  receiverUrl: string
  company: { name: string; bank: string; institutionId: string }
  /** First day of the month the bank shows. */
  from: string
}

/** The simulated bank, WHMCS, Stripe and receiver, as seen from outside. */
export interface Simulators {
  facts: SandboxFacts
  /** Private hosts that outbound calls may reach. */
  hosts: string[]
  approveConsent(requisitionId: string): Promise<string>
  /** The company says yes on the page of Stripe. Returns where the browser is sent. */
  authorizeStripe(authorizationUrl: string): Promise<string>
  /** Has Stripe send these events of connected accounts there, and nowhere else. Returns the secret that signs them. */
  listenToStripe(url: string, types: readonly string[]): Promise<string>
  putProofFile(token: string): Promise<void>
  setReceiverSecret(secret: string): Promise<void>
  receiverKnowsSecret(): Promise<boolean>
  whmcsPayments(): Promise<{ transid: string; invoiceId: string; amount: string }[]>
  receivedEvents(): Promise<{ id: string; signature: string; verified: boolean }[]>
}

/** Starts the sandbox as one program beside us. It ends when this process does, however that happens. */
export async function startSandbox(stateDir: string): Promise<{ facts: SandboxFacts; stop(): void }> {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, '--state', stateDir], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000)
  })
  const facts = await new Promise<SandboxFacts>((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new UsageError(`The sandbox simulators did not start (${why}). Set PAYYMO_SANDBOX=off to start without them.`),
      )
    const timer = setTimeout(() => fail(`no sign within ${START_DEADLINE_MS / 1000} s`), START_DEADLINE_MS)
    child.once('message', (message) => {
      clearTimeout(timer)
      resolve(message as SandboxFacts)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      fail(said.trim().split('\n').at(-1) ?? `exit ${code}`)
    })
  })
  child.unref()
  child.channel?.unref()
  ;(child.stderr as unknown as { unref(): void } | null)?.unref()
  // A signal to the whole group may have ended it already.
  const stop = () => {
    if (child.connected) child.disconnect()
  }
  return { facts, stop }
}

/** The controls of the simulators, over their own loopback addresses. */
export function controlSimulators(facts: SandboxFacts, outbound: Outbound): Simulators {
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: unknown): Promise<unknown> => {
    const answer = await outbound.request({
      ...CALL,
      method,
      url,
      ...(body === undefined
        ? {}
        : {
            body: typeof body === 'string' ? body : JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }),
    })
    if (answer.status >= 300) throw new Error(`the sandbox answered ${answer.status}`)
    return answer.body.length === 0 ? undefined : (JSON.parse(answer.text()) as unknown)
  }
  const stripeApi = async (method: 'GET' | 'POST' | 'DELETE', path: string, fields?: URLSearchParams) => {
    const answer = await outbound.request({
      ...CALL,
      method,
      url: `${facts.stripeUrl}/v1${path}`,
      headers: {
        authorization: `Bearer ${facts.stripeSecretKey}`,
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(fields ? { body: String(fields) } : {}),
    })
    if (answer.status >= 300) throw new Error(`the sandbox's Stripe answered ${answer.status} to ${method} ${path}`)
    return JSON.parse(answer.text()) as { secret: string; data: { id: string }[] }
  }
  const whmcsRoot = new URL(facts.whmcsUrl).origin
  return {
    facts,
    hosts: privateHosts(facts),
    approveConsent: async (requisitionId) => {
      const answer = (await call('POST', `${facts.bankUrl}/__control/requisitions/${requisitionId}/approve`, {})) as {
        redirect_to: string
      }
      return answer.redirect_to
    },
    authorizeStripe: async (authorizationUrl) => {
      const control = `${facts.stripeUrl}/__control`
      // As the operator of a platform registers it in Stripe's settings.
      const redirectUri = new URL(authorizationUrl).searchParams.get('redirect_uri')
      await call('PATCH', `${control}/platform`, { redirectUri })
      const asked = { url: authorizationUrl, account: facts.stripeAccount }
      return ((await call('POST', `${control}/authorize`, asked)) as { redirect_to: string }).redirect_to
    },
    listenToStripe: async (url, types) => {
      // Where the dashboard is come back to, as a platform registers it at Stripe.
      const back = new URL('/connections', url).href
      await call('PATCH', `${facts.stripeUrl}/__control/platform`, { redirectUri: back })
      // The secret is shown once, when an endpoint is made: each start makes its own.
      const { data } = await stripeApi('GET', '/webhook_endpoints?limit=100')
      for (const { id } of data) await stripeApi('DELETE', `/webhook_endpoints/${id}`)
      const fields = new URLSearchParams([
        ['url', url],
        ['connect', 'true'],
      ])
      for (const type of types) fields.append('enabled_events[]', type)
      return (await stripeApi('POST', '/webhook_endpoints', fields)).secret
    },
    putProofFile: async (token) =>
      void (await call('POST', `${whmcsRoot}/__control/proof`, { wellKnown: { [token]: token } })),
    setReceiverSecret: async (secret) => void (await call('PUT', `${facts.receiverUrl}/__control/secret`, secret)),
    receiverKnowsSecret: async () =>
      ((await call('GET', `${facts.receiverUrl}/__control/secret`)) as { known: boolean }).known,
    whmcsPayments: async () => {
      const entries = (await call('GET', `${whmcsRoot}/__control/journal`)) as {
        kind: string
        transid: string
        invoiceid: number | null
        amountMinor: string
      }[]
      return entries
        .filter((entry) => entry.kind === 'payment')
        .map((entry) => ({
          transid: entry.transid,
          invoiceId: String(entry.invoiceid),
          amount: cents(entry.amountMinor),
        }))
    },
    receivedEvents: async () =>
      (await call('GET', `${facts.receiverUrl}/__control/events`)) as {
        id: string
        signature: string
        verified: boolean
      }[],
  }
}

export const privateHosts = (facts: SandboxFacts): string[] =>
  [facts.whmcsUrl, facts.bankUrl, facts.stripeUrl, facts.receiverUrl].map((url) => new URL(url).host)

const cents = (minor: string): string => `${minor.slice(0, -2) || '0'}.${minor.slice(-2).padStart(2, '0')}`
