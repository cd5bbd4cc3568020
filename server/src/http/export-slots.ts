import { Readable } from 'node:stream'
import { AppError } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import { wantsCsv } from './list-answer.ts'
import type { Answer, Caller, Route } from './route.ts'

/** An export reads a whole table and may last for minutes: so many of one tenant run at once in one process. */
const AT_ONCE = 2
const RETRY_AFTER_SECONDS = 10

/** Runs what answers a list. While it answers all rows as CSV it holds one of the tenant's slots, until the last row is sent or the
 *  caller has gone. */
export type ExportSlots = (
  call: { route: Route; caller: Caller | null; accept: string | undefined },
  work: () => Promise<Answer>,
) => Promise<Answer>

/** Without a free slot: throws `rate_limit_exceeded`. */
export function createExportSlots(): ExportSlots {
  const running = new Map<TenantId, number>()
  const move = (tenantId: TenantId, by: number) => {
    const count = (running.get(tenantId) ?? 0) + by
    if (count === 0) running.delete(tenantId)
    else running.set(tenantId, count)
  }
  return async ({ route, caller, accept }, work) => {
    if (!route.csv || caller === null || !wantsCsv(accept)) return work()
    const { tenantId } = caller
    if ((running.get(tenantId) ?? 0) >= AT_ONCE) {
      throw new AppError(
        'rate_limit_exceeded',
        `${AT_ONCE} exports of this tenant are running already. Ask again when one of them has ended.`,
        { retryAfterSeconds: RETRY_AFTER_SECONDS },
      )
    }
    move(tenantId, 1)
    let answer: Answer | undefined
    try {
      answer = await work()
      return answer
    } finally {
      // A stream closes when it has ended, when it fails, and when the connection it goes to does.
      if (answer?.body instanceof Readable) answer.body.once('close', () => move(tenantId, -1))
      else move(tenantId, -1)
    }
  }
}
