import { AppError } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { publicError } from '../http/errors.ts'
import { approveMatch } from './approve-match.ts'
import { getMatch, type MatchRow, type MatchState } from './queries.ts'
import { rejectMatch } from './reject-match.ts'
import { reverseMatch } from './reverse-match.ts'

/** What a person may say of many matches at once. */
export type Decision = 'approved' | 'rejected' | 'reversed'

/** What became of one of them: the state it is in now, or why it was not decided. */
export interface Decided {
  id: Id<'match'>
  status: MatchState | null
  error: { code: string; message: string } | null
}

/** Decisions under way at once. Each takes the lock of the audit chain as its last step, so more would only wait there, with
 *  connections that others need. */
const AT_ONCE = 4
/** No decision is begun later than this: callers and proxies give up after 30 s. */
const BEGIN_WITHIN_MS = 24_000

const DECIDE = { approved: approveMatch, rejected: rejectMatch, reversed: reverseMatch }

/** Decides each of the matches for itself, a few at a time: one that cannot be decided does not hold up the others. A match that
 *  is already as wanted counts as done, so that the same call again adds only what is missing. Results in the order of `ids`;
 *  ids that are unknown or another tenant's fail with `resource_not_found`. `report` hears of failures that are ours. */
export async function decideMany(
  deps: { store: Store; report(error: unknown): void; nowMs?(): number },
  tenantId: TenantId,
  actor: Actor,
  wanted: { ids: readonly Id<'match'>[]; status: Decision },
): Promise<Decided[]> {
  const { ids, status } = wanted
  const nowMs = deps.nowMs ?? (() => performance.now())
  const endMs = nowMs() + BEGIN_WITHIN_MS
  const results: Decided[] = []
  const queue = ids.entries()
  let lost: unknown
  const work = async (): Promise<void> => {
    for (const [place, id] of queue) {
      if (lost !== undefined) return
      if (nowMs() >= endMs) {
        results[place] = { id, status: null, error: LATE }
        continue
      }
      try {
        const match = await decideOne(deps.store, tenantId, actor, id, status)
        results[place] = { id, status: match.status, error: null }
      } catch (error) {
        if (isTakenOver(error)) {
          lost = error
          return
        }
        const known = publicError(error)
        if (known.code === 'server_error') deps.report(error)
        results[place] = { id, status: null, error: { code: known.code, message: known.message } }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, work))
  if (lost !== undefined) throw lost
  return results
}

const LATE = {
  code: 'service_unavailable',
  message: 'The time of one request was over before this match was reached. Nothing was changed; send it again.',
}

async function decideOne(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'match'>,
  status: Decision,
): Promise<MatchRow> {
  try {
    return await DECIDE[status](store, tenantId, actor, id)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'resource_conflict' || isTakenOver(error)) throw error
    const match = await store.read(tenantId, (tx) => getMatch(tx, id))
    if (match && standsAs(match, status)) return match
    throw error
  }
}

/** Whether there is nothing left to decide. */
function standsAs({ status, reversal }: MatchRow, wanted: Decision): boolean {
  if (wanted === 'approved') return status === 'approved' || status === 'applied'
  if (wanted === 'rejected') return status === 'rejected'
  return status === 'reversed' || (status === 'applied' && reversal?.state === 'pending')
}

/** Another try holds the key of this request by now: all of it ends, not one item. */
const isTakenOver = (error: unknown): boolean =>
  error instanceof AppError && error.details.some(({ field }) => field === 'Idempotency-Key')
