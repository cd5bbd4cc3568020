import { UsageError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'

/** Runs a command to its end. Faults the user can mend are one sentence and status 1; anything else shows its stack. */
export async function runCommand(work: () => Promise<void>): Promise<never> {
  try {
    await work()
    process.exit(0)
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n`)
    else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(1)
  }
}

/** What nobody caught leaves the process in a state that nobody knows: it is written into the log, by the log's own rules about
 *  what may stand there, and the process ends with status 1. The next start is as safe as after a power cut (reliability 15). */
export function endOnUnknownState(log: Log): void {
  const end = (error: unknown) => {
    log.error('unknown state, the process ends', { error })
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}

const PARENT_LOOK_MS = 500

/** Resolves at the first Ctrl-C or SIGTERM. A second one ends the process at once: the next start is as safe as after a
 *  power cut. The same signal within half a second is the terminal's echo through a wrapper, not a second wish. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined
    const heard = () => {
      if (firstAt === undefined) {
        firstAt = performance.now()
        resolve()
      } else if (performance.now() - firstAt > 500) process.exit(130)
    }
    process.on('SIGINT', heard)
    process.on('SIGTERM', heard)
    if (process.env.npm_lifecycle_event === undefined) return
    // npm runs us through a shell. Who ends npm ends the shell, which tells us nothing: a new parent is the only sign.
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      heard()
    }, PARENT_LOOK_MS)
    watch.unref()
  })
}
