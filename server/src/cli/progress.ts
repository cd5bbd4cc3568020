import type { Writable } from 'node:stream'

export interface Progress {
  /** A function to be called for each thing counted. */
  count(what: string): () => void
  say(what: string): void
  /** Clears the line. */
  done(): void
}

const ROWS_BETWEEN = 20_000

/** Shows in one line of a terminal how far long work has come; writes nothing into a pipe. */
export function progressOn(notes: Writable & { isTTY?: boolean }): Progress {
  const isTerminal = notes.isTTY === true
  const say = (what: string) => {
    if (isTerminal) notes.write(`\r\u001b[K${what} …`)
  }
  return {
    say,
    count: (what) => {
      let rows = 0
      return () => {
        if (++rows % ROWS_BETWEEN === 0) say(`reading ${what}: ${rows}`)
      }
    },
    done: () => {
      if (isTerminal) notes.write('\r\u001b[K')
    },
  }
}
