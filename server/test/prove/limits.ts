import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from './check-invariants.ts'
import { endWithUs } from './children.ts'
import { type House, openHouse } from './limits-house.ts'
import { race } from './limits-race.ts'
import { startServer } from './server.ts'
import { createTally } from './tally.ts'
import { redisMissing, startRedis } from '../setup/redis-server.ts'

/** Proves that limits hold exactly: four processes of the whole program on one database, thousands of calls that race through
 *  their HTTP servers, counted in PostgreSQL and then in Redis. Ends with `N passed, N failed`. */

const PROCESSES = 4
const CALLS = 3_200

/** Each race begins with a tenant that has made no call, and lasts less than the window. */
async function prove(keeper: string, house: House): Promise<Check[]> {
  const checks: Check[] = []
  const run = async (name: string, ...given: Parameters<typeof race> extends [House, ...infer Rest] ? Rest : never) => {
    const started = performance.now()
    const faults = await race(house, ...given)
    console.log(`  ${keeper}: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    checks.push({ name: `${keeper}: ${name}`, faults })
  }
  const one = await house.key('standard')
  await run('a tenant makes exactly 1000 calls', {
    calls: CALLS,
    path: '/invoices',
    key: one,
    admitted: 1000,
    limit: 1000,
    status: 200,
    sentence: 'This tenant may make 1000 calls a minute;',
  })
  const two = await house.key('standard')
  await run('exactly 200 of them to /transactions', {
    calls: CALLS,
    path: '/transactions',
    key: two,
    admitted: 200,
    limit: 200,
    status: 200,
    sentence: 'This tenant may make 200 calls a minute to /transactions;',
  })
  await run('and refused ones are missing from no other limit: 800 are left', {
    calls: 1_200,
    path: '/invoices',
    key: two,
    admitted: 800,
    limit: 1000,
    status: 200,
    sentence: 'This tenant may make 1000 calls a minute;',
  })
  const three = await house.key('premium')
  await run('exactly 50 to /bank-connections, of a premium tenant too', {
    calls: 800,
    path: '/bank-connections',
    key: three,
    admitted: 50,
    limit: 50,
    status: 200,
    sentence: 'This tenant may make 50 calls a minute to /bank-connections;',
  })
  await run('exactly 3000 without a key, from one address', {
    calls: CALLS,
    path: '/invoices',
    key: undefined,
    admitted: 3000,
    limit: 3000,
    status: 401,
    sentence: 'This address may make 3000 calls a minute without a valid key;',
  })
  checks.push({
    name: `${keeper}: all processes counted together all the time`,
    faults: house.log().filter((line) => line.includes('rate limits:')),
  })
  return checks
}

/** Redis hangs: what may go on goes on, what must not go uncounted is refused, and afterwards all is as before. */
async function proveOutage(house: House, redis: { freeze(): void; thaw(): void }): Promise<Check[]> {
  const key = await house.key('standard')
  const faults: string[] = []
  const expectStatus = async (when: string, wanted: number, method: string, path: string, body?: object) => {
    const started = performance.now()
    const { status } = await house.call(0, { method, path, key, body })
    const tookMs = Math.round(performance.now() - started)
    if (status !== wanted) faults.push(`${when}: ${method} ${path} answered ${status} after ${tookMs} ms`)
  }
  const newKey = { name: 'another', permissions: ['invoices:read'] }
  await expectStatus('before', 200, 'GET', '/invoices')
  redis.freeze()
  await expectStatus('while Redis hangs', 200, 'GET', '/invoices')
  await expectStatus('while Redis hangs', 503, 'POST', '/api-keys', newKey)
  await expectStatus('while Redis hangs', 200, 'GET', '/invoices')
  redis.thaw()
  const deadline = performance.now() + 10_000
  let status: number
  do {
    status = (await house.call(0, { method: 'POST', path: '/api-keys', key, body: newKey })).status
  } while (status === 503 && performance.now() < deadline)
  if (status !== 201) faults.push(`afterwards: POST /api-keys answered ${status}`)
  // Lines of ordinary news, as of the end of an outage, are written together, up to 100 ms late.
  const outage = () => house.log().filter((line) => line.includes('rate limits:'))
  while (outage().length < 2 && performance.now() < deadline) await sleep(20)
  const said = outage()
  if (said.length !== 2) faults.push(`the log speaks of the outage ${said.length} times instead of twice`, ...said)
  return [{ name: 'Redis: an outage is lived through', faults }]
}

const startedAt = performance.now()
const tally = createTally()
const server = await startServer()
const missing = redisMissing()
try {
  const { url } = await server.database('limits_postgres')
  const house = await openHouse({ processes: PROCESSES, databaseUrl: url, folder: server.folder })
  try {
    tally.count(await prove('PostgreSQL', house))
  } finally {
    await house.stop()
  }
  if (missing) {
    console.log(`  not proven with Redis: ${missing}`)
  } else {
    const redis = await startRedis(endWithUs)
    const second = await server.database('limits_redis')
    const house = await openHouse({
      processes: PROCESSES,
      databaseUrl: second.url,
      redisUrl: redis.url,
      folder: server.folder,
    })
    try {
      tally.count(await prove('Redis', house))
      tally.count(await proveOutage(house, redis))
    } finally {
      await house.stop()
      await redis.stop()
    }
  }
} finally {
  await server.stop()
}
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`)
tally.end()
