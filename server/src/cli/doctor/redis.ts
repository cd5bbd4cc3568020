import { Redis } from 'ioredis'
import { about, codeOf, type Facts, type Finding, wordsOf } from './finding.ts'
import type { Settings } from './read-settings.ts'

const CONNECT_MS = 3_000
const COMMAND_MS = 2_000
/** From 5 on a script may ask for the time and write afterwards. */
const MAJOR_MIN = 5
const NEXT =
  'See that the server runs and that address and password in REDIS_URL are right. Meanwhile each process counts by itself, and sign-in, new keys and invitations are refused with 503.'

/** Whether the Redis of the settings answers and is one that calls can be counted in. */
export async function checkRedis({ config, bad }: Settings): Promise<Finding> {
  const check = about('redis')
  if (bad.has('REDIS_URL')) return check.skipped('REDIS_URL cannot be read.')
  if (config?.redisUrl === undefined)
    return check.skipped('REDIS_URL is not set: the database counts, and wakes workers.')
  let redis: Redis | undefined
  try {
    redis = new Redis(config.redisUrl, {
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      commandTimeout: COMMAND_MS,
      socketTimeout: COMMAND_MS + CONNECT_MS,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      retryStrategy: () => null,
      connectionName: 'payymo-doctor',
      protocol: 2,
    })
    let reason: unknown
    // The connection's own error says more than "closed", which the call below ends with.
    redis.on('error', (error) => (reason ??= error))
    await redis.connect().catch((error: unknown) => {
      throw reason ?? error
    })
    const askedAt = performance.now()
    await redis.ping()
    const latency = Math.round(performance.now() - askedAt)
    // A user may be refused INFO and still count.
    const info = await redis.info().catch(() => '')
    return judged(info, latency)
  } catch (error) {
    return check.problem(`The Redis in REDIS_URL does not answer (${wordsOf(error)}).`, NEXT, { code: codeOf(error) })
  } finally {
    redis?.disconnect()
  }
}

function judged(info: string, latency: number): Finding {
  const check = about('redis')
  const said = (name: string) => new RegExp(`^${name}:(.*?)\\s*$`, 'm').exec(info)?.[1]
  const version = said('redis_version')
  const facts: Facts = { latency_ms: latency, ...(version === undefined ? {} : { version }) }
  if (said('cluster_enabled') === '1')
    return check.problem(
      'The Redis in REDIS_URL is a cluster.',
      'Use a single server: limits are counted over several keys at once.',
      facts,
    )
  if (said('role') === 'slave')
    return check.problem(
      'The Redis in REDIS_URL is a replica, which takes no writes.',
      'Name its primary in REDIS_URL.',
      facts,
    )
  if (version !== undefined && Number.parseInt(version, 10) < MAJOR_MIN)
    return check.problem(`Redis ${version} is too old to count in.`, 'Use version 5 or newer.', facts)
  return check.ok(`Redis ${version ?? 'of an unknown version'} answers in ${latency} ms.`, facts)
}
