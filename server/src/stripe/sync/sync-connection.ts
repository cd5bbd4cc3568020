import { addDays } from '../../base/clock.ts'
import { systemActor } from '../../events/audit.ts'
import { connectionWorks, withFeed } from '../connections/index.ts'
import type { ConnectionRef } from '../deps.ts'
import { SYNC_JOB } from '../job-names.ts'
import { lookAroundNameless, rereadOpen, settleLate, walkCharges, walkLedger } from '../ledger/index.ts'
import { type StripeFeed, StripeFeedError } from '../stripe-feed.ts'
import { BUDGET_DAYS, type BudgetState, readBudget } from './budget.ts'
import type { SyncDeps } from './deps.ts'
import { GO_ON_MS, nextSyncMs, SELDOM_MS } from './next-sync.ts'
import { dropSync, endSync, forgetReads, getHabits, type SyncStart, takeSync } from './queries.ts'

/** Up to this share of the interval comes on top, so that tenants do not all call at once. */
const JITTER = 0.1
/** Charges looked around in one sync: each costs up to three reads. */
const AROUND_MAX = 50
/** Open objects read again in one night. */
const REREAD_MAX = 300
const REREAD_TIGHT = 30

const ACTOR = systemActor('stripe sync')

export type SyncOutcome = 'done' | 'failed' | 'busy' | 'off' | 'spent'

/** Reads a connection: its ledger, charges, payouts and missed events; at night what is still open, too. One sync at a time, whoever
 *  asks (`busy`). What fails is an outcome: kept on the connection, with the time of the next try. `scheduled` reads nothing once
 *  the reads that Stripe allows are used up (`spent`). */
export async function syncConnection(
  deps: SyncDeps,
  ref: ConnectionRef,
  by: 'scheduled' | 'asked' = 'scheduled',
): Promise<SyncOutcome> {
  const { store } = deps
  const start = await store.change(ref.tenantId, ACTOR, (tx) => takeSync(tx, ref.id))
  if (typeof start === 'string') return start
  try {
    const budget = await readBudget(
      deps,
      start.kind === 'restricted_key' ? { connectionId: ref.id } : { livemode: start.livemode },
    )
    if (budget.state === 'spent' && by === 'scheduled') {
      await store.change(ref.tenantId, ACTOR, (tx) =>
        endSync(tx, ref.id, { nextMs: withJitter(deps, SELDOM_MS), synced: false, found: null, deep: false }),
      )
      return 'spent'
    }
    return await run(deps, ref, start, budget.state)
  } catch (error) {
    await store.change(ref.tenantId, ACTOR, (tx) => dropSync(tx, ref.id)).catch(() => {})
    throw error
  }
}

async function run(deps: SyncDeps, ref: ConnectionRef, start: SyncStart, budget: BudgetState): Promise<SyncOutcome> {
  const read: Read = { rows: 0, done: false, deep: false, ended: false }
  let fault: StripeFeedError | undefined
  try {
    read.ended = (await withFeed(deps, ref, (feed) => readAll(deps, ref, feed, { start, budget, read }))) ?? false
  } catch (error) {
    if (!(error instanceof StripeFeedError)) throw error
    fault = error
  }
  await settleLate(deps, ref)
  if (!fault && read.ended) await connectionWorks(deps, ref)
  await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    const before = await getHabits(tx, ref.id)
    const habits = { ...before, quietSyncs: read.rows > 0 ? 0 : before.quietSyncs + 1 }
    await endSync(tx, ref.id, {
      nextMs:
        fault?.fault === 'revoked'
          ? null
          : waitMs(deps, fault, { habits, budget, done: read.done, failed: !read.ended }),
      synced: read.ended,
      found: read.ended ? read.rows > 0 : null,
      deep: read.deep,
    })
    // The sweep would come for it, too, but in half a minute.
    if (read.ended && !read.done && budget !== 'spent')
      tx.job(SYNC_JOB, { connectionId: ref.id, by: 'scheduled' }, { onlyOne: ref.id, delayMs: deps.scaled(GO_ON_MS) })
    await forgetReads(tx, ref.id, addDays(deps.clock.now().toISOString().slice(0, 10), -2 * BUDGET_DAYS))
  })
  if (fault) deps.log.info('stripe sync failed', { tenant_id: ref.tenantId, connection: ref.id, reason: fault.reason })
  if (fault) return 'failed'
  return read.ended ? 'done' : 'off'
}

/** How far a sync came. */
interface Read {
  /** New rows of the ledger and new charges. */
  rows: number
  /** False where a page cap left something to read. */
  done: boolean
  deep: boolean
  ended: boolean
}

/** A fault of one part does not cost the others their turn, unless it is everybody's: then it ends the sync. The first is thrown when
 *  all had theirs. */
async function readAll(
  deps: SyncDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  { start, budget, read }: { start: SyncStart; budget: BudgetState; read: Read },
): Promise<true> {
  const { parts } = deps
  const faults: StripeFeedError[] = []
  const part = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof StripeFeedError) || EVERYBODYS.has(error.fault)) throw error
      faults.push(error)
    }
  }
  const done = [false, false]
  await part(async () => {
    const walked = await walkLedger(deps, ref, feed, { statistics: deps.statistics })
    read.rows += walked.rows
    done[0] = walked.done
  })
  await part(async () => {
    const walked = await walkCharges(deps, ref, feed)
    read.rows += walked.rows
    done[1] = walked.done
  })
  read.done = done.every(Boolean)
  await part(async () => void (await parts.readPayouts(deps, ref, feed)))
  await part(async () => void (await parts.composePayouts(deps, ref, feed)))
  await part(async () => void (await parts.catchUp(deps, ref, feed)))
  if (start.deepDue && read.done && budget !== 'spent') {
    await part(async () => {
      await rereadOpen(deps, ref, feed, { limit: budget === 'free' ? REREAD_MAX : REREAD_TIGHT })
      read.deep = true
    })
  }
  if (budget === 'free') await part(async () => void (await lookAroundNameless(deps, ref, feed, AROUND_MAX)))
  if (faults[0]) throw faults[0]
  return true
}

const EVERYBODYS: ReadonlySet<string> = new Set(['revoked', 'credentials', 'later'])

function waitMs(deps: SyncDeps, fault: StripeFeedError | undefined, after: Parameters<typeof nextSyncMs>[0]): number {
  const planned = withJitter(deps, nextSyncMs(after))
  // What Stripe asks for is not scaled.
  return fault?.notBefore ? Math.max(planned, fault.notBefore.getTime() - deps.clock.now().getTime()) : planned
}

const withJitter = (deps: SyncDeps, plannedMs: number): number =>
  deps.scaled(plannedMs + Math.floor(Math.random() * plannedMs * JITTER))
