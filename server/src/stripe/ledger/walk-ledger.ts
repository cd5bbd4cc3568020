import type { Change } from '../../events/store.ts'
import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import { type LedgerRow, type Page, type StripeFeed, StripeFeedError } from '../stripe-feed.ts'
import { lockAccountOf, readingBegins } from './account.ts'
import { keep } from './keep.ts'
import { refreshCharges } from './refresh.ts'
import { getWalk, restartWalk, setBackfillFrom, setCursor, setDown, setDownDone, type WalkRow } from './walk-queries.ts'

export interface Walked {
  /** Rows that were not known. */
  rows: number
  /** False: the page cap was reached, and the next walk goes on from here. */
  done: boolean
}

/** How much one walk reads at most: the rest is for the next. */
export const PAGES_MAX = 200

interface Answer {
  page: Page<LedgerRow>
  readAt: Date
}

const ACTOR = systemActor('stripe sync')

/** Reads what moved on the account since the last walk and keeps it, a page in a change together with how far that came; a crash
 *  between two pages repeats one, which does no harm. The first walk goes down from the newest row to `deps.backfillDays` ago, later
 *  ones go up from where the last one ended. While a page is kept the next one is read. Throws StripeFeedError. Source: Stripe,
 *  pagination of the balance transactions (newest first; `ending_before` gives the rows next to it). */
export async function walkLedger(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  { pagesMax = PAGES_MAX, statistics }: { pagesMax?: number; statistics?: (() => Promise<void>) | undefined } = {},
): Promise<Walked> {
  const missing: string[] = []
  const walked = await walk(deps, ref, feed, { pagesMax, statistics }, missing)
  // Rows whose charge did not come with them, or could not be read there.
  await refreshCharges(deps, ref, feed, missing)
  return walked
}

async function walk(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  { pagesMax, statistics }: How,
  missing: string[],
): Promise<Walked> {
  const walked: Walked = { rows: 0, done: false }
  let pages = 0
  // Once down and up, and once more where Stripe has forgotten the cursor.
  for (let turn = 0; turn < 3 && !walked.done; turn++) {
    const at = await begin(deps, ref)
    if (!at) return { rows: walked.rows, done: true }
    try {
      const ended = await (at.cursor === null ? down : up)(deps, ref, feed, at, {
        pagesMax: pagesMax - pages,
        statistics,
      })
      pages += ended.pages
      walked.rows += ended.rows
      missing.push(...ended.missing)
      if (!ended.done) return walked
      // What came while it went down stands above its top.
      walked.done = at.cursor !== null || (at.before === null && ended.pages <= 1)
    } catch (error) {
      if (!isForgotten(error) || (at.cursor ?? at.before) === null || turn === 2) throw error
      deps.log.warn('stripe does not know the place in its ledger any more', {
        tenant_id: ref.tenantId,
        connection: ref.id,
      })
      await deps.store.change(ref.tenantId, ACTOR, (tx) => restartWalk(tx, ref.id))
    }
  }
  return walked
}

/** Stripe answers `resource_missing` for a cursor it does not know. */
export const isForgotten = (error: unknown): boolean => error instanceof StripeFeedError && error.fault === 'gone'

async function begin(deps: StripeDeps, ref: ConnectionRef): Promise<WalkRow | undefined> {
  return deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    if (!(await lockAccountOf(tx, ref.id))) return undefined
    const walk = await getWalk(tx, ref.id)
    if (walk.from !== null) return walk
    await setBackfillFrom(tx, ref.id, tx.now, deps.backfillDays)
    return getWalk(tx, ref.id)
  })
}

interface How {
  pagesMax: number
  /** Has the database look at the tables anew. */
  statistics: (() => Promise<void>) | undefined
}

interface Ended {
  rows: number
  missing: string[]
  pages: number
  done: boolean
}

