/** Turns for work that nobody waits for: at most one at a time, and at the latest a second after it was asked for. */
export interface Pulse {
  /** A turn within a second. */
  soon(): void
  /** A turn now, or right after the one that runs. Resolves when it is done. */
  now(): Promise<void>
  /** A last turn; none is planned afterwards. */
  stop(): Promise<void>
}

/** How long a note waits at most. It is also what a killed process loses (SIGKILL, power): up to one second of notes. */
const WAIT_MS = 1_000

/** `work` writes what has gathered and never throws. */
export function createPulse(work: () => Promise<void>): Pulse {
  let timer: NodeJS.Timeout | undefined
  let last = Promise.resolve()
  let stopped = false

  const now = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    last = last.then(work)
    return last
  }
  return {
    soon: () => {
      if (timer || stopped) return
      timer = setTimeout(() => void now(), WAIT_MS)
      timer.unref()
    },
    now,
    stop: () => {
      stopped = true
      return now()
    },
  }
}
