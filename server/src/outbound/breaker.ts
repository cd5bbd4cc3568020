import { LaterError } from './later.ts'
import { OutboundError } from './outbound-error.ts'

export interface BreakerOptions {
  /** Fewer calls than this within the window never open it. Default 10. */
  minCalls?: number
  /** Share of failures from which it opens. Default 0.7. */
  failureRatio?: number
  /** How far back calls count, ms. Default 5 min. */
  windowMs?: number
  /** How long it stays open before one call may try again, ms. Default 30 s. */
  probeAfterMs?: number
  /** Monotonic, ms. */
  clock?: () => number
}

export interface Breaker {
  /** Runs the call, or throws LaterError (`open`) without calling. `failed` judges an answer that came (a 5xx, say);
   *  a thrown error always counts, except our own refusals: LaterError, and OutboundError of stage `blocked`. */
  run<T>(key: string, call: () => Promise<T>, failed?: (answer: T) => boolean): Promise<T>
  state(key: string): 'closed' | 'open' | 'probing'
}

/** The window is counted in this many slices; a slice leaves it as a whole. */
const SLICES = 30

interface Line {
  slices: { from: number; calls: number; failures: number }[]
  /** When calls were last shut out; null while they flow. */
  openedAt: number | null
  /** When the one trial call began, null when none is out. */
  probeAt: number | null
  /** Rises whenever the line opens or closes, so that answers of an older time change nothing. */
  era: number
}

/** One breaker for many lines, each with its own key (tenant and provider).
 *
 *  Closed: calls flow and their outcomes are counted over the window. At `minCalls` calls and a share of failures of
 *  `failureRatio` or more it opens. Open: every call is told "later". After `probeAfterMs` one call goes through as a
 *  probe while the others still wait; if it succeeds the line closes with an empty window, if it fails the line stays
 *  open for another `probeAfterMs`. A probe that never comes back is given up after the same time. */
export function createBreaker(options: BreakerOptions = {}): Breaker {
  const { minCalls = 10, failureRatio = 0.7, windowMs = 5 * 60_000, probeAfterMs = 30_000 } = options
  const clock = options.clock ?? (() => performance.now())
  const sliceMs = windowMs / SLICES
  const lines = new Map<string, Line>()
  let sweptAt = clock()

  function lineOf(key: string, now: number): Line {
    if (now - sweptAt > windowMs) sweep(now)
    let line = lines.get(key)
    if (!line) lines.set(key, (line = { slices: [], openedAt: null, probeAt: null, era: 0 }))
    return line
  }

  /** Lines nobody used for a whole window are forgotten, so that the map does not grow with every tenant ever seen. */
  function sweep(now: number): void {
    sweptAt = now
    for (const [key, line] of lines) {
      const lastAt = Math.max(
        line.slices.at(-1)?.from ?? -Infinity,
        line.openedAt ?? -Infinity,
        line.probeAt ?? -Infinity,
      )
      if (now - lastAt > windowMs + probeAfterMs) lines.delete(key)
    }
  }

  function record(line: Line, failure: boolean, now: number): void {
    line.slices = line.slices.filter((slice) => now - slice.from < windowMs)
    let slice = line.slices.at(-1)
    if (!slice || now - slice.from >= sliceMs) line.slices.push((slice = { from: now, calls: 0, failures: 0 }))
    slice.calls += 1
    if (failure) slice.failures += 1
    const calls = line.slices.reduce((sum, each) => sum + each.calls, 0)
    const failures = line.slices.reduce((sum, each) => sum + each.failures, 0)
    if (calls >= minCalls && failures >= failureRatio * calls) shut(line, now)
  }

  function shut(line: Line, now: number): void {
    Object.assign(line, { openedAt: now, probeAt: null, slices: [], era: line.era + 1 })
  }

  /** Whether this call is the probe. Throws LaterError where it must wait. */
  function enter(line: Line, now: number): boolean {
    if (line.openedAt === null) return false
    const waitMs = Math.max(line.openedAt, line.probeAt ?? -Infinity) + probeAfterMs - now
    if (waitMs > 0) throw new LaterError('open', now, waitMs)
    line.probeAt = now
    line.era += 1
    return true
  }

  function leave(line: Line, probe: boolean, era: number, outcome: 'good' | 'bad' | 'none'): void {
    if (era !== line.era) return
    if (!probe) {
      if (outcome !== 'none') record(line, outcome === 'bad', clock())
    } else if (outcome === 'bad') shut(line, clock())
    else if (outcome === 'good') Object.assign(line, { openedAt: null, probeAt: null, era: line.era + 1 })
    else line.probeAt = null
  }

  return {
    async run(key, call, failed = () => false) {
      const line = lineOf(key, clock())
      const probe = enter(line, clock())
      const { era } = line
      try {
        const answer = await call()
        leave(line, probe, era, failed(answer) ? 'bad' : 'good')
        return answer
      } catch (error) {
        const ours = error instanceof LaterError || (error instanceof OutboundError && error.stage === 'blocked')
        leave(line, probe, era, ours ? 'none' : 'bad')
        throw error
      }
    },
    state(key) {
      const line = lines.get(key)
      if (!line || line.openedAt === null) return 'closed'
      return line.probeAt === null ? 'open' : 'probing'
    },
  }
}
