import type { Wakeups } from './wake.ts'

/** Claims and runs rows of a table of its own (deliveries, payments), a slot at a time: a piece of work that hangs holds
 *  only its own slot (reliability 10). */
export interface SlotWorker {
  /** Stops claiming and waits for running work, at most `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/** Keeps up to `slots` pieces of work running. `claim(free)` leases up to `free` due rows and returns one function for each,
 *  which does the work and never throws for expected failures. Looks again when woken by `topic`, when a slot falls free
 *  after a full claim, and every `pollMs`. `report` hears of what broke unexpectedly. */
export function runSlots(options: {
  topic: string
  slots: number
  pollMs: number
  wakeups: Wakeups
  claim(free: number): Promise<(() => Promise<void>)[]>
  report(error: unknown): void
}): SlotWorker {
  const running = new Set<Promise<void>>()
  let stopped = false
  let looking: Promise<void> | undefined
  let again = false

  const look = (): void => {
    if (stopped) return
    if (looking) {
      again = true
      return
    }
    looking = fill().finally(() => {
      looking = undefined
      if (again) {
        again = false
        look()
      }
    })
  }

  const fill = async (): Promise<void> => {
    const free = options.slots - running.size
    if (free <= 0) return
    try {
      const work = await options.claim(free)
      for (const piece of work) {
        const done: Promise<void> = piece()
          .catch(options.report)
          .finally(() => {
            running.delete(done)
            look()
          })
        running.add(done)
      }
      if (work.length === free && work.length > 0) again = true
    } catch (error) {
      options.report(error)
    }
  }

  const subscription = options.wakeups.on(options.topic, look)
  const poll = setInterval(look, options.pollMs)
  poll.unref()
  look()

  return {
    stop: async (graceMs) => {
      stopped = true
      subscription.off()
      clearInterval(poll)
      await looking
      const grace = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref())
      await Promise.race([Promise.allSettled(running), grace])
    },
  }
}
