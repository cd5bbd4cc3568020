import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config.ts'
import { createGocardless, type BankFeed } from '../banking/index.ts'
import { Secret } from '../base/secret.ts'
import {
  connectSandbox,
  controlSimulators,
  firstRunRoutes,
  inviteSandboxOwner,
  keepSandboxTenant,
  overview,
  privateHosts,
  runFirstMonth,
  SANDBOX_PAGE,
  type Simulators,
  startSandbox,
} from '../first-run/index.ts'
import type { TenantId } from '../base/ids.ts'
import { systemClock } from '../base/clock.ts'
import { VERSION } from '../base/version.ts'
import { buildPayymo, type Payymo } from '../main.ts'
import { STRIPE_EVENTS } from '../stripe/index.ts'
import type { Teller } from '../first-run/run-month.ts'
import { holdDataFolder } from './data-folder.ts'
import { endOnUnknownState, untilStopped } from './process.ts'

/** Runs the server until it is told to stop: database, sandbox (where the settings want it), HTTP and workers by role. `tell`
 *  hears what a person at a terminal wants to know. Throws UsageError before anything is started where a port is taken or
 *  the data folder is in use. */
export async function runServer(config: Config, log: Log, tell: Teller): Promise<void> {
  endOnUnknownState(log)
  // From here on Ctrl-C means: finish what is begun, then end.
  let asked = false
  const stopAsked = untilStopped().then(() => {
    asked = true
  })
  if (config.listens) await refuseTakenPort(config)
  mkdirSync(config.dataDir, { recursive: true })
  // With a database of its own each process is one of several; the embedded one has a single server.
  const release = config.databaseUrl === undefined || config.sandbox ? holdDataFolder(config.dataDir) : () => {}
  tell.line(`Payymo ${VERSION} · ${config.environment} · data in ${config.dataDir}`)
  const sandbox = config.sandbox ? await startSandbox(join(config.dataDir, 'sandbox')) : undefined
  let settled = false
  let sandboxTenant: TenantId | undefined
  let simulators: Simulators | undefined
  let sandboxBank: BankFeed | undefined
  const sandboxStripe = sandbox && stripeOfSandbox(sandbox.facts)
  let payymo: Payymo
  try {
    payymo = await buildPayymo(config, log, {
      privateHosts: sandbox ? privateHosts(sandbox.facts) : [],
      publicUrl: () => origin(config, payymo),
      // The sandbox company has simulators of its own, whatever the settings say.
      feedOf: (tenantId) => (tenantId === sandboxTenant ? sandboxBank : undefined),
      stripeOf: (tenantId) => (tenantId === sandboxTenant ? sandboxStripe : undefined),
      slices: ({ store, outbound }) => {
        if (!sandbox) return []
        const { facts } = sandbox
        simulators = controlSimulators(facts, outbound)
        sandboxBank = createGocardless({
          outbound,
          clock: systemClock,
          baseUrl: facts.bankUrl,
          secretId: facts.bankSecretId,
          secretKey: new Secret(facts.bankSecretKey),
        })
        return [
          {
            routes: firstRunRoutes({
              store,
              simulators,
              version: VERSION,
              origin: () => origin(config, payymo),
              settled: () => settled,
            }),
          },
        ]
      },
    })
  } catch (error) {
    sandbox?.stop()
    release()
    throw error
  }
  tell.line(`Database: ${payymo.database.description}`)
  const stop = async () => {
    tell.progress('')
    await payymo.stop()
    sandbox?.stop()
    release()
  }
  try {
    const kept = simulators && (await keepSandboxTenant(payymo, simulators))
    sandboxTenant = kept?.tenantId
    if (config.listens) await payymo.door.listen({ host: config.host, port: config.port })
    if (config.role !== 'api') await payymo.startWorkers()
    payymo.startWatching()
    const listening = config.listens ? { host: config.host, port: portOf(config, payymo) } : {}
    log.info('ready', { ...listening, version: VERSION, environment: config.environment })
    tell.line(config.listens ? `Ready on ${origin(config, payymo)}` : 'Ready: working, and listening on no port')
    if (kept && simulators) {
      if (config.listens)
        sandboxStripe!.platform.webhookSecrets = [await tellUs(simulators, listeningAt(config, payymo))]
      const company = { ...kept, simulators, origin: origin(config, payymo), stopping: () => asked }
      settled = await tellMonth(payymo, company, tell)
    }
    if (!asked) {
      tell.line('Your files   ./payymo reconcile --transactions <bank file> --invoices <WHMCS export>')
      tell.line('Stop         Ctrl-C; the next start keeps everything')
    }
    await stopAsked
    tell.line('Stopping …')
    await stop()
    tell.line('Stopped. Everything is kept.')
  } catch (error) {
    await stop()
    throw error
  }
}

