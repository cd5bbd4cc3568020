import { assert, double, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeAnswer, TRIES_MAX } from './judge-answer.ts'

const NOW = Date.parse('2025-04-10T14:30:00Z')
const latest = () => 1 - Number.EPSILON
const earliest = () => 0
const answer = (status: number, retryAfter?: string) => ({ status, retryAfter })

describe('judgeAnswer', () => {
  it.each([
    // tries left after this one, planned wait in seconds
    [5, 60],
    [4, 120],
    [3, 240],
    [2, 480],
    [1, 960],
  ])('with %i tries left waits %i s, never less and at most a tenth more', (triesLeft, seconds) => {
    for (const failed of [answer(500), answer(302), answer(404), null]) {
      const soon = judgeAnswer(failed, triesLeft, NOW, earliest)
      const late = judgeAnswer(failed, triesLeft, NOW, latest)
      expect(soon).toEqual({ kind: 'retry', delayMs: seconds * 1_000 })
      expect(late).toEqual({ kind: 'retry', delayMs: seconds * 1_100 })
    }
  })

  it('is dead after the sixth failure', () => {
    expect(TRIES_MAX).toBe(6)
    expect(judgeAnswer(answer(500), 0, NOW)).toEqual({ kind: 'dead' })
    expect(judgeAnswer(null, 0, NOW)).toEqual({ kind: 'dead' })
  })

  it.each([200, 201, 204, 299])('takes %i as success', (status) => {
    expect(judgeAnswer(answer(status), 0, NOW)).toEqual({ kind: 'delivered' })
  })

  it.each([100, 300, 301, 307, 308, 400, 401, 404, 429, 500, 503])('takes %i as failure', (status) => {
    expect(judgeAnswer(answer(status), 0, NOW).kind).toBe('dead')
  })

  it('takes 410 as the end of the endpoint, at any try', () => {
    expect(judgeAnswer(answer(410), 5, NOW)).toEqual({ kind: 'gone' })
    expect(judgeAnswer(answer(410), 0, NOW)).toEqual({ kind: 'gone' })
  })

  it.each([
    // status, Retry-After, wait of the first step in seconds
    [503, '90', 90],
    [429, '90', 90],
    [503, 'Thu, 10 Apr 2025 14:31:40 GMT', 100],
    [503, '5', 60],
    [503, '3600', 120],
    [503, 'soon', 60],
    [500, '90', 60],
  ])('%i with Retry-After %s waits %i s', (status, retryAfter, seconds) => {
    expect(judgeAnswer(answer(status, retryAfter), 5, NOW, earliest)).toEqual({
      kind: 'retry',
      delayMs: seconds * 1_000,
    })
  })

  it('never plans beyond twice the step and a tenth, whatever the receiver asks for', () => {
    assert(
      property(
        integer({ min: 1, max: 5 }),
        integer({ min: 0 }),
        double({ min: 0, max: 0.999, noNaN: true }),
        (left, asked, chance) => {
          const stepMs = 60_000 * 2 ** (5 - left)
          const verdict = judgeAnswer(answer(503, String(asked)), left, NOW, () => chance)
          if (verdict.kind !== 'retry') throw new Error('must retry')
          expect(verdict.delayMs).toBeGreaterThanOrEqual(stepMs)
          expect(verdict.delayMs).toBeLessThanOrEqual(2.2 * stepMs)
        },
      ),
    )
  })
})
