import type { Item } from './queue.ts'

/** What a person here decided. */
export interface Decided {
  state: 'sending' | 'sent' | 'failed'
  /** When the answer came; lists asked for earlier may still hold what was decided. */
  sentAtMs?: number
  /** Why it came back, in the API's words. */
  fault?: string
}

/** Something that keeps its place though the server's list does not hold it: decided by somebody else, or taken back. */
export interface Placed {
  item: Item
  at: number
  gone: boolean
}

export interface Entry extends Item {
  gone: boolean
  fault: string | undefined
}

/** The queue as it is shown: without what was decided here, with what came back in its old place, and with what somebody else
 *  decided until the reader has seen it. Nothing else moves. */
export function entriesOf(given: {
  items: readonly Item[]
  startedAtMs: number
  decided: ReadonlyMap<string, Decided>
  placed: readonly Placed[]
}): Entry[] {
  const { items, startedAtMs, decided, placed } = given
  const isHidden = (key: string): boolean => {
    const one = decided.get(key)
    return one?.state === 'sending' || (one?.state === 'sent' && (one.sentAtMs ?? 0) >= startedAtMs)
  }
  const entry = (item: Item, gone: boolean): Entry => ({ ...item, gone, fault: decided.get(item.key)?.fault })
  const lost = new Set(placed.flatMap(({ item, gone }) => (gone ? [item.key] : [])))
  const entries = items.filter(({ key }) => !isHidden(key)).map((item) => entry(item, lost.has(item.key)))
  for (const { item, at, gone } of [...placed].sort((left, right) => left.at - right.at)) {
    if (entries.some(({ key }) => key === item.key) || isHidden(item.key)) continue
    entries.splice(Math.min(at, entries.length), 0, entry(item, gone))
  }
  return entries
}

/** What of the shown queue the server's newer list holds no more, although nobody here decided it. `complete`: the list is all that
 *  waits; otherwise what stood at its end may only have moved to a later page. */
export function vanished(
  before: readonly Entry[],
  items: readonly Item[],
  decided: ReadonlyMap<string, Decided>,
  complete: boolean,
): Placed[] {
  const known = new Set(items.map(({ key }) => key))
  return before.flatMap(({ key, view, gone }, at) =>
    gone ||
    known.has(key) ||
    (decided.has(key) && decided.get(key)?.state !== 'failed') ||
    (!complete && at >= items.length)
      ? []
      : [{ item: { key, view }, at, gone: true }],
  )
}

/** Where to go from an entry that leaves: the next one below, else the one above. */
export function nextOf(entries: readonly Entry[], key: string): string | undefined {
  const at = entries.findIndex((entry) => entry.key === key)
  return (entries[at + 1] ?? entries[at - 1])?.key
}
