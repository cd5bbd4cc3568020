import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeAccount } from '../../../test/setup/factories.ts'
import { type Heard, hear, portOf } from '../../../test/setup/factories-streams.ts'
import { newId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { EventType } from '../../events/catalogue.ts'
import { openWakeups, wake, type Wakeups } from '../../jobs/wake.ts'
import { eventStreams } from './index.ts'
import { createEventTails, type News } from './tail-events.ts'
import { streamTopic } from './watchers.ts'

let app: TestApp
let port: number
let tenant: TestTenant
const heard: Heard[] = []

beforeAll(async () => {
  app = await createTestApp()
  port = await portOf(app.http)
})
afterEach(() => {
  for (const one of heard.splice(0)) one.hangUp()
})
afterAll(() => app.stop())

async function listen(who: TestTenant, headers: Record<string, string> = {}): Promise<Heard> {
  const one = await hear(port, { key: who.key, headers })
  heard.push(one)
  if (one.status === 200) await one.until('retry: 2000\n\n')
  return one
}

/** Says so many things in one change; returns what they are about. */
async function say(who: TestTenant, type: EventType = 'match.approved', count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('match'))
  await app.store.change(who.id, systemActor('test'), async (tx) => {
    for (const id of ids) tx.event(type, id, { id, secret: 'the body of the thing' })
  })
  return ids
}

/** The messages of a stream. */
const messages = (text: string) =>
  text
    .split('\n\n')
    .filter((block) => block.includes('data:'))
    .map((block) => ({
      id: /^id: (.*)$/m.exec(block)?.[1],
      event: /^event: (.*)$/m.exec(block)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!),
    }))
const about = (text: string): string[] => messages(text).map(({ data }) => data.resource?.id)

/** The machine may be busy. */
const PATIENT = { timeout: 15_000 }

