import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readBytes } from './read-body.ts'

const LIMITS = { maxBytes: 1024, totalMs: 600_000, idleMs: 30_000 }

/** A body on its way, and what became of reading it. */
function reading(change: Partial<typeof LIMITS> = {}, declared?: string) {
  const body = new PassThrough()
  const outcome = readBytes(body, declared, { ...LIMITS, ...change }).then(
    (bytes) => bytes.toString(),
    (error: { code: string }) => error.code,
  )
  return { body, outcome }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('readBytes', () => {
  it('gives the bytes in their order', async () => {
    const { body, outcome } = reading()
    body.write('half ')
    body.end('and half')
    expect(await outcome).toBe('half and half')
  })

  it('refuses too many, by what was declared or by what comes, and drops the rest', async () => {
    expect(await reading({}, '1025').outcome).toBe('payload_too_large')
    const { body, outcome } = reading({}, '10')
    body.write('x'.repeat(1025))
    expect(await outcome).toBe('payload_too_large')
    expect(body.readableFlowing).toBe(true)
    expect(body.listenerCount('data')).toBe(0)
  })

  it('waits as long as pieces come, and no longer than in all', async () => {
    const { body, outcome } = reading()
    for (let seconds = 0; seconds < 580; seconds += 29) {
      await vi.advanceTimersByTimeAsync(29_000)
      body.write('.')
      await vi.advanceTimersByTimeAsync(0)
    }
    body.end()
    expect((await outcome).length).toBe(20)

    const late = reading({ totalMs: 60_000 })
    for (let seconds = 0; seconds < 60; seconds += 20) {
      await vi.advanceTimersByTimeAsync(20_000)
      late.body.write('.')
    }
    expect(await late.outcome).toBe('request_timeout')
  })

  it('gives up after half a minute without a byte', async () => {
    const { outcome } = reading()
    await vi.advanceTimersByTimeAsync(29_999)
    expect(vi.getTimerCount()).toBe(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toBe('request_timeout')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('says that a body broke off, and survives what the connection says afterwards', async () => {
    const { body, outcome } = reading()
    body.write('half')
    body.destroy(new Error('reset'))
    expect(await outcome).toBe('invalid_request')
    expect(() => body.emit('error', new Error('again'))).not.toThrow()
  })
})