/** From the newest row down to the day the walk goes back to. */
const down = (deps: StripeDeps, ref: ConnectionRef, feed: StripeFeed, walk: WalkRow, how: How): Promise<Ended> =>
  eachPage(deps, ref, how, walk.before, {
    read: (before) => feed.listLedger(before === null ? {} : { before }, { createdFrom: walk.from! }),
    placeAfter: (rows) => rows.at(-1)!.id,
    isHere: (now, from) => now.cursor === null && now.before === from,
    keepPlace: async (tx, { page, first, place }) => {
      const top = walk.top ?? first
      if (page.more && top !== null && place !== null) await setDown(tx, ref.id, { top, before: place })
      else await setDownDone(tx, ref.id, top)
    },
  })

/** From the last row kept up to the newest. */
const up = (deps: StripeDeps, ref: ConnectionRef, feed: StripeFeed, walk: WalkRow, how: How): Promise<Ended> =>
  eachPage(deps, ref, how, walk.cursor, {
    read: (after) => feed.listLedger({ after: after! }),
    placeAfter: (rows) => rows[0]!.id,
    isHere: (now, from) => now.cursor === from,
    keepPlace: async (tx, { page, place }) => {
      if (page.rows.length > 0) await setCursor(tx, ref.id, place!)
    },
  })

interface Way {
  read(place: string | null): Promise<Page<LedgerRow>>
  placeAfter(rows: readonly LedgerRow[]): string
  /** Whether the walk still stands where this page was asked for. */
  isHere(now: WalkRow, from: string | null): boolean
  /** Writes how far the walk has come. `first`: the newest row of its first page. */
  keepPlace(tx: Change, at: { page: Page<LedgerRow>; first: string | null; place: string | null }): Promise<void>
}

async function eachPage(
  deps: StripeDeps,
  ref: ConnectionRef,
  { pagesMax, statistics }: How,
  start: string | null,
  way: Way,
): Promise<Ended> {
  const ended: Ended = { rows: 0, missing: [], pages: 0, done: false }
  const read = async (place: string | null): Promise<Answer> => {
    const readAt = await readingBegins(deps, ref)
    return { page: await way.read(place), readAt }
  }
  const seen = new Set([start])
  let place = start
  let first: string | null = null
  let next = pagesMax > 0 ? read(place) : undefined
  while (next) {
    const { page, readAt } = await next
    next = undefined
    ended.pages += 1
    const from = place
    if (page.more && page.rows.length === 0) throw stuck('a page without a readable row')
    if (page.rows.length > 0) {
      first ??= page.rows[0]!.id
      place = way.placeAfter(page.rows)
      if (page.more && seen.has(place)) throw stuck('the same page twice')
      seen.add(place)
    }
    const at = { page, first, place }
    // The next page is asked for while this one is written. Its failure is met when its turn comes.
    if (page.more && ended.pages < pagesMax) {
      next = read(place)
      next.catch(() => {})
    }
    const kept = await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
      const account = await lockAccountOf(tx, ref.id)
      // Another walk has been here meanwhile, and keeps what is to be kept.
      if (!account || !way.isHere(await getWalk(tx, ref.id), from)) return undefined
      const kept = await keep(tx, deps, account, { rows: page.rows, rejected: page.rejected, readAt })
      // After the rows: each of them refers to the connection, which this writes.
      await way.keepPlace(tx, at)
      return kept
    })
    if (!kept) {
      await next?.catch(() => {})
      return { ...ended, done: true }
    }
    ended.rows += kept.rows
    ended.missing.push(...kept.missing)
    if (statistics && STATISTICS_AFTER.has(ended.pages))
      await statistics().catch((error: unknown) => deps.log.info('tables not analysed', { error }))
    if (!page.more) return { ...ended, done: true }
  }
  return ended
}

/** Pages of a walk after which a database that was empty knows its tables no more. */
const STATISTICS_AFTER: ReadonlySet<number> = new Set([4, 16, 64])

const stuck = (how: string): StripeFeedError =>
  new StripeFeedError('unreadable', 'ledger_loop', `Stripe's ledger cannot be walked: ${how}.`)
