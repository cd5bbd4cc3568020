import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { AppError } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import { allows, type Answer, type Caller, type Route } from './route.ts'

/** An answer that goes on as long as its caller listens: server-sent events. Source: HTML standard, 9.2. */
export interface LiveStream {
  body: Readable
  /** Whole messages, each ended by an empty line. Never waits: who reads too slowly is let go instead. */
  say(text: string): void
  end(): void
  /** Called once, however it ended. */
  onEnd(listener: () => void): void
}

/** What a reader may be behind with before it is let go: it comes again and asks for what it missed. */
const BEHIND_BYTES_MAX = 256 * 1024
/** How long the last piece of an ended stream may wait for its reader. */
const LINGER_MS = 10_000

export function createLiveStream(): LiveStream {
  const body = new Readable({ read: () => {} })
  return {
    body,
    say: (text) => tell(body, text),
    end: () => finish(body),
    onEnd: (listener) => void body.once('close', listener),
  }
}

const finished = new WeakSet<Readable>()

function tell(body: Readable, text: string): void {
  if (body.destroyed || finished.has(body)) return
  if (body.readableLength > BEHIND_BYTES_MAX) body.destroy()
  else body.push(text)
}

/** What was said still goes out before the connection ends. */
function finish(body: Readable): void {
  if (body.destroyed || finished.has(body)) return
  finished.add(body)
  body.push(null)
  const timer = setTimeout(() => body.destroy(), LINGER_MS)
  timer.unref()
  body.once('close', () => clearTimeout(timer))
}

/** Streams of one tenant in one process, and of all: each holds a connection. */
const OF_TENANT = 20
const OF_PROCESS = 1_000
const RETRY_AFTER_SECONDS = 15

/** How long streams live, and how often they say that they do. */
export interface LiveTimes {
  beatMs: number
  lifeMs: number
}
const TIMES: LiveTimes = { beatMs: 15_000, lifeMs: 600_000 }

/** One request for a stream. */
export interface LiveCall {
  caller: Caller
  /** Whether somebody listens: a call without a network, or with HEAD, hears the beginning and no more. */
  listens: boolean
  /** When the caller's token ends, in milliseconds from now. */
  tokenMs: number
  /** Whether the caller might ask for it at this moment too. */
  stillAllowed(): Promise<boolean>
}

/** The call as it stands now. `again` asks who the caller is, anew. */
export function liveCall(about: {
  raw: IncomingMessage
  route: Pick<Route, 'permission'>
  caller: Caller
  now: Date
  again(): Promise<Caller>
}): LiveCall {
  const { raw, route, caller } = about
  return {
    caller,
    listens: raw.method !== 'HEAD' && raw.socket instanceof Socket,
    tokenMs: caller.expiresAt === undefined ? Infinity : caller.expiresAt.getTime() - about.now.getTime(),
    stillAllowed: async () => {
      try {
        const today = await about.again()
        return today.tenantId === caller.tenantId && allows(today, route.permission)
      } catch (error) {
        // A database that is away for a moment takes no right from anybody.
        return !(error instanceof AppError) || error.code !== 'authentication_required'
      }
    },
  }
}

/** Holds the streams of this process. */
export interface LiveStreams {
  /** Runs what begins a stream and looks after it: a comment every 15 s, the end with the caller's right, after ten minutes, and when
   *  the server ends. Throws `rate_limit_exceeded` while the tenant has 20 open. */
  hold(call: LiveCall, begin: () => Promise<Answer>): Promise<Answer>
  endAll(): void
}

export function createLiveStreams({ beatMs, lifeMs }: LiveTimes = TIMES): LiveStreams {
  const open = new Set<Readable>()
  const counts = new Map<TenantId, number>()
  const move = (tenantId: TenantId, by: number) => {
    const count = (counts.get(tenantId) ?? 0) + by
    if (count === 0) counts.delete(tenantId)
    else counts.set(tenantId, count)
  }

  return {
    hold: async (call, begin) => {
      const { tenantId } = call.caller
      if ((counts.get(tenantId) ?? 0) >= OF_TENANT || open.size >= OF_PROCESS) throw tooMany()
      move(tenantId, 1)
      let body: Readable | undefined
      try {
        const answer = await begin()
        if (answer.body instanceof Readable) ({ body } = answer as { body: Readable })
        return answer
      } finally {
        if (body === undefined || body.destroyed) move(tenantId, -1)
        else watch(body, call)
      }
    },
    endAll: () => {
      for (const body of open) finish(body)
    },
  }

  function watch(body: Readable, call: LiveCall): void {
    open.add(body)
    const beat = async () => {
      if (await call.stillAllowed()) tell(body, BEAT)
      else finish(body)
    }
    const beats = setInterval(() => void beat(), beatMs)
    const life = setTimeout(() => finish(body), Math.max(0, Math.min(lifeMs, call.tokenMs)))
    body.once('close', () => {
      clearInterval(beats)
      clearTimeout(life)
      open.delete(body)
      move(call.caller.tenantId, -1)
    })
    if (!call.listens) finish(body)
  }
}

const BEAT = ': still here\n\n'

const tooMany = (): AppError =>
  new AppError(
    'rate_limit_exceeded',
    `${OF_TENANT} streams of this tenant are open already. Close one of them, or ask again when one has ended.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  )
