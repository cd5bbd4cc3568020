import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createKey } from '../../src/access/index.ts'
import { systemActor } from '../../src/events/audit.ts'
import type { Check } from './check-invariants.ts'
import { setStage } from './company.ts'
import { dice } from './dice.ts'
import { checkConventions, type Send, urlWithIds } from './input-conventions.ts'
import { hostileCases, playCase, slowCases } from './input-corpus.ts'
import { generateRequest, kindInPath, knownIds } from './input-generate.ts'
import { type ApiDocument, type DocumentedOperation, documentedOperations, faultsOf } from './input-judge.ts'
import { startServer } from './server.ts'
import { createTally } from './tally.ts'
import { plantMore, settingsOf, startBank } from './tenancy-plant.ts'

/** Bad input gets the documented refusal, always, and the program is as quick afterwards as before: requests drawn from the
 *  served OpenAPI document (`SEED=n` repeats them), the conventions asked of every operation, and bytes no client of good will
 *  sends. Ends with `N passed, N failed`. */

const seed = Number.parseInt(process.env.SEED ?? '1', 10)
const ROUNDS = Number.parseInt(process.env.ROUNDS ?? '40', 10)
/** Reliability 21 and the table of suites. */
const LOOP_DELAY_P99_MS_MAX = 100
const FAULTS_SHOWN = 5

