import type { Cell } from './counters.ts'

/** The sliding window: a minute that begins with a subject's first call and the minute before it. Of the minute before, the part
 *  that has not yet slid out of the window counts, as if its calls had been spread evenly. The statement of PostgreSQL and
 *  the script of Redis say the same in their languages, and one suite of tests holds all of them to it.
 *
 *  Cells begin with the first call after a pause and not with the minute of the clock: a burst after a pause of two minutes
 *  lies in one cell, so exactly the limit is admitted, whenever it comes. */
export const CELL_MS = 60_000

/** The cell as it stands at `nowMs`: the same one, moved on by a minute, or a new one beginning with this second. A clock that
 *  was put back by up to a minute (another server took over) finds the cell at its beginning; further back, a new one. */
export function presentCell(cell: Cell | undefined, nowMs: number): Cell {
  const ageMs = cell === undefined ? Number.POSITIVE_INFINITY : nowMs - cell.startedMs
  if (cell !== undefined && ageMs > -CELL_MS && ageMs < CELL_MS) return cell
  if (cell !== undefined && ageMs >= CELL_MS && ageMs < 2 * CELL_MS)
    return { startedMs: cell.startedMs + CELL_MS, previous: cell.current, current: 0 }
  return { startedMs: Math.floor(nowMs / 1000) * 1000, previous: 0, current: 0 }
}

/** Calls that count at `nowMs`, of a present cell. The millisecond under way counts as gone: when a full minute has passed, a
 *  first call goes ahead at once, so nobody ever waits longer than sixty seconds for a limit that was respected. */
export function usedCalls(cell: Cell, nowMs: number): number {
  return cell.current + Math.floor((cell.previous * (CELL_MS - 1 - elapsedMs(cell, nowMs))) / CELL_MS)
}

/** Milliseconds until one more call would be admitted if nobody else makes any; 0 when it would be now. Of a present cell. */
export function waitMs(cell: Cell, perMinute: number, nowMs: number): number {
  if (usedCalls(cell, nowMs) < perMinute) return 0
  const elapsed = elapsedMs(cell, nowMs)
  const room = perMinute - cell.current
  // Either the older minute slides far enough out of the window, or this one has first to become the older one.
  if (room > 0) return roomFromMs(cell.previous, room) - elapsed
  return CELL_MS - elapsed + roomFromMs(cell.current, perMinute)
}

/** When the window has moved on, in Unix seconds: the end of the present cell, or the end of the wait where that is later. */
export function resetSeconds(cell: Cell, perMinute: number, nowMs: number): number {
  return Math.ceil(Math.max(cell.startedMs + CELL_MS, nowMs + waitMs(cell, perMinute, nowMs)) / 1000)
}

/** From which millisecond of a cell on an older minute of `previous` calls counts as fewer than `room`. */
const roomFromMs = (previous: number, room: number): number =>
  Math.max(0, Math.floor(CELL_MS - 1 - (room * CELL_MS) / previous) + 1)

const elapsedMs = (cell: Cell, nowMs: number): number => Math.min(Math.max(nowMs - cell.startedMs, 0), CELL_MS - 1)
