import { newId, type TenantId, uuidOf } from '../../base/ids.ts'
import { AppError } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import type { Store } from '../../events/store.ts'
import type { FinishedCall } from '../../http/server.ts'
import { createPulse } from './pulse.ts'
import { type CallRow, insertCalls } from './queries.ts'

/** The log of every call with a valid credential (contract 4.1, usage). */
export interface CallLog {
  /** For the observers of http: notes the call, waits for nothing. */
  observe(call: FinishedCall): void
  flush(): Promise<void>
  /** After the last answer, before the database closes. */
  stop(): Promise<void>
}

const BATCH_MAX = 1_000
/** Some seconds of a busy process whose database is away; what comes after that is lost, and the log says how many. */
const KEEP_MAX = 20_000

type Call = CallRow & { tenantId: TenantId }

/** Notes calls and writes them in batches, one statement per tenant and batch. A process that is killed loses at most the
 *  calls of its last second. */
export function createCallLog({ store, log }: { store: Store; log: Log }): CallLog {
  let waiting: Call[] = []
  let dropped = 0
  const pulse = createPulse(async () => {
    const calls = waiting
    waiting = []
    for (const [tenantId, rows] of Map.groupBy(calls, (call) => call.tenantId)) {
      try {
        await store.read(tenantId, (tx) => insertCalls(tx, rows))
      } catch (error) {
        const away = error instanceof AppError && error.code === 'service_unavailable'
        if (away) waiting.unshift(...rows.slice(0, KEEP_MAX - waiting.length))
        else log.error('calls not logged', { tenant_id: tenantId, count: rows.length, error })
      }
    }
    if (dropped > 0) log.warn('calls not logged', { count: dropped })
    dropped = 0
    if (waiting.length > 0) pulse.soon()
  })
  return {
    observe: ({ caller, at, method, route, status, ip, requestId }) => {
      if (!caller) return
      if (waiting.length >= KEEP_MAX) {
        dropped += 1
        return
      }
      const { type: actorType, id: actorId } = caller.actor
      const id = uuidOf(newId('req'))
      waiting.push({ tenantId: caller.tenantId, id, actorType, actorId, at, method, route, status, ip, requestId })
      // Exactly once per batch: more would only queue up behind the writer.
      if (waiting.length === BATCH_MAX) void pulse.now()
      else pulse.soon()
    },
    flush: pulse.now,
    stop: pulse.stop,
  }
}