/** The sandbox company: its month at the first start, how it was left at later ones. Resolves with whether all is settled. */
async function tellMonth(
  payymo: Payymo,
  sandbox: { tenantId: TenantId; key: string | undefined; simulators: Simulators; origin: string; stopping(): boolean },
  tell: Teller,
): Promise<boolean> {
  const { tenantId, key, simulators, origin } = sandbox
  tell.line('')
  tell.line(
    `Sandbox company: ${simulators.facts.company.name}. Its bank, its Stripe and its WHMCS are simulators on this machine; no real money moves.`,
  )
  if (key === undefined) {
    await connectSandbox(payymo, tenantId, simulators)
    const { figures } = await overview(payymo.store, tenantId, simulators, true)
    tell.line(
      `  as you left it: ${figures.booked} booked in WHMCS, ${figures.waiting} waiting for you, ${figures.noInvoice} without an invoice`,
    )
  } else await runFirstMonth(payymo, tenantId, simulators, tell, sandbox.stopping)
  tell.line('')
  if (!sandbox.stopping()) {
    tell.line(`See it       ${origin}${SANDBOX_PAGE}`)
    await tellTheWayIn(payymo, tenantId, origin, tell)
  }
  tell.line(
    key === undefined
      ? 'API key      shown at the first start; another: ./payymo keys create --tenant sandbox --name mine'
      : `API key      ${key}   (of the sandbox company, shown this once)`,
  )
  if (sandbox.stopping()) return false
  tell.line(
    `Try the API  curl -H "Authorization: Bearer $PAYYMO_KEY" "${origin}/api/v1/invoice-matches?status=suggested"`,
  )
  return true
}

/** Where the dashboard is, and how whoever sits at the terminal gets into it while nobody has. */
async function tellTheWayIn(payymo: Payymo, tenantId: TenantId, origin: string, tell: Teller): Promise<void> {
  tell.line(`Dashboard    ${origin}/`)
  const invited = tell.silent ? undefined : await inviteSandboxOwner(payymo, tenantId)
  if (!invited) return
  tell.line(`Come in      ${invited.link}`)
  tell.line(
    `             (once, within seven days: choose a password as ${invited.email}, the owner of the sandbox company)`,
  )
}

/** The Stripe of the sandbox company, in test mode. The secret of its endpoint is known once there is one. */
const stripeOfSandbox = ({ stripeUrl, stripeSecretKey, stripeClientId }: Simulators['facts']) => ({
  apiUrl: stripeUrl,
  connectUrl: stripeUrl,
  platform: {
    secretKey: new Secret(stripeSecretKey),
    clientId: stripeClientId,
    webhookSecrets: [] as Secret[],
    livemode: false,
  },
})

/** Has the sandbox's Stripe send its events here. Resolves with the secret that signs them. */
const tellUs = async (simulators: Simulators, us: string): Promise<Secret> =>
  new Secret(await simulators.listenToStripe(`${us}/webhooks/stripe`, STRIPE_EVENTS))

/** Where this machine reaches us. */
function listeningAt(config: Config, payymo: Payymo): string {
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host === '::' ? '::1' : config.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(config, payymo)}`
}

/** The address people type: the port that was really taken. */
const origin = (config: Config, payymo: Payymo): string =>
  config.publicUrl.replace(/:0$/, () => `:${portOf(config, payymo)}`)

/** The port that was taken, where the system chose it. */
function portOf(config: Config, payymo: Payymo): number {
  const address = payymo.door.server.address()
  return config.port === 0 && typeof address === 'object' && address !== null ? address.port : config.port
}

/** Said before anything is started or written. */
async function refuseTakenPort({ host, port }: Config): Promise<void> {
  if (port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is in use by another program. Stop it, or start with another port: PORT=${port + 1} npm start`
          : error.code === 'EACCES'
            ? `This user may not listen on port ${port}. Choose one above 1023: PORT=8080 npm start`
            : `Payymo cannot listen on ${host}:${port} (${error.message}). Check HOST and PORT.`
      reject(new UsageError(why))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}
