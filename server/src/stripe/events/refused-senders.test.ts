import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { type Connected, createEventsBench, type EventsBench } from '../../../test/setup/factories-stripe-events.ts'

let bench: EventsBench
let tenant: TestTenant
let account: Connected
/** Refused bodies of the minute, by whom they are counted for. */
let counted: Map<string, number>

beforeAll(async () => {
  bench = await createEventsBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  tenant = await bench.app.tenant()
  account = await bench.connect(tenant, { kind: 'restricted_key', webhookSecret: 'whsec_own' })
  counted = new Map()
  bench.clock.advance(60_000)
  bench.limit = async (subject) => {
    const count = (counted.get(subject) ?? 0) + 1
    if (count > 3) return { admitted: false, retryAfterSeconds: 60 }
    counted.set(subject, count)
    return { admitted: true, retryAfterSeconds: 0 }
  }
})

const forged = (path = '/webhooks/stripe') => bench.deliver(account.event(), { path, secret: 'whsec_of_nobody' })
const statusesOf = async (send: () => Promise<{ status: number }>, times: number): Promise<number[]> => {
  const statuses: number[] = []
  for (let n = 0; n < times; n++) statuses.push((await send()).status)
  return statuses
}

describe('bodies that nobody signed, 429', () => {
  it('after so many a minute, and then before anything is looked up or counted', async () => {
    expect(await statusesOf(forged, 6)).toEqual([400, 400, 400, 429, 429, 429])
    bench.limit = () => Promise.reject(new Error('is not asked while the sender is shut out'))
    const answer = await forged()
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60'])
    bench.clock.advance(30_000)
    expect((await forged()).headers['retry-after']).toBe('30')
  })

  it('while what is signed with our secret is taken from the same place, and a minute later all are heard again', async () => {
    const platform = await bench.connect(tenant)
    await statusesOf(forged, 5)
    expect(await bench.deliver(platform.event())).toMatchObject({ status: 200 })
    bench.clock.advance(60_000)
    counted.clear()
    expect(await statusesOf(forged, 1)).toEqual([400])
  })

  it('of one connection keep out neither another one nor the platform', async () => {
    const other = await bench.connect(tenant, { kind: 'restricted_key', webhookSecret: 'whsec_other' })
    const path = `/webhooks/stripe/${account.id}`
    expect(await statusesOf(() => forged(path), 5)).toEqual([400, 400, 400, 429, 429])
    expect(await bench.deliver(account.event(), { path, secret: 'whsec_own' })).toMatchObject({ status: 429 })
    const theirs = { path: `/webhooks/stripe/${other.id}`, secret: 'whsec_other' }
    expect(await bench.deliver(other.event(), theirs)).toMatchObject({ status: 200 })
    expect(await statusesOf(forged, 1)).toEqual([400])
    bench.clock.advance(61_000)
    expect(await bench.deliver(account.event(), { path, secret: 'whsec_own' })).toMatchObject({ status: 200 })
  })

  it('are refused as ever while nobody can count', async () => {
    bench.limit = () => Promise.reject(new Error('no counter'))
    expect(await statusesOf(forged, 3)).toEqual([400, 400, 400])
  })
})

describe('what is signed well', () => {
  it('is never counted, however much comes', async () => {
    const path = `/webhooks/stripe/${account.id}`
    const sent = await statusesOf(() => bench.deliver(account.event(), { path, secret: 'whsec_own' }), 8)
    expect(sent).toEqual(sent.map(() => 200))
    expect(counted.size).toBe(0)
  })
})
