import { describe, expect, it } from 'vitest'
import { createBreaker } from './breaker.ts'
import { createBulkhead } from './bulkhead.ts'
import { LaterError } from './later.ts'
import { OutboundError } from './outbound-error.ts'

const down = async (): Promise<never> => {
  throw new Error('down')
}
const up = async (): Promise<string> => 'up'

function setUp() {
  let nowMs = 1_000
  const breaker = createBreaker({ clock: () => nowMs })
  const outcome = (key: string, call: () => Promise<string>): Promise<unknown> =>
    breaker.run(key, call).catch((error: unknown) => (error instanceof LaterError ? error : 'failed'))
  const times = async (count: number, key: string, call: () => Promise<string>): Promise<void> => {
    for (let n = 0; n < count; n += 1) await outcome(key, call)
  }
  return { breaker, outcome, times, pass: (ms: number) => void (nowMs += ms) }
}

describe('breaker', () => {
  it('opens at 10 calls and 70 % failures, and then says later without calling', async () => {
    const { breaker, outcome, times } = setUp()
    await times(3, 'a', up)
    await times(6, 'a', down)
    expect(breaker.state('a')).toBe('closed')
    await times(1, 'a', down)
    expect(breaker.state('a')).toBe('open')
    let called = false
    const answer = await outcome('a', async () => {
      called = true
      return 'up'
    })
    expect(answer).toMatchObject({ reason: 'open', retryInMs: 30_000, retryAt: 31_000 })
    expect(called).toBe(false)
  })

  it('stays closed below either mark', async () => {
    const { breaker, times } = setUp()
    await times(9, 'few', down)
    expect(breaker.state('few')).toBe('closed')
    await times(40, 'mixed', up)
    await times(90, 'mixed', down)
    expect(breaker.state('mixed')).toBe('closed')
  })

  it('forgets what is older than the window', async () => {
    const { breaker, times, pass } = setUp()
    await times(9, 'a', down)
    pass(5 * 60_000)
    await times(9, 'a', down)
    expect(breaker.state('a')).toBe('closed')
    await times(1, 'a', down)
    expect(breaker.state('a')).toBe('open')
  })

  it("does not close one tenant's line for another's failures", async () => {
    const { outcome, times } = setUp()
    await times(10, 'ten_a whmcs', down)
    expect(await outcome('ten_b whmcs', up)).toBe('up')
    expect(await outcome('ten_a stripe', up)).toBe('up')
  })

  it('lets one probe through after 30 s; success closes it with a clean record', async () => {
    const { breaker, outcome, times, pass } = setUp()
    await times(10, 'a', down)
    pass(29_999)
    expect(await outcome('a', up)).toBeInstanceOf(LaterError)
    pass(1)
    const answer = Promise.withResolvers<string>()
    const probe = outcome('a', () => answer.promise)
    expect(breaker.state('a')).toBe('probing')
    expect(await outcome('a', up)).toMatchObject({ retryInMs: 30_000 })
    answer.resolve('up')
    expect(await probe).toBe('up')
    expect(breaker.state('a')).toBe('closed')
    await times(9, 'a', down)
    expect(breaker.state('a')).toBe('closed')
  })

  it('a failed probe keeps it open for another 30 s', async () => {
    const { outcome, times, pass } = setUp()
    await times(10, 'a', down)
    pass(30_000)
    expect(await outcome('a', down)).toBe('failed')
    pass(29_000)
    expect(await outcome('a', up)).toMatchObject({ retryInMs: 1_000 })
    pass(1_000)
    expect(await outcome('a', up)).toBe('up')
  })

  it('a probe that never returns is given up, and its late answer changes nothing', async () => {
    const { breaker, outcome, times, pass } = setUp()
    await times(10, 'a', down)
    pass(30_000)
    const answer = Promise.withResolvers<string>()
    const lost = outcome('a', () => answer.promise)
    pass(30_000)
    expect(await outcome('a', up)).toBe('up')
    answer.reject(new Error('at last'))
    expect(await lost).toBe('failed')
    expect(breaker.state('a')).toBe('closed')
  })

  it('counts answers the caller calls failed, and not our own refusals', async () => {
    const { breaker } = setUp()
    const blocked = async (): Promise<number> => {
      throw new OutboundError('blocked', false, 'private')
    }
    for (let n = 0; n < 20; n += 1) await breaker.run('blocked', blocked).catch(() => null)
    expect(breaker.state('blocked')).toBe('closed')
    for (let n = 0; n < 10; n += 1) {
      await breaker.run(
        'answers',
        async () => 503,
        (status) => status >= 500,
      )
    }
    expect(breaker.state('answers')).toBe('open')
  })
})

describe('bulkhead', () => {
  it('runs up to its limit per key and says later beyond it', async () => {
    const bulkhead = createBulkhead({ limit: 2, retryInMs: 500, clock: () => 1_000 })
    const finish: ((answer: string) => void)[] = []
    const slow = (): Promise<string> => new Promise((done) => finish.push(done))
    const running = [bulkhead.run('a', slow), bulkhead.run('a', slow)]
    await expect(bulkhead.run('a', up)).rejects.toMatchObject({ reason: 'full', retryInMs: 500, retryAt: 1_500 })
    expect(await bulkhead.run('b', up)).toBe('up')
    for (const done of finish) done('done')
    expect(await Promise.all(running)).toEqual(['done', 'done'])
    expect(bulkhead.running('a')).toBe(0)
    await expect(bulkhead.run('a', down)).rejects.toThrow('down')
    expect(bulkhead.running('a')).toBe(0)
  })
})
