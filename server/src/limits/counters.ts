/** How many calls a minute one subject may make. */
export interface Limit {
  /** Whom or what is counted, as an opaque text. The same subject is the same count in every process. */
  subject: string
  perMinute: number
}

/** Two cells of a minute each, the older one only as a sum. Times are Unix milliseconds by the clock of whoever keeps them. */
export interface Cell {
  startedMs: number
  previous: number
  current: number
}

/** What became of the calls asked for. */
export interface Taken {
  /** How many of them may go ahead. */
  admitted: number
  /** The moment of the decision by the keeper's clock. */
  nowMs: number
  /** The count of each limit after the decision, in the order of the limits. */
  cells: Cell[]
}

/** Keeps counts: shared by all processes (PostgreSQL, Redis), or in this process only. What window.ts says holds in each. */
export interface CallCounters {
  /** Admits as many of `calls` equal calls as all the limits allow, and counts each of these at every limit. A call that is not
   *  admitted is counted nowhere. One atomic step, also against other processes. limits: different subjects, at least one.
   *  Rejects when the keeper is out of reach or slow; the calls may then be counted or not. */
  take(limits: readonly Limit[], calls: number): Promise<Taken>
  /** Forgets counts that no longer matter. Running twice does no harm. */
  sweep(): Promise<void>
  close(): Promise<void>
}
