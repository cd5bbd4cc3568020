import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/setup/app.ts'
import { redisMissing, startRedis, type RedisServer } from '../../test/setup/redis-server.ts'
import { withOwner } from '../database/transaction.ts'
import { openWakeups, wake, type Wakeups } from './wake.ts'

const NOWHERE = { host: '127.0.0.1', port: 9, user: 'x', database: 'x' }
const missing = redisMissing()
if (missing) console.warn(`Wake-ups by Redis are not tested: ${missing}`)

let database: Awaited<ReturnType<typeof createTestDatabase>>
const opened: Wakeups[] = []
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()))
  await database.close()
})

async function open(...given: Parameters<typeof openWakeups>) {
  const wakeups = openWakeups(...given)
  opened.push(wakeups)
  await wakeups.ready
  const heard: string[] = []
  /** Resolves when the topic is heard; everything heard so far is in `heard`. */
  const next = (topic: string) =>
    new Promise<void>((resolve) => {
      wakeups.on(topic, () => {
        heard.push(topic)
        resolve()
      })
    })
  return { heard, next }
}

const say = (...topics: string[]) =>
  withOwner(database.pool, async (tx) => {
    for (const topic of topics) await wake(tx, topic)
  })
const sayAndRollBack = (topic: string) =>
  withOwner(database.pool, async (tx) => {
    await wake(tx, topic)
    throw new Error('rolled back')
  }).catch(() => {})

describe('wake-ups', () => {
  it('come with the commit, once for each topic of a transaction, and not for what was rolled back', async () => {
    const { heard, next } = await open(database.connection)
    const last = next('last')
    void next('payments')
    void next('undone')
    await sayAndRollBack('undone')
    await say('payments', 'payments', 'payments')
    await say('last')
    await last
    expect(heard).toEqual(['payments', 'last'])
  })
})

describe.skipIf(missing)(`wake-ups by Redis${missing ? `: ${missing}` : ''}`, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  it('reach a process that cannot listen to the database, with the commit only', async () => {
    await open(database.connection, redis.url)
    const deaf = await open(NOWHERE, redis.url)
    const last = deaf.next('last')
    void deaf.next('undone')
    void deaf.next('payments')
    await sayAndRollBack('undone')
    await say('payments')
    await say('last')
    await last
    expect(deaf.heard).toEqual(['payments', 'last'])
  })

  it('are told once, however many processes listen', async () => {
    const spy = new Redis(redis.url)
    const told: string[] = []
    const done = new Promise<void>((resolve) => {
      spy.on('message', (_channel, news) => {
        told.push(news.split(' ')[0]!)
        if (told.at(-1) === 'third') resolve()
      })
    })
    await spy.subscribe('payymo:wake')
    const [one, other] = [await open(database.connection, redis.url), await open(database.connection, redis.url)]
    const heard = [one.next('third'), other.next('third')]
    void one.next('first')
    for (const topic of ['first', 'second', 'third']) await say(topic)
    await Promise.all([...heard, done])
    spy.disconnect()
    expect(told.filter((topic) => topic === 'first')).toHaveLength(1)
    expect(told.filter((topic) => topic === 'second')).toHaveLength(1)
    expect(one.heard.filter((topic) => topic === 'first')).toHaveLength(1)
  })

  it('do without Redis when it is away', async () => {
    const alone = await open(database.connection, 'redis://127.0.0.1:9')
    const heard = alone.next('payments')
    await say('payments')
    await heard
    expect(alone.heard).toEqual(['payments'])
  })
})