const OPERATOR_KEY = 'operator-key-of-the-suite-0123456789abcdef'
/** Nothing of a suite leaves this machine: nobody listens there. Bank data comes from a simulator. */
const NO_PROVIDERS = Object.fromEntries(
  ['GOCARDLESS_API_URL', 'ENABLE_BANKING_URL', 'STRIPE_API_URL', 'STRIPE_CONNECT_URL'].map((name) => [
    name,
    'http://127.0.0.1:9',
  ]),
)
const tally = createTally()
const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))
const server = await startServer()
const bankSimulator = await startBank()
const stage = await setStage(server, {
  name: 'input',
  timeScale: 1,
  chance: dice(seed),
  environment: { PAYYMO_OPERATOR_KEY: OPERATOR_KEY, ...NO_PROVIDERS, ...settingsOf(bankSimulator) },
})
try {
  const { payymo } = stage
  const [company, calm] = stage.companies as [(typeof stage.companies)[0], (typeof stage.companies)[0]]
  await plantMore(payymo, company, bankSimulator, 'fuzz')
  await plantMore(payymo, calm, bankSimulator, 'calm')
  await payymo.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = payymo.http.server.address() as { port: number }
  const freshKey = async () =>
    (
      await createKey(payymo, company.tenantId, systemActor('suite'), new Set(['*']), {
        name: 'fuzz',
        permissions: ['*'],
        expiresAt: null,
      })
    ).text
  let key = await freshKey()

  const send: Send = async (method, url, { body, headers = {}, credential = key } = {}) => {
    const answer = await payymo.http.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  }
  const document = JSON.parse((await send('GET', '/api/openapi.json')).body) as ApiDocument
  const operations = documentedOperations(document)
  const chance = dice(seed)
  const ids = knownIds(chance)
  const operatorIds = knownIds(chance)
  const lists = operations.filter((one) => one.method === 'GET' && !one.path.includes('{'))
  const lookAround = async () => {
    for (const { method, path } of lists) ids.add((await send(method, `${path}?per_page=20`)).body)
  }
  await lookAround()

  // Of the company that nobody fuzzes.
  const connections = await send('GET', '/api/v1/bank-connections', { credential: calm.key })
  const bank = /bank_[0-9a-z]{26}/.exec(connections.body)![0]
  const slow = slowCases(calm.key, bank).map((one) => playCase(port, calm.key, one))
  const usualMs = await medianMs(send)

  const sayTime = () => `${Math.round(performance.now() / 1000)} s`
  console.log(`${sayTime()}: conventions of ${operations.length} operations`)
  const conventional: Send = (method, url, options) =>
    send(method, url, url.startsWith('/api/v1/tenants') ? { credential: OPERATOR_KEY, ...options } : options)
  const urlOf = urlWithIds(ids, kindInPath, conventional)
  tally.count(await checkConventions(operations, { send: conventional, urlOf }))

  console.log(`${sayTime()}: ${ROUNDS} requests of each operation, SEED=${seed}`)
  const seen = new Map<DocumentedOperation, Seen>(
    operations.map((operation) => [operation, { faults: new Map(), statuses: new Map() }]),
  )
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 10 === 0) await lookAround()
    // Things end seldom, or there would soon be none to ask about.
    for (const operation of operations) if (operation.method !== 'DELETE' || round % 4 === 3) await ask(operation)
  }
  tally.count(operations.map((operation) => verdictOf(operation, seen.get(operation)!)))

  console.log(`${sayTime()}: hostile bytes`)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const longest: [string, number][] = []
  for (const one of hostileCases(calm.key, bank)) {
    const pause = monitorEventLoopDelay({ resolution: 5 })
    pause.enable()
    tally.count([await playCase(port, calm.key, one)])
    pause.disable()
    longest.push([one.name, pause.max / 1e6])
  }
  longest.sort(([, one], [, other]) => other - one)
  if (process.env.SHOW) for (const [name, ms] of longest.slice(0, 8)) console.log(`  ${ms.toFixed(0)} ms: ${name}`)
  delay.disable()
  console.log(`${sayTime()}: slow bytes`)
  tally.count(await Promise.all(slow))

  const p99Ms = delay.percentile(99) / 1e6
  const laterMs = await medianMs(send)
  console.log(
    `event-loop delay p99 ${p99Ms.toFixed(0)} ms, longest ${(delay.max / 1e6).toFixed(0)} ms; a list before ${usualMs.toFixed(1)} ms, afterwards ${laterMs.toFixed(1)} ms`,
  )
  const errors = stage.log.filter((line) => line.includes('"level":"error"') || line.includes('"level":50'))
  tally.count([
    { name: 'event-loop delay', faults: p99Ms <= LOOP_DELAY_P99_MS_MAX ? [] : [`p99 ${p99Ms} ms`] },
    { name: 'as quick as before', faults: laterMs <= 3 * usualMs + 25 ? [] : [`${usualMs} ms, then ${laterMs} ms`] },
    { name: 'nothing was logged as an error', faults: errors.slice(0, FAULTS_SHOWN) },
    { name: 'no rejection went unhandled', faults: unhandled.map(String) },
  ])

  async function ask(operation: DocumentedOperation): Promise<void> {
    const { faults, statuses } = seen.get(operation)!
    // The operator's own tenants only: it must not end the one we call as.
    const operator = operation.path.startsWith('/api/v1/tenants') && chance.roll() < 0.5
    const known = operator ? operatorIds : ids
    const request = generateRequest(document, operation, {
      chance,
      ids: known,
      receiver: stage.receiver.url,
      whmcs: company.simulator.url,
    })
    const answer = await sendBytes(operation.method, request, operator ? OPERATOR_KEY : key)
    if (answer.status < 300 && (!operator || operation.operationId === 'createTenant')) known.add(answer.body)
    if (answer.status === 404 || answer.status === 204) known.forget(request.url)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    const body = request.body?.toString('latin1').slice(0, 600) ?? ''
    const shown = `${operator ? 'operator ' : ''}${operation.method} ${request.url.slice(0, 300)} ${JSON.stringify(request.headers)} ${body}`
    for (const fault of faultsOf(document, { operation, request: shown, bent: request.bent, ...answer }))
      faults.set(fault.split('\n').at(-1)!, fault)
    // The key may have revoked or rotated itself.
    if (operation.path.startsWith('/api/v1/api-keys') && (await send('GET', '/api/v1/events')).status === 401)
      key = await freshKey()
  }

  async function sendBytes(method: string, request: ReturnType<typeof generateRequest>, credential: string) {
    const answer = await payymo.http.inject({
      method: method as 'GET',
      url: request.url,
      headers: { ...request.headers, authorization: `Bearer ${credential}` },
      ...(request.body ? { payload: request.body } : {}),
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  }
} finally {
  await stage.stop()
  await server.stop()
  await bankSimulator.close()
}
tally.end()

interface Seen {
  faults: Map<string, string>
  statuses: Map<number, number>
}

function verdictOf({ method, path }: DocumentedOperation, { faults, statuses }: Seen): Check {
  const past = [...statuses.keys()].some((status) => ![400, 401, 413, 415].includes(status))
  const answers = JSON.stringify(Object.fromEntries(statuses))
  if (process.env.SHOW) console.log(`  ${method} ${path} ${answers}`)
  return {
    name: `${method} ${path}`,
    faults: [
      ...(past ? [] : [`no request came past the shapes: ${answers}`]),
      ...[...faults.values()].slice(0, FAULTS_SHOWN),
    ],
  }
}

async function medianMs(send: Send): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < 40; n++) {
    const started = performance.now()
    await send('GET', '/api/v1/transactions')
    times.push(performance.now() - started)
  }
  return times.sort((one, other) => one - other)[20]!
}
