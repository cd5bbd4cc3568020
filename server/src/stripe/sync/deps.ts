import type { ConnectionRef, StripeDeps } from '../deps.ts'
import type { StripeFeed } from '../stripe-feed.ts'

/** A part of a sync that another folder of stripe/ does. Throws StripeFeedError. */
type Part = (deps: StripeDeps, ref: ConnectionRef, feed: StripeFeed) => Promise<unknown>

/** What sync/ needs besides what all of stripe/ is given. */
export interface SyncDeps extends StripeDeps {
  /** Has the database look at the tables that a long first reading fills (`analyzeSmallTables`, as their owner). */
  statistics?: () => Promise<void>
  parts: {
    readPayouts: Part
    composePayouts: Part
    /** Takes in the events that did not come by themselves. */
    catchUp: Part
  }
}