describe('GET /events/stream', () => {
  it('200: events as they are committed, without bodies and of no other tenant', async () => {
    tenant = await app.tenant()
    const stranger = await app.tenant()
    const stream = await listen(tenant)
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(stream.headers['x-ratelimit-limit']).toBeDefined()
    await say(stranger)
    const [id] = await say(tenant)
    const [last] = await say(tenant, 'invoice.paid')
    const text = await stream.until(last!)
    expect(about(text)).toEqual([id, last])
    const [first] = messages(text)
    expect(first!.event).toBe('match.approved')
    expect(first!.data).toEqual({
      id: first!.id,
      event_type: 'match.approved',
      resource: { type: 'match', id },
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    expect(text).not.toContain('the body of the thing')
    const listed = (await tenant.call('GET', `/events/${first!.id}`)).body
    expect(listed.timestamp).toBe(first!.data.timestamp)
  })

  it('200: through the API, to several at once', async () => {
    const who = await app.tenant()
    const account = await makeAccount(app, who)
    const streams = await Promise.all([listen(who), listen(who), listen(who)])
    const line = await who.call('POST', '/transactions', {
      account_id: account,
      amount: 5,
      currency: 'EUR',
      transaction_date: '2025-04-10',
    })
    for (const stream of streams) expect(await stream.until(line.body.id)).toContain('event: transaction.created')
  })

  it('200: with Last-Event-ID what was missed comes first, in order', async () => {
    const who = await app.tenant()
    const first = await listen(who)
    const begun = /^id: (evt_\w+)$/m.exec(await first.until(/^id: /m))![1]!
    const [one] = await say(who)
    const lastId = messages(await first.until(one!)).at(-1)!.id!
    first.hangUp()
    await first.ended
    const missed = [...(await say(who, 'match.approved', 3)), ...(await say(who, 'match.applied'))]
    const second = await listen(who, { 'last-event-id': lastId })
    const [live] = await say(who)
    expect(about(await second.until(live!))).toEqual([...missed, live])
    // A reader who heard nothing yet knows since when.
    const third = await listen(who, { 'last-event-id': begun })
    expect(about(await third.until(live!))).toEqual([one, ...missed, live])
  })

  it.each([
    ['no id', 'yesterday'],
    ['an id of something else', newId('txn')],
    ['an id of days ago', newId('evt').replace(/^evt_.{6}/, 'evt_01jrfz')],
    ['an id of days to come', newId('evt').replace(/^evt_.{6}/, 'evt_02zzzz')],
  ])('200: %s is answered by a reset that is a place to go on from', async (_what, lastId) => {
    const who = await app.tenant()
    await say(who)
    const stream = await listen(who, { 'last-event-id': lastId })
    const [message] = messages(await stream.until('event: reset'))
    expect(message).toMatchObject({ event: 'reset', data: {}, id: expect.stringMatching(/^evt_/) })
    const again = await listen(who, { 'last-event-id': message!.id! })
    await again.until('event: match.approved')
    expect(again.text()).not.toContain('reset')
  })

  it('200: more than a thousand missed are not told one by one', async () => {
    const who = await app.tenant()
    const begun = newId('evt')
    await say(who, 'match.created', 1_001)
    const stream = await listen(who, { 'last-event-id': begun })
    expect(messages(await stream.until('event: reset'))).toHaveLength(1)
  })

  it('401, 403, 405, 429', async () => {
    expect((await hear(port, {})).status).toBe(401)
    const without = await app.tenant({ permissions: ['matches:read'] })
    expect((await listen(without)).status).toBe(403)
    expect((await hear(port, { key: tenant.key, method: 'POST' })).status).toBe(405)
    const who = await app.tenant()
    const all = await Promise.all(Array.from({ length: 21 }, () => listen(who)))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(20)
    expect(all.filter(({ status }) => status === 429)).toHaveLength(1)
  })
})

describe('the tail of a tenant', () => {
  const wakeups: Wakeups[] = []
  afterEach(async () => {
    for (const one of wakeups.splice(0)) await one.close()
  })

  /** As another process would hear it. */
  async function elsewhere(): Promise<Wakeups> {
    const one = openWakeups(app.database.connection)
    wakeups.push(one)
    await one.ready
    return one
  }
  const errors: unknown[] = []
  const report = (error: unknown) => void errors.push(error)
  const listener = () => {
    const news: News[] = []
    return {
      news,
      told: () => news.flatMap((one) => (one === 'reset' ? ['reset'] : one.map(({ resourceId }) => resourceId))),
      hear: (one: News) => void news.push(one),
    }
  }

  it('hears what other processes commit', async () => {
    const who = await app.tenant()
    const tails = createEventTails({ store: app.store, wakeups: await elsewhere(), report })
    const { hear: reader, told } = listener()
    const place = await tails.follow(who.id, reader)
    const ids = await say(who, 'match.approved', 2)
    await expect.poll(told, PATIENT).toEqual(ids)
    place.off()
    expect(errors).toEqual([])
  })

  it('hears what commits later than what bears a later id, and each once', async () => {
    const who = await app.tenant()
    const tails = createEventTails({ store: app.store, wakeups: await elsewhere(), report })
    const { hear: reader, told } = listener()
    const place = await tails.follow(who.id, reader)
    const held = Promise.withResolvers<void>()
    const written = Promise.withResolvers<void>()
    const late = app.store.read(who.id, async (tx) => {
      await tx.run(
        "insert into events (tenant_id, id, type, resource_id, body) select $1, $2::uuid, 'match.approved', 'late', '{}'",
        [tx.tenantUuid, uuidNow()],
      )
      await wake(tx, streamTopic(who.id))
      written.resolve()
      await held.promise
    })
    await written.promise
    const [early] = await say(who)
    await expect.poll(told, PATIENT).toEqual([early])
    held.resolve()
    await late
    await expect.poll(told, PATIENT).toEqual([early, 'late'])
    const [next] = await say(who)
    await expect.poll(told, PATIENT).toEqual([early, 'late', next])
    place.off()
  })

  it('says reset when more happens at once than is told one by one, and goes on', async () => {
    const who = await app.tenant()
    const tails = createEventTails({ store: app.store, wakeups: await elsewhere(), report })
    const { hear: reader, news, told } = listener()
    const place = await tails.follow(who.id, reader)
    await say(who, 'match.created', 5_000)
    await expect.poll(() => news[0], PATIENT).toBe('reset')
    const [next] = await say(who)
    await expect.poll(() => told().at(-1), PATIENT).toBe(next)
    place.off()
  })

  it('says reset after the database could not be asked', async () => {
    const who = await app.tenant()
    const signal = { wake: () => {} }
    let away = false
    const broken = {
      ...app.store,
      look: ((tenantId, work) =>
        away ? Promise.reject(new Error('away')) : app.store.look(tenantId, work)) as typeof app.store.look,
    }
    const failures: unknown[] = []
    const tails = createEventTails({
      store: broken,
      wakeups: { on: (_topic, woken) => ({ off: () => {}, ...((signal.wake = woken), {}) }) },
      report: (error) => void failures.push(error),
    })
    const { hear: reader, news } = listener()
    const place = await tails.follow(who.id, reader)
    away = true
    signal.wake()
    await expect.poll(() => failures.length, PATIENT).toBe(1)
    away = false
    signal.wake()
    await expect.poll(() => news, PATIENT).toEqual(['reset'])
    place.off()
    away = true
    await expect(tails.follow(who.id, reader)).rejects.toThrow('away')
    away = false
    const back = await tails.follow(who.id, reader)
    back.off()
  })

  it('wakes nobody where nobody listens', async () => {
    const who = await app.tenant()
    const other = await elsewhere()
    let woken = 0
    other.on(streamTopic(who.id), () => void (woken += 1))
    await say(who)
    const place = await createEventTails({ store: app.store, wakeups: other, report }).follow(who.id, () => {})
    await say(who)
    await expect.poll(() => woken, PATIENT).toBe(1)
    place.off()
    expect(eventStreams({ store: app.store, wakeups: other, report }).subscribers).toHaveLength(1)
  })
})

const uuidNow = (): string => {
  const hex = Date.now().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
