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
  receiverUrl: string
  company: { name: string; bank: string; institutionId: string }
  /** First day of the month the bank shows. */
  from: string
}

/** The simulated bank, WHMCS and receiver, as seen from outside. */
export interface Simulators {
  facts: SandboxFacts
  /** Private hosts that outbound calls may reach. */
  hosts: string[]
  approveConsent(requisitionId: string): Promise<string>
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
  const call = async (method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown): Promise<unknown> => {
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
  [facts.whmcsUrl, facts.bankUrl, facts.receiverUrl].map((url) => new URL(url).host)

const cents = (minor: string): string => `${minor.slice(0, -2) || '0'}.${minor.slice(-2).padStart(2, '0')}`
