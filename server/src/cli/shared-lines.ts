import type { Look, Reading, Run, Tell } from '../matching/index.ts'

/** Large enough to be worth a message, small enough that no thread waits long for the other. */
const LINES_AT_ONCE = 500

/** A counter in memory that threads share: each takes the next few lines of the run until there are none left. */
export const newCounter = (): SharedArrayBuffer => new SharedArrayBuffer(4)

/** Some lines of a run that one thread has looked at. */
export interface Chunk<Told> {
  from: number
  looks: Look<Told>[]
}

/** How many chunks a run has. */
export const chunksOf = ({ lines }: Run): number => Math.ceil(lines.length / LINES_AT_ONCE)

/** Takes lines of the run from the counter, a few at a time, and looks at them. `keep` may keep readings. */
export function* takeLines<Told>(
  lookAt: (run: Run, at: number, tell: Tell<Told>) => { look: Look<Told>; reading: Reading },
  run: Run,
  tell: Tell<Told>,
  counter: SharedArrayBuffer,
  keep?: (at: number, look: Look<Told>, reading: Reading) => void,
): Generator<Chunk<Told>> {
  const next = new Int32Array(counter)
  for (;;) {
    const from = Atomics.add(next, 0, 1) * LINES_AT_ONCE
    if (from >= run.lines.length) return
    const looks: Look<Told>[] = []
    const to = Math.min(from + LINES_AT_ONCE, run.lines.length)
    for (let at = from; at < to; at += 1) {
      const { look, reading } = lookAt(run, at, tell)
      looks.push(look)
      keep?.(at, look, reading)
    }
    yield { from, looks }
  }
}
