import { Redis } from 'ioredis'
import type { CallCounters } from './counters.ts'

const CONNECT_MS = 1_000
const COMMAND_MS = 500
const RETRY_MS_MAX = 1_000
const KEY_PREFIX = 'payymo:rate:'

/** Counts in Redis: one script per decision, which runs alone there. Nothing waits in line while the connection is away: the
 *  decision fails at once and the caller falls back. The client goes on trying to reconnect for as long as it lives.
 *  url: redis:// or rediss://, a single server; a script with several keys does not run on a cluster. */
export function createRedisCounters(url: string): CallCounters {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    // A server that went away without a word would otherwise keep the connection for many minutes.
    socketTimeout: 2 * CONNECT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(times * 100, RETRY_MS_MAX),
    connectionName: 'payymo-limits',
    protocol: 2,
    scripts: { takeCalls: { lua: TAKE } },
  })
  // Failures show in the decisions; without a listener each would be printed.
  redis.on('error', () => {})
  // The first decisions wait for the first connection instead of failing (the caller bounds every wait).
  const firstConnection = redis.connect().catch(() => {})
  const script = redis as unknown as {
    takeCalls(keys: number, ...values: (string | number)[]): Promise<number[]>
  }

  return {
    take: async (limits, calls) => {
      await firstConnection
      const keys = limits.map(({ subject }) => KEY_PREFIX + subject)
      const [admitted, nowMs, ...cells] = await script.takeCalls(
        keys.length,
        ...keys,
        calls,
        ...limits.map(({ perMinute }) => perMinute),
      )
      return {
        admitted: admitted!,
        nowMs: nowMs!,
        cells: limits.map((_limit, index) => {
          const [startedMs, previous, current] = cells.slice(index * 3)
          return { startedMs: startedMs!, previous: previous!, current: current! }
        }),
      }
    },
    // Redis forgets by itself.
    sweep: async () => {},
    close: async () => redis.disconnect(),
  }
}

/** The rules of window.ts. KEYS subjects, ARGV calls and then their limits. Returns the calls admitted, the moment, and of each
 *  subject the beginning of its cell, the minute before and the present one. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local admitted = tonumber(ARGV[1])
local cells = {}
for i, key in ipairs(KEYS) do
  local held = redis.call('HMGET', key, 'started', 'previous', 'current')
  local started, previous, current = tonumber(held[1] or ''), tonumber(held[2] or ''), tonumber(held[3] or '')
  local age = started and now - started
  if not started or age <= -60000 or age >= 120000 then
    started, previous, current = now - now % 1000, 0, 0
  elseif age >= 60000 then
    started, previous, current = started + 60000, current, 0
  end
  local elapsed = math.min(math.max(now - started, 0), 59999)
  local used = current + math.floor(previous * (59999 - elapsed) / 60000)
  admitted = math.max(0, math.min(admitted, tonumber(ARGV[i + 1]) - used))
  cells[i] = {started, previous, current}
end
local answer = {admitted, now}
for i, key in ipairs(KEYS) do
  local started, previous, current = cells[i][1], cells[i][2], cells[i][3] + admitted
  if admitted > 0 then
    redis.call('HSET', key, 'started', string.format('%.0f', started), 'previous', previous, 'current', current)
    redis.call('PEXPIRE', key, 180000)
  end
  table.insert(answer, started)
  table.insert(answer, previous)
  table.insert(answer, current)
end
return answer`
